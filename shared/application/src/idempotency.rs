//! Idempotency keys: whoever sends the same body under the same key again, within seven days, gets the
//! requests that the first sending made, however far it came. What was refused, then, is tried again: it may be
//! possible by now, and whoever does not want it any more does not send it again.
//!
//! What is known of a key is the value of a claim: the body's hash, and the seed that the ids of the
//! requests follow from. The claim is taken in the append of each request, so that a key is in use
//! exactly if something was made under it, and of two that send at once one finds the seed of the other.
//! A key that is free again begins with a new seed, and so with new requests.

use chrono::TimeDelta;
use kari_domain::ids::UserId;
use kari_domain::request::Refusal;
use kari_domain::time::Instant;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::ports::{ClaimChange, Unavailable};
use crate::{Error, Kari};

/// How long a key is kept.
const KEPT: TimeDelta = TimeDelta::days(7);

/// The use of a key by one body. Keys are each person's own.
#[derive(Debug)]
pub(crate) struct KeyUse<'a> {
    user: &'a UserId,
    key: &'a str,
    value: String,
}

impl<'a> KeyUse<'a> {
    /// The use that is recorded, or a new one.
    ///
    /// # Errors
    /// [`Refusal::IdempotencyKeyReused`] where another body uses it.
    pub(crate) async fn of(
        kari: &Kari,
        user: &'a UserId,
        key: &'a str,
        body_hash: &str,
    ) -> Result<Self, Error> {
        let value = match holder(kari, user, key).await? {
            None => format!("{body_hash} {}", kari.ids.fresh()),
            Some(held) if parts(&held).0 == body_hash => held,
            Some(_) => return Err(Refusal::IdempotencyKeyReused.into()),
        };
        Ok(Self { user, key, value })
    }

    /// Whether somebody was faster under this key, so that ours is not the seed that counts.
    pub(crate) async fn is_overtaken(&self, kari: &Kari) -> Result<bool, Error> {
        let held = holder(kari, self.user, self.key).await?;
        Ok(held.is_some_and(|held| held != self.value))
    }

    /// What an append that makes something under this key claims.
    pub(crate) fn claim(&self, now: Instant) -> ClaimChange {
        ClaimChange::Take {
            key: claim(self.user, self.key),
            value: self.value.clone(),
            until: Some(now + KEPT),
        }
    }

    /// The id of a part of what is made under this key.
    pub(crate) fn id(&self, part: &str) -> Uuid {
        let (user, key, seed) = (self.user, self.key, parts(&self.value).1);
        let digest = Sha256::digest(format!("{user}\n{key}\n{seed}\n{part}"));
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest).for_each(|(byte, digit)| *byte = digit);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }
}

async fn holder(kari: &Kari, user: &UserId, key: &str) -> Result<Option<String>, Unavailable> {
    kari.store.holder(&claim(user, key), kari.clock.now()).await
}

fn claim(user: &UserId, key: &str) -> String {
    format!("submission/{user}/{key}")
}

/// The body's hash and the seed. Claims of earlier versions have no seed of their own: it was the hash.
fn parts(value: &str) -> (&str, &str) {
    value.split_once(' ').unwrap_or((value, value))
}
