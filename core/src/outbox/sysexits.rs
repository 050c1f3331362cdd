//! What the exit status of a program that takes mail means (BSD sysexits.h, as every sendmail keeps to it).

/// What became of the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramEnd {
    Taken,
    /// Not now: the same mail may be taken later.
    Later,
    /// Never: the mail itself or its recipient is refused.
    Never,
    /// The program or the mail server behind it is not in order, unless it takes other mails.
    OutOfOrder,
}

/// Reads an exit status; `None` where a signal has ended the program.
pub fn read(code: Option<i32>) -> (ProgramEnd, &'static str) {
    match code {
        Some(0) => (ProgramEnd::Taken, "it took the mail"),
        Some(64) => (ProgramEnd::OutOfOrder, "it was called in a way that it does not know (EX_USAGE)"),
        Some(65) => (ProgramEnd::Never, "it does not take this mail (EX_DATAERR)"),
        Some(66) => (ProgramEnd::Never, "it cannot read this mail (EX_NOINPUT)"),
        Some(67) => (ProgramEnd::Never, "there is no such recipient (EX_NOUSER)"),
        Some(68) => (ProgramEnd::Never, "the recipient's host does not exist (EX_NOHOST)"),
        Some(69) => (ProgramEnd::OutOfOrder, "the mail system is not available (EX_UNAVAILABLE)"),
        Some(70) => (ProgramEnd::OutOfOrder, "it has an error of its own (EX_SOFTWARE)"),
        Some(71) => (ProgramEnd::OutOfOrder, "this machine lacks something it needs (EX_OSERR)"),
        Some(72) => (ProgramEnd::OutOfOrder, "a file of the system is missing (EX_OSFILE)"),
        Some(73) => (ProgramEnd::OutOfOrder, "it cannot create a file (EX_CANTCREAT)"),
        Some(74) => (ProgramEnd::OutOfOrder, "it could not read or write (EX_IOERR)"),
        Some(75) => (ProgramEnd::Later, "it wants to be asked again later (EX_TEMPFAIL)"),
        Some(76) => (ProgramEnd::OutOfOrder, "the server behind it broke the protocol (EX_PROTOCOL)"),
        Some(77) => (ProgramEnd::OutOfOrder, "it may not do this for the daemon's user (EX_NOPERM)"),
        Some(78) => (ProgramEnd::OutOfOrder, "it is not set up rightly (EX_CONFIG)"),
        Some(_) => (ProgramEnd::OutOfOrder, "it failed"),
        None => (ProgramEnd::OutOfOrder, "it was ended by a signal"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_given_up_only_for_its_own_sake() {
        for code in 1..=255 {
            let (end, meaning) = read(Some(code));
            let want = match code {
                65..=68 => ProgramEnd::Never,
                75 => ProgramEnd::Later,
                _ => ProgramEnd::OutOfOrder,
            };
            assert!(end == want && !meaning.is_empty(), "{code}: {end:?}");
        }
        assert_eq!((read(Some(0)).0, read(None).0), (ProgramEnd::Taken, ProgramEnd::OutOfOrder));
    }
}
