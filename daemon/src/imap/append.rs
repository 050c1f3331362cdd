//! APPEND (RFC 3501 §6.3.11): a mail of ours into a folder.

use super::{ImapError, ImapSession, folder_name, login::quoted};
use jiff::Timestamp;
use maildesk_core::diagnosis::{FaultKind, Step};

impl ImapSession {
    /// Puts a mail into a folder, by the name people read, marked as read and dated `taken`. It is there whole or
    /// not at all.
    ///
    /// # Errors
    /// As for every command: refusal (the session stays usable), loss of the connection, unreadable answer.
    pub async fn append_seen(&mut self, folder: &str, taken: Timestamp, mail: &[u8]) -> Result<(), ImapError> {
        let (folder, date) = (quoted(&folder_name::encode(folder)), taken.strftime("%d-%b-%Y %H:%M:%S +0000"));
        let command = format!("APPEND {folder} (\\Seen) \"{date}\" {{{}}}", mail.len());
        let tag = self.write_command(Step::Content, &command).await?;
        // A server that does not want it says so before the mail has travelled.
        if !self.read_to_continue(Step::Content, &tag).await? {
            return Err(self.error(Step::Content, FaultKind::AnswerUnreadable, None));
        }
        self.write_bytes(Step::Content, mail).await?;
        self.write_line(Step::Content, "\r\n").await?;
        self.read_to_end(Step::Content, &tag, |_| ()).await?;
        self.in_step = true;
        Ok(())
    }
}
