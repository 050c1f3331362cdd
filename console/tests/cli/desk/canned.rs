//! What the canned answers share: the script of the test, windows, refusals.

use super::{Script, answers};
use maildesk_core::ids::TicketNumber;
use maildesk_core::rpc::{Imported, Rows, RpcError, TicketRow, Window};
use std::sync::{Arc, Mutex};

#[derive(Clone)]
pub(crate) struct Canned {
    pub(crate) script: Arc<Mutex<Script>>,
}

pub(super) type Answer<T> = Result<T, RpcError>;

impl Canned {
    pub(super) async fn allowed(&self) -> Answer<()> {
        let (silent, refusal) = {
            let mut script = self.script.lock().unwrap();
            script.called = true;
            (script.silent, script.refusal.clone())
        };
        if silent {
            std::future::pending::<()>().await;
        }
        refusal.map_or(Ok(()), Err)
    }

    pub(super) fn note(&self, what: String) -> usize {
        let mut script = self.script.lock().unwrap();
        script.asked.push(what);
        script.asked.len()
    }

    pub(super) fn import(&self, rows: usize, dry_run: bool) -> Answer<Imported> {
        let calls = self.note(format!("import {rows} dry_run={dry_run}"));
        if self.script.lock().unwrap().refuse_import_after.is_some_and(|batches| calls > batches) {
            return Err(RpcError::Rejected("no customer is named \"Nobody\"".into()));
        }
        Ok(Imported { added: rows as u32, changed: 0, unchanged: 0 })
    }
}

pub(super) fn window<T>(rows: Vec<T>, window: Window, id: impl Fn(&T) -> u64) -> Rows<T> {
    let mut rows: Vec<T> = match window.after {
        Some(after) => rows.into_iter().skip_while(|row| id(row) != after).skip(1).collect(),
        None => rows,
    };
    let more = rows.len() > window.limit as usize;
    rows.truncate(window.limit as usize);
    Rows { next: rows.last().map(id).filter(|_| more), rows }
}

pub(super) fn missing<T>(what: &str, name: impl ToString) -> Answer<T> {
    Err(RpcError::NotFound { what: what.into(), name: name.to_string() })
}

pub(super) fn ticket_row(number: TicketNumber) -> Answer<TicketRow> {
    answers::tickets().into_iter().find(|row| row.number == number).map_or_else(|| missing("ticket", number), Ok)
}
