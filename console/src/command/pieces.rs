//! Blobs in pieces, checked against their name at the end.

use super::Session;
use crate::client::Client;
use crate::failure::Failure;
use maildesk_core::ids::BlobHash;
use maildesk_core::route::JudgedMail;
use maildesk_core::rpc::MAX_PIECE;
use sha2::{Digest, Sha256};

/// Hands every piece of a blob to `take` and returns the number of bytes, once their SHA-256 was found right.
/// `name` is what messages call it.
pub(crate) async fn fetch(
    client: &Client,
    hash: BlobHash,
    name: &str,
    mut take: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let mut digest = Sha256::new();
    let mut offset = 0;
    loop {
        let piece = client.blob(hash, offset, MAX_PIECE).await?;
        if piece.is_empty() {
            break;
        }
        digest.update(&piece);
        offset += piece.len() as u64;
        take(&piece)?;
    }
    let found = BlobHash(digest.finalize().into());
    if found == hash {
        Ok(offset)
    } else {
        Err(Failure::Damaged { name: name.to_owned(), problem: format!("SHA-256 is {found}, it should be {hash}") })
    }
}

/// Prints the bytes of a raw mail.
pub(super) async fn raw_mail(client: &Client, judged: &JudgedMail, session: &mut Session<'_>) -> Result<(), Failure> {
    if session.output.json() {
        return Err(Failure::Usage("--raw gives the bytes of the mail: leave out --json".into()));
    }
    let Some(hash) = judged.raw else {
        let remedy = "it was not kept".into();
        return Err(Failure::NotFound { what: "raw mail of", name: judged.id.to_string(), remedy });
    };
    fetch(client, hash, "the raw mail", |piece| session.output.bytes(piece)).await.map(drop)
}
