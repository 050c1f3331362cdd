//! Raw mails and attachments by SHA-256: in the store, as files, or in S3.
