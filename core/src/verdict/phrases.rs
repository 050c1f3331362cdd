//! Fixed phrases of absence notices and bounces, in many languages.

/// How subjects of absence notices begin. In lower case, as mail programs and providers write them.
const ABSENCE: [&str; 62] = [
    "auto:", "autoreply:", "auto-reply:", "auto reply:", "autoreply", "automatic reply", "automatic response", "auto response",
    "auto-response", "automated reply", "automated response", "autoresponse", "autoresponder", "out of office", "out-of-office", "ooo:",
    "away from the office", "away from my mail", "vacation:", "on vacation", "vacation reply", "vacation response",
    "automatische antwort", "automatische beantwortung", "abwesenheitsnotiz", "abwesenheit:", "abwesenheitsmeldung",
    "nicht im büro", "automatisch antwoord", "automatisch bericht", "afwezig", "afwezigheid", "réponse automatique",
    "réponse d'absence", "absence du bureau", "message d'absence", "absent du bureau", "respuesta automática",
    "respuesta automatica", "fuera de la oficina", "fuera de oficina", "ausente", "resposta automática",
    "resposta automatica", "risposta automatica", "risposta non al computer", "fuori sede", "fuori ufficio",
    "autosvar", "automatiskt svar", "automatisk svar", "frånvaro", "fravær", "automaattinen vastaus", "poissaolo",
    "autoodpowiedź", "automatyczna odpowiedź", "automatická odpověď", "автоответ", "автоматический ответ",
    "自動返信", "自动回复",
];
const ABSENCE_MORE: [&str; 9] = [
    "нет на месте", "自動応答", "自動回覆", "자동 회신", "otomatik yanıt", "automatická odpoveď", "răspuns automat",
    "automatikus válasz", "αυτόματη απάντηση",
];

/// Whether a subject has the form of an absence notice. A reply to such a notice does not.
pub(super) fn absence_subject(subject: &str) -> bool {
    let lower = subject.trim().trim_start_matches(['[', '(', '*', '#']).to_lowercase();
    ABSENCE.iter().chain(&ABSENCE_MORE).any(|phrase| lower.starts_with(phrase))
        || ["(out of office)", "is out of the office", "out of office autoreply", "[auto-reply]", "(auto-reply)", "- out of office"]
            .iter()
            .any(|phrase| lower.contains(phrase) && !lower.starts_with("re:"))
}

/// Subjects that mail servers give to bounces.
const BOUNCE: [&str; 44] = [
    "undeliver", "undelivered mail", "returned mail", "returned message", "delivery status notification", "delivery failure",
    "delivery failed", "delivery has failed", "mail delivery failed", "mail delivery failure", "mail delivery subsystem",
    "mail delivery system", "mail delivery problem", "mail system error", "failure notice", "failure delivery", "failed delivery",
    "delivery notification", "delivery report", "delivery error", "delivery problem", "non delivery", "non-delivery",
    "nondeliver", "message undeliverable", "could not deliver", "message could not be delivered", "mail not delivered", "unable to deliver",
    "returning message to sender", "mail could not be delivered", "warning: could not send", "warning: message", "delayed mail",
    "message delivery failure", "mail returned", "error delivering mail", "unzustellbar", "non remis", "no se puede entregar", "недостав",
    "não entregue", "mancato recapito", "onbestelbaar",
];

/// Whether a subject is one of a bounce.
pub(super) fn bounce_subject(subject: &str) -> bool {
    let lower = subject.trim().to_lowercase();
    !lower.starts_with("re:") && !lower.starts_with("fwd:") && BOUNCE.iter().any(|phrase| lower.contains(phrase))
}

/// Sentences of bounce texts; one suffices where sender or subject point to a bounce already.
const BOUNCE_TEXT: [&str; 40] = [
    "could not be delivered", "couldn't be delivered", "was not delivered", "not delivered to", "delivery failed", "delivery to the following", "unable to deliver", "permanent fatal errors",
    "permanent error", "undeliverable", "user unknown", "unknown user", "no such user", "mailbox unavailable",
    "mailbox full", "mailbox is full", "over quota", "quota exceeded", "does not exist", "failed to deliver", "delivery attempt", "not be reached",
    "could not deliver", "address rejected", "relay denied", "host unknown", "returned to sender", "returning message", "delivery has failed", "delivery error",
    "recipient unknown", "unknown recipient", "invalid recipient", "message was rejected", "not our customer", "no such mailbox",
    "unrouteable address", "unroutable", "550 ", "554 ",
];

/// Whether a text talks about a failed delivery.
pub(super) fn bounce_text(text: &str) -> bool {
    let head: String = text.chars().take(6_000).collect::<String>().to_lowercase();
    BOUNCE_TEXT.iter().any(|phrase| head.contains(phrase))
}
