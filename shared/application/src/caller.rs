//! Who is calling, and by what right. Roles come from the identity store's groups, never from a
//! token's claims.

use std::collections::BTreeSet;

use kari_domain::audit::Actor;
use kari_domain::directory::{Snapshot, Subject, User};
use kari_domain::ids::{RequestId, UserId};
use kari_domain::policy::{AppliedRequirement, can_review};
use kari_domain::request::{Asked, RevokeRight};

use crate::one_time::OneTime;
use crate::ports::Unavailable;
use crate::read_model_age::{OLDEST_FOR_ANYTHING, age, tells_rights};
use crate::{Error, Kari, RoleGroups, load_request};

/// A person whose identity is certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub user: User,
    pub subject: Subject,
    pub administrator: bool,
    pub auditor: bool,
    /// What they came with, where it is good for one command only.
    pub one_time: Option<OneTime>,
}

impl Caller {
    /// The caller by something that is good for one command only: whoever comes with it again is refused.
    #[must_use]
    pub fn by(self, one_time: OneTime) -> Self {
        Self { one_time: Some(one_time), ..self }
    }

    /// The caller as the actor of what follows.
    pub fn actor(&self) -> Actor {
        Actor::User { id: self.user.id.clone(), label: self.user.display_name.clone() }
    }

    /// May read everything.
    pub fn sees_all(&self) -> bool {
        self.administrator || self.auditor
    }

    /// Whether they may review a request of whose reviewers its target asks this now.
    pub(crate) fn reviews(&self, asked: &Asked, target_requirements: &[AppliedRequirement]) -> bool {
        let requirements = asked.requirements_in_force(target_requirements);
        can_review(requirements, &self.subject, &asked.submission.requester)
    }

    /// By what right, besides being the requester, they may end a request's access, where its target asks this of
    /// reviewers now; `None` if nobody knows.
    pub(crate) fn revoke_right(
        &self,
        asked: &Asked,
        target_requirements: Option<&[AppliedRequirement]>,
    ) -> RevokeRight {
        if self.administrator {
            RevokeRight::Administrator
        } else if target_requirements.is_some_and(|now| self.reviews(asked, now)) {
            RevokeRight::Reviewer
        } else {
            RevokeRight::None
        }
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

/// The caller for reading: as of the read model, and live once that is too old to give rights. While the
/// identity store cannot be asked either, they see for a day what is their own, and nothing by a role.
///
/// # Errors
/// [`Error::UnknownCaller`] unless they are known as an enabled user; [`Error::Unavailable`] if nobody can
/// tell any more.
pub async fn reading_caller(kari: &Kari, snapshot: &Snapshot, id: &UserId) -> Result<Caller, Error> {
    let now = kari.clock.now();
    if tells_rights(snapshot, now) {
        return synced_caller(kari, snapshot, id);
    }
    match live_caller(kari, id).await {
        Err(Error::Unavailable(error)) if age(snapshot, now) <= OLDEST_FOR_ANYTHING => {
            without_rights(snapshot, id, error)
        }
        known => known,
    }
}

/// The caller for ending or taking back a request: live, and while the identity store cannot be asked, the
/// request's own requester as of the read model, however old that is. NB. It only ever takes away: their
/// own access, by their own id.
///
/// # Errors
/// As [`live_caller`]; [`Error::Unavailable`] if the request is not theirs.
pub async fn ending_caller(kari: &Kari, id: &UserId, request: Option<RequestId>) -> Result<Caller, Error> {
    match (live_caller(kari, id).await, request) {
        (Err(Error::Unavailable(error)), Some(request)) if is_requester(kari, id, request).await? => {
            without_rights(&*kari.read_model.load().await?, id, error)
        }
        (known, _) => known,
    }
}

/// Somebody who may do nothing any more, as the read model knows them: to record what they tried.
///
/// # Errors
/// [`Error::Unavailable`] if the read model cannot be read.
pub async fn former_caller(kari: &Kari, id: &UserId) -> Result<Option<Caller>, Error> {
    let snapshot = kari.read_model.load().await?;
    Ok(snapshot.users.get(id).cloned().map(|user| {
        let subject = Subject { id: user.id.clone(), enabled: false, groups: BTreeSet::new() };
        Caller { user, subject, administrator: false, auditor: false, one_time: None }
    }))
}

async fn is_requester(kari: &Kari, id: &UserId, request: RequestId) -> Result<bool, Error> {
    let request = load_request(kari, request).await?.state;
    Ok(request.asked().is_some_and(|asked| asked.submission.requester == *id))
}

/// The caller as of the read model, however old that is.
pub(crate) fn synced_caller(kari: &Kari, snapshot: &Snapshot, id: &UserId) -> Result<Caller, Error> {
    let user = snapshot.users.get(id).cloned().ok_or(Error::UnknownCaller)?;
    let subject = snapshot.subject(id).ok_or(Error::UnknownCaller)?;
    with_roles(user, subject, &kari.roles)
}

/// Who somebody was, with no right but their own: nobody knows whether they are still enabled, or in any
/// group.
fn without_rights(snapshot: &Snapshot, id: &UserId, why: Unavailable) -> Result<Caller, Error> {
    // NB. Nor is it known that somebody does not exist.
    let Some(user) = snapshot.users.get(id).cloned() else { return Err(why.into()) };
    let subject = Subject { id: user.id.clone(), enabled: false, groups: BTreeSet::new() };
    if !user.enabled {
        return Err(Error::UnknownCaller);
    }
    tracing::warn!(actor.id = %id, error = %why, "the identity store cannot be asked; they have no role now");
    Ok(Caller { user, subject, administrator: false, auditor: false, one_time: None })
}

fn with_roles(user: User, subject: Subject, roles: &RoleGroups) -> Result<Caller, Error> {
    // NB. A disabled user's token may be valid for a while yet.
    if !user.enabled {
        return Err(Error::UnknownCaller);
    }
    let administrator = !subject.groups.is_disjoint(&roles.administrators);
    let auditor = !subject.groups.is_disjoint(&roles.auditors);
    Ok(Caller { user, subject, administrator, auditor, one_time: None })
}
