//! Contacts and customers: made by mail, imported from files.

use crate::desk::Desk;
use anyhow::Result;
use maildesk_tests::Letter;

fn letter(from: &str, subject: &str) -> Letter {
    Letter::from(from).to("desk@desk.test").subject(subject)
}

#[tokio::test]
async fn one_person_is_one_contact() -> Result<()> {
    let desk = Desk::open().await?;
    desk.receives("alice@desk.test", &letter("Alice Liddell <alice@desk.test>", "First")).await?;
    desk.judged("First").await?;
    desk.receives("alice@desk.test", &letter("ALICE <Alice@DESK.test>", "Second")).await?;
    desk.judged("Second").await?;
    let contacts = desk.ask(&["contact", "list"]).await?;
    assert_eq!(contacts.as_array().map(Vec::len), Some(1), "{contacts}");
    assert_eq!(contacts[0]["name"], "Alice Liddell");
    let tickets = desk.tickets().await?;
    assert!(tickets.iter().all(|ticket| ticket["contact"] == tickets[0]["contact"]), "{tickets:?}");
    Ok(())
}

#[tokio::test]
async fn imported_customers_are_known_by_their_domain() -> Result<()> {
    let desk = Desk::open().await?;
    let customers =
        desk.file("customers.csv", "name,domains\nAcme Works,acme.test acme-labs.test\nDesk,desk.test\n")?;
    let imported = desk.ask(&["customer", "import", &customers.to_string_lossy()]).await?;
    assert_eq!(imported["added"], 2, "{imported}");
    let again = desk.ask(&["customer", "import", &customers.to_string_lossy()]).await?;
    assert_eq!((again["added"].as_u64(), again["unchanged"].as_u64()), (Some(0), Some(2)), "{again}");

    desk.receives("road@acme-labs.test", &letter("Road Runner <road@acme-labs.test>", "Beep")).await?;
    desk.receives("someone@elsewhere.test", &letter("someone@elsewhere.test", "Nobody's")).await?;
    let ticket = desk.judged("Beep").await?["ticket"].as_u64().unwrap_or_default();
    assert_eq!(desk.ticket(ticket).await?["ticket"]["customer"], "Acme Works");
    let other = desk.judged("Nobody's").await?["ticket"].as_u64().unwrap_or_default();
    assert!(desk.ticket(other).await?["ticket"]["customer"].is_null());
    Ok(())
}

#[tokio::test]
async fn imported_contacts_are_whom_mail_is_from() -> Result<()> {
    let desk = Desk::open().await?;
    let customers = desk.file("customers.csv", "name,domains\nAcme Works,acme.test\n")?;
    desk.cli.ok(&["customer", "import", &customers.to_string_lossy()]).await?;
    let rows =
        "name,addresses,customer\n\"Coyote, Wile E.\",wile@acme.test wile@home.test,\nZoë,zoe@home.test,Acme Works\n";
    let contacts = desk.file("contacts.csv", rows)?;
    let dry = desk.ask(&["contact", "import", &contacts.to_string_lossy(), "--dry-run"]).await?;
    assert_eq!((dry["added"].as_u64(), dry["dry_run"].as_bool()), (Some(2), Some(true)), "{dry}");
    assert_eq!(desk.ask(&["contact", "list"]).await?, serde_json::json!([]));
    desk.cli.ok(&["contact", "import", &contacts.to_string_lossy()]).await?;

    // From the second address: the same person, of the customer of the first.
    desk.receives("wile@home.test", &letter("wile@home.test", "A rocket")).await?;
    let number = desk.judged("A rocket").await?["ticket"].as_u64().unwrap_or_default();
    let ticket = desk.ticket(number).await?;
    assert_eq!(ticket["requester"]["name"], "Coyote, Wile E.");
    assert_eq!(ticket["ticket"]["customer"], "Acme Works");
    assert_eq!(desk.ask(&["contact", "list"]).await?.as_array().map(Vec::len), Some(2));

    let wrong = desk.file("wrong.csv", "name,addresses,customer\nA,not-an-address,\nB,b@home.test,Unknown Inc\n")?;
    let refused = desk.cli.run(&["contact", "import", &wrong.to_string_lossy()]).await?;
    assert_eq!(refused.code, 5, "{refused:?}");
    assert!(refused.stderr.contains("line 2") && refused.stderr.contains("not-an-address"), "{}", refused.stderr);
    assert!(refused.stderr.contains("line 3: customer"), "what the daemon alone sees is told, too: {}", refused.stderr);
    Ok(())
}

