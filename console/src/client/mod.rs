//! The client of maildeskd: typed calls over the Unix socket. Only this folder names tarpc.
//!
//! Each call has a deadline; each write carries a fresh request key. Nothing is repeated by itself: a write whose
//! answer was lost says so, and the person looks before doing it again.

mod calls;
mod connect;
mod error;
pub mod link;
mod people;
pub mod perform;

pub use error::ClientError;

use maildesk_core::rpc::{DeskClient, RequestKey, RpcError, Welcome};
use std::path::Path;
use std::time::{Duration, Instant};
use tarpc::context::Context;

/// A connection to maildeskd that has said hello.
pub struct Client {
    desk: DeskClient,
    timeout: Duration,
    welcome: Welcome,
}

impl Client {
    /// Connects, checks that both ends speak one protocol, and says hello. `timeout` bounds each later call.
    pub async fn connect(socket: &Path, timeout: Duration) -> Result<Self, ClientError> {
        let desk = connect::connect(socket).await?;
        let welcome = answer(desk.hello(context(timeout)).await, timeout, Effect::None)?;
        Ok(Self { desk, timeout, welcome })
    }

    /// Whom the daemon takes us for, and what we may do.
    pub fn welcome(&self) -> &Welcome {
        &self.welcome
    }

    fn context(&self) -> Context {
        context(self.timeout)
    }

    fn read<T>(&self, came: Came<T>) -> Result<T, ClientError> {
        answer(came, self.timeout, Effect::None)
    }

    fn written<T>(&self, came: Came<T>) -> Result<T, ClientError> {
        answer(came, self.timeout, Effect::PerhapsDone)
    }
}

/// What came back from a call: the transport's fault, the daemon's refusal, or the answer.
type Came<T> = Result<Result<T, RpcError>, tarpc::client::RpcError>;

/// Whether a call without an answer may have changed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    None,
    PerhapsDone,
}

fn context(timeout: Duration) -> Context {
    let mut context = tarpc::context::current();
    context.deadline = Instant::now() + timeout;
    context
}

fn answer<T>(came: Came<T>, waited: Duration, effect: Effect) -> Result<T, ClientError> {
    match came {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(refusal)) => Err(ClientError::Refused(refusal)),
        Err(tarpc::client::RpcError::DeadlineExceeded) => Err(ClientError::NoAnswer { waited, effect }),
        Err(other) => Err(ClientError::Lost { cause: error::innermost(&other), effect }),
    }
}

/// A key that no other request has.
fn fresh_key() -> Result<RequestKey, ClientError> {
    let mut key = [0; 16];
    getrandom::fill(&mut key).map_err(|error| ClientError::NoRandomness(error.to_string()))?;
    Ok(RequestKey(key))
}
