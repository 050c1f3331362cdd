//! People and organisations: contacts by address, customers by domain.
