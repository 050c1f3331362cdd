//! The tarpc service, its wire types and its protocol number.
