//! Where a blob lies, on disk.

use crate::store::tables::blobs::{BlobPlace, BlobRecord};

same_struct!(
    BlobRecordV1 = BlobRecord {
        size: u64,
        place: BlobPlaceRecord,
        #[serde(default)]
        uses: u64,
    }
);

same_enum!(BlobPlaceRecord = BlobPlace {
    Store { number: u64 },
    File {},
    S3 { bucket: String, key: String },
});
