//! The S3 server: signed put and get by a client that is not ours (curl), its faults, stop and restart, TLS.

use maildesk_tests::certificates::Certificates;
use maildesk_tests::object_store::{ACCESS_KEY, BUCKET, Fault, ObjectStore, REGION, SECRET_KEY};
use maildesk_tests::scratch::Scratch;
use std::path::Path;
use tokio::process::Command;

/// What curl saw: its exit code and the HTTP status.
async fn curl(store: &ObjectStore, secret: &str, arguments: &[&str]) -> (i32, String) {
    let output = Command::new("curl")
        .args(["-s", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "2", "--aws-sigv4"])
        .arg(format!("aws:amz:{REGION}:s3"))
        .args(["--user", &format!("{ACCESS_KEY}:{secret}"), "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD"])
        .args(arguments)
        .arg(format!("{}/{BUCKET}/a/key", store.endpoint()))
        .output()
        .await
        .unwrap();
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stdout).into_owned())
}

async fn put(store: &ObjectStore, file: &Path) -> (i32, String) {
    curl(store, SECRET_KEY, &["-T", &file.to_string_lossy()]).await
}

#[tokio::test]
async fn it_keeps_what_is_signed_and_refuses_what_is_not() {
    let scratch = Scratch::new().unwrap();
    let store = ObjectStore::start(&scratch, None).await.unwrap();
    let file = scratch.path().join("file");
    std::fs::write(&file, b"some bytes").unwrap();

    assert_eq!(put(&store, &file).await, (0, "200".into()));
    assert_eq!(store.object("a/key").unwrap(), b"some bytes");
    assert_eq!(store.keys(), ["a/key"]);
    assert_eq!(curl(&store, SECRET_KEY, &[]).await, (0, "200".into()));
    assert_eq!(curl(&store, "wrong", &[]).await, (0, "403".into()));
}

#[tokio::test]
async fn faults_come_and_go() {
    let scratch = Scratch::new().unwrap();
    let store = ObjectStore::start(&scratch, None).await.unwrap();
    let file = scratch.path().join("file");
    std::fs::write(&file, b"x").unwrap();

    store.set_fault(Fault::Unavailable);
    assert_eq!(put(&store, &file).await, (0, "503".into()));
    assert_eq!(store.object("a/key"), None);
    store.set_fault(Fault::Drop);
    // 52 an empty answer, 55 sending failed, 56 receiving failed.
    assert!(matches!(put(&store, &file).await, (52 | 55 | 56, _)));
    store.set_fault(Fault::Hang);
    assert_eq!(put(&store, &file).await.0, 28, "curl's time limit");
    store.set_fault(Fault::None);
    assert_eq!(put(&store, &file).await, (0, "200".into()));
}

#[tokio::test]
async fn it_stops_and_comes_back_on_the_same_port_over_tls() {
    let scratch = Scratch::new().unwrap();
    let certificates = Certificates::make(&scratch).unwrap();
    let mut store = ObjectStore::start(&scratch, Some(certificates.good())).await.unwrap();
    let authority = certificates.authority();
    let trusted = ["--cacert", &authority.to_string_lossy()];
    assert_eq!(curl(&store, SECRET_KEY, &trusted).await, (0, "404".into()));
    assert_eq!(curl(&store, SECRET_KEY, &[]).await.0, 60, "an unknown authority");
    store.stop();
    assert_eq!(curl(&store, SECRET_KEY, &trusted).await.0, 7, "connection refused");
    store.start_again().await.unwrap();
    assert_eq!(curl(&store, SECRET_KEY, &trusted).await, (0, "404".into()));
}
