//! What is said to an agent about commands, in the agent's language. The commands themselves are the same everywhere.

use super::{MOST_COMMANDS, Problem, Slip};
use crate::language::Language;
use crate::notification::status_words;
use crate::settings::Agent;
use crate::text::shorten;
use crate::ticket::Status;

/// Characters of a line that are repeated.
const LINE_SHOWN: usize = 80;
/// Agents who are named among what is allowed.
const AGENTS_NAMED: usize = 20;

/// One clause: the line and what is wrong with it.
pub fn sentence(slip: &Slip, language: Language) -> String {
    let said = problem(&slip.problem, language);
    if slip.line.is_empty() { said } else { format!("{}: {said}", shorten(&slip.line, LINE_SHOWN)) }
}

fn problem(problem: &Problem, language: Language) -> String {
    let words = match problem {
        Problem::Unknown => [
            "there is no such command",
            "diesen Befehl gibt es nicht",
            "cette commande n’existe pas",
            "no hay tal orden",
        ],
        Problem::TakesNothing => [
            "nothing may stand behind it",
            "dahinter darf nichts stehen",
            "rien ne doit suivre",
            "no debe llevar nada detrás",
        ],
        Problem::NeedsWho => [
            "say who: me, nobody, or an agent’s name or address",
            "sagen Sie, wer: me, nobody oder Name oder Adresse eines Agenten",
            "précisez qui : me, nobody, ou le nom ou l’adresse d’un agent",
            "indique quién: me, nobody o el nombre o la dirección de un agente",
        ],
        Problem::UnknownAgent => [
            "no agent has this name or address",
            "kein Agent hat diesen Namen oder diese Adresse",
            "aucun agent n’a ce nom ni cette adresse",
            "ningún agente tiene este nombre ni esta dirección",
        ],
        Problem::NeedsPriority => [
            "the priority is low, normal, high or urgent",
            "die Priorität ist low, normal, high oder urgent",
            "la priorité est low, normal, high ou urgent",
            "la prioridad es low, normal, high o urgent",
        ],
        Problem::NeedsTime => [
            "give a day such as 2026-12-01, a number of days such as 3, or nothing",
            "geben Sie einen Tag wie 2026-12-01, eine Zahl von Tagen wie 3 oder nichts an",
            "indiquez un jour comme 2026-12-01, un nombre de jours comme 3, ou rien",
            "indique un día como 2026-12-01, un número de días como 3, o nada",
        ],
        Problem::Past => [
            "this day has begun already",
            "dieser Tag hat schon begonnen",
            "ce jour a déjà commencé",
            "este día ya ha empezado",
        ],
        Problem::NeedsTag => [
            "give one word or more",
            "geben Sie ein Wort oder mehrere an",
            "indiquez un mot ou plusieurs",
            "indique una palabra o más",
        ],
        Problem::BadTag => [
            "a tag has 1 to 60 characters and no comma",
            "ein Schlagwort hat 1 bis 60 Zeichen und kein Komma",
            "une étiquette a de 1 à 60 caractères, sans virgule",
            "una etiqueta tiene de 1 a 60 caracteres, sin coma",
        ],
        Problem::TooManyTags => [
            "a ticket has at most 50 tags",
            "ein Ticket hat höchstens 50 Schlagworte",
            "une demande a au plus 50 étiquettes",
            "una solicitud tiene como máximo 50 etiquetas",
        ],
        Problem::NoText => [
            "write the text of the note below it",
            "schreiben Sie den Text der Notiz darunter",
            "écrivez le texte de la note en dessous",
            "escriba debajo el texto de la nota",
        ],
        Problem::TooMany => {
            let most = MOST_COMMANDS;
            return language.pick([
                format!("a mail has at most {most} commands"),
                format!("eine E-Mail hat höchstens {most} Befehle"),
                format!("un message a au plus {most} commandes"),
                format!("un correo tiene como máximo {most} órdenes"),
            ]);
        }
        Problem::NotNow(status) => {
            let status = status_words(status, language);
            return language.pick([
                format!("this cannot be done, since the ticket is {status}"),
                format!("das geht nicht, denn das Ticket ist {status}"),
                format!("impossible : la demande est {status}"),
                format!("no es posible: la solicitud está {status}"),
            ]);
        }
        Problem::NotSent(why) => {
            return language.pick([
                format!("your text cannot be sent: {why}"),
                format!("Ihr Text kann nicht gesendet werden: {why}"),
                format!("votre texte ne peut pas être envoyé : {why}"),
                format!("su texto no se puede enviar: {why}"),
            ]);
        }
    };
    language.pick(words).to_owned()
}

/// The commands that a ticket of this status takes, as they are written.
pub fn allowed(status: &Status, agents: &[Agent]) -> Vec<String> {
    let (done, over) = (matches!(status, Status::Resolved { .. }), matches!(status, Status::Closed { .. }));
    let waits = matches!(status, Status::Pending { .. });
    let names: Vec<&str> = agents.iter().take(AGENTS_NAMED).map(|agent| agent.name.as_str()).collect();
    let all = [
        (!done && !over, "#resolve".to_owned()),
        (!done && !over, "#pending, #pending 3, #pending 2026-12-01".to_owned()),
        (!over, "#close".to_owned()),
        (done || over || waits, "#reopen".to_owned()),
        (true, "#note".to_owned()),
        (true, format!("#take, #assign me, #assign nobody, #assign {}", names.join(" | "))),
        (true, "#priority low | normal | high | urgent".to_owned()),
        (true, "#tag WORD ..., #untag WORD ...".to_owned()),
    ];
    all.into_iter().filter_map(|(now, line)| now.then_some(line)).collect()
}
