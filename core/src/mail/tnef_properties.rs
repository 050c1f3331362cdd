//! MAPI properties as `winmail.dat` writes them (MS-OXTNEF §2.1.3.4).

use super::tnef::{number, short, take};

/// More properties than this has no mail.
const MOST: usize = 2_000;

pub(super) struct Property<'a> {
    pub(super) id: u16,
    pub(super) value: Value<'a>,
}

/// The first value of a property.
pub(super) enum Value<'a> {
    /// Text in the envelope's code page, or bytes.
    Bytes(&'a [u8]),
    /// UTF-16, little-endian.
    Wide(&'a [u8]),
    /// Bytes behind the identifier of an interface, of 16 bytes.
    Object(&'a [u8]),
    /// Numbers and dates, which nobody here asks for.
    Other,
}

/// All properties up to the first that does not fit.
pub(super) fn read(mut bytes: &[u8]) -> Vec<Property<'_>> {
    let mut found = Vec::new();
    let count = number(&mut bytes).and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
    while found.len() < count.min(MOST)
        && let Some(property) = property(&mut bytes)
    {
        found.push(property);
    }
    found
}

fn property<'a>(bytes: &mut &'a [u8]) -> Option<Property<'a>> {
    let (kind, id) = (short(bytes)?, short(bytes)?);
    if id >= 0x8000 {
        name(bytes)?;
    }
    let many = kind & 0x1000 != 0;
    let kind = kind & 0x0fff;
    let value = match kind {
        0x000d | 0x001e | 0x001f | 0x0102 => {
            let mut first = None;
            for _ in 0..number(bytes)? {
                let length = usize::try_from(number(bytes)?).ok()?;
                let value = padded(bytes, length)?;
                first.get_or_insert(value);
            }
            match (kind, first) {
                (_, None) => Value::Other,
                (0x000d, Some(value)) => Value::Object(value),
                (0x001f, Some(value)) => Value::Wide(value),
                (_, Some(value)) => Value::Bytes(value),
            }
        }
        _ => {
            let size = match kind {
                0x0002 | 0x0003 | 0x0004 | 0x000a | 0x000b => 4,
                0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => 8,
                0x0048 => 16,
                _ => return None,
            };
            let count = if many { usize::try_from(number(bytes)?).ok()? } else { 1 };
            take(bytes, count.checked_mul(size)?)?;
            Value::Other
        }
    };
    Some(Property { id, value })
}

/// A named property says its name in front of its value: a set, then a number or a text.
fn name(bytes: &mut &[u8]) -> Option<()> {
    take(bytes, 16)?;
    match number(bytes)? {
        0 => number(bytes).map(drop),
        _ => {
            let length = usize::try_from(number(bytes)?).ok()?;
            padded(bytes, length).map(drop)
        }
    }
}

/// Values are filled up to a multiple of four; the last one may lack it.
fn padded<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let value = take(bytes, length)?;
    let fill = length.next_multiple_of(4) - length;
    take(bytes, fill.min(bytes.len()))?;
    Some(value)
}
