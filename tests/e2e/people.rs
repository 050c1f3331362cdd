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
    Ok(())
}
