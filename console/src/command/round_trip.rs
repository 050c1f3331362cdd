//! A test mail to a mailbox of our own, followed to its verdict.

use super::ladder;
use crate::client::{Client, ClientError};
use crate::failure::Failure;
use crate::output::progress::Progress;
use maildesk_core::check::{CheckReport, CheckStep, Conclusion, Outcome, Stage, mark};
use maildesk_core::diagnosis::{Diagnosis, FaultKind, Step};
use maildesk_core::event::{DomainEvent, Event};
use maildesk_core::ids::EventSeq;
use maildesk_core::route::Outcome as Verdict;
use maildesk_core::settings::{Mailbox, MailboxName, Sender, Settings};
use std::time::{Duration, Instant};

/// How long a mail may be on its way; greylisting takes longer and is said.
const LONGEST_WAY: Duration = Duration::from_secs(90);
/// The mailbox is polled anew this often.
const POLL_EVERY: Duration = Duration::from_secs(2);

/// Sends and follows; the report gets a rung for the arrival.
pub(crate) async fn round_trip(
    client: &Client,
    settings: &Settings,
    sender: &Sender,
    wanted: Option<MailboxName>,
    mut progress: Progress,
) -> Result<CheckReport, Failure> {
    let mailbox = mailbox(settings, sender, wanted)?;
    let seen = client.newest_event().await?;
    let began = Instant::now();
    let sending = format!("sending a test mail to {}", mailbox.address);
    let check = client.sender_check(sender.clone(), Some(mailbox.address.clone()));
    let mut report = ladder::waiting(&sending, &mut progress, check).await?;
    let Some(nonce) = report.mark.clone() else { return Ok(report) };
    let sent = Instant::now();
    let following = format!("waiting for it in mailbox {}", mailbox.name);
    let verdict = ladder::waiting(&following, &mut progress, Box::pin(follow(client, mailbox, &nonce, seen))).await?;
    let step = arrival(mailbox, verdict.as_ref(), sent.elapsed(), began.elapsed());
    report.conclusion = conclusion(mailbox, &step, began.elapsed());
    report.steps.push(step);
    Ok(report)
}

/// The mailbox asked for, else the first enabled one that this sender answers.
fn mailbox<'a>(settings: &'a Settings, sender: &Sender, wanted: Option<MailboxName>) -> Result<&'a Mailbox, Failure> {
    let answers = |mailbox: &Mailbox| settings.sender_for(mailbox).is_some_and(|known| known.name == sender.name);
    let found = match &wanted {
        Some(name) => settings.mailbox(name).filter(|mailbox| mailbox.enabled),
        None => settings.mailbox.iter().find(|mailbox| mailbox.enabled && answers(mailbox)),
    };
    found.ok_or_else(|| Failure::NotFound {
        what: "enabled mailbox",
        name: wanted.map_or_else(|| format!("that sender {} answers", sender.name), |name| name.to_string()),
        remedy: "maildesk mailbox list; name one with --mailbox".into(),
    })
}

/// Polls the mailbox until the mail with this mark has its verdict; `None` where it did not come in time.
async fn follow(
    client: &Client,
    mailbox: &Mailbox,
    nonce: &str,
    mut seen: EventSeq,
) -> Result<Option<Verdict>, ClientError> {
    let began = Instant::now();
    while began.elapsed() < LONGEST_WAY {
        client.mailbox_poll(Some(mailbox.name.clone())).await?;
        let asked = Instant::now();
        while asked.elapsed() < POLL_EVERY {
            let batch = client.events_after(seen, POLL_EVERY.saturating_sub(asked.elapsed())).await?;
            if let Some(verdict) = batch.events.iter().find_map(|event| verdict_on(event, mailbox, nonce)) {
                return Ok(Some(verdict));
            }
            seen = batch.next;
        }
    }
    Ok(None)
}

fn verdict_on(event: &Event, mailbox: &Mailbox, nonce: &str) -> Option<Verdict> {
    match &event.what {
        DomainEvent::MailJudged { mailbox: name, subject, outcome, .. }
            if *name == mailbox.name && subject.contains(nonce) =>
        {
            Some(outcome.clone())
        }
        _ => None,
    }
}

fn arrival(mailbox: &Mailbox, verdict: Option<&Verdict>, way: Duration, total: Duration) -> CheckStep {
    let mut found = vec![("mailbox".to_owned(), mailbox.name.to_string())];
    let (outcome, diagnosis) = match verdict {
        Some(verdict) => {
            found.push(("verdict".to_owned(), verdict.sentence()));
            found.push(("total time".to_owned(), format!("{:.1} s", total.as_secs_f64())));
            if *verdict == (Verdict::Dropped { rule: mark::RULE.to_owned() }) {
                (Outcome::Passed, None)
            } else {
                let meaning = "the mail came back and was not taken for a test mail: its mark was lost on the way";
                let remedy = "A server on the way removes headers it does not know. Real mail is not touched by this.";
                (Outcome::Warned, Some(explained(meaning.into(), remedy.into())))
            }
        }
        None => {
            let meaning = format!("the mail did not come to {} within {} s", mailbox.address, LONGEST_WAY.as_secs());
            let remedy = format!(
                "See whether mailbox {} works (maildesk mailbox test {}), whether mail to {} is delivered into its \
                 folder \"{}\", and whether the mail lies in a spam folder.",
                mailbox.name, mailbox.name, mailbox.address, mailbox.folder
            );
            (Outcome::Failed, Some(explained(meaning, remedy)))
        }
    };
    let milliseconds = u32::try_from(way.as_millis()).unwrap_or(u32::MAX);
    CheckStep { step: Stage::Arrival, outcome, milliseconds, found, server_said: None, diagnosis }
}

fn explained(meaning: String, remedy: String) -> Diagnosis {
    let kind = FaultKind::Other { reason: meaning.clone() };
    Diagnosis { kind, step: Step::Fetch, server_said: None, meaning, remedy }
}

fn conclusion(mailbox: &Mailbox, step: &CheckStep, total: Duration) -> Conclusion {
    let seconds = total.as_secs_f64();
    let sentence = match (step.outcome, &step.diagnosis) {
        (_, Some(diagnosis)) => format!("arrival: {}", diagnosis.meaning),
        _ => format!("the test mail came back to mailbox {} in {seconds:.1} s; no ticket was made", mailbox.name),
    };
    Conclusion { outcome: step.outcome, sentence }
}
