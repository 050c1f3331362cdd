//! The ladder of a mailbox: from the name look-up to what the next poll would take. The folder is opened for reading
//! only, so nothing can be marked by mistake.

use super::other_port::{explain_silence, look_beside};
use super::recorder::{Found, Recorder};
use super::{CheckParts, LIMIT, TIMEOUTS, no_secret, out_of_time};
use crate::auth::mailbox_password;
use crate::imap::{Examined, ImapAccount, ImapError, ImapSession};
use crate::intake::preview;
use crate::net::Observer;
use jiff::Timestamp;
use maildesk_core::check::folder::nearest;
use maildesk_core::check::{CheckReport, Redactor, Stage};
use maildesk_core::diagnosis::{Diagnosis, Fault, FaultKind, Protocol, Step};
use maildesk_core::settings::connection::Encryption;
use maildesk_core::settings::{FirstImport, Mailbox};
use std::sync::Arc;

/// Folders shown at the most.
const FOLDERS_SHOWN: usize = 50;

/// Checks a mailbox as it is given, saved or not. Nothing is saved, marked or fetched.
pub async fn check_mailbox(parts: &CheckParts, mailbox: &Mailbox) -> CheckReport {
    let mut ladder = vec![Stage::Resolve, Stage::Connect];
    ladder.extend((mailbox.server.encryption != Encryption::Plain).then_some(Stage::Tls));
    ladder.extend([Stage::Greeting, Stage::Offers, Stage::Login, Stage::Folder]);
    ladder.extend([Stage::Idle, Stage::Rights, Stage::NextPoll]);
    let now = parts.clock.now();
    let recorder = |redactor| Arc::new(Recorder::new(Protocol::Imap, Some(&mailbox.server), redactor, now));

    let place = mailbox_password(&mailbox.name);
    let password = match parts.secrets.for_login(&parts.store, &mailbox.login.password, &place).await {
        Ok(password) => password,
        Err(error) => {
            let recorder = recorder(Redactor::none());
            recorder.fault(Stage::Settings, no_secret(&error), Vec::new());
            return recorder.finish(&ladder, "", None);
        }
    };
    let recorder = recorder(Redactor::new(&mailbox.login.username, &password));
    let account = ImapAccount::of(mailbox, password);
    if tokio::time::timeout(LIMIT, climb(parts, mailbox, &account, &recorder)).await.is_err() {
        recorder.fault(Stage::TimeLimit, out_of_time(), Vec::new());
    }
    recorder.finish(&ladder, "this mailbox can be polled; nothing was changed", None)
}

async fn climb(parts: &CheckParts, mailbox: &Mailbox, account: &ImapAccount, recorder: &Arc<Recorder>) {
    let observer = Observer::new(Arc::clone(recorder) as _);
    let mut session = match ImapSession::connect_watched(account, &parts.tls, &TIMEOUTS, observer).await {
        Ok(session) => session,
        Err(error) => {
            let stage = recorder.stage_of(error.step());
            let diagnosis = explain_silence(Protocol::Imap, &account.server, error.diagnosis(), &parts.tls).await;
            recorder.fault(stage, diagnosis.clone(), Vec::new());
            return look_beside(recorder, Protocol::Imap, &account.server, &diagnosis, &parts.tls).await;
        }
    };
    match session.examine(&mailbox.folder).await {
        Ok(examined) => {
            if let Err(diagnosis) = look_into(parts, mailbox, &mut session, &examined, recorder).await {
                recorder.fault(recorder.stage_of(diagnosis.step), diagnosis, Vec::new());
            }
        }
        Err(error) => {
            let found = folders(&mut session, &mailbox.folder, &error).await;
            recorder.fault(Stage::Folder, error.diagnosis(), found);
        }
    }
    session.logout().await;
}

