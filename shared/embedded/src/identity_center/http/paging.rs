//! Pages: which part of a list is asked for, and the token for the next one.
//!
//! A token names the last entry given, so that nothing which stays is missed while other entries come
//! and go. It is good for the same operation with the same members only.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::exchange::Exchange;
use super::failure::{Failure, Reason};
use crate::identity_center::Service;

const SIZE: &str = "MaxResults";
const TOKEN: &str = "NextToken";

/// How much of a digest tells a token of ours from others.
const SEAL: usize = 8;

/// Which page is asked for.
#[derive(Debug)]
pub(super) struct Paging {
    /// The call that the token is good for.
    scope: String,
    /// The key of the last entry of the page before.
    after: Option<String>,
    size: usize,
    begins_empty: bool,
}

#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next_token: Option<String>,
}

/// The most entries a page may be asked for; so many it has if nothing is said.
fn limit(service: Service) -> usize {
    match service {
        Service::SsoAdmin | Service::IdentityStore => 100,
        Service::Organizations => 20,
    }
}

fn seal(scope: &str, key: &str) -> impl Iterator<Item = u8> {
    Sha256::digest(format!("{scope}\n{key}")).into_iter().take(SEAL)
}

fn token(scope: &str, key: &str) -> String {
    URL_SAFE_NO_PAD.encode(seal(scope, key).chain(key.bytes()).collect::<Vec<u8>>())
}

/// The key in a token of this scope.
fn key(scope: &str, token: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (sealed, key) = bytes.split_at_checked(SEAL)?;
    let key = String::from_utf8(key.to_vec()).ok()?;
    sealed.iter().copied().eq(seal(scope, &key)).then_some(key)
}

impl Paging {
    /// The page that the call asks for.
    pub(super) fn of(exchange: &Exchange<'_>) -> Result<Self, Failure> {
        let (members, options) = (&exchange.members, exchange.front.options);
        let service = exchange.action.service();
        let name: &str = exchange.action.into();
        let scope = format!("{name}\n{}", members.without(&[SIZE, TOKEN]));
        // The SDKs send the token of an earlier answer or none; an empty one counts as none.
        let after = match members.text(TOKEN)?.filter(|token| !token.is_empty()) {
            Some(token) => Some(key(&scope, token).ok_or_else(bad_token)?),
            None => None,
        };
        let size = members.count(SIZE, limit(service))?.unwrap_or(limit(service));
        Ok(Self {
            scope,
            after,
            size: options.most_per_page.map_or(size, |most| size.min(most.get())),
            begins_empty: options.empty_first_pages && service == Service::Organizations,
        })
    }

    /// Cuts the page out of the whole list. No two entries have the same key, and none has an empty one.
    pub(super) fn cut<T>(self, items: Vec<T>, key: impl Fn(&T) -> String) -> Page<T> {
        let mut keyed: Vec<(String, T)> = items.into_iter().map(|item| (key(&item), item)).collect();
        keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
        if self.begins_empty && self.after.is_none() && !keyed.is_empty() {
            return Page { items: Vec::new(), next_token: Some(token(&self.scope, "")) };
        }
        let after = self.after.unwrap_or_default();
        let mut rest = keyed.into_iter().skip_while(|(key, _)| *key <= after).peekable();
        let page: Vec<(String, T)> = rest.by_ref().take(self.size).collect();
        let last = page.last().filter(|_| rest.peek().is_some());
        let next_token = last.map(|(key, _)| token(&self.scope, key));
        Page { items: page.into_iter().map(|(_, item)| item).collect(), next_token }
    }
}

fn bad_token() -> Failure {
    let message = "the value of NextToken is not one that was given for this call".to_owned();
    Failure::Invalid { reason: Reason::InvalidNextToken, message }
}
