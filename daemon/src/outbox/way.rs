//! A sender's way out, open: what takes one mail after another and is judged the same whatever it is.

use super::account::explained;
use super::judge::{Judgement, Verdict, Words, judge};
use super::worker::OutboxParts;
use crate::handover::{Folder, Given, Sendmail};
use crate::net::Timeouts;
use crate::smtp::SmtpConnection;
use maildesk_core::diagnosis::{Diagnosis, Step};
use maildesk_core::outbox::OutboxEntry;
use maildesk_core::outbox::sysexits::ProgramEnd;
use maildesk_core::settings::connection::ServerAddress;
use maildesk_core::settings::{Sender, WayOut};

pub(super) enum Way {
    Smtp { connection: Box<SmtpConnection>, server: ServerAddress },
    Sendmail(Sendmail),
    Folder(Folder),
}

impl Way {
    /// Opens the way: only an SMTP server has to be reached first.
    pub(super) async fn open(parts: &OutboxParts, sender: &Sender) -> Result<Self, Diagnosis> {
        match &sender.way {
            WayOut::Smtp(smtp) => {
                let account = explained(parts, sender, smtp).await?;
                let connected = SmtpConnection::connect(&account, &parts.tls, &Timeouts::default()).await;
                let connection = Box::new(connected.map_err(|error| error.diagnosis())?);
                Ok(Self::Smtp { connection, server: account.server })
            }
            WayOut::Sendmail { command } => Ok(Self::Sendmail(Sendmail::new(command))),
            WayOut::Folder { path } => Ok(Self::Folder(Folder::new(path))),
        }
    }

    /// Sends one mail. `message` is the mail as it goes out, signed where it is signed.
    pub(super) async fn send(&mut self, entry: &OutboxEntry, message: Vec<u8>) -> Judgement {
        match self {
            Self::Smtp { connection, server } => {
                let outcome = connection.send(entry.from.as_str(), &[entry.to.to_string()], &message).await;
                judge(outcome, server)
            }
            Self::Sendmail(program) => given(program.give(entry.from.as_str(), entry.to.as_str(), &message).await),
            // Named by the entry, so that one that is written again after a crash is no second mail.
            Self::Folder(folder) => match folder.put(&format!("outbox-{}", entry.id), message).await {
                Ok(file) => Judgement::Mail(Verdict::Accepted { said: format!("written as {}", file.display()) }),
                Err(error) => Judgement::Account(Box::new(trouble(error.to_string(), None, error.remedy()))),
            },
        }
    }

    /// The largest mail that is taken, in bytes, where that is known.
    pub(super) fn size_limit(&self) -> Option<u64> {
        match self {
            Self::Smtp { connection, .. } => connection.max_message_size(),
            Self::Sendmail(_) | Self::Folder(_) => None,
        }
    }

    /// False once it can take no further mail.
    pub(super) fn is_usable(&self) -> bool {
        match self {
            Self::Smtp { connection, .. } => connection.is_usable(),
            Self::Sendmail(_) | Self::Folder(_) => true,
        }
    }

    pub(super) async fn is_alive(&mut self) -> bool {
        match self {
            Self::Smtp { connection, .. } => connection.is_alive().await,
            Self::Sendmail(_) | Self::Folder(_) => true,
        }
    }

    pub(super) async fn close(self) {
        if let Self::Smtp { connection, .. } = self {
            connection.quit().await;
        }
    }
}

fn given(given: Given) -> Judgement {
    let Given { end, said, meaning } = given;
    let words =
        |remedy: &str| Words { said: said.clone(), meaning: Some(meaning.clone()), remedy: Some(remedy.to_owned()) };
    match end {
        ProgramEnd::Taken => Judgement::Mail(Verdict::Accepted { said }),
        ProgramEnd::Later => Judgement::Mail(Verdict::Deferred(words("It is given to the program again by itself."))),
        ProgramEnd::Never => Judgement::Mail(Verdict::Refused(words("Check the address and the mail."))),
        ProgramEnd::OutOfOrder => Judgement::Suspect {
            verdict: Verdict::Deferred(words(Sendmail::REMEDY)),
            transient: true,
            diagnosis: Box::new(trouble(meaning.clone(), Some(said.clone()), Sendmail::REMEDY)),
        },
    }
}

fn trouble(meaning: String, said: Option<String>, remedy: &str) -> Diagnosis {
    Diagnosis { server_said: said, ..Diagnosis::of_our_own(Step::Content, meaning, remedy) }
}