/// What the server has in place of a folder that it does not open.
async fn folders(session: &mut ImapSession, wanted: &str, error: &ImapError) -> Found {
    let mut found: Found = vec![("folder", wanted.to_owned())];
    if *error.kind() != FaultKind::FolderNotFound || !session.is_usable() {
        return found;
    }
    let Ok(names) = session.list_folders().await else { return found };
    if let Some(near) = nearest(wanted, &names) {
        found.push(("perhaps", near.to_owned()));
    }
    let shown: Vec<&str> = names.iter().take(FOLDERS_SHOWN).map(String::as_str).collect();
    let more = names.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    found.push(("folders", format!("{}{more}", shown.join(", "))));
    found
}

async fn look_into(
    parts: &CheckParts,
    mailbox: &Mailbox,
    session: &mut ImapSession,
    examined: &Examined,
    recorder: &Recorder,
) -> Result<(), Diagnosis> {
    let explained = |error: ImapError| error.diagnosis();
    let unread = session.search_unseen(None, None).await.map_err(explained)?.len();
    let status = &examined.status;
    let mut found: Found = vec![
        ("folder", mailbox.folder.clone()),
        ("mails", status.exists.to_string()),
        ("unread", unread.to_string()),
        ("UIDVALIDITY", status.uid_validity.to_string()),
    ];
    found.extend(status.uid_next.map(|next| ("next UID", next.to_string())));
    recorder.passed(Stage::Folder, found);

    let idle = if session.has("IDLE") {
        "yes: the server tells of new mail by itself".to_owned()
    } else {
        format!("no: new mail is seen at the next poll, every {} seconds", mailbox.poll_seconds)
    };
    recorder.passed(Stage::Idle, vec![("offered", idle)]);
    rights(mailbox, session, examined, recorder);

    let now = parts.clock.now();
    let next = preview(&parts.store, mailbox, session, status, now).await.map_err(|error| error.diagnosis())?;
    let day = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let mut found: Found = vec![
        ("mails", next.mails.to_string()),
        ("tickets", format!("about {} at the most; answers join their tickets", next.mails)),
        ("oldest", next.oldest.map(day).unwrap_or_default()),
        ("newest", next.newest.map(day).unwrap_or_default()),
    ];
    if !next.known {
        found.push(("first import", first_import(mailbox.first_import)));
    }
    found.retain(|(_, value)| !value.is_empty());
    recorder.passed(Stage::NextPoll, found);
    Ok(())
}

/// Whether mails may be marked as read and moved, as far as the server tells somebody who only reads.
fn rights(mailbox: &Mailbox, session: &ImapSession, examined: &Examined, recorder: &Recorder) {
    let moving = if session.has("MOVE") { "MOVE is offered" } else { "by COPY and EXPUNGE: MOVE is not offered" };
    let moving = ("moving", moving.to_owned());
    let seen_is_kept = examined.flags.iter().any(|flag| flag.eq_ignore_ascii_case("\\Seen"));
    let allowed = match &examined.rights {
        // RFC 4314: "s" keeps \Seen; moving away takes "t" and "e", or "d" of RFC 2086.
        Some(rights) => rights.contains('s'),
        None if seen_is_kept => true,
        None => {
            let told = "the server tells only who opens the folder for writing: the first poll shows it";
            return recorder.skipped(Stage::Rights, vec![("marking as read", told.to_owned()), moving]);
        }
    };
    let rights = examined.rights.clone().map(|rights| ("rights", rights));
    if allowed {
        let mut found: Found = vec![("marking as read", "allowed".to_owned()), moving];
        found.extend(rights);
        return recorder.passed(Stage::Rights, found);
    }
    let kind = FaultKind::FolderReadOnly;
    let server = mailbox.server.clone();
    let fault = Fault { protocol: Protocol::Imap, server, step: Step::Flag, kind, server_said: None };
    recorder.fault(Stage::Rights, fault.diagnosis(), rights.into_iter().collect());
}

fn first_import(choice: FirstImport) -> String {
    match choice {
        FirstImport::FromNow => "only mail that arrives from now on".into(),
        FirstImport::Unread => "all unread mail".into(),
        FirstImport::Since(day) => format!("unread mail since {day}"),
    }
}
