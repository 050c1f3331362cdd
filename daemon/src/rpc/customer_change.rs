//! What people change about customers: their name and their domains.

use super::fault::{Fault, found};
use super::once::once;
use super::parts::RpcParts;
use super::views::customer_row;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::{audit, customers, events};
use maildesk_core::directory::{Customer, DomainPattern, is_free_mail};
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::CustomerId;
use maildesk_core::rpc::{CustomerAction, CustomerRow, RequestKey, RpcError};
use maildesk_core::settings::FieldProblem;
use maildesk_core::text::clean_line;

pub(super) async fn act(
    parts: &RpcParts,
    user: String,
    id: CustomerId,
    action: CustomerAction,
    key: RequestKey,
) -> Result<CustomerRow, Fault> {
    let now = parts.clock.now();
    let work = move |tx: &mut Transaction<'_>| -> Result<CustomerRow, Fault> {
        let customer = found(customers::get(tx, id)?, "customer", id)?;
        let (customer, what) = changed(tx, customer, action)?;
        customers::put(tx, &customer)?;
        audit::append(tx, now, &user, &what)?;
        events::append(tx, now, DomainEvent::CustomerChanged { customer: id, what, by: user })?;
        Ok(customer_row(customer))
    };
    let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    Ok(answer)
}

/// The customer as it is to be, with what happens in words.
fn changed(tx: &Transaction<'_>, mut customer: Customer, action: CustomerAction) -> Result<(Customer, String), Fault> {
    let id = customer.id;
    let what = match action {
        CustomerAction::Rename { name } => {
            let name = clean_line(&name);
            if name.is_empty() {
                return Err(refused("name", "is empty".into(), "give the organisation's name"));
            }
            customer.name = name;
            format!("named customer {id} {}", customer.name)
        }
        CustomerAction::AddDomain { domain } => {
            let domain = own_domain(tx, &domain, Some(id))?;
            let domain = domain.map_err(|(problem, remedy)| refused("domain", problem, remedy))?;
            if customer.domains.contains(&domain) {
                let problem = format!("{domain} is the customer's already");
                return Err(refused("domain", problem, "nothing is to be done"));
            }
            let what = format!("gave customer {id} the domain {domain}");
            customer.domains.push(domain);
            what
        }
        CustomerAction::RemoveDomain { domain } => {
            let known = DomainPattern::parse(&domain).ok().filter(|domain| customer.domains.contains(domain));
            let Some(gone) = known else {
                let theirs: Vec<String> = customer.domains.iter().map(ToString::to_string).collect();
                let remedy = format!("it has {}", theirs.join(", "));
                return Err(refused("domain", format!("{} is not the customer's", clean_line(&domain)), &remedy));
            };
            customer.domains.retain(|own| *own != gone);
            format!("took the domain {gone} from customer {id}")
        }
    };
    Ok((customer, what))
}

/// A domain that this customer can have, or has; else what is wrong with it, and what to do.
pub(super) fn own_domain(
    read: &impl Read,
    text: &str,
    of: Option<CustomerId>,
) -> Result<Result<DomainPattern, (String, &'static str)>, StoreError> {
    let domain = match DomainPattern::parse(text) {
        Ok(domain) => domain,
        Err(error) => {
            let remedy = "write a domain such as acme.example, or *.acme.example for all below it too";
            return Ok(Err((error.to_string(), remedy)));
        }
    };
    if is_free_mail(&domain.domain) {
        let problem = format!("{domain} is a free-mail domain: anybody can have an address there");
        return Ok(Err((problem, "leave it out; name such contacts one by one")));
    }
    Ok(match customers::by_pattern(read, &domain)? {
        Some(owner) if Some(owner.id) != of => {
            Err((format!("{domain} belongs to {}", owner.name), "a domain has one owner"))
        }
        _ => Ok(domain),
    })
}

fn refused(field: &str, problem: String, remedy: &str) -> Fault {
    let problem = FieldProblem { field: field.into(), problem, remedy: remedy.into() };
    RpcError::Invalid(vec![problem]).into()
}
