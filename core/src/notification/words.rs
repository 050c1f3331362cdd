//! Words of the desk in the reader's language: statuses, priorities, what is due.

use crate::language::Language;
use crate::sla::Target;
use crate::ticket::{Priority, Status};

/// What people call a status.
pub fn status(status: &Status, language: Language) -> &'static str {
    let words = match status {
        Status::New => ["new", "neu", "nouvelle", "nueva"],
        Status::Open => ["open", "offen", "ouverte", "abierta"],
        Status::Pending { .. } => ["pending", "wartend", "en attente", "pendiente"],
        Status::Resolved { .. } => ["resolved", "gelöst", "résolue", "resuelta"],
        Status::Closed { .. } => ["closed", "geschlossen", "fermée", "cerrada"],
    };
    language.pick(words)
}

pub(super) fn priority(priority: Priority, language: Language) -> &'static str {
    let words = match priority {
        Priority::Low => ["low", "niedrig", "basse", "baja"],
        Priority::Normal => ["normal", "normal", "normale", "normal"],
        Priority::High => ["high", "hoch", "haute", "alta"],
        Priority::Urgent => ["urgent", "dringend", "urgente", "urgente"],
    };
    language.pick(words)
}

/// What a service level promises.
pub fn target_words(target: Target, language: Language) -> &'static str {
    let words = match target {
        Target::FirstResponse => [target.words(), "erste Antwort", "première réponse", "primera respuesta"],
        Target::NextResponse => [target.words(), "nächste Antwort", "prochaine réponse", "próxima respuesta"],
        Target::Resolution => [target.words(), "Lösung", "résolution", "resolución"],
    };
    language.pick(words)
}
