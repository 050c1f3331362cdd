//! Attachments in S3: every byte arrives there, and S3's absence holds up nothing.

use crate::desk::{Desk, SOON, noise, sha256};
use anyhow::Result;
use maildesk_tests::object_store::{Fault, ObjectStore};
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed, eventually};

const STORAGE: &str = "/storage";

async fn desk_with(bed: Testbed, store: &ObjectStore) -> Result<Desk> {
    let settings = desk_settings(&bed).storage(store);
    let desk = Desk::open_with(bed, &settings).await?;
    desk.polls().await?;
    Ok(desk)
}

/// A letter with two attachments: one that the store itself holds at first, one that is a file.
fn letter(small: &[u8], large: &[u8]) -> Letter {
    Letter::from("alice@desk.test")
        .to("desk@desk.test")
        .subject("Two files")
        .attach("small.bin", "application/octet-stream", small)
        .attach("large.bin", "application/octet-stream", large)
}

/// Waits until exactly these bytes are objects, and nothing waits any more.
async fn are_objects(desk: &Desk, store: &ObjectStore, contents: &[&[u8]]) -> Result<()> {
    eventually(SOON, "the attachments are objects", async || {
        let status = desk.status().await?;
        anyhow::ensure!(status["counts"]["uploads_waiting"] == 0, "waiting: {}", status["storage"]);
        anyhow::Ok(store.keys().len() == contents.len())
    })
    .await?;
    let mut stored: Vec<String> =
        store.keys().iter().filter_map(|key| store.object(key)).map(|bytes| sha256(&bytes)).collect();
    let mut wanted: Vec<String> = contents.iter().map(|bytes| sha256(bytes)).collect();
    stored.sort();
    wanted.sort();
    assert_eq!(stored, wanted);
    // What lies in the bucket needs no copy here.
    assert!(!local_copies(desk)?.iter().any(|name| wanted.iter().any(|hash| name.contains(hash.as_str()))));
    Ok(())
}

/// Names of the files that hold large blobs.
fn local_copies(desk: &Desk) -> Result<Vec<String>> {
    let (mut names, mut folders) = (Vec::new(), vec![desk.daemon.state_dir().join("blobs")]);
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()) {
            names.push(path.to_string_lossy().replace('/', ""));
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    Ok(names)
}

#[tokio::test]
async fn attachments_become_objects() -> Result<()> {
    let bed = Testbed::start().await?;
    let store = bed.object_store().await?;
    let desk = desk_with(bed, &store).await?;
    let (small, large) = (noise(30_000), noise(3 << 20));
    desk.receives("alice@desk.test", &letter(&small, &large)).await?;
    desk.judged("Two files").await?;
    are_objects(&desk, &store, &[&small, &large]).await?;
    assert_eq!(sha256(&desk.save_attachment(1, 1, "small.bin").await?), sha256(&small));
    assert_eq!(sha256(&desk.save_attachment(1, 1, "large.bin").await?), sha256(&large));
    assert_eq!(desk.status().await?["storage"]["state"], "working");
    // The same content once more is the same object.
    desk.receives("bob@desk.test", &letter(&small, &noise(100)).subject("Same file")).await?;
    desk.judged("Same file").await?;
    are_objects(&desk, &store, &[&small, &large, &noise(100)]).await
}

#[tokio::test]
async fn without_s3_everything_goes_on_and_is_caught_up() -> Result<()> {
    let bed = Testbed::start().await?;
    let mut store = bed.object_store().await?;
    let desk = desk_with(bed, &store).await?;
    store.stop();
    let (small, large) = (noise(5_000), noise(1 << 20));
    desk.receives("alice@desk.test", &letter(&small, &large)).await?;
    assert_eq!(desk.judged("Two files").await?["outcome"], "new_ticket");
    desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    let storage = desk.fares(STORAGE, "faulty").await?;
    assert!(storage["fault"]["meaning"].as_str().is_some_and(|text| !text.is_empty()), "{storage}");
    assert!(storage["fault"]["remedy"].as_str().is_some_and(|text| !text.is_empty()), "{storage}");
    assert_eq!(desk.status().await?["counts"]["uploads_waiting"], 2);
    // Meanwhile they are read from here.
    assert_eq!(sha256(&desk.save_attachment(1, 1, "small.bin").await?), sha256(&small));
    assert_eq!(sha256(&desk.save_attachment(1, 1, "large.bin").await?), sha256(&large));

    store.start_again().await?;
    are_objects(&desk, &store, &[&small, &large]).await?;
    desk.fares(STORAGE, "working").await?;
    assert_eq!(sha256(&desk.save_attachment(1, 1, "large.bin").await?), sha256(&large));
    let events = desk.events().await?;
    let told = |name: &str| events.iter().any(|event| event["event"] == name);
    assert!(told("storage_fault") && told("storage_recovered"));
    Ok(())
}

