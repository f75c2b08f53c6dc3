//! Authorization codes: given out once, good once, for a minute.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use kari_domain::ids::UserId;
use kari_domain::time::Instant;
use ring::rand::{SecureRandom, SystemRandom};

const LIFETIME: TimeDelta = TimeDelta::minutes(1);
/// How many codes may be waiting at a time; the oldest makes room.
const MOST_WAITING: usize = 1_000;

/// What a code was given out for. It can be exchanged only with the very same values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Authorization {
    pub(super) user: UserId,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    /// The S256 challenge: base64url of the SHA-256 of the verifier.
    pub(super) code_challenge: String,
    pub(super) nonce: Option<String>,
    pub(super) scope: String,
}

/// The codes that wait to be exchanged.
#[derive(Debug, Default)]
pub(super) struct Codes {
    waiting: Mutex<BTreeMap<String, (Instant, Authorization)>>,
}

impl Codes {
    /// Gives out a code; `None` if there is no randomness.
    pub(super) fn give_out(&self, authorization: Authorization, now: Instant) -> Option<String> {
        let code = random_text()?;
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, (expires_at, _)| *expires_at > now);
        if waiting.len() >= MOST_WAITING {
            let oldest = waiting.iter().min_by_key(|(_, (at, _))| *at).map(|(code, _)| code.clone());
            oldest.and_then(|code| waiting.remove(&code));
        }
        waiting.insert(code.clone(), (now + LIFETIME, authorization));
        Some(code)
    }

    /// Takes a code back, whatever comes of it afterwards.
    pub(super) fn redeem(&self, code: &str, now: Instant) -> Option<Authorization> {
        // NB. Removed before anything is checked: a code is good for one attempt, right or wrong.
        let taken = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(code);
        taken.filter(|(expires_at, _)| now < *expires_at).map(|(_, authorization)| authorization)
    }
}

/// 256 random bits as text; `None` if the operating system gives none.
#[expect(clippy::disallowed_methods, reason = "keys and codes need randomness that nobody can guess")]
pub(super) fn random_text() -> Option<String> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authorization() -> Authorization {
        Authorization {
            user: "u-1".parse().unwrap(),
            client_id: "kari".to_owned(),
            redirect_uri: "http://127.0.0.1/callback".to_owned(),
            code_challenge: "c".to_owned(),
            nonce: None,
            scope: "openid".to_owned(),
        }
    }

    #[test]
    fn a_code_is_good_once() {
        let codes = Codes::default();
        let code = codes.give_out(authorization(), Instant::UNIX_EPOCH).unwrap();
        assert_eq!(codes.redeem(&code, Instant::UNIX_EPOCH), Some(authorization()));
        assert_eq!(codes.redeem(&code, Instant::UNIX_EPOCH), None);
    }

    #[test]
    fn a_code_is_good_for_a_minute() {
        let codes = Codes::default();
        let code = codes.give_out(authorization(), Instant::UNIX_EPOCH).unwrap();
        assert_eq!(codes.redeem(&code, Instant::UNIX_EPOCH + LIFETIME), None);
    }

    #[test]
    fn waiting_codes_are_bounded_and_the_oldest_makes_room() {
        let codes = Codes::default();
        let given: Vec<_> = (0..=MOST_WAITING)
            .map(|i| {
                let at = Instant::UNIX_EPOCH + TimeDelta::milliseconds(i.try_into().unwrap());
                codes.give_out(authorization(), at).unwrap()
            })
            .collect();
        let now = Instant::UNIX_EPOCH + TimeDelta::seconds(2);
        assert_eq!(codes.redeem(&given[0], now), None);
        assert!(codes.redeem(&given[1], now).is_some());
    }
}
