//! Domains whose addresses belong to anybody: they never match a customer.

use crate::address::Domain;

/// Sorted, in ASCII form.
const FREE_MAIL: [&str; 66] = [
    "aim.com",
    "alice.it",
    "aol.com",
    "arcor.de",
    "att.net",
    "bigpond.com",
    "bk.ru",
    "bluewin.ch",
    "btinternet.com",
    "comcast.net",
    "duck.com",
    "fastmail.com",
    "fastmail.fm",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.es",
    "hotmail.fr",
    "hotmail.it",
    "icloud.com",
    "inbox.ru",
    "interia.pl",
    "laposte.net",
    "libero.it",
    "list.ru",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.de",
    "mail.ru",
    "mailbox.org",
    "me.com",
    "msn.com",
    "naver.com",
    "o2.pl",
    "online.de",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "seznam.cz",
    "sfr.fr",
    "t-online.de",
    "tutanota.com",
    "verizon.net",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "yahoo.co.uk",
    "yahoo.com",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
];

/// Whether anybody can have an address there, or at what lies above it.
pub fn is_free_mail(domain: &Domain) -> bool {
    let mut families =
        std::iter::successors(Some(domain.as_str()), |name| name.split_once('.').map(|(_, parent)| parent));
    families.any(|name| FREE_MAIL.binary_search(&name).is_ok())
}

#[test]
fn the_list_is_sorted() {
    assert!(FREE_MAIL.is_sorted());
}
