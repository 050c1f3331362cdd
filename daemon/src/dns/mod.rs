//! Look-ups of the doctor, of proposals and of sender checks by the system's name servers: the only folder that names
//! hickory. Every question and the whole round have a deadline, and what comes back is capped.

use crate::config::DnsConfig;
use futures::stream::{self, StreamExt};
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{RData, RecordType};
use maildesk_core::doctor::{Answer, Answers, MAX_TEXT, Question, QuestionKind, Record};
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// One try of one question; hickory asks twice.
const TRY: Duration = Duration::from_secs(2);
/// Everything for one sender.
const WHOLE: Duration = Duration::from_secs(20);
/// Questions for one sender; far more than an honest domain needs.
const QUESTIONS: usize = 150;
const AT_ONCE: usize = 8;
/// Records of one answer that are kept.
const RECORDS: usize = 50;
/// Answers that are remembered at the most, and for how long.
const REMEMBERED: u64 = 2000;
const LONGEST: Duration = Duration::from_secs(3600);

#[derive(Debug, thiserror::Error)]
#[error("the name servers of this system cannot be read: {0}")]
pub struct DnsError(String);

/// Asks name servers.
#[derive(Clone)]
pub struct Dns(TokioResolver);

impl std::fmt::Debug for Dns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dns")
    }
}

impl Dns {
    /// By the name servers of the bootstrap file, else those of /etc/resolv.conf.
    ///
    /// # Errors
    /// /etc/resolv.conf cannot be read.
    pub fn new(config: &DnsConfig) -> Result<Self, DnsError> {
        // A doctor that remembers would not see the record that was just published.
        Self::with_memory(config, 0)
    }

    /// As [`Self::new`], remembering answers, for an hour at the most.
    ///
    /// # Errors
    /// /etc/resolv.conf cannot be read.
    pub fn remembering(config: &DnsConfig) -> Result<Self, DnsError> {
        Self::with_memory(config, REMEMBERED)
    }

    fn with_memory(config: &DnsConfig, answers: u64) -> Result<Self, DnsError> {
        let failed = |error: NetError| DnsError(error.to_string());
        let mut builder = if config.servers.is_empty() {
            TokioResolver::builder_tokio().map_err(failed)?
        } else {
            let servers = config.servers.iter().map(|address| {
                let mut server = NameServerConfig::udp_and_tcp(address.ip());
                server.connections.iter_mut().for_each(|connection| connection.port = address.port());
                server
            });
            let config = ResolverConfig::from_name_servers(servers.collect());
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        };
        let options = builder.options_mut();
        options.timeout = TRY;
        options.attempts = 2;
        options.cache_size = answers;
        (options.positive_max_ttl, options.negative_max_ttl) = (Some(LONGEST), Some(LONGEST));
        options.use_hosts_file = ResolveHosts::Never;
        builder.build().map(Self).map_err(failed)
    }

    /// Asks until `judge` has no open question left, or time or number run out. The findings are those of the end.
    pub async fn settle<T>(&self, judge: impl Fn(&Answers) -> T) -> T {
        self.settle_within(WHOLE, judge).await
    }

    /// As [`Self::settle`], in this time.
    pub async fn settle_within<T>(&self, limit: Duration, judge: impl Fn(&Answers) -> T) -> T {
        let deadline = Instant::now() + limit;
        let mut answers = Answers::default();
        loop {
            let outcome = judge(&answers);
            let open = answers.open();
            if open.is_empty() {
                return outcome;
            }
            let spent = answers.count() + open.len() > QUESTIONS || Instant::now() >= deadline;
            let ask = |question: Question| async move {
                let answer = match spent {
                    true => Answer::Failed("too much to look up, or no time left".into()),
                    false => self.ask(&question, deadline).await,
                };
                (question, answer)
            };
            let found: Vec<_> = stream::iter(open.into_iter().map(ask)).buffer_unordered(AT_ONCE).collect().await;
            found.into_iter().for_each(|(question, answer)| answers.insert(question, answer));
        }
    }

