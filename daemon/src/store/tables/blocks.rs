//! The block list, by whom it blocks.

use maildesk_core::address::Address;
use maildesk_core::directory::{Block, Blocked};

use super::prefix::BLOCKS;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::BlockRecord;

pub fn get(read: &(impl Read + ?Sized), who: &Blocked) -> Result<Option<Block>, StoreError> {
    rows::load::<BlockRecord, Block>(read, BLOCKS, &key(who))
}

/// Every line that covers an address, in force or not.
pub fn covering(read: &(impl Read + ?Sized), address: &Address) -> Result<Vec<Block>, StoreError> {
    // Most desks block nobody, and every mail asks.
    if read.is_empty(&BLOCKS.all())? {
        return Ok(Vec::new());
    }
    let found = Blocked::covering(address).into_iter().map(|who| get(read, &who));
    found.filter_map(Result::transpose).collect()
}

/// Writes a line or replaces what was said about whom it blocks.
pub fn put(tx: &mut Transaction<'_>, block: &Block) -> Result<(), StoreError> {
    rows::save(tx, BLOCKS, &key(&block.who), &BlockRecord::from(block.clone()))
}

/// Nothing happens where it is not there.
pub fn delete(tx: &mut Transaction<'_>, who: &Blocked) -> Result<(), StoreError> {
    tx.delete(&key(who))
}

/// Lines behind `after`, in the order of their keys.
pub fn list(read: &(impl Read + ?Sized), after: Option<&Blocked>, limit: usize) -> Result<Vec<Block>, StoreError> {
    rows::all::<BlockRecord, Block>(BLOCKS, read.scan(&BLOCKS.all(), after.map(key).as_deref(), limit)?)
}

fn key(who: &Blocked) -> Vec<u8> {
    BLOCKS.key(&[who.key().as_bytes()])
}
