//! Certificates, addresses and silence, against scripted peers.

use super::testing::{Act, Authority, Scripted, address, connectors, short_timeouts};
use super::{NetError, dial};
use maildesk_core::diagnosis::{FaultKind, Step};
use maildesk_core::settings::connection::Encryption;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

async fn handshake(authority: &Authority, trusted: &Authority) -> Result<(), NetError> {
    let server = Scripted::start(vec![Act::Tls(authority.acceptor.clone()), Act::Wait]).await;
    let address = address(server.port, Encryption::Tls, Some(trusted));
    dial(&address, &connectors(), &short_timeouts()).await.map(|stream| assert!(stream.is_encrypted()))
}

#[tokio::test]
async fn certificates_are_judged_and_the_fault_is_named() {
    let good = Authority::new();
    assert_eq!(handshake(&good, &good).await, Ok(()));

    let expired = Authority::with(|params| params.not_after = rcgen::date_time_ymd(2020, 1, 1));
    let early = Authority::with(|params| params.not_before = rcgen::date_time_ymd(2090, 1, 1));
    let other_name = Authority::with(|params| {
        params.subject_alt_names = vec![rcgen::SanType::DnsName("other.example".try_into().unwrap())];
    });
    let both = Authority::used_as_end_entity();
    let wrong_name = FaultKind::WrongName { expected: "127.0.0.1".into(), presented: vec!["other.example".into()] };
    for (server, trusted, want) in [
        (&good, &expired, FaultKind::SelfSigned { sha256: good.pin.to_string() }),
        (&expired, &expired, FaultKind::CertificateExpired),
        (&early, &early, FaultKind::CertificateNotYetValid),
        (&other_name, &other_name, wrong_name),
        (&both, &both, FaultKind::CaUsedAsEndEntity { sha256: Some(both.pin.to_string()) }),
    ] {
        assert_eq!(handshake(server, trusted).await, Err(NetError::new(Step::Tls, want)));
    }
}

#[tokio::test]
async fn each_way_of_not_connecting_has_its_kind() {
    let authority = Authority::new();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let plain = Scripted::start(vec![super::testing::say("* OK plain greeting\r\n"), Act::Wait]).await;
    let mut away = address(143, Encryption::Plain, None);
    away.host = "192.0.2.1".into();
    let mut nameless = address(143, Encryption::Starttls, None);
    nameless.host = "no-such-host.invalid".into();
    let mut no_file = address(closed, Encryption::Tls, None);
    no_file.ca_file = Some("/nonexistent/ca.pem".into());
    let outcome = async |address| dial(&address, &connectors(), &short_timeouts()).await.unwrap_err();

    let refused = outcome(address(closed, Encryption::Tls, Some(&authority))).await;
    assert_eq!(refused, NetError::new(Step::Connect, FaultKind::Refused));
    let tls_on_plain = outcome(address(plain.port, Encryption::Tls, Some(&authority))).await;
    assert_eq!(tls_on_plain, NetError::new(Step::Tls, FaultKind::TlsOnPlainPort));
    assert_eq!(outcome(away).await, NetError::new(Step::Connect, FaultKind::PlainNotLoopback));
    assert_eq!(outcome(nameless).await.step, Step::Resolve);
    assert!(matches!(outcome(no_file).await.kind, FaultKind::CaFileUnusable { .. }));
}

#[tokio::test]
async fn a_ca_file_that_was_replaced_is_read_again() {
    let (old, new) = (Authority::new(), Authority::new());
    let connectors = connectors();
    let server = Scripted::start(vec![Act::Tls(new.acceptor.clone()), Act::Wait]).await;
    let trusted = address(server.port, Encryption::Tls, Some(&old));
    drop(connectors.connector_for(&trusted).unwrap());
    std::fs::copy(new.ca_file.path(), old.ca_file.path()).unwrap();
    // Both files may have the same length and, on coarse file systems, the same time.
    let file = std::fs::File::options().write(true).open(old.ca_file.path()).unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    assert!(dial(&trusted, &connectors, &short_timeouts()).await.is_ok());
}

#[tokio::test]
async fn a_silent_peer_times_out_and_the_stream_stays_dead() {
    let server = Scripted::start(vec![Act::Wait]).await;
    let address = address(server.port, Encryption::Plain, None);
    let mut stream = dial(&address, &connectors(), &short_timeouts()).await.unwrap();
    let kind = |outcome: std::io::Result<usize>| outcome.unwrap_err().kind();
    assert_eq!(kind(stream.read(&mut [0; 8]).await), std::io::ErrorKind::TimedOut);
    assert_eq!(kind(stream.write(b"x").await), std::io::ErrorKind::TimedOut);
}

#[tokio::test]
async fn a_pin_accepts_exactly_one_certificate() {
    let expired = Authority::with(|params| params.not_after = rcgen::date_time_ymd(2020, 1, 1));
    let (both, stranger) = (Authority::used_as_end_entity(), Authority::new());
    for (server, pinned, accepted) in
        [(&both, &both, true), (&expired, &expired, true), (&stranger, &both, false), (&both, &stranger, false)]
    {
        let listening = Scripted::start(vec![Act::Tls(server.acceptor.clone()), Act::Wait]).await;
        let mut address = address(listening.port, Encryption::Tls, None);
        address.pin_sha256 = Some(pinned.pin);
        let outcome = dial(&address, &connectors(), &short_timeouts()).await.map(|stream| stream.is_encrypted());
        let refused = NetError::new(Step::Tls, FaultKind::OtherCertificate { sha256: server.pin.to_string() });
        assert_eq!(outcome, if accepted { Ok(true) } else { Err(refused) });
    }
}
