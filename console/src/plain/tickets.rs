//! Tickets line by line: a list, one of them, and what is done to it.

use super::Plain;

const STATUSES: [&str; 6] = ["all", "new", "open", "pending", "resolved", "closed"];
const VERBS: [&str; 7] =
    ["Answer by mail", "Internal note", "Resolve", "Assign", "Priority", "Show it with quotes", "Open it again"];

pub(super) async fn run(plain: &mut Plain) {
    let Some(status) = plain.talk.choose("Which tickets (0: back)", &STATUSES).await else { return };
    let Some(words) = plain.talk.ask("Words to look for (empty: every ticket)").await else { return };
    let mut command = vec!["ticket", "list"];
    if let Some(status) = STATUSES.get(status).filter(|status| **status != "all") {
        command.extend(["--status", status]);
    }
    words.split_whitespace().for_each(|word| command.extend(["--find", word]));
    loop {
        plain.does(&command).await;
        let Some(number) = plain.talk.ask("Number of a ticket to read (empty: back)").await else { return };
        let number = number.trim().trim_start_matches('#').to_owned();
        if number.is_empty() {
            return;
        }
        if plain.does(&["ticket", "show", &number]).await {
            one(plain, &number).await;
        }
    }
}

async fn one(plain: &mut Plain, number: &str) {
    while let Some(verb) = plain.talk.choose(&format!("What to do with #{number} (0: back to the list)"), &VERBS).await
    {
        match verb {
            0 | 1 => write(plain, number, verb == 0).await,
            2 => {
                if plain.talk.confirm(&format!("Resolve #{number} and tell the customer?")).await {
                    plain.does(&["ticket", "resolve", number]).await;
                }
            }
            3 | 4 => {
                let (verb, question) = match verb {
                    3 => ("assign", "Assign it to (a user name, me, nobody)"),
                    _ => ("priority", "Priority (low, normal, high, urgent)"),
                };
                if let Some(to) = plain.talk.ask(question).await.filter(|to| !to.is_empty()) {
                    plain.does(&["ticket", verb, number, &to]).await;
                }
            }
            5 => plain.shows(&["ticket", "show", number, "--quotes"]).await,
            _ => plain.shows(&["ticket", "reopen", number]).await,
        }
    }
}

async fn write(plain: &mut Plain, number: &str, answer: bool) {
    let (what, verb, question) = match answer {
        true => ("The answer.", "reply", format!("Send this answer to #{number}?")),
        false => ("The note; customers do not see it.", "note", format!("Keep this note on #{number}?")),
    };
    let Some(text) = plain.talk.ask_text(what).await else { return };
    let done =
        plain.talk.confirm(&question).await && plain.does(&["ticket", verb, number, "--text", text.trim_end()]).await;
    if !done {
        plain.talk.say("Nothing was done. The text was:");
        plain.talk.say(&text);
    }
}
