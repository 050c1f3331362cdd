//! How calls become bytes: postcard in length-limited frames.

use bytes::{Bytes, BytesMut};
use serde::{Deserialize, Serialize};
use std::{io, marker::PhantomData, pin::Pin};
use tarpc::tokio_serde::{Deserializer, Serializer};

/// Bytes of one frame at the most. A larger answer would end the connection, so lists are windows and blobs pieces.
pub const MAX_FRAME: usize = 8 << 20;

/// The codec of both ends.
pub struct Postcard<Incoming, Outgoing>(PhantomData<fn(Outgoing) -> Incoming>);

impl<Incoming, Outgoing> Default for Postcard<Incoming, Outgoing> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<Incoming: for<'a> Deserialize<'a>, Outgoing> Deserializer<Incoming> for Postcard<Incoming, Outgoing> {
    type Error = io::Error;

    fn deserialize(self: Pin<&mut Self>, bytes: &BytesMut) -> io::Result<Incoming> {
        postcard::from_bytes(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

impl<Incoming, Outgoing: Serialize> Serializer<Outgoing> for Postcard<Incoming, Outgoing> {
    type Error = io::Error;

    fn serialize(self: Pin<&mut Self>, item: &Outgoing) -> io::Result<Bytes> {
        postcard::to_stdvec(item).map(Bytes::from).map_err(io::Error::other)
    }
}
