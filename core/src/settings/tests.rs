//! Settings as people write them: read whole or refused whole, with every field named.

use super::*;

const GOOD: &str = r#"
[desk]
name = "Example Support"

[[sender]]
name = "support"
server = { host = "smtp.example.org", port = 587, encryption = "starttls" }
login = { username = "desk@example.org", password = { value = "hunter2" } }
from = "support@example.org"
display_name = "Beispiel Süd"

[[mailbox]]
name = "support"
address = "support@example.org"
server = { host = "imap.example.org", port = 993, encryption = "tls" }
login = { username = "desk@example.org", password = { credential = "imap" } }
first_import = { since = "2026-01-31" }
"#;

fn good() -> Settings {
    from_toml(GOOD).unwrap()
}

fn login_of(settings: &mut Settings) -> &mut Login {
    settings.sender[0].way.smtp_mut().unwrap().login.as_mut().unwrap()
}

fn problems(from: &str, to: &str) -> Vec<String> {
    assert!(GOOD.contains(from), "{from}");
    from_toml(&GOOD.replace(from, to)).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn defaults_are_filled_in() {
    let mailbox = &good().mailbox[0];
    assert_eq!((mailbox.folder.as_str(), mailbox.poll_seconds, mailbox.acknowledge), ("INBOX", 60, true));
    assert_eq!(mailbox.first_import, FirstImport::Since(jiff::civil::date(2026, 1, 31)));
    assert_eq!(good().own_addresses(), ["support@example.org"]);
}

#[test]
fn an_export_reads_back_equal() {
    let mut settings = good();
    login_of(&mut settings).password = SecretSetting::Sealed;
    let text = to_toml(&settings).unwrap();
    assert_eq!(from_toml(&text).unwrap(), settings, "{text}");
    assert!(!text.contains("hunter2"));
}

#[test]
fn judging_is_read_checked_and_exported() {
    let with = |judging: &str| from_toml(&format!("{GOOD}\n[judging]\n{judging}\n"));
    let full =
        with("trusted_authserv_ids = [\"mx.example.org\"]\nblocked_attachments = { extensions = [\"exe\"] }").unwrap();
    let scan = with("virus_scan = { clamd = \"/run/clamav/clamd.ctl\" }").unwrap().judging.virus_scan.unwrap();
    assert_eq!((scan.unscanned, scan.timeout_seconds), (Unscanned::Wait, 120));
    let passing = "virus_scan = { clamd = \"/c\", unscanned = \"pass\", timeout_seconds = 5 }";
    let mut passing = with(passing).unwrap();
    assert!(diff(&good(), &passing).iter().any(|change| change.field == "judging.virus_scan.unscanned"));
    login_of(&mut passing).password = SecretSetting::Sealed;
    assert_eq!(from_toml(&to_toml(&passing).unwrap()).unwrap(), passing);
    let blocked = full.judging.blocked_attachments.as_ref().unwrap();
    assert_eq!((blocked.extensions.as_slice(), blocked.programs), (&["exe".to_owned()][..], true));
    assert!(blocked.content_types.contains(&"application/x-sh".to_owned()), "what is not given is the usual list");
    assert_eq!(good().judging, Judging::default());
    let mut exported = full.clone();
    login_of(&mut exported).password = SecretSetting::Sealed;
    assert_eq!(from_toml(&to_toml(&exported).unwrap()).unwrap(), exported);
    assert!(diff(&good(), &full).iter().any(|change| change.field == "judging.trusted_authserv_ids.0"));
    for (wrong, field) in [
        ("trusted_authserv_ids = [\"mx example\"]", "judging: trusted_authserv_ids"),
        ("blocked_attachments = { extensions = [\".exe\"] }", "judging: blocked_attachments.extensions"),
        ("blocked_attachments = { content_types = [\"Text\"] }", "judging: blocked_attachments.content_types"),
        ("virus_scan = { clamd = \"clamd.ctl\" }", "judging: virus_scan.clamd"),
        ("virus_scan = { clamd = \"/c\", timeout_seconds = 0 }", "judging: virus_scan.timeout_seconds"),
        ("trusted = []", "judging"),
    ] {
        assert!(with(wrong).unwrap_err()[0].field.starts_with(field), "{wrong}");
    }
}

#[test]
fn a_mailbox_may_have_its_senders_checked() {
    assert!(!good().mailbox[0].check_senders, "what nobody asked for is not done");
    let with = |value: &str| from_toml(&format!("{GOOD}check_senders = {value}\n"));
    let mut asked = with("true").unwrap();
    assert!(asked.mailbox[0].check_senders);
    assert!(diff(&good(), &asked).iter().any(|change| change.field.ends_with(".check_senders")));
    login_of(&mut asked).password = SecretSetting::Sealed;
    assert_eq!(from_toml(&to_toml(&asked).unwrap()).unwrap(), asked);
    assert!(with("\"always\"").unwrap_err()[0].to_string().contains("check_senders"));
}

#[test]
fn retention_is_read_checked_and_exported() {
    let with = |retention: &str| from_toml(&format!("{GOOD}\n[retention]\n{retention}\n"));
    assert_eq!(good().retention, Retention { verdict_days: 90, raw_mail_days: 30, quarantine_days: 0 });
    let given = with("verdict_days = 400\nraw_mail_days = 7\nquarantine_days = 60").unwrap();
    assert_eq!(given.retention, Retention { verdict_days: 400, raw_mail_days: 7, quarantine_days: 60 });
    assert!(diff(&good(), &given).iter().any(|change| change.field == "retention.quarantine_days"));
    let mut exported = given.clone();
    login_of(&mut exported).password = SecretSetting::Sealed;
    assert_eq!(from_toml(&to_toml(&exported).unwrap()).unwrap(), exported);
    assert!(with("verdict_days = 0\nraw_mail_days = 0").is_ok(), "for ever");
    for (wrong, field) in [
        ("verdict_days = 36501", "retention: verdict_days"),
        ("quarantine_days = 40000", "retention: quarantine_days"),
        ("raw_mail_days = 91", "retention: raw_mail_days"),
        ("raw_mail_days = 0", "retention: raw_mail_days"),
        ("verdicts = 1", "retention"),
    ] {
        assert!(with(wrong).unwrap_err()[0].field.starts_with(field), "{wrong}");
    }
}

#[test]
fn every_wrong_field_is_named() {
    let found = problems("port = 587", "port = 993");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("sender \"support\": server.encryption: does not fit port 993"), "{found:?}");
    assert!(problems("\"imap.example.org\"", "\"im ap\"")[0].contains("server.host"));
    assert!(
        problems(
            "\"imap.example.org\", port = 993, encryption = \"tls\"",
            "\"imap.example.org\", port = 143, encryption = \"plain\""
        )[0]
        .contains("clear")
    );
    assert!(problems("name = \"Example Support\"", "name = \" \"")[0].contains("desk: name"));
    assert!(problems("\"hunter2\"", "\"\"")[0].contains("login.password"));
    let found =
        from_toml(&GOOD.replace("port = 587", "port = \"x\"").replace("port = 993", "port = 70000")).unwrap_err();
    assert_eq!(found.len(), 2, "both sections are named: {found:?}");
    assert!(problems("display_name", "displayname")[0].contains("displayname"), "an unknown field is named");
    assert!(problems("[desk]", "[dask]")[0].contains("dask"));
    assert!(problems("[desk]", "[desk")[0].contains("line 2"));
}