#[tokio::test]
async fn merged_contacts_keep_their_history() -> Result<()> {
    let desk = Desk::open().await?;
    for (from, subject) in [("Alice <alice@desk.test>", "From work"), ("alice@home.test", "From home")] {
        desk.receives("alice@desk.test", &letter(from, subject)).await?;
        desk.judged(subject).await?;
    }
    let taken = desk.cli.run(&["contact", "add-address", "1", "Alice@HOME.test"]).await?;
    assert_eq!(taken.code, 5, "{taken:?}");
    assert!(taken.stderr.contains("belongs to contact 2") && taken.stderr.contains("merge 1 2"), "{}", taken.stderr);
    let events = desk.events().await?.len();
    let tried = desk.ask(&["contact", "merge", "1", "2", "--dry-run"]).await?;
    assert_eq!(tried["addresses"], serde_json::json!(["alice@desk.test", "alice@home.test"]), "{tried}");
    assert_eq!(desk.ask(&["contact", "list"]).await?.as_array().map(Vec::len), Some(2), "nothing was changed");
    assert_eq!(desk.events().await?.len(), events, "and nothing happened");
    let merged = desk.ask(&["contact", "merge", "1", "2"]).await?;
    assert_eq!(merged["addresses"], serde_json::json!(["alice@desk.test", "alice@home.test"]));
    for ticket in [1, 2] {
        assert_eq!(desk.ticket(ticket).await?["requester"]["id"], 1, "ticket {ticket}");
    }
    assert_eq!(desk.ask(&["contact", "show", "2"]).await?["id"], 1);
    let again = desk.cli.run(&["contact", "merge", "2", "1"]).await?;
    assert!(again.code == 5 && again.stderr.contains("are one contact already"), "{again:?}");
    // Without a token: she is a participant of both tickets by each address, also with a tag.
    desk.receives("alice@home.test", &letter("Alice <alice+shop@home.test>", "[#1] and now?")).await?;
    assert_eq!(desk.judged("[#1] and now?").await?["outcome"], "comment");
    assert_eq!(desk.ask(&["contact", "list"]).await?.as_array().map(Vec::len), Some(1));
    desk.cli.ok(&["contact", "remove-address", "1", "alice@home.test"]).await?;
    let last = desk.cli.run(&["contact", "remove-address", "1", "alice@desk.test"]).await?;
    assert!(last.code == 5 && last.stderr.contains("keeps at least one address"), "{last:?}");
    Ok(())
}

#[tokio::test]
async fn an_export_imported_again_changes_nothing() -> Result<()> {
    let desk = Desk::open().await?;
    let customers = desk.file("customers.csv", "name,domains\n\"Acme, Inc.\",*.acme.test acme-labs.test\n")?;
    // Before the customer is known: the contact belongs to none, and stays so.
    desk.receives("early@it.acme.test", &letter("\u{201e}Early\u{201c} <early@it.acme.test>", "Before")).await?;
    desk.judged("Before").await?;
    desk.cli.ok(&["customer", "import", &customers.to_string_lossy()]).await?;
    desk.receives("road@it.acme.test", &letter("\"Runner, Road\" <road@it.acme.test>", "Beep")).await?;
    let ticket = desk.judged("Beep").await?["ticket"].as_u64().unwrap_or_default();
    let shown = desk.ticket(ticket).await?;
    assert_eq!(shown["ticket"]["customer"], "Acme, Inc.", "below a domain that covers all below it: {shown}");
    for noun in ["contact", "customer"] {
        let before = desk.ask(&[noun, "list", "--all"]).await?;
        let file = desk.file("export.csv", "")?;
        let place = file.to_string_lossy();
        let exported = desk.ask(&[noun, "export", "-o", &place, "--force"]).await?;
        assert_eq!(Some(exported["rows"].as_u64().unwrap_or_default() as usize), before.as_array().map(Vec::len));
        let back = desk.ask(&[noun, "import", &place]).await?;
        let counts = [&back["added"], &back["changed"], &back["unchanged"]].map(|count| count.as_u64());
        assert_eq!(counts, [Some(0), Some(0), exported["rows"].as_u64()], "{noun}: {back}");
        assert_eq!(desk.ask(&[noun, "list", "--all"]).await?, before);
    }
    Ok(())
}

