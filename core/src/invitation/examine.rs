//! Whether an answer to an invitation counts.

use super::{Invitation, InvitationEnd, InvitationState, InvitationToken};
use crate::address::Address;
use crate::ids::InvitationId;
use crate::language::Language;
use crate::notification::{Reader, moment_words};
use crate::route::token::TokenKeys;
use jiff::Timestamp;

/// Why an invitation is not accepted; for people who run the desk, with what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the token was not made by this desk for this invitation")]
    Forged,
    #[error("somebody else than the invited person answered")]
    NotInvited,
    #[error("a machine answered, not the invited person")]
    Automatic,
    /// A server that the desk trusts found that the sender is not genuine, or no signature proves that it is.
    #[error("From is not believed: the sender failed DMARC, or no good signature proves it")]
    NotGenuine,
    #[error("it was accepted already, at {at:.0}: nothing is to be done")]
    Accepted { at: Timestamp },
    #[error("it was revoked by {by}: ask for a new one")]
    Revoked { by: String },
    #[error("it has expired at {at:.0}: maildesk invitation resend {id} sends a new one")]
    Expired { id: InvitationId, at: Timestamp },
    #[error("a newer mail of this invitation was sent at {sent:.0}: answer that one")]
    Replaced { sent: Timestamp },
    /// The settings do not take the person as an agent, such as since the name is taken.
    #[error("it cannot be accepted now: {0}")]
    Impossible(String),
}

/// Whether this token accepts this invitation now.
///
/// # Errors
/// Why not.
pub fn examine(
    invitation: &Invitation,
    token: &InvitationToken,
    keys: &TokenKeys,
    now: Timestamp,
) -> Result<(), Refusal> {
    if token.id != invitation.id || !token.made_for(keys, &invitation.to) {
        return Err(Refusal::Forged);
    }
    match (&invitation.end, invitation.state(now)) {
        (Some(InvitationEnd::Accepted { at }), _) => Err(Refusal::Accepted { at: *at }),
        (Some(InvitationEnd::Revoked { by, .. }), _) => Err(Refusal::Revoked { by: by.clone() }),
        (None, _) if token.sending != invitation.sendings => Err(Refusal::Replaced { sent: invitation.sent }),
        (None, InvitationState::Expired) => Err(Refusal::Expired { id: invitation.id, at: invitation.expires }),
        (None, _) => Ok(()),
    }
}

/// As [`examine`], of a mail: only the invited person's counts, and only one that a person wrote.
///
/// # Errors
/// Why not.
pub fn examine_mail(
    invitation: &Invitation,
    token: &InvitationToken,
    keys: &TokenKeys,
    (from, automatic): (&Address, bool),
    now: Timestamp,
) -> Result<(), Refusal> {
    let examined = examine(invitation, token, keys, now);
    match examined {
        Err(Refusal::Forged) => Err(Refusal::Forged),
        _ if from.key() != invitation.to.key() => Err(Refusal::NotInvited),
        _ if automatic => Err(Refusal::Automatic),
        other => other,
    }
}

impl Refusal {
    /// Whether the invited person is told. Nobody else hears anything, and machines are not answered.
    pub const fn is_told(&self) -> bool {
        !matches!(self, Self::Forged | Self::NotInvited | Self::Automatic | Self::NotGenuine)
    }

    /// The reason for the invited person; what they can do stands in the template.
    pub fn reason(&self, reader: &Reader) -> String {
        let language: Language = reader.language;
        let at = |at: Timestamp| moment_words(at, reader);
        match self {
            Self::Accepted { at: when } => {
                let when = at(*when);
                language.pick([
                    format!("it was accepted already, on {when}"),
                    format!("sie wurde schon angenommen, am {when}"),
                    format!("elle a déjà été acceptée, le {when}"),
                    format!("ya fue aceptada, el {when}"),
                ])
            }
            Self::Expired { at: when, .. } => {
                let when = at(*when);
                language.pick([
                    format!("it has expired on {when}"),
                    format!("sie ist am {when} abgelaufen"),
                    format!("elle a expiré le {when}"),
                    format!("caducó el {when}"),
                ])
            }
            Self::Replaced { sent } => {
                let when = at(*sent);
                language.pick([
                    format!("a newer invitation was sent to you on {when}; answer that one"),
                    format!("am {when} wurde Ihnen eine neuere geschickt; beantworten Sie diese"),
                    format!("une invitation plus récente vous a été envoyée le {when} ; répondez à celle-ci"),
                    format!("el {when} se le envió una más reciente; responda a esa"),
                ])
            }
            Self::Revoked { .. } => language.pick([
                "it was taken back".to_owned(),
                "sie wurde zurückgenommen".to_owned(),
                "elle a été retirée".to_owned(),
                "fue retirada".to_owned(),
            ]),
            Self::Impossible(_) | Self::Forged | Self::NotInvited | Self::Automatic | Self::NotGenuine => language
                .pick([
                    "it cannot be accepted at the moment".to_owned(),
                    "sie kann im Augenblick nicht angenommen werden".to_owned(),
                    "elle ne peut pas être acceptée pour le moment".to_owned(),
                    "no se puede aceptar en este momento".to_owned(),
                ]),
        }
    }
}
