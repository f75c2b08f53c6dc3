//! Whether Slack itself sent something: its signature over the raw body, as it came.

use chrono::{DateTime, TimeDelta};
use kari_domain::time::Instant;
use ring::hmac;

/// The header with the signature.
pub const SIGNATURE: &str = "x-slack-signature";
/// The header with the moment of the signature, in seconds since 1970.
pub const TIMESTAMP: &str = "x-slack-request-timestamp";
/// A signature is good for this long, and a clock may be this far off.
pub const GOOD_FOR: TimeDelta = TimeDelta::minutes(5);

const VERSION: &str = "v0";

/// By which Slack signs what it sends to this app.
#[derive(Clone)]
pub struct SigningKey(hmac::Key);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}

/// What tells one message of Slack from every other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The signature, in hexadecimal digits.
    pub id: String,
    /// From this instant on nobody takes it any more.
    pub until: Instant,
}

/// Why something is not taken for Slack's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSlack {
    #[error("it is not signed")]
    Unsigned,
    #[error("its signature is not of this body, this moment and this app")]
    WrongSignature,
    #[error("it was signed more than five minutes ago, or ahead")]
    Stale,
}

impl SigningKey {
    /// The key of the signing secret in the app's settings; `None` where it is empty, which everybody knows.
    pub fn new(secret: &str) -> Option<Self> {
        (!secret.is_empty()).then(|| Self(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())))
    }

    /// Checks the two headers of a message against its raw body.
    ///
    /// # Errors
    /// [`NotSlack`]; whoever sent it is not told which.
    pub fn verify(
        &self,
        signature: Option<&str>,
        timestamp: Option<&str>,
        body: &[u8],
        now: Instant,
    ) -> Result<Signed, NotSlack> {
        let (Some(signature), Some(timestamp)) = (signature, timestamp) else {
            return Err(NotSlack::Unsigned);
        };
        let (version, digits) = signature.split_once('=').ok_or(NotSlack::WrongSignature)?;
        let tag = hex::decode(digits).map_err(|_| NotSlack::WrongSignature)?;
        // NB. Takes as long whatever the difference is. The timestamp is under the signature as it was sent.
        let right = hmac::verify(&self.0, &base(timestamp, body), &tag).is_ok();
        if version != VERSION || !right {
            return Err(NotSlack::WrongSignature);
        }
        let at = moment(timestamp).ok_or(NotSlack::Stale)?;
        if (now - at).abs() > GOOD_FOR {
            return Err(NotSlack::Stale);
        }
        Ok(Signed { id: hex::encode(tag), until: at + GOOD_FOR })
    }

    /// The signature that Slack would give, for tests that play Slack.
    pub fn sign(&self, at: Instant, body: &[u8]) -> String {
        let tag = hmac::sign(&self.0, &base(&at.timestamp().to_string(), body));
        format!("{VERSION}={}", hex::encode(tag))
    }
}

fn base(timestamp: &str, body: &[u8]) -> Vec<u8> {
    [VERSION.as_bytes(), b":", timestamp.as_bytes(), b":", body].concat()
}

fn moment(timestamp: &str) -> Option<Instant> {
    DateTime::from_timestamp(timestamp.parse().ok()?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example of Slack's documentation.
    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const AT: &str = "1531420618";
    const BODY: &[u8] = b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow\
        &channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner\
        &command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J\
        %2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN\
        &trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

    fn key() -> SigningKey {
        SigningKey::new(SECRET).unwrap()
    }

    fn at(seconds: i64) -> Instant {
        moment(AT).unwrap() + TimeDelta::seconds(seconds)
    }

    fn verify(signature: &str, timestamp: &str, body: &[u8], now: Instant) -> Result<Signed, NotSlack> {
        key().verify(Some(signature), Some(timestamp), body, now)
    }

    #[test]
    fn the_example_of_slacks_documentation_is_taken_and_made() {
        let signed = verify(SIGNATURE, AT, BODY, at(0)).unwrap();
        assert_eq!(format!("v0={}", signed.id), SIGNATURE);
        assert_eq!(signed.until, at(300));
        assert_eq!(key().sign(at(0), BODY), SIGNATURE);
    }

    #[test]
    fn a_signature_is_good_for_five_minutes_in_either_direction_and_not_a_second_longer() {
        for seconds in [-300, 0, 300] {
            assert!(verify(SIGNATURE, AT, BODY, at(seconds)).is_ok());
        }
        for seconds in [-301, 301] {
            assert_eq!(verify(SIGNATURE, AT, BODY, at(seconds)), Err(NotSlack::Stale));
        }
    }

    #[test]
    fn any_other_body_moment_secret_or_signature_is_not_slacks() {
        let mut body = BODY.to_vec();
        body.push(b'&');
        assert_eq!(verify(SIGNATURE, AT, &body, at(0)), Err(NotSlack::WrongSignature));
        assert_eq!(verify(SIGNATURE, "1531420619", BODY, at(0)), Err(NotSlack::WrongSignature));
        let other = SigningKey::new("8f742231b10e8888abcd99yyyzzz85a6").unwrap();
        assert_eq!(other.verify(Some(SIGNATURE), Some(AT), BODY, at(0)), Err(NotSlack::WrongSignature));
        for bad in ["", "v0=", "v0", "v0=a2", "v0=zz", &SIGNATURE.replace("v0", "v1"), &SIGNATURE[..66]] {
            assert_eq!(verify(bad, AT, BODY, at(0)), Err(NotSlack::WrongSignature), "{bad}");
        }
    }

    #[test]
    fn what_carries_no_signature_or_no_moment_is_not_slacks() {
        assert_eq!(key().verify(None, Some(AT), BODY, at(0)), Err(NotSlack::Unsigned));
        assert_eq!(key().verify(Some(SIGNATURE), None, BODY, at(0)), Err(NotSlack::Unsigned));
    }

    #[test]
    fn a_moment_that_is_none_is_stale_even_if_it_is_signed() {
        for moment in ["soon", "", "99999999999999999999", "1531420618.5"] {
            let tag = hmac::sign(&key().0, &base(moment, BODY));
            let signature = format!("v0={}", hex::encode(tag));
            assert_eq!(verify(&signature, moment, BODY, at(0)), Err(NotSlack::Stale), "{moment}");
        }
    }

    #[test]
    fn bodies_are_bytes_and_need_not_be_text() {
        let body = [0xff, 0x00, 0xfe];
        let signature = key().sign(at(0), &body);
        assert!(verify(&signature, AT, &body, at(0)).is_ok());
    }

    #[test]
    fn a_secret_that_is_empty_signs_nothing() {
        assert!(SigningKey::new("").is_none());
    }
}