#[test]
fn a_mailbox_needs_a_sender_that_exists() {
    let alone: String = GOOD.split("[[mailbox]]").nth(1).map(|rest| format!("[[mailbox]]{rest}")).unwrap();
    assert!(from_toml(&alone).unwrap_err()[0].problem.contains("no sender"));
}

#[test]
fn a_diff_names_fields_and_hides_secrets() {
    let (old, mut new) = (good(), good());
    new.mailbox[0].poll_seconds = 30;
    new.mailbox[0].login.password = SecretSetting::Value(crate::secret::SecretText::new("s3cret"));
    let changes = diff(&old, &new);
    let text = format!("{changes:?}");
    assert!(text.contains("mailbox.support.poll_seconds") && text.contains("new secret"), "{text}");
    assert!(!text.contains("s3cret") && !text.contains("hunter2"));
    assert!(diff(&old, &old).is_empty());
}

#[test]
fn another_order_is_a_change() {
    let rule = |name: &str| format!("[[filter]]\nname = \"{name}\"\nthen = {{ stop = true }}\n");
    let with = |names: &[&str]| {
        from_toml(&(GOOD.to_owned() + &names.iter().map(|name| rule(name)).collect::<String>())).unwrap()
    };
    let found = diff(&with(&["a", "b", "c"]), &with(&["c", "a"]));
    let order = found.iter().find(|change| change.field == "filter: order").unwrap();
    assert_eq!((order.old.as_deref(), order.new.as_deref()), (Some("a, c"), Some("c, a")));
    let added = diff(&with(&["a", "b"]), &with(&["a", "x", "b"]));
    assert!(added.iter().all(|change| change.field.starts_with("filter.x.")), "{added:?}");
}