#[tokio::test]
async fn a_blob_that_was_lost_here_keeps_no_other_from_s3() -> Result<()> {
    let bed = Testbed::start().await?;
    let store = bed.object_store().await?;
    let desk = desk_with(bed, &store).await?;
    store.set_fault(Fault::Unavailable);
    let mut contents = [noise(1 << 20), noise(2 << 20)];
    // Uploads go in the order of their hashes: the first one is lost.
    contents.sort_by_key(|bytes| sha256(bytes));
    let [lost, kept] = contents;
    desk.receives("alice@desk.test", &letter(&lost, &kept)).await?;
    desk.fares(STORAGE, "faulty").await?;
    let name = sha256(&lost);
    std::fs::remove_file(desk.daemon.state_dir().join("blobs").join(&name[..2]).join(&name))?;
    store.set_fault(Fault::None);
    eventually(SOON, "the other is an object", || async { store.keys().len() == 1 }).await?;
    assert_eq!(store.object(&store.keys()[0]).map(|bytes| sha256(&bytes)), Some(sha256(&kept)));
    let told = async || {
        let storage = desk.status().await?["storage"].clone();
        anyhow::Ok(storage["fault"]["meaning"].as_str().is_some_and(|meaning| meaning.contains(&name)))
    };
    eventually(SOON, "the lost one is named", told).await
}

#[tokio::test]
async fn s3_with_troubles_of_its_own() -> Result<()> {
    let bed = Testbed::start().await?;
    let store = bed.object_store().await?;
    let desk = desk_with(bed, &store).await?;
    store.set_fault(Fault::Unavailable);
    let (small, large) = (noise(5_000), noise(1 << 20));
    desk.receives("alice@desk.test", &letter(&small, &large)).await?;
    let storage = desk.fares(STORAGE, "faulty").await?;
    println!("{storage}");
    store.set_fault(Fault::Drop);
    desk.receives("alice@desk.test", &letter(&noise(7), &noise(8)).subject("Meanwhile")).await?;
    assert_eq!(desk.judged("Meanwhile").await?["outcome"], "new_ticket");
    store.set_fault(Fault::None);
    are_objects(&desk, &store, &[&small, &large, &noise(7), &noise(8)]).await
}

#[tokio::test]
async fn wrong_keys_are_told_and_put_right_without_restart() -> Result<()> {
    let bed = Testbed::start().await?;
    let store = bed.object_store().await?;
    let right = desk_settings(&bed).storage(&store);
    let desk = Desk::open_with(bed, &right).await?;
    let wrong = right.text().replace("maildesk-secret", "no-such-secret");
    desk.cli.apply(&wrong).await?;
    let small = noise(900);
    let letter = Letter::from("alice@desk.test").to("desk@desk.test").subject("One file");
    desk.receives("alice@desk.test", &letter.attach("a.bin", "application/octet-stream", small.clone())).await?;
    let storage = desk.fares(STORAGE, "faulty").await?;
    println!("{storage}");
    desk.cli.apply(right.text()).await?;
    are_objects(&desk, &store, &[&small]).await?;
    desk.fares(STORAGE, "working").await.map(drop)
}

#[tokio::test]
async fn s3_behind_a_private_authority() -> Result<()> {
    let bed = Testbed::start().await?;
    let store = ObjectStore::start(&bed.scratch, Some(bed.certificates.good())).await?;
    let desk = desk_with(bed, &store).await?;
    let (small, large) = (noise(9_000), noise(2 << 20));
    desk.receives("alice@desk.test", &letter(&small, &large)).await?;
    are_objects(&desk, &store, &[&small, &large]).await?;
    assert_eq!(sha256(&desk.save_attachment(1, 1, "large.bin").await?), sha256(&large));
    Ok(())
}

#[tokio::test]
async fn s3_with_an_expired_certificate() -> Result<()> {
    let bed = Testbed::start().await?;
    let store = ObjectStore::start(&bed.scratch, Some(bed.certificates.expired())).await?;
    let desk = desk_with(bed, &store).await?;
    desk.receives("alice@desk.test", &letter(&noise(9), &noise(10))).await?;
    let storage = desk.fares(STORAGE, "faulty").await?;
    println!("{storage}");
    let meaning = storage["fault"]["meaning"].as_str().unwrap_or_default().to_lowercase();
    assert!(meaning.contains("certificate expired"), "{storage}");
    assert!(storage["fault"]["remedy"].as_str().is_some_and(|remedy| remedy.contains("Renew")), "{storage}");
    assert_eq!(desk.judged("Two files").await?["outcome"], "new_ticket");
    assert!(store.keys().is_empty());
    Ok(())
}
