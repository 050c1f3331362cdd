//! The calls about people: contacts, customers, who is blocked, suppressed or invited, keys, and who changed what.

use super::calls::Answer;
use super::{Client, fresh_key};
use maildesk_core::directory::Block;
use maildesk_core::ids::{ContactId, CustomerId, InvitationId};
use maildesk_core::invitation::{Invitation, InvitationAction};
use maildesk_core::rpc::{
    AuditLine, BlockRows, ContactAction, ContactImport, ContactKey, ContactRow, CustomerAction, CustomerImport,
    CustomerRow, Imported, Rows, Suppression, SuppressionRows, TokenKeyRow, Window,
};

impl Client {
    pub async fn suppressions(&self, after: Option<String>, limit: u32) -> Answer<SuppressionRows> {
        self.read(self.desk.suppressions(self.context(), after, limit).await)
    }

    pub async fn suppression_add(&self, address: String, reason: String, days: Option<u32>) -> Answer<Suppression> {
        self.written(self.desk.suppression_add(self.context(), address, reason, days, fresh_key()?).await)
    }

    pub async fn suppression_remove(&self, address: String) -> Answer<()> {
        self.written(self.desk.suppression_remove(self.context(), address, fresh_key()?).await)
    }

    pub async fn blocks(&self, after: Option<String>, limit: u32) -> Answer<BlockRows> {
        self.read(self.desk.blocks(self.context(), after, limit).await)
    }

    pub async fn block_add(&self, who: String, reason: String, days: Option<u32>) -> Answer<Block> {
        self.written(self.desk.block_add(self.context(), who, reason, days, fresh_key()?).await)
    }

    pub async fn block_remove(&self, who: String) -> Answer<()> {
        self.written(self.desk.block_remove(self.context(), who, fresh_key()?).await)
    }

    /// Invitations, the newest first.
    pub async fn invitations(&self, window: Window) -> Answer<Rows<Invitation>> {
        self.read(self.desk.invitations(self.context(), window).await)
    }

    pub async fn invitation(&self, id: InvitationId) -> Answer<Invitation> {
        self.read(self.desk.invitation(self.context(), id).await)
    }

    pub async fn invitation_act(&self, action: InvitationAction) -> Answer<Invitation> {
        self.written(self.desk.invitation_act(self.context(), action, fresh_key()?).await)
    }

    /// Who changed what, the newest first.
    pub async fn audit(&self, window: Window) -> Answer<Rows<AuditLine>> {
        self.read(self.desk.audit(self.context(), window).await)
    }

    /// Keys of reply tokens, the one that signs first.
    pub async fn token_keys(&self) -> Answer<Vec<TokenKeyRow>> {
        self.read(self.desk.token_keys(self.context()).await)
    }

    pub async fn token_rotate(&self) -> Answer<Vec<TokenKeyRow>> {
        self.written(self.desk.token_rotate(self.context(), fresh_key()?).await)
    }

    pub async fn contacts(&self, window: Window) -> Answer<Rows<ContactRow>> {
        self.read(self.desk.contacts(self.context(), window).await)
    }

    pub async fn contact(&self, id: ContactId) -> Answer<ContactRow> {
        self.read(self.desk.contact(self.context(), id).await)
    }

    pub async fn contacts_import(&self, rows: Vec<ContactImport>, dry_run: bool) -> Answer<Imported> {
        self.written(self.desk.contacts_import(self.context(), rows, dry_run, fresh_key()?).await)
    }

    pub async fn contact_act(&self, who: ContactKey, action: ContactAction) -> Answer<ContactRow> {
        self.written(self.desk.contact_act(self.context(), who, action, fresh_key()?).await)
    }

    pub async fn customers(&self, window: Window) -> Answer<Rows<CustomerRow>> {
        self.read(self.desk.customers(self.context(), window).await)
    }

    pub async fn customer(&self, id: CustomerId) -> Answer<CustomerRow> {
        self.read(self.desk.customer(self.context(), id).await)
    }

    pub async fn customer_act(&self, id: CustomerId, action: CustomerAction) -> Answer<CustomerRow> {
        self.written(self.desk.customer_act(self.context(), id, action, fresh_key()?).await)
    }

    pub async fn customers_import(&self, rows: Vec<CustomerImport>, dry_run: bool) -> Answer<Imported> {
        self.written(self.desk.customers_import(self.context(), rows, dry_run, fresh_key()?).await)
    }
}