#[test]
fn debug_never_shows_a_secret() {
    assert!(!format!("{:?}", good()).contains("hunter2"));
}

const SIGNED: &str = "display_name = \"Beispiel Süd\"\nsender_header = \"robot@example.org\"\n\
dkim = { domain = \"example.org\", selector = \"2026a\", algorithm = \"ed25519\", key = { value = \"MC4CAQ\" } }";

fn signed(change: impl Fn(&str) -> String) -> Result<Settings, Vec<FieldProblem>> {
    from_toml(&GOOD.replace("display_name = \"Beispiel Süd\"", &change(SIGNED)))
}

#[test]
fn signing_is_read_and_its_key_is_never_shown() {
    let settings = signed(str::to_owned).unwrap();
    let dkim = settings.sender[0].dkim.clone().unwrap();
    assert_eq!(dkim.record_name(), "2026a._domainkey.example.org");
    assert!(dkim.required, "mail is not sent unsigned unless somebody says so");
    assert_eq!(settings.sender[0].sender_header.as_ref().unwrap().as_str(), "robot@example.org");
    let shown = format!("{settings:?}{:?}", diff(&good(), &settings));
    assert!(!shown.contains("MC4CAQ") && shown.contains("new secret"), "{shown}");
    for (from, to, field) in [
        ("2026a", "a b", "dkim.selector"),
        ("2026a", "-a", "dkim.selector"),
        ("\"example.org\"", "\"ex ample\"", "dkim"),
        ("ed25519", "dsa", "dkim"),
        ("MC4CAQ", " ", "dkim.key"),
        ("value", "credential", ""),
    ] {
        let read = signed(|text| text.replace(from, to));
        match read {
            Ok(_) => assert!(field.is_empty(), "{from} -> {to}"),
            Err(problems) => assert!(problems[0].to_string().contains(field), "{problems:?}"),
        }
    }
}

#[test]
fn a_pin_stands_alone_and_needs_encryption() {
    let pin = "ab".repeat(32);
    let with = |more: &str, encryption: &str| {
        from_toml(
            &GOOD
                .replace(
                    "port = 587, encryption = \"starttls\"",
                    &format!("port = 5587, encryption = \"{encryption}\", pin_sha256 = \"{pin}\"{more}"),
                )
                .replace("smtp.example.org", "localhost"),
        )
    };
    assert_eq!(with("", "starttls").unwrap().sender[0].way.smtp().unwrap().server.pin_sha256.unwrap().to_string(), pin);
    assert!(with(", ca_file = \"/ca.pem\"", "tls").unwrap_err()[0].problem.contains("beside ca_file"));
    assert!(with("", "plain").unwrap_err()[0].problem.contains("needs encryption"));
    let short = GOOD.replace("port = 587,", "port = 587, pin_sha256 = \"abcd\",");
    assert!(from_toml(&short).unwrap_err()[0].problem.contains("64 hexadecimal digits"));
}

