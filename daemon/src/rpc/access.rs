//! Who is calling, and what they may do: credentials of the socket's other end, and Unix groups.

use maildesk_core::rpc::{Access, RpcError};
use nix::unistd::{Gid, Group, Uid, User, getgrouplist};
use std::ffi::CString;
use tokio::net::unix::UCred;

/// The groups that open the door; root and the daemon's own user always may.
#[derive(Debug, Clone)]
pub struct Groups {
    pub write: String,
    pub read: String,
}

/// A caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caller {
    /// User name, or the number where there is none.
    pub(super) user: String,
    pub(super) access: Option<Access>,
}

impl Caller {
    pub(super) fn of(credentials: &UCred, groups: &Groups) -> Self {
        let uid = Uid::from_raw(credentials.uid());
        let user = User::from_uid(uid).ok().flatten();
        let name = user.as_ref().map_or_else(|| uid.to_string(), |user| user.name.clone());
        if uid.is_root() || uid == Uid::effective() {
            return Self { user: name, access: Some(Access::Write) };
        }
        let mut member_of = vec![Gid::from_raw(credentials.gid())];
        if let Some(user) = &user
            && let Ok(name) = CString::new(user.name.as_str())
        {
            member_of.extend(getgrouplist(&name, user.gid).unwrap_or_default());
        }
        let is_in = |group: &str| {
            let gid = Group::from_name(group).ok().flatten().map(|group| group.gid);
            gid.is_some_and(|gid| member_of.contains(&gid))
        };
        let access = if is_in(&groups.write) {
            Some(Access::Write)
        } else if is_in(&groups.read) {
            Some(Access::Read)
        } else {
            None
        };
        Self { user: name, access }
    }

    pub(super) fn may_read(&self, groups: &Groups) -> Result<(), RpcError> {
        match self.access {
            Some(_) => Ok(()),
            None => Err(RpcError::Forbidden { group: groups.read.clone() }),
        }
    }

    pub(super) fn may_write(&self, groups: &Groups) -> Result<(), RpcError> {
        match self.access {
            Some(Access::Write) => Ok(()),
            _ => Err(RpcError::Forbidden { group: groups.write.clone() }),
        }
    }
}
