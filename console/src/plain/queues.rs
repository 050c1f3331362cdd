//! Mails to send and the quarantine, line by line.

use super::Plain;

const LISTS: [&str; 2] = ["Mails to send, held, failed and sent", "Quarantine: mails that need a person"];
const VERBS: [&str; 5] = ["Try it now", "Hold it back", "Release it", "Never send it", "Send it to another address"];

pub(super) async fn run(plain: &mut Plain) {
    match plain.talk.choose("Which list (0: back)", &LISTS).await {
        Some(0) => outbox(plain).await,
        Some(_) => quarantine(plain).await,
        None => {}
    }
}

async fn outbox(plain: &mut Plain) {
    loop {
        plain.does(&["outbox", "list"]).await;
        let Some(id) = plain.talk.ask("Number of a mail (empty: back)").await.filter(|id| !id.is_empty()) else {
            return;
        };
        if !plain.does(&["outbox", "show", &id]).await {
            continue;
        }
        match plain.talk.choose(&format!("What to do with mail {id} (0: back to the list)"), &VERBS).await {
            Some(0) => plain.does(&["outbox", "retry", &id]).await,
            Some(1) => plain.does(&["outbox", "hold", &id]).await,
            Some(2) => plain.does(&["outbox", "release", &id]).await,
            Some(3) => cancel(plain, &id).await,
            Some(_) => redirect(plain, &id).await,
            None => true,
        };
    }
}

async fn cancel(plain: &mut Plain, id: &str) -> bool {
    plain.talk.confirm(&format!("Never send mail {id}?")).await && plain.does(&["outbox", "cancel", id]).await
}

async fn redirect(plain: &mut Plain, id: &str) -> bool {
    match plain.talk.ask("To which address").await.filter(|to| !to.is_empty()) {
        Some(to) => plain.does(&["outbox", "redirect", id, &to]).await,
        None => false,
    }
}

async fn quarantine(plain: &mut Plain) {
    loop {
        plain.does(&["quarantine", "list"]).await;
        let Some(id) = plain.talk.ask("Number of a mail (empty: back)").await.filter(|id| !id.is_empty()) else {
            return;
        };
        plain.does(&["quarantine", "show", &id]).await;
        plain.does(&["mail", "why", &id]).await;
    }
}