#[test]
fn a_login_may_bring_a_token_and_may_have_it_from_a_command() {
    let with = |login: &str| {
        from_toml(&GOOD.replace("password = { value = \"hunter2\" }", &format!("mechanism = \"xoauth2\", {login}")))
    };
    let settings = with("password = { command = [\"/usr/bin/token\", \"desk at example\"] }").unwrap();
    let login = login_of(&mut settings.clone()).clone();
    assert_eq!(login.mechanism, Mechanism::Xoauth2);
    assert_eq!(login.password.describe(), "command /usr/bin/token desk at example");
    assert_eq!(login_of(&mut good()).mechanism, Mechanism::Auto);
    let mut exported = settings.clone();
    exported.mailbox[0].login.mechanism = Mechanism::Xoauth2;
    assert_eq!(from_toml(&to_toml(&exported).unwrap()).unwrap(), exported);
    let changes = format!("{:?}", diff(&good(), &settings));
    assert!(changes.contains("sender.support.login.mechanism") && changes.contains("/usr/bin/token"), "{changes}");
    for (login, want) in [
        ("password = { command = [] }", "empty command"),
        ("password = { command = [\"token\"] }", "without an absolute path"),
        ("password = { command = [\"/bin/x\", \"a\\u0000\"] }", "control character"),
        (&format!("password = {{ command = [\"/bin/x\", \"{}\"] }}", "y".repeat(2000)), "more than 2000 bytes"),
    ] {
        let problem = with(login).unwrap_err()[0].to_string();
        assert!(problem.starts_with("sender \"support\": login.password: ") && problem.contains(want), "{problem}");
    }
    let dkim = signed(|text| text.replace("{ value = \"MC4CAQ\" }", "{ command = [\"/bin/key\"] }")).unwrap_err();
    assert!(dkim[0].to_string().contains("dkim.key: is a command, which only a login takes"), "{dkim:?}");
    assert!(from_toml(&GOOD.replace("username", "mechanism = \"ntlm\", username")).is_err());
}

#[test]
fn each_way_out_has_its_own_fields() {
    let with = |lines: &str| from_toml(&format!("[[sender]]\nname = \"a\"\nfrom = \"a@example.org\"\n{lines}\n"));
    let sendmail = with("transport = \"sendmail\"").unwrap();
    let usual = WayOut::Sendmail { command: vec!["/usr/sbin/sendmail".into(), "-i".into()] };
    assert_eq!((&sendmail.sender[0].way, usual.place().as_str()), (&usual, "/usr/sbin/sendmail"));
    let folder = with("transport = \"folder\"\npath = \"/var/spool/eml\"").unwrap();
    assert_eq!(folder.sender[0].way.place(), "folder /var/spool/eml");
    for settings in [sendmail, folder, good()] {
        let mut settings = settings;
        if settings.sender[0].way.smtp().is_some() {
            login_of(&mut settings).password = SecretSetting::Sealed;
        }
        assert_eq!(from_toml(&to_toml(&settings).unwrap()).unwrap(), settings);
        let bytes = postcard::to_stdvec(&settings).unwrap();
        assert_eq!(postcard::from_bytes::<Settings>(&bytes).unwrap(), settings);
    }
    let server = "server = { host = \"h.example\", port = 587, encryption = \"starttls\" }";
    for (lines, want) in [
        ("".to_owned(), "server: is missing; transport \"smtp\" needs it"),
        ("transport = \"folder\"".to_owned(), "path: is missing; transport \"folder\" needs it"),
        (format!("transport = \"sendmail\"\nconnections = 3\n{server}"), "server, connections: not a field of"),
        (format!("{server}\npath = \"/x\""), "path: not a field of transport \"smtp\""),
        ("transport = \"carrier_pigeon\"".to_owned(), "transport"),
        ("transport = \"folder\"\npath = \"eml\"".to_owned(), "path: is not an absolute path"),
        ("transport = \"sendmail\"\ncommand = [\"sendmail\"]".to_owned(), "command: is a command without an absolute"),
        ("transport = \"sendmail\"\ncommand = []".to_owned(), "command: is an empty command"),
    ] {
        let problem = with(&lines).unwrap_err()[0].to_string();
        assert!(problem.starts_with("sender \"a\": ") && problem.contains(want), "{problem}");
    }
    let changes = diff(&good(), &with("transport = \"sendmail\"").unwrap());
    assert!(changes.iter().any(|change| change.field == "sender.a.command.0"), "{changes:?}");
}