    async fn ask(&self, question: &Question, deadline: Instant) -> Answer {
        let whole = timeout_at(deadline, async {
            match question.kind {
                QuestionKind::Text => self.one(&question.name, RecordType::TXT).await,
                QuestionKind::Mx => self.one(&question.name, RecordType::MX).await,
                QuestionKind::Service => self.one(&question.name, RecordType::SRV).await,
                QuestionKind::Address => {
                    let both = tokio::join!(
                        self.one(&question.name, RecordType::A),
                        self.one(&question.name, RecordType::AAAA)
                    );
                    either(both.0, both.1)
                }
                QuestionKind::Reverse => match question.name.parse::<IpAddr>() {
                    Ok(address) => came(self.0.reverse_lookup(address).await.map(|found| found.answers().to_vec())),
                    Err(_) => Answer::Absent,
                },
            }
        });
        whole.await.unwrap_or_else(|_| Answer::Failed("no answer in time".into()))
    }

    async fn one(&self, name: &str, kind: RecordType) -> Answer {
        // The dot at the end: no search list of this machine is appended.
        came(self.0.lookup(format!("{name}."), kind).await.map(|found| found.answers().to_vec()))
    }
}

/// One that knows no name server, for a library that wants one and never asks it.
///
/// # Errors
/// It cannot be made.
pub fn nobody() -> Result<TokioResolver, DnsError> {
    let config = ResolverConfig::from_name_servers(Vec::new());
    let resolver = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()).build();
    resolver.map_err(|error| DnsError(error.to_string()))
}

fn came(answer: Result<Vec<hickory_resolver::proto::rr::Record>, NetError>) -> Answer {
    match answer {
        Ok(records) => {
            let kept: Vec<Record> = records.iter().take(RECORDS).filter_map(|record| ours(&record.data)).collect();
            if kept.is_empty() { Answer::Absent } else { Answer::Found(kept) }
        }
        Err(error) if error.is_no_records_found() && !is_failure(&error) => Answer::Absent,
        Err(error) => Answer::Failed(maildesk_core::text::shorten(&error.to_string(), 200)),
    }
}

/// An answer without records is "absent" only where the server meant it: SERVFAIL and REFUSED judge nothing.
fn is_failure(error: &NetError) -> bool {
    use hickory_resolver::net::DnsError::NoRecordsFound;
    use hickory_resolver::proto::op::ResponseCode::{NXDomain, NoError};
    match error {
        NetError::Dns(NoRecordsFound(none)) => !matches!(none.response_code, NoError | NXDomain),
        _ => true,
    }
}

fn either(first: Answer, second: Answer) -> Answer {
    match (first, second) {
        (Answer::Found(mut list), Answer::Found(more)) => {
            list.extend(more);
            Answer::Found(list)
        }
        (Answer::Found(list), _) | (_, Answer::Found(list)) => Answer::Found(list),
        (Answer::Failed(why), _) | (_, Answer::Failed(why)) => Answer::Failed(why),
        (Answer::Absent, Answer::Absent) => Answer::Absent,
    }
}

fn ours(data: &RData) -> Option<Record> {
    let plain = |name: String| name.trim_end_matches('.').to_ascii_lowercase();
    Some(match data {
        RData::TXT(text) => {
            // One byte more than is judged, so that what is too long is seen to be.
            let bytes = text.txt_data.iter().flat_map(|part| part.iter().copied()).take(MAX_TEXT + 1);
            Record::Text(String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned())
        }
        RData::A(address) => Record::Address(IpAddr::V4(address.0)),
        RData::AAAA(address) => Record::Address(IpAddr::V6(address.0)),
        RData::MX(mx) => Record::Mx { preference: mx.preference, host: plain(mx.exchange.to_ascii()) },
        RData::PTR(name) => Record::Name(plain(name.0.to_ascii())),
        RData::SRV(service) => Record::Service {
            priority: service.priority,
            weight: service.weight,
            port: service.port,
            host: plain(service.target.to_ascii()),
        },
        _ => return None,
    })
}
