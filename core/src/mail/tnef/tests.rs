//! Envelopes as Outlook writes them, and as they break.

use super::super::Limits;
use super::*;
use proptest::prelude::*;

fn attribute_bytes(id: u32, value: &[u8]) -> Vec<u8> {
    let length = u32::try_from(value.len()).unwrap();
    [&[1][..], &id.to_le_bytes(), &length.to_le_bytes(), value, &[0, 0]].concat()
}

fn property_bytes(kind: u16, id: u16, value: &[u8]) -> Vec<u8> {
    let length = u32::try_from(value.len()).unwrap();
    let fill = vec![0; value.len().next_multiple_of(4) - value.len()];
    let head = [kind.to_le_bytes(), id.to_le_bytes()].concat();
    [&head[..], &1u32.to_le_bytes(), &length.to_le_bytes(), value, &fill].concat()
}

fn properties_bytes(properties: &[Vec<u8>]) -> Vec<u8> {
    [&u32::try_from(properties.len()).unwrap().to_le_bytes()[..], &properties.concat()].concat()
}

fn envelope(attributes: &[Vec<u8>]) -> Vec<u8> {
    [&SIGNATURE.to_le_bytes()[..], &[0, 0], &attributes.concat()].concat()
}

fn sample() -> Vec<u8> {
    let wide: Vec<u8> = "Prüfung.pdf\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let inner = envelope(&[
        attribute_bytes(BODY, b"inner text\0"),
        attribute_bytes(ATTACHMENT_BEGINS, &[0; 14]),
        attribute_bytes(ATTACHMENT_TITLE, b"inner.txt\0"),
        attribute_bytes(ATTACHMENT_DATA, b"deep"),
    ]);
    let object = [&[7; 16][..], &inner].concat();
    envelope(&[
        attribute_bytes(CODE_PAGE, &1252u32.to_le_bytes()),
        attribute_bytes(
            MESSAGE_PROPERTIES,
            &properties_bytes(&[
                [&3u16.to_le_bytes()[..], &0x8001u16.to_le_bytes(), &[0; 16], &[0; 4], &[9; 4], &[5; 4]].concat(),
                property_bytes(0x001e, 0x1000, b"sch\xf6n\0"),
            ]),
        ),
        attribute_bytes(ATTACHMENT_BEGINS, &[0; 14]),
        attribute_bytes(ATTACHMENT_TITLE, b"PRFUNG~1.PDF\0"),
        attribute_bytes(ATTACHMENT_DATA, b"PDF"),
        attribute_bytes(
            ATTACHMENT_PROPERTIES,
            &properties_bytes(&[
                property_bytes(0x001f, 0x3707, &wide),
                property_bytes(0x001e, 0x370e, b"application/pdf\0"),
            ]),
        ),
        attribute_bytes(ATTACHMENT_BEGINS, &[0; 14]),
        attribute_bytes(ATTACHMENT_TITLE, b"note\0"),
        attribute_bytes(ATTACHMENT_PROPERTIES, &properties_bytes(&[property_bytes(0x000d, 0x3701, &object)])),
    ])
}

#[test]
fn text_files_and_mails_within_are_taken_out() {
    let unpacked = unpacked(&sample(), &Limits::default()).unwrap();
    assert_eq!(unpacked.text.as_deref(), Some("schön"));
    let files: Vec<(&str, &[u8])> =
        unpacked.files.iter().map(|f| (f.name.as_deref().unwrap(), f.content.as_slice())).collect();
    assert_eq!(files, [("Prüfung.pdf", &b"PDF"[..]), ("inner.txt", b"deep"), ("note.txt", b"inner text")]);
    assert_eq!(unpacked.files[0].kind.as_deref(), Some("application/pdf"));
}

#[test]
fn what_is_no_envelope_stays_closed_and_counts_are_capped() {
    assert_eq!(unpacked(b"PK\x03\x04", &Limits::default()), None);
    assert_eq!(unpacked(b"", &Limits::default()), None);
    let many = envelope(
        &[attribute_bytes(ATTACHMENT_BEGINS, &[]), attribute_bytes(ATTACHMENT_DATA, b"x")]
            .concat()
            .repeat(9)
            .chunks(1)
            .map(<[u8]>::to_vec)
            .collect::<Vec<_>>(),
    );
    let limits = Limits { attachments: 3, ..Limits::default() };
    assert_eq!(unpacked(&many, &limits).unwrap().files.len(), 3);
}

#[test]
fn every_truncation_is_read_as_far_as_it_goes() {
    let whole = sample();
    for end in 0..whole.len() {
        let _ = unpacked(&whole[..end], &Limits::default());
    }
}

proptest! {
    #[test]
    fn no_flipped_byte_panics(at in 0..2_000usize, with: u8, more in 0..2_000usize, and: u8) {
        let mut bytes = sample();
        let length = bytes.len();
        bytes[at % length] = with;
        bytes[more % length] = and;
        let _ = unpacked(&bytes, &Limits::default());
    }
}
