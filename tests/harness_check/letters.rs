//! The mail builder, judged by the parser that maildesk uses on the wire's other side: Dovecot.

use maildesk_tests::{Letter, Testbed};
use std::time::Duration;

#[tokio::test]
async fn dovecot_reads_the_structure_a_letter_was_built_with() {
    let bed = Testbed::start().await.unwrap();
    let letter = Letter::from("Zoë <zoe@world.test>")
        .to("desk@desk.test")
        .subject("Grüße aus Köln, und zwar recht lange")
        .text_in_latin1("Schöne Grüße\n")
        .html("<p>Schöne Grüße</p>")
        .attach("bild.png", "image/png", vec![0, 1, 2, 255])
        .in_reply_to("<first@desk.test>");
    let desk = bed.mailbox("desk");
    desk.deliver("zoe@world.test", &letter.bytes()).await.unwrap();
    let mail = desk.wait_for(Duration::from_secs(10), "the letter", |_| true).await.unwrap();
    assert_eq!(mail.header("In-Reply-To").as_deref(), Some("<first@desk.test>"));

    let mut imap = desk.imap().await.unwrap();
    let structure = imap.command("FETCH 1 BODYSTRUCTURE").await.unwrap().concat();
    for wanted in
        ["\"plain\" (\"charset\" \"iso-8859-1\")", "\"alternative\"", "\"mixed\"", "\"image\" \"png\"", "\"bild.png\""]
    {
        assert!(structure.contains(wanted), "{wanted} in {structure}");
    }
    assert_eq!(imap.command("SEARCH CHARSET UTF-8 SUBJECT lange").await.unwrap(), ["* SEARCH 1"]);
    // Dovecot decodes the charset: the search finds the word by its plain letters.
    assert_eq!(imap.command("SEARCH BODY sch").await.unwrap(), ["* SEARCH 1"]);
    assert_eq!(imap.command("SEARCH BODY nowhere").await.unwrap(), ["* SEARCH"]);
}

#[test]
fn every_letter_has_an_id_of_its_own_and_only_cr_lf_line_ends() {
    let (one, two) = (Letter::from("a@b.test"), Letter::from("a@b.test"));
    assert_ne!(one.id(), two.id());
    let bytes = one.text("one\ntwo\r\nthree").attach("a", "text/plain", "x\ny").bytes();
    let bare = bytes.windows(2).filter(|pair| pair[1] == b'\n' && pair[0] != b'\r').count();
    assert_eq!(bare, 0, "{}", String::from_utf8_lossy(&bytes));
}
