//! The ladder of a sender that hands its mail to a program or writes it into a folder.

use super::CheckParts;
use super::recorder::Recorder;
use super::test_mail::test_mail;
use crate::handover::{Folder, Sendmail};
use maildesk_core::address::Address;
use maildesk_core::check::{CheckReport, Redactor, Stage};
use maildesk_core::diagnosis::{Diagnosis, Protocol, Step};
use maildesk_core::outbox::sysexits::ProgramEnd;
use maildesk_core::settings::Sender;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// A program that must be there and, with `to`, take a test mail.
pub(super) async fn check_program(
    parts: &CheckParts,
    sender: &Sender,
    command: &[String],
    to: Option<&Address>,
) -> CheckReport {
    let recorder = Recorder::new(Protocol::Smtp, None, Redactor::none(), parts.clock.now());
    let found = vec![("command", format!("{} -f {} -- RECIPIENT", command.join(" "), sender.from))];
    let (mut mark, mut well) = (None, "the program is there; nothing was sent".to_owned());
    match is_executable(command.first().map(String::as_str).unwrap_or_default()) {
        Err(problem) => {
            let remedy = "Install it, or name another by command.";
            recorder.fault(Stage::Program, Diagnosis::of_our_own(Step::Settings, problem, remedy), found);
        }
        Ok(()) => {
            recorder.passed(Stage::Program, found);
            if let Some(to) = to {
                mark = give(parts, sender, &Sendmail::new(command), to, &recorder).await;
                well = format!("the program took a test mail to {to}");
            }
        }
    }
    recorder.finish(&ladder(Stage::Program, to), &well, mark)
}

/// A folder that must be writable and, with `to`, gets a test mail.
pub(super) async fn check_folder(
    parts: &CheckParts,
    sender: &Sender,
    path: &Path,
    to: Option<&Address>,
) -> CheckReport {
    let recorder = Recorder::new(Protocol::Smtp, None, Redactor::none(), parts.clock.now());
    let folder = Folder::new(path);
    let found = vec![("path", path.display().to_string())];
    let (mut mark, mut well) = (None, "the folder can be written; nothing was left there".to_owned());
    match folder.probe().await {
        Err(error) => {
            let diagnosis = Diagnosis::of_our_own(Step::Settings, error.to_string(), error.remedy());
            recorder.fault(Stage::Folder, diagnosis, found);
        }
        Ok(()) => {
            recorder.passed(Stage::Folder, found);
            if let Some(to) = to {
                mark = file(parts, sender, &folder, to, &recorder).await;
                well = format!("a test mail to {to} was written");
            }
        }
    }
    recorder.finish(&ladder(Stage::Folder, to), &well, mark)
}

fn ladder(first: Stage, to: Option<&Address>) -> Vec<Stage> {
    std::iter::once(first).chain(to.map(|_| Stage::Content)).collect()
}

fn is_executable(program: &str) -> Result<(), String> {
    match std::fs::metadata(program) {
        Ok(file) if file.is_file() && file.permissions().mode() & 0o111 != 0 => Ok(()),
        Ok(_) => Err(format!("{program} is no program")),
        Err(error) => Err(format!("{program} cannot be run: {error}")),
    }
}

/// The mark of the mail where the program took it.
async fn give(
    parts: &CheckParts,
    sender: &Sender,
    program: &Sendmail,
    to: &Address,
    recorder: &Recorder,
) -> Option<String> {
    let mail = test_mail(parts, sender, to).map_err(|diagnosis| recorder.fault(Stage::Content, *diagnosis, vec![]));
    let mail = mail.ok()?;
    let given = program.give(sender.from.as_str(), to.as_str(), &mail.mime).await;
    if given.end == ProgramEnd::Taken {
        recorder.passed(Stage::Content, vec![("to", to.to_string()), ("it said", given.said)]);
        mail.signature.iter().for_each(|signature| recorder.add("DKIM signature", signature));
        return Some(mail.mark);
    }
    let mut diagnosis = Diagnosis::of_our_own(Step::Content, given.meaning, Sendmail::REMEDY);
    diagnosis.server_said = Some(given.said);
    recorder.fault(Stage::Content, diagnosis, vec![("to", to.to_string())]);
    None
}

/// The mark of the mail where it was written.
async fn file(
    parts: &CheckParts,
    sender: &Sender,
    folder: &Folder,
    to: &Address,
    recorder: &Recorder,
) -> Option<String> {
    let mail = test_mail(parts, sender, to).map_err(|diagnosis| recorder.fault(Stage::Content, *diagnosis, vec![]));
    let mail = mail.ok()?;
    match folder.put(&format!("check-{}", mail.mark), mail.mime).await {
        Ok(written) => {
            recorder.passed(Stage::Content, vec![("to", to.to_string()), ("file", written.display().to_string())]);
            mail.signature.iter().for_each(|signature| recorder.add("DKIM signature", signature));
            Some(mail.mark)
        }
        Err(error) => {
            let diagnosis = Diagnosis::of_our_own(Step::Content, error.to_string(), error.remedy());
            recorder.fault(Stage::Content, diagnosis, vec![("to", to.to_string())]);
            None
        }
    }
}