#[test]
fn a_copy_of_sent_mail_goes_into_a_folder_of_a_known_mailbox() {
    let with = |copy: &str| from_toml(&GOOD.replacen("display_name", &format!("sent_copy = {copy}\ndisplay_name"), 1));
    let mut settings = with("{ mailbox = \"support\", folder = \"Отправленные\" }").unwrap();
    let wanted =
        SentCopy { mailbox: MailboxName::parse("support").unwrap(), folder: "Отправленные".into() };
    assert_eq!((&settings.sender[0].sent_copy, &good().sender[0].sent_copy), (&Some(wanted), &None));
    let changes = format!("{:?}", diff(&good(), &settings));
    assert!(changes.contains("sender.support.sent_copy.folder"), "{changes}");
    login_of(&mut settings).password = SecretSetting::Sealed;
    assert_eq!(from_toml(&to_toml(&settings).unwrap()).unwrap(), settings);
    let bytes = postcard::to_stdvec(&settings).unwrap();
    assert_eq!(postcard::from_bytes::<Settings>(&bytes).unwrap(), settings);
    for (copy, want) in [
        ("{ mailbox = \"other\", folder = \"Sent\" }", "sent_copy.mailbox: no mailbox is named \"other\""),
        ("{ mailbox = \"support\", folder = \" \" }", "sent_copy.folder: is empty"),
        ("{ mailbox = \"support\" }", "folder"),
        ("{ mailbox = \"support\", folder = \"Sent\", flag = true }", "flag"),
    ] {
        let problem = with(copy).unwrap_err()[0].to_string();
        assert!(problem.starts_with("sender \"support\": ") && problem.contains(want), "{problem}");
    }
}

#[test]
fn invitations_expire_after_days_that_are_checked() {
    let read = |days: &str| from_toml(&format!("[desk]\ninvitation_days = {days}\n"));
    assert_eq!((Settings::default().desk.invitation_days, read("30").unwrap().desk.invitation_days), (7, 30));
    for days in ["0", "366"] {
        assert!(read(days).unwrap_err()[0].to_string().starts_with("desk: invitation_days"), "{days}");
    }
    let changes = diff(&Settings::default(), &read("30").unwrap());
    assert_eq!(changes.iter().map(|change| change.field.as_str()).collect::<Vec<_>>(), ["desk.invitation_days"]);
    assert_eq!(from_toml(&to_toml(&read("30").unwrap()).unwrap()).unwrap(), read("30").unwrap());
}

#[test]
fn a_first_section_of_any_list_can_be_written_below_an_exported_document() {
    let exported = to_toml(&Settings::default()).unwrap();
    let section = "\n[[sender]]\nname = \"main\"\nfrom = \"desk@example.org\"\ntransport = \"folder\"\npath = \"/x\"\n\n\
        [[agents]]\nname = \"ann\"\naddresses = [\"ann@staff.example\"]\n\n\
        [[filter]]\nname = \"all\"\nthen = { stop = true }\n\n\
        [[sla.calendar]]\nname = \"office\"\ntime_zone = \"UTC\"\nhours = [\"daily 09:00-17:00\"]\n\n\
        [[sla.policy]]\nname = \"all\"\nresolution = 60\n";
    let settings = from_toml(&format!("{exported}{section}")).unwrap();
    assert_eq!((settings.agents.len(), settings.filter.len(), settings.sla.policy.len()), (1, 1, 1));
    assert_eq!(from_toml(&to_toml(&settings).unwrap()).unwrap(), settings);
}
