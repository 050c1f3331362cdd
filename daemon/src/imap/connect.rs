//! From an account to a logged-in session: greeting, STARTTLS, capabilities, login.

use super::exec::words_of;
use super::guard::Guard;
use super::{ImapAccount, ImapError, ImapSession};
use crate::net::{Observer, Seen, Timeouts, TlsConnectors, dial_watched};
use async_imap::Client;
use async_imap::imap_proto::{Capability, Response, ResponseCode, Status};
use maildesk_core::diagnosis::{FaultKind, Step};
use maildesk_core::settings::connection::{Encryption, ServerAddress};
use std::collections::BTreeSet;

/// The largest mail that is read where the caller sets no other limit.
const LARGEST_MAIL: u64 = 64 * 1024 * 1024;
/// Before the login no answer needs a large literal.
const LARGEST_LITERAL_BEFORE_LOGIN: u64 = 64 * 1024;

enum Greeting {
    Login,
    AlreadyLoggedIn,
}

impl ImapSession {
    /// Connects and logs in.
    ///
    /// # Errors
    /// Each step of the way fails with its own kind; see [`ImapError::diagnosis`].
    pub async fn connect(account: &ImapAccount, tls: &TlsConnectors, timeouts: &Timeouts) -> Result<Self, ImapError> {
        Self::connect_watched(account, tls, timeouts, Observer::default()).await
    }

    /// As [`connect`](Self::connect), before the eyes of an observer, who sees the whole conversation.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub async fn connect_watched(
        account: &ImapAccount,
        tls: &TlsConnectors,
        timeouts: &Timeouts,
        observer: Observer,
    ) -> Result<Self, ImapError> {
        let (mut session, greeting) = Self::open(&account.server, tls, timeouts, observer).await?;
        match greeting {
            // A greeting that says "already logged in" came in plain text: whoever stands between could have said it.
            Greeting::AlreadyLoggedIn if account.server.encryption == Encryption::Starttls => {
                return Err(session.error(Step::Starttls, FaultKind::TlsNotOffered, Some("PREAUTH")));
            }
            Greeting::AlreadyLoggedIn => session.observer.see(Seen::LoggedIn { mechanism: "PREAUTH", words: "" }),
            Greeting::Login => session.login(account).await?,
        }
        session.set_largest_mail(LARGEST_MAIL);
        Ok(session)
    }

    /// Comes as far as the login and goes again: whether IMAP is spoken at this address, and how.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub async fn knock(server: &ServerAddress, tls: &TlsConnectors, timeouts: &Timeouts) -> Result<(), ImapError> {
        let (session, _) = Self::open(server, tls, timeouts, Observer::default()).await?;
        session.logout().await;
        Ok(())
    }

    /// All that comes before the login.
    async fn open(
        server: &ServerAddress,
        tls: &TlsConnectors,
        timeouts: &Timeouts,
        observer: Observer,
    ) -> Result<(Self, Greeting), ImapError> {
        let dialled = dial_watched(server, tls, timeouts, &observer).await;
        let stream = dialled.map_err(|error| ImapError::from_net(server, error))?;
        let deadline = stream.deadline();
        let mut session = Self {
            client: Client::new(Guard::new(stream, LARGEST_LITERAL_BEFORE_LOGIN).watched(&observer)),
            server: server.clone(),
            timeouts: *timeouts,
            deadline,
            capabilities: BTreeSet::new(),
            observer,
            commands_sent: 0,
            in_step: true,
        };
        let greeting = session.read_greeting().await?;
        session.deadline.set(timeouts.answer);
        if session.capabilities.is_empty() {
            session.ask_capabilities(Step::Greeting).await?;
        }
        if server.encryption == Encryption::Starttls {
            session = session.upgrade(tls).await?;
        }
        let offered: Vec<String> = session.capabilities.iter().cloned().collect();
        session.observer.see(Seen::Offered(&offered));
        Ok((session, greeting))
    }

    async fn read_greeting(&mut self) -> Result<Greeting, ImapError> {
        let answer = match self.client.read_response().await {
            Ok(Some(answer)) => answer,
            Ok(None) => return Err(self.no_greeting(FaultKind::ConnectionLost)),
            Err(error) => {
                let kind = ImapError::from_io(&self.server, Step::Greeting, &error).kind().clone();
                return Err(self.no_greeting(kind));
            }
        };
        match answer.parsed() {
            Response::Data { status, outcome } => match status {
                Status::Ok | Status::PreAuth => {
                    if let Some(ResponseCode::Capabilities(offered)) = &outcome.code {
                        self.capabilities = names(offered);
                    }
                    self.observer.see(Seen::Greeted(&words_of(outcome)));
                    Ok(if *status == Status::Ok { Greeting::Login } else { Greeting::AlreadyLoggedIn })
                }
                Status::Bye | Status::No | Status::Bad => Err(self.good_bye(Step::Greeting, outcome)),
            },
            _ => Err(self.no_greeting(FaultKind::AnswerUnreadable)),
        }
    }

    /// Why there was no IMAP greeting: told by what came instead.
    fn no_greeting(&self, kind: FaultKind) -> ImapError {
        let head = self.client.get_ref().head();
        let kind = match head {
            // A TLS alert, or silence where TLS is usual.
            [0x15, 0x03, ..] => FaultKind::PlainOnTlsPort,
            [] if is_tls_port(&self.server) => FaultKind::PlainOnTlsPort,
            [] => kind,
            _ if !head.starts_with(b"* ") => FaultKind::NotThisProtocol,
            _ => kind,
        };
        let words = String::from_utf8_lossy(head);
        self.error(Step::Greeting, kind, Some(&words))
    }

    pub(super) async fn ask_capabilities(&mut self, step: Step) -> Result<(), ImapError> {
        let mut offered = BTreeSet::new();
        self.exec(step, "CAPABILITY", |answer| {
            if let Response::Capabilities(list) = answer {
                offered.extend(names(list));
            }
        })
        .await?;
        self.capabilities = offered;
        Ok(())
    }

    /// STARTTLS. What was said in plain text before, capabilities included, counts for nothing afterwards.
    async fn upgrade(mut self, tls: &TlsConnectors) -> Result<Self, ImapError> {
        if !self.has("STARTTLS") {
            return Err(self.error(Step::Starttls, FaultKind::TlsNotOffered, None));
        }
        self.exec(Step::Starttls, "STARTTLS", |_| ()).await?;
        let from_net = |error| ImapError::from_net(&self.server, error);
        let connector = tls.connector_watched(&self.server, &self.observer).map_err(from_net)?;
        // The parser's buffer, and with it all that was sent too early, is dropped here.
        let plain = self.client.into_inner().into_inner();
        let encrypted =
            plain.start_tls(&connector, &self.server.host, self.timeouts.connect).await.map_err(from_net)?;
        encrypted.show(&self.observer);
        self.client = Client::new(Guard::new(encrypted, LARGEST_LITERAL_BEFORE_LOGIN).watched(&self.observer));
        self.ask_capabilities(Step::Starttls).await?;
        Ok(self)
    }
}

fn is_tls_port(server: &ServerAddress) -> bool {
    server.encryption != Encryption::Tls && server.port == 993
}

/// Capability names in upper case, as [`ImapSession::has`] looks for them.
pub(super) fn names(offered: &[Capability<'_>]) -> BTreeSet<String> {
    offered
        .iter()
        .map(|capability| match capability {
            Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
            Capability::Auth(mechanism) => format!("AUTH={}", mechanism.to_ascii_uppercase()),
            Capability::Atom(name) => name.to_ascii_uppercase(),
        })
        .collect()
}
