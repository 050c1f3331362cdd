//! Asks ClamAV's daemon about a mail: `INSTREAM` of clamd(8) over its Unix socket, one connection for each mail.

use crate::imap::FetchedMail;
use maildesk_core::diagnosis::{Diagnosis, Step, server_said};
use maildesk_core::route::Scanned;
use maildesk_core::settings::{Unscanned, VirusScan};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// Bytes of one piece of a mail.
const PIECE: usize = 256 << 10;
/// Bytes of an answer at the most; it is one line.
const ANSWER: u64 = 4096;

/// The scanner did not do its work. It may do so later.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the virus scanner at {socket} {problem}")]
pub struct ScanError {
    socket: String,
    problem: String,
    /// It took the mail, so it may be the mail that it cannot do.
    was_asked: bool,
}

impl ScanError {
    /// The scanner is started anew, loads its signatures, or is mended by a person: mail waits for it.
    pub fn is_transient(&self) -> bool {
        true
    }

    /// Whether the mail may be to blame: it was shown to the scanner.
    pub fn may_be_the_mail(&self) -> bool {
        self.was_asked
    }

    pub fn diagnosis(&self) -> Diagnosis {
        let remedy = "Check that clamd runs and that its socket is this one; mail waits unread on its server. \
                      judging.virus_scan.unscanned = \"pass\" lets it through meanwhile.";
        Diagnosis::of_our_own(Step::Fetch, self.to_string(), remedy)
    }
}

/// What is to be done with a mail by what the scanner says.
///
/// # Errors
/// The scanner does not answer, and the settings let mail wait for it.
pub async fn scan(settings: Option<&VirusScan>, raw: &[u8]) -> Result<Scanned, ScanError> {
    let Some(settings) = settings else { return Ok(Scanned::NotAsked) };
    let limit = Duration::from_secs(u64::from(settings.timeout_seconds));
    let answer = match tokio::time::timeout(limit, ask(&settings.clamd, raw)).await {
        Ok(answer) => answer,
        Err(_) => Answer::Trouble(format!("did not answer within {} seconds", settings.timeout_seconds)),
    };
    let was_asked = !matches!(answer, Answer::Away(_));
    let pass = settings.unscanned == Unscanned::Pass;
    match answer {
        Answer::Clean => Ok(Scanned::Clean),
        Answer::Found(name) => Ok(Scanned::Infected(name)),
        Answer::TooLarge if pass => Ok(Scanned::Passed(TOO_LARGE.into())),
        // It would wait for ever.
        Answer::TooLarge => Ok(Scanned::Kept(TOO_LARGE.into())),
        Answer::Trouble(problem) | Answer::Away(problem) => {
            let error = ScanError { socket: settings.clamd.clone(), problem, was_asked };
            tracing::warn!(%error, "a mail could not be scanned");
            if pass { Ok(Scanned::Passed(error.to_string())) } else { Err(error) }
        }
    }
}

/// Mails with what the scanner said of each.
pub(crate) type ScannedMails<T> = Vec<(T, Option<(FetchedMail, Scanned)>)>;

/// What the scanner made of the mails of a fetch.
#[derive(Debug)]
pub(crate) struct Scans<T> {
    pub(crate) scanned: ScannedMails<T>,
    /// Those at which it failed.
    pub(crate) failed: Vec<(T, ScanError)>,
    /// It is away, or failed with two mails one after the other: what it has not done waits.
    pub(crate) away: Option<ScanError>,
}

/// As [`scan`], of the mails of a fetch, in their order. A mail that the scanner cannot do keeps none before it back,
/// and none behind it unless the scanner is away.
pub(crate) async fn scan_all<T>(settings: Option<&VirusScan>, mails: Vec<(T, Option<FetchedMail>)>) -> Scans<T> {
    let mut scans = Scans { scanned: Vec::with_capacity(mails.len()), failed: Vec::new(), away: None };
    let mut failed_before = false;
    for (meta, fetched) in mails {
        let Some(fetched) = fetched else {
            scans.scanned.push((meta, None));
            continue;
        };
        if scans.away.is_some() {
            continue;
        }
        match scan(settings, &fetched.raw).await {
            Ok(said) => {
                scans.scanned.push((meta, Some((fetched, said))));
                failed_before = false;
            }
            Err(error) => {
                if failed_before || !error.was_asked {
                    scans.away = Some(error.clone());
                }
                failed_before = true;
                if error.was_asked {
                    scans.failed.push((meta, error));
                }
            }
        }
    }
    scans
}

/// A mail that no scanner fails at: whether it works shows at this one.
pub(crate) const HARMLESS: &[u8] = b"Subject: Is the scanner there?\r\n\r\nYes.\r\n";

const TOO_LARGE: &str = "larger than the scanner takes (StreamMaxLength of clamd.conf)";

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Clean,
    Found(String),
    TooLarge,
    Trouble(String),
    /// Nobody is there to ask.
    Away(String),
}

/// The line that clamd sends back: `stream: OK`, `stream: NAME FOUND`, `... ERROR`.
fn understood(answer: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(answer);
    let text = text.trim_matches(['\0', '\n', '\r', ' ']);
    let said = text.strip_prefix("stream: ").unwrap_or(text);
    if said == "OK" {
        return Answer::Clean;
    }
    if let Some(name) = said.strip_suffix(" FOUND") {
        return Answer::Found(server_said(name).unwrap_or_else(|| "without a name".into()));
    }
    if said.contains("size limit exceeded") {
        return Answer::TooLarge;
    }
    Answer::Trouble(match server_said(said) {
        Some(said) => format!("says: {said}"),
        None => "closed the connection without an answer".into(),
    })
}