#[tokio::test]
async fn a_customer_is_changed_without_a_file() -> Result<()> {
    let desk = Desk::open().await?;
    let customers = desk.file("customers.csv", "name,domains\nAcme,acme.test\nOther,other.test\n")?;
    desk.cli.ok(&["customer", "import", &customers.to_string_lossy()]).await?;
    let renamed = desk.ask(&["customer", "rename", "1", "Acme Works"]).await?;
    assert_eq!((&renamed["id"], &renamed["name"]), (&1.into(), &"Acme Works".into()));
    desk.cli.ok(&["customer", "add-domain", "1", "*.home.test"]).await?;
    let gone = desk.ask(&["customer", "remove-domain", "1", "ACME.test"]).await?;
    assert_eq!(gone["domains"], serde_json::json!(["*.home.test"]));
    for (verb, domain, said) in [
        ("add-domain", "other.test", "belongs to Other"),
        ("add-domain", "*.home.test", "is the customer's already"),
        ("add-domain", "gmail.com", "free-mail"),
        ("add-domain", "no domain", "*.acme.example for all below it too"),
        ("remove-domain", "acme.test", "it has *.home.test"),
    ] {
        let refused = desk.cli.run(&["customer", verb, "1", domain]).await?;
        assert_eq!(refused.code, 5, "{refused:?}");
        assert!(refused.stderr.contains(said), "{verb} {domain}: {}", refused.stderr);
    }
    assert_eq!(desk.cli.run(&["customer", "rename", "9", "x"]).await?.code, 3);
    assert_eq!(desk.cli.run(&["customer", "rename", "1", " "]).await?.code, 5);
    // By its new name and domain it is known.
    let again = desk.file("again.csv", "name,domains\nAcme Works,*.home.test\n")?;
    let again = desk.ask(&["customer", "import", &again.to_string_lossy()]).await?;
    assert_eq!(again["unchanged"], 1, "{again}");
    let audit = desk.cli.ok(&["audit", "list"]).await?;
    assert!(audit.contains("took the domain acme.test from customer 1"), "{audit}");
    let events = desk.cli.ok(&["events"]).await?;
    assert!(events.contains("named customer 1 Acme Works"), "{events}");
    Ok(())
}

#[tokio::test]
async fn blocked_people_are_dropped_until_they_are_not() -> Result<()> {
    let desk = Desk::open().await?;
    desk.cli.ok(&["block", "add", "*.spam.test", "--reason", "sells pills"]).await?;
    desk.cli.ok(&["block", "add", "Bob@desk.test", "--reason", "abuse", "--days", "30"]).await?;
    for (from, subject) in [("eve@mx.spam.test", "Pills"), ("bob+new@desk.test", "Me again")] {
        desk.receives(from, &letter(from, subject)).await?;
        assert_eq!(desk.judged(subject).await?["outcome"], "dropped", "{subject}");
    }
    let reason = desk.judged("Pills").await?["reason"].clone();
    assert_eq!(reason, "block list: *.spam.test");
    assert!(desk.outbox().await?.is_empty() && desk.tickets().await?.is_empty(), "nobody is told");
    let listed = desk.ask(&["block", "list"]).await?;
    assert_eq!((listed.as_array().map(Vec::len), &listed[1]["who"]), (Some(2), &"Bob@desk.test".into()), "{listed}");
    for (who, want) in [
        ("desk.test", "would block the desk's own desk@desk.test"),
        ("gmail.com", "is a free-mail domain"),
        ("a b", "give an address, a domain"),
    ] {
        let refused = desk.cli.run(&["block", "add", who, "--reason", "x"]).await?;
        assert!(refused.code == 5 && refused.stderr.contains(want), "{refused:?}");
    }
    desk.cli.ok(&["block", "remove", "bob@desk.test"]).await?;
    desk.receives("bob@desk.test", &letter("bob@desk.test", "Sorry")).await?;
    assert_eq!(desk.judged("Sorry").await?["outcome"], "new_ticket");
    Ok(())
}
