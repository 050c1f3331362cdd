//! Contacts and customers on disk.

use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::directory::{Block, Blocked, Contact, Customer, DomainPattern};
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
    domains: Vec<DomainPattern>,
    created: Timestamp,
});

same_struct!(BlockRecord = Block {
    who: Blocked,
    reason: String,
    since: Timestamp,
    expires: Option<Timestamp>,
});