async fn ask(socket: &str, raw: &[u8]) -> Answer {
    let unasked = |error: io::Error| format!("cannot be asked: {error}");
    match UnixStream::connect(socket).await {
        Ok(stream) => match exchange(stream, raw).await {
            Ok(answer) => understood(&answer),
            Err(error) => Answer::Trouble(unasked(error)),
        },
        Err(error) => Answer::Away(unasked(error)),
    }
}

async fn exchange(mut stream: UnixStream, raw: &[u8]) -> io::Result<Vec<u8>> {
    let sent = send(&mut stream, raw).await;
    // A scanner that has had enough answers and hangs up in the middle: its answer counts.
    let mut answer = Vec::new();
    let read = stream.take(ANSWER).read_to_end(&mut answer).await;
    match (answer.is_empty(), sent, read) {
        (true, Err(error), _) | (true, _, Err(error)) => Err(error),
        _ => Ok(answer),
    }
}

/// The command, pieces with their lengths, and a piece of no length.
async fn send(stream: &mut UnixStream, raw: &[u8]) -> io::Result<()> {
    stream.write_all(b"zINSTREAM\0").await?;
    for piece in raw.chunks(PIECE) {
        let length = u32::try_from(piece.len()).map_err(io::Error::other)?;
        stream.write_all(&length.to_be_bytes()).await?;
        stream.write_all(piece).await?;
    }
    stream.write_all(&0_u32.to_be_bytes()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use maildesk_core::ids::Uid;
    use tokio::net::UnixListener;

    #[test]
    fn what_the_scanner_says_is_understood() {
        for (said, want) in [
            (&b"stream: OK\0"[..], Answer::Clean),
            (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", Answer::Found("Win.Test.EICAR_HDB-1".into())),
            (b"INSTREAM size limit exceeded. ERROR\0", Answer::TooLarge),
            (b"stream: Can't allocate memory ERROR\n", Answer::Trouble("says: Can't allocate memory ERROR".into())),
            (b"", Answer::Trouble("closed the connection without an answer".into())),
        ] {
            assert_eq!(understood(said), want, "{}", String::from_utf8_lossy(said));
        }
    }

    fn settings(socket: &std::path::Path, unscanned: Unscanned) -> VirusScan {
        VirusScan { clamd: socket.to_string_lossy().into_owned(), unscanned, timeout_seconds: 1 }
    }

    #[tokio::test]
    async fn a_mail_that_the_scanner_cannot_do_keeps_no_other_back() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("clamd.ctl");
        let listener = UnixListener::bind(&socket).unwrap();
        let scanner = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut asked = vec![0; 14];
                stream.read_exact(&mut asked).await.unwrap();
                let mut mail = vec![0; 8];
                stream.read_exact(&mut mail).await.unwrap();
                let said: &[u8] =
                    if mail.starts_with(b"odd!") { b"stream: Can't parse ERROR\0" } else { b"stream: OK\0" };
                stream.write_all(said).await.unwrap();
            }
        });
        let settings = settings(&socket, Unscanned::Wait);
        let mails = |raws: &[&[u8; 4]]| {
            let mail = |raw: &[u8; 4]| Some(FetchedMail { uid: Uid(1), raw: raw.to_vec() });
            raws.iter().enumerate().map(|(at, raw)| (at, mail(raw))).collect::<Vec<_>>()
        };
        let told = |scans: Scans<usize>| {
            let scanned = scans.scanned.iter().map(|(at, _)| *at).collect::<Vec<_>>();
            let failed = scans.failed.iter().map(|(at, _)| *at).collect::<Vec<_>>();
            (scanned, failed, scans.away.map(|error| error.to_string()).unwrap_or_default())
        };
        let scans = told(scan_all(Some(&settings), mails(&[b"good", b"odd!", b"fine"])).await);
        assert_eq!(scans, (vec![0, 2], vec![1], String::new()));
        // With two in a row it is the scanner; what it did before them is done.
        let (scanned, failed, away) =
            told(scan_all(Some(&settings), mails(&[b"good", b"odd!", b"odd!", b"fine"])).await);
        assert_eq!((scanned, failed), (vec![0], vec![1, 2]));
        assert!(away.ends_with("says: Can't parse ERROR"), "{away}");
        scanner.abort();
        std::fs::remove_file(&socket).unwrap();
        let (scanned, failed, away) = told(scan_all(Some(&settings), mails(&[b"good"])).await);
        assert!(scanned.is_empty() && failed.is_empty() && away.contains("cannot be asked"), "nobody is there: {away}");
    }

    /// A clamd that takes the mail and never answers cannot be had of the real one.
    #[tokio::test]
    async fn a_scanner_that_is_silent_or_away_lets_mail_wait_or_pass() {
        let folder = tempfile::tempdir().unwrap();
        let silent = folder.path().join("silent.ctl");
        let listener = UnixListener::bind(&silent).unwrap();
        let held = tokio::spawn(async move {
            let mut streams = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                streams.push(stream);
            }
        });
        let away = folder.path().join("away.ctl");
        for (socket, problem) in [(&silent, "did not answer within 1 seconds"), (&away, "cannot be asked: ")] {
            let error = scan(Some(&settings(socket, Unscanned::Wait)), b"mail").await.unwrap_err();
            assert!(error.to_string().contains(problem), "{error}");
            let passed = scan(Some(&settings(socket, Unscanned::Pass)), b"mail").await.unwrap();
            assert!(matches!(&passed, Scanned::Passed(why) if why.contains(problem)), "{passed:?}");
        }
        held.abort();
        assert_eq!(scan(None, b"mail").await.unwrap(), Scanned::NotAsked);
    }
}
