//! What an author wrote anew, among quotes and signatures.

use super::mail;

fn new_text(text: &str) -> String {
    mail(&format!("From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n{text}")).new_text()
}

#[test]
fn quotes_below_an_attribution_are_folded_in_any_form_of_it() {
    for attribution in [
        "On 1 Jan 2024, B <b@x.example> wrote:",
        "On Monday, B wrote:",
        "Am 01.01.2024 um 10:00 schrieb B:",
        "Am 01.01.2024 10:00 schrieb \"B\" <b@x.example\n>:",
        "-----Original Message-----",
        "From: b@x.example Date: Mon, 1 Jan 2024 10:00:00 +0100",
        "From: B\nSent: Monday, January 1, 2024\nTo: A\nSubject: x",
    ] {
        assert_eq!(new_text(&format!("yes\n\n{attribution}\n\n> no\n> more")), "yes", "{attribution}");
    }
    // Without a date a quote has to follow.
    for prose in [
        "On Monday, B wrote:",
        "From: here on 1/1/2024 it works",
        "I wrote 2 letters:",
        "> no\n\nOn 2 I wrote nothing.",
    ] {
        assert!(new_text(&format!("yes\n{prose}\nand on")).ends_with("and on"), "{prose}");
    }
}

#[test]
fn what_is_cited_to_be_answered_stays() {
    let between = "On 1 Jan 2024, B wrote:\n> one?\n\nyes\n\n> two?\n\nno";
    assert_eq!(new_text(between), "> one?\n\nyes\n\n> two?\n\nno");
    assert_eq!(new_text("> one?\n\nyes"), "> one?\n\nyes");
    assert_eq!(new_text("On 1 Jan 2024, B wrote:\n> one?\n\nyes"), "yes");
}

#[test]
fn a_link_that_broke_out_of_a_quote_belongs_to_it() {
    let quote = "yes\n\nOn 1 Jan 2024, B wrote:\n> see (https://x.example/a\nb=c)\n> end";
    assert_eq!(new_text(quote), "yes");
    assert!(new_text("yes\n\nOn 1 Jan 2024, B wrote:\n> see this\nno (really)\n> end").contains("no (really)"));
}

#[test]
fn signatures_and_list_footers_are_folded() {
    for end in ["-- \nB\nDesk", "__\nlist mailing list\nlist@x.example", "_____\nfooter", "Sent from my iPhone"] {
        assert_eq!(new_text(&format!("yes\n\n{end}")), "yes", "{end}");
    }
    for text in ["yes\n-- and no", "yes\n_x_", "yes\nSent from my desk, this took a while."] {
        assert_eq!(new_text(text), text, "{text}");
    }
}
