//! From raw bytes to an `InboundMail`: never an error, issues are listed.
