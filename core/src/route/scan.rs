//! What a virus scanner said of a mail, and what that makes of it.

use super::outcome::Outcome;

/// What is known about viruses in a mail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Scanned {
    /// No scanner was asked.
    #[default]
    NotAsked,
    Clean,
    /// The name of what was found, as the scanner calls it.
    Infected(String),
    /// It could not be scanned, and the settings let it through.
    Passed(String),
    /// It could not be scanned, and a person has to look at it.
    Kept(String),
}

/// How reasons begin.
const VIRUS: &str = "virus ";
const UNSCANNED: &str = "not scanned for viruses: ";

impl Scanned {
    /// Why the mail goes to quarantine, if it does.
    pub(super) fn quarantine(&self) -> Option<String> {
        match self {
            Self::Infected(name) => Some(format!("{VIRUS}{name}")),
            Self::Kept(why) => Some(format!("{UNSCANNED}{why}")),
            Self::NotAsked | Self::Clean | Self::Passed(_) => None,
        }
    }

    /// For the trace.
    pub(super) fn sentence(&self) -> Option<String> {
        match self {
            Self::NotAsked => None,
            Self::Clean => Some("no virus found".into()),
            Self::Infected(name) => Some(format!("{name} found")),
            Self::Passed(why) | Self::Kept(why) => Some(format!("{UNSCANNED}{why}")),
        }
    }

    /// For the entry of its ticket.
    pub(super) fn remark(&self) -> Option<String> {
        match self {
            Self::Passed(why) => Some(format!("{UNSCANNED}{why}")),
            _ => None,
        }
    }

    /// What a verdict says of it: a kept mail is not scanned once more when rules are tried on it.
    pub fn of_verdict(outcome: &Outcome) -> Self {
        let Outcome::Quarantined { reason } = outcome else { return Self::NotAsked };
        let found = reason.strip_prefix(VIRUS).map(|name| Self::Infected(name.to_owned()));
        let unscanned = || reason.strip_prefix(UNSCANNED).map(|why| Self::Kept(why.to_owned()));
        found.or_else(unscanned).unwrap_or_default()
    }
}

#[test]
fn a_verdict_keeps_what_the_scanner_said() {
    for scanned in [Scanned::Infected("Eicar".into()), Scanned::Kept("too large".into())] {
        let reason = scanned.quarantine().unwrap_or_default();
        assert_eq!(Scanned::of_verdict(&Outcome::Quarantined { reason }), scanned);
    }
    let other = Outcome::Quarantined { reason: "filter odd".into() };
    assert_eq!(Scanned::of_verdict(&other), Scanned::NotAsked);
}
