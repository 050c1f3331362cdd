//! An S3 bucket behind our own types, on rust-s3. The only file that names it.

use maildesk_core::diagnosis::{Diagnosis, FaultKind, Step, server_said};
use maildesk_core::ids::BlobHash;
use maildesk_core::secret::SecretText;
use maildesk_core::settings::S3;
use s3::creds::Credentials;
use s3::error::S3Error;
use s3::{Bucket as Client, Region};
use std::error::Error;
use std::time::Duration;

/// Small calls and the first byte of an answer.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);
/// A body that moves slower than this is given up, in bytes a second: rust-s3's own limit is per request, body
/// included, and would end every large transfer.
const SLOWEST: u64 = 32 << 10;
/// Parts of a large upload in flight: one bounds memory to a part (8 MiB) and is as fast.
const PARTS_IN_FLIGHT: usize = 1;

/// What a bucket answered instead of what was wanted.
#[derive(Debug, thiserror::Error)]
#[error("S3 storage: {}", .diagnosis.meaning)]
pub struct S3Fault {
    diagnosis: Box<Diagnosis>,
    transient: bool,
}

impl S3Fault {
    /// Whether the same call may work later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        self.transient
    }

    pub fn diagnosis(&self) -> Diagnosis {
        Diagnosis::clone(&self.diagnosis)
    }

    fn new(kind: FaultKind, server_said: Option<String>, meaning: String, remedy: &str, transient: bool) -> Self {
        let diagnosis = Diagnosis { kind, step: Step::Content, server_said, meaning, remedy: remedy.to_owned() };
        Self { diagnosis: Box::new(diagnosis), transient }
    }

    fn timed_out() -> Self {
        let remedy = "Check that the endpoint is up and that the network lets it through; it is tried again.";
        Self::new(FaultKind::TimedOut, None, "the server did not answer in time".into(), remedy, true)
    }
}

/// A configured bucket. Cloning is cheap enough for a call.
#[derive(Clone)]
pub struct Bucket {
    client: Client,
    name: String,
    prefix: String,
}

impl Bucket {
    /// Sends nothing.
    pub fn new(settings: &S3, secret: &SecretText) -> Result<Self, S3Fault> {
        let region = Region::Custom { region: settings.region.clone(), endpoint: settings.endpoint.clone() };
        // All given, so that nothing is looked for in the environment or a profile.
        let credentials = Credentials::new(Some(&settings.access_key), Some(secret.expose()), None, None, None)
            .map_err(|error| fault(&S3Error::Credentials(error)))?;
        let client = Client::new(&settings.bucket, region, credentials).map_err(|error| fault(&error))?;
        let mut client = if settings.path_style { *client.with_path_style() } else { *client };
        // Each call has our own limit around it.
        client.set_request_timeout(None);
        Ok(Self { client, name: settings.bucket.clone(), prefix: settings.prefix.trim_end_matches('/').to_owned() })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The object's key: our own, so that no name from a mail ever is one.
    pub fn key(&self, hash: &BlobHash) -> String {
        if self.prefix.is_empty() { hash.to_string() } else { format!("{}/{hash}", self.prefix) }
    }

    pub async fn put_bytes(&self, key: &str, bytes: &[u8]) -> Result<(), S3Fault> {
        self.client_call(bytes.len() as u64, self.client.put_object(key, bytes)).await.map(drop)
    }

    /// Streams a file; memory is one part.
    pub async fn put_file(&self, key: &str, mut file: tokio::fs::File, size: u64) -> Result<(), S3Fault> {
        let upload = self.client.put_object_stream_builder(key).with_max_concurrent_chunks(PARTS_IN_FLIGHT);
        self.client_call(size, upload.execute_stream(&mut file)).await.map(drop)
    }

    /// The size of an object in bytes, to confirm an upload.
    pub async fn size(&self, key: &str) -> Result<Option<u64>, S3Fault> {
        let (head, _) = self.client_call(0, self.client.head_object(key)).await?;
        Ok(head.content_length.and_then(|length| u64::try_from(length).ok()))
    }

    /// Up to `limit` bytes from `offset` of an object of `size` bytes; empty at its end.
    pub async fn get_range(&self, key: &str, offset: u64, limit: u64, size: u64) -> Result<Vec<u8>, S3Fault> {
        if offset >= size || limit == 0 {
            return Ok(Vec::new());
        }
        let last = (offset + limit - 1).min(size - 1);
        let answer = self.client_call(limit, self.client.get_object_range(key, offset, Some(last))).await?;
        Ok(answer.bytes().to_vec())
    }

    async fn client_call<T>(&self, body: u64, call: impl Future<Output = Result<T, S3Error>>) -> Result<T, S3Fault> {
        let limit = CALL_TIMEOUT + Duration::from_secs(body / SLOWEST);
        match tokio::time::timeout(limit, call).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(fault(&error)),
            Err(_) => Err(S3Fault::timed_out()),
        }
    }
}

fn fault(error: &S3Error) -> S3Fault {
    match error {
        S3Error::HttpFailWithBody(status, body) => refused(*status, body),
        S3Error::Reqwest(error) if error.is_timeout() => S3Fault::timed_out(),
        other => {
            let cause = root_cause(other);
            let (kind, remedy) = network_advice(&cause);
            let meaning = format!("the server cannot be reached: {cause}");
            S3Fault::new(kind, None, meaning, remedy, true)
        }
    }
}

fn refused(status: u16, body: &str) -> S3Fault {
    let code = body.split("<Code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or("");
    let (kind, remedy, transient) = match (status, code) {
        (403, _) | (401, _) => (
            FaultKind::AuthenticationRejected,
            "Check access key, secret key and region, and that the key may read and write this bucket.",
            true,
        ),
        (404, _) => (FaultKind::FolderNotFound, "Check the bucket's name; maildesk makes no buckets itself.", true),
        (408 | 429 | 500..=599, _) => {
            (FaultKind::ServerUnavailable, "The server is out of order for now; it is tried again.", true)
        }
        _ => (FaultKind::CommandRefused, "The server's own words say why.", false),
    };
    let said = server_said(&format!("{status} {code}"));
    S3Fault::new(kind, said, format!("the server refused with HTTP status {status} {code}"), remedy, transient)
}

fn network_advice(cause: &str) -> (FaultKind, &'static str) {
    let cause = cause.to_lowercase();
    if cause.contains("expired") {
        (FaultKind::CertificateExpired, "Renew the server's certificate; if it is right, check this machine's clock.")
    } else if cause.contains("not valid for name") {
        let (expected, presented) = (String::new(), Vec::new());
        (FaultKind::WrongName { expected, presented }, "Use the name in the endpoint that the certificate is for.")
    } else if cause.contains("certificate") || cause.contains("unknownissuer") {
        (FaultKind::UnknownIssuer { sha256: None }, "Name the certificate authority in maildeskd.toml: [tls] ca_file.")
    } else if cause.contains("refused") {
        (FaultKind::Refused, "Check the endpoint's host and port, and that the server runs.")
    } else if cause.contains("dns") || cause.contains("lookup") {
        (FaultKind::DnsNotFound, "Check the endpoint's host name.")
    } else {
        (FaultKind::ConnectionLost, "It is tried again; check the endpoint (http or https?) if it stays.")
    }
}

/// rust-s3's own words name only the URL; the cause stands at the end of the chain.
fn root_cause(error: &S3Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    server_said(&cause.to_string()).unwrap_or_else(|| "no reason given".into())
}
