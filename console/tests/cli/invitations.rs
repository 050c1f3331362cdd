//! Invitations and agents: what is asked of the daemon, and what people see.

use crate::desk::{FakeDesk, Script};

#[test]
fn invitations_are_sent_as_asked() {
    let desk = FakeDesk::start(Script::default());
    let send = |more: &[&str]| desk.run(&[&["invitation", "send", "zoe@home.example"][..], more].concat());
    assert_eq!(send(&["--agent", "zoe", "--notify", "new_ticket,assigned", "--language", "fr"]).code, Some(0));
    assert_eq!(send(&["--contact", "--customer", "3", "--days", "2"]).code, Some(0));
    for wrong in [
        &[][..],
        &["--agent", "zoe", "--contact"],
        &["--agent", "zoe", "--customer", "3"],
        &["--contact", "--notify", "assigned"],
        &["--agent", "zoe", "--notify", "everything"],
    ] {
        assert_eq!(send(wrong).code, Some(2), "{wrong:?}");
    }
    let accepted = desk.run(&["invitation", "accept", "mdi.1.1.abc", "--json"]).json();
    assert_eq!(
        (&accepted["schema"], &accepted["data"]["state"]),
        (&"maildesk.invitation.accept/1".into(), &"waiting".into())
    );
    assert_eq!(desk.run(&["invitation", "resend", "1"]).code, Some(0));
    assert_eq!(desk.run(&["invitation", "revoke", "1"]).code, Some(0));
    let asked = desk.asked();
    assert!(
        asked[0].contains("name: \"zoe\", notify: [NewTicket, Assigned]") && asked[0].contains("Some(Fr)"),
        "{asked:?}"
    );
    assert!(
        asked[1].contains("Contact { customer: Some(CustomerId(3)) }") && asked[1].contains("Some(2)"),
        "{asked:?}"
    );
    assert_eq!(asked[3..], ["Resend(InvitationId(1))", "Revoke(InvitationId(1))"]);
}

#[test]
fn invitations_and_agents_are_listed() {
    let desk = FakeDesk::start(Script::default());
    let list = desk.run(&["invitation", "list"]).stdout;
    let row = list.lines().nth(1).unwrap_or_default();
    assert!(row.contains("waiting") && row.contains("agent zoe") && row.contains("zoe@home.example"), "{list}");
    let shown = desk.run(&["invitation", "show", "1"]).stdout;
    assert!(shown.starts_with("invitation 1 waiting") && shown.contains("mail 1"), "{shown}");
    assert_eq!(desk.run(&["invitation", "show", "7"]).code, Some(3));
    let agents = desk.run(&["agent", "list", "--json"]).json();
    assert_eq!(agents["schema"], "maildesk.agent.list/1");
}
