//! Something is wrong with sending, and a person finds and mends it in the console.

use crate::desk::{Desk, EDITED, fills};
use anyhow::Result;
use maildesk_tests::settings::{DeskSettings, Mailbox, Sender};
use maildesk_tests::{Letter, PASSWORD, Testbed};

#[tokio::test]
async fn a_wrong_password_is_found_mended_and_the_mail_that_waited_goes() -> Result<()> {
    let bed = Testbed::start().await?;
    let sender = Sender { password: "mistyped".into(), ..Sender::tls(&bed, "desk") };
    let settings = DeskSettings::empty().sender(&sender).mailbox(&Mailbox::tls(&bed, "desk"));
    let desk = Desk::open(bed, settings.text()).await?;
    let letter = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject("Anybody there?");
    desk.bed.post(&letter, "alice@desk.test", "desk@desk.test").await?;

    let mut terminal = desk.console(EDITED, (120, 40))?;
    terminal.shows("sender desk").await?;
    terminal.shows("does not accept this user name and password").await?;
    // Enter on the first line of attention leads to where it is mended.
    terminal.types("\r")?;
    terminal.shows("[6 Outbound]").await?;
    terminal.types("t")?;
    terminal.shows("✖ login").await?;
    terminal.types("e")?;
    terminal.shows("Outbound › desk  EDIT").await?;
    terminal.types("\t\t\t\t\t")?;
    terminal.shows("Typed once and sealed").await?;
    fills(&mut terminal, &[PASSWORD])?;
    terminal.types("\x1bOR")?;
    terminal.shows("✔ login").await?;
    terminal.types("\x13")?;
    terminal.shows("Save sender desk?").await?;
    terminal.types("y")?;
    terminal.shows("saved: ").await?;
    desk.mail_to("alice", "Anybody there?").await?;
    terminal.types("1")?;
    terminal.until("nothing needs a person", |screen| !screen.contains("sender desk")).await?;
    Ok(())
}

#[tokio::test]
async fn a_mail_that_is_put_off_is_found_in_the_queues_and_tried_again() -> Result<()> {
    let bed = Testbed::start().await?;
    let settings = DeskSettings::empty().sender(&Sender::tls(&bed, "desk")).mailbox(&Mailbox::tls(&bed, "desk"));
    let mut desk = Desk::open(bed, settings.text()).await?;
    let put_off =
        "smtpd_recipient_restrictions = check_recipient_access inline:{{alice@desk.test=451 4.7.1 Greylisted}}";
    desk.bed.postfix.configure(&[put_off]).await?;
    let letter = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject("Put off");
    desk.bed.post(&letter, "alice@desk.test", "desk@desk.test").await?;

    let mut terminal = desk.console(EDITED, (120, 40))?;
    terminal.types("3")?;
    terminal.shows("451 4.7.1").await?;
    terminal.shows("after a temporary refusal").await?;
    // The server takes the address from now on; without a person the mail would wait for minutes.
    desk.bed.postfix.configure(&["smtpd_recipient_restrictions = permit_sasl_authenticated"]).await?;
    terminal.types("t")?;
    desk.mail_to("alice", "Put off").await?;
    terminal.types("]]]")?;
    terminal.shows("[Sent 1]").await?;
    terminal.shows("alice@desk").await?;
    Ok(())
}
