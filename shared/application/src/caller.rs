//! Who is calling, and by what right. Roles come from the identity store's groups, never from a
//! token's claims.

use kari_domain::audit::Actor;
use kari_domain::directory::{Snapshot, Subject, User};
use kari_domain::ids::UserId;

use crate::{Error, Kari, RoleGroups};

/// A person whose identity is certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub user: User,
    pub subject: Subject,
    pub administrator: bool,
    pub auditor: bool,
}

impl Caller {
    /// The caller as the actor of what follows.
    pub fn actor(&self) -> Actor {
        Actor::User { id: self.user.id.clone(), label: self.user.display_name.clone() }
    }

    /// May read everything.
    pub fn sees_all(&self) -> bool {
        self.administrator || self.auditor
    }
}

/// The caller as the identity store knows them at this moment. Commands use this.
///
/// # Errors
/// [`Error::UnknownCaller`] unless there is exactly such a user and they are enabled.
pub async fn live_caller(kari: &Kari, id: &UserId) -> Result<Caller, Error> {
    let user = kari.directory.user(id).await?.ok_or(Error::UnknownCaller)?;
    let groups = kari.directory.memberships(id).await?;
    let subject = Subject { id: user.id.clone(), enabled: user.enabled, groups };
    with_roles(user, subject, &kari.roles)
}

/// The caller as of the read model. Reading uses this.
///
/// # Errors
/// [`Error::UnknownCaller`] unless the read model knows an enabled user of this id.
pub fn synced_caller(kari: &Kari, snapshot: &Snapshot, id: &UserId) -> Result<Caller, Error> {
    let user = snapshot.users.get(id).cloned().ok_or(Error::UnknownCaller)?;
    let subject = snapshot.subject(id).ok_or(Error::UnknownCaller)?;
    with_roles(user, subject, &kari.roles)
}

fn with_roles(user: User, subject: Subject, roles: &RoleGroups) -> Result<Caller, Error> {
    // NB. A disabled user's token may be valid for a while yet.
    if !user.enabled {
        return Err(Error::UnknownCaller);
    }
    let administrator = !subject.groups.is_disjoint(&roles.administrators);
    let auditor = !subject.groups.is_disjoint(&roles.auditors);
    Ok(Caller { user, subject, administrator, auditor })
}
