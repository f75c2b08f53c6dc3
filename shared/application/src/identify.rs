//! Who signed in: a subject of an issuer becomes exactly one user of the identity store, once and for all.

use futures::TryFutureExt;
use futures::future::try_join;
use kari_domain::directory::User;
use kari_domain::ids::UserId;

use crate::load::corrupt;
use crate::ports::Conflict;
use crate::transaction::{Committed, take};
use crate::{Error, Kari};

/// Somebody whose sign-in was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub issuer: String,
    /// Who it is at the issuer, who gives it to nobody else ever.
    pub subject: String,
    /// An identity-store user id, or else a user name, as the identity provider asserted it. NB. Never
    /// anything that people can write themselves.
    pub name: String,
}

/// The identity-store user who signed in. The first time decides for ever, and every time the name has to lead
/// to the same user: nobody is silently linked to somebody else, neither a subject to whoever has the name by
/// now, nor whoever has the name by now to the subject's user.
///
/// # Errors
/// [`Error::UnknownCaller`] unless the name leads to exactly one user, who is enabled the first time and the
/// same ever after.
pub async fn identify(kari: &Kari, signed_in: &SignedIn) -> Result<UserId, Error> {
    let key = claim(signed_in);
    let linked = kari.store.holder(&key, kari.clock.now()).map_err(Error::from);
    let (linked, found) = try_join(linked, find(kari, &signed_in.name)).await?;
    let linked = linked.map(UserId::parse).transpose().map_err(corrupt)?;
    match (linked, found) {
        (Some(linked), Some(user)) if user.id == linked => Ok(linked),
        // NB. Who is disabled is known all the same, and refused later, on the record.
        (None, Some(user)) if user.enabled => link(kari, key, user.id).await,
        (linked, found) => {
            let found = found.map(|user| user.id.to_string());
            let linked = linked.map(|id| id.to_string());
            tracing::warn!(
                claim = key,
                linked,
                found,
                "who signed in is nobody, somebody disabled or somebody else"
            );
            Err(Error::UnknownCaller)
        }
    }
}

fn claim(signed_in: &SignedIn) -> String {
    let SignedIn { issuer, subject, .. } = signed_in;
    format!("signed-in/{issuer}/{subject}")
}

/// NB. A name that is one person's id and another one's user name means neither.
async fn find(kari: &Kari, name: &str) -> Result<Option<User>, Error> {
    let by_id = async {
        match UserId::parse(name) {
            Ok(id) => kari.directory.user(&id).await,
            Err(_) => Ok(None),
        }
    };
    let by_name = async {
        match kari.directory.user_named(name).await? {
            Some(id) => kari.directory.user(&id).await,
            None => Ok(None),
        }
    };
    Ok(match try_join(by_id, by_name).await? {
        (Some(user), None) | (None, Some(user)) => Some(user),
        (Some(one), Some(other)) => Some(one).filter(|one| one.id == other.id),
        (None, None) => None,
    })
}

async fn link(kari: &Kari, key: String, user: UserId) -> Result<UserId, Error> {
    match take(kari, key.clone(), user.as_str(), None).await? {
        Committed::Yes => {
            tracing::info!(user.id = %user, claim = key, "somebody signed in for the first time");
            Ok(user)
        }
        // Another sign-in of the same subject was faster.
        Committed::Conflict(Conflict::Claim { held_by, .. }) if held_by == user.as_str() => Ok(user),
        Committed::Conflict(Conflict::Claim { .. }) => Err(Error::UnknownCaller),
        Committed::Conflict(Conflict::Version { .. }) => Err(Error::Busy),
    }
}
