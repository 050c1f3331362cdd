//! Contacts and customers on disk.

use jiff::Timestamp;
use maildesk_core::address::{Address, Domain};
use maildesk_core::directory::{Contact, Customer};
use maildesk_core::ids::{ContactId, CustomerId};

same_struct!(ContactRecord = Contact {
    id: ContactId,
    name: Option<String>,
    addresses: Vec<Address>,
    customer: Option<CustomerId>,
    created: Timestamp,
});

same_struct!(CustomerRecord = Customer {
    id: CustomerId,
    name: String,
    domains: Vec<Domain>,
    created: Timestamp,
});
