//! What must stay between Slack and us, and how it is replaced while Kari runs.
//!
//! Whoever operates Kari puts other secrets where they are kept, at any time, and tells nobody. That Slack refuses the
//! token, or that a signature does not match, is how a process notices: then it reads them again.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use kari_application::ports::Unavailable;
use kari_domain::time::Instant;
use serde::Deserialize;
use slack_morphism::{SlackApiToken, SlackApiTokenValue};
use tokio::time;

use crate::client::locked;
use crate::signature::{NotSlack, Signed, SigningKey};

/// NB. Anybody can send what is not signed by Slack: they are read again this seldom, however much of it comes.
const BETWEEN_READINGS: Duration = Duration::from_mins(1);
/// After a reading that failed or was cut off: what ails it may pass.
const BEFORE_ANOTHER_TRY: Duration = Duration::from_secs(5);
/// Slack waits for three seconds, and something is done with what was read.
const ONE_READING: Duration = Duration::from_secs(1);

/// How the token of a bot begins.
const BOT: &str = "xoxb-";

/// The bot's token, and by which Slack signs what it sends.
pub(crate) struct Secrets {
    pub(crate) token: SlackApiToken,
    key: SigningKey,
}

/// As they are kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    bot_token: String,
    signing_secret: String,
}

/// Why there are no secrets. NB. What is wrong with them is not said in the parser's words, which quote them.
#[derive(Debug, thiserror::Error)]
pub enum NoSecrets {
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    #[error("they could not be read in time")]
    TookTooLong,
    #[error(r#"it is not {{"bot_token": "xoxb-…", "signing_secret": "…"}}"#)]
    Malformed,
    #[error(
        "slack's bot token does not begin with xoxb-, or has a space or another character that no token has"
    )]
    NoBotToken,
    #[error("slack's signing secret is empty: everybody knows that one")]
    NoSigningSecret,
}

impl Secrets {
    /// The secrets that a text holds.
    ///
    /// # Errors
    /// [`NoSecrets`] if it holds none.
    fn parse(text: &str) -> Result<Self, NoSecrets> {
        let Kept { bot_token, signing_secret } =
            serde_json::from_str(text).map_err(|_| NoSecrets::Malformed)?;
        if !bot_token.starts_with(BOT) || !bot_token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(NoSecrets::NoBotToken);
        }
        let key = SigningKey::new(&signing_secret).ok_or(NoSecrets::NoSigningSecret)?;
        Ok(Self { token: SlackApiToken::new(SlackApiTokenValue(bot_token)), key })
    }
}

/// Reads the text of the secrets where they are kept.
type Read = dyn Fn() -> BoxFuture<'static, Result<String, Unavailable>> + Send + Sync;

/// The secrets as they were read last. Whoever calls Slack and whoever is called share them.
#[derive(Clone)]
pub struct SecretsInUse(Arc<Inner>);

struct Inner {
    read: Box<Read>,
    known: Mutex<Arc<Secrets>>,
    /// They are not read again before. It is held while they are, so that whoever wants them meanwhile waits for the
    /// same reading.
    not_before: tokio::sync::Mutex<Option<time::Instant>>,
}

impl fmt::Debug for SecretsInUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretsInUse").finish_non_exhaustive()
    }
}

impl SecretsInUse {
    /// The secrets that this reads; it is called again where others may be needed.
    ///
    /// # Errors
    /// [`NoSecrets`].
    pub async fn of<F, T>(read: F) -> Result<Self, NoSecrets>
    where
        F: Fn() -> T + Send + Sync + 'static,
        T: Future<Output = Result<String, Unavailable>> + Send + 'static,
    {
        let first = Secrets::parse(&read().await?)?;
        Ok(Self(Arc::new(Inner {
            read: Box::new(move || read().boxed()),
            known: Mutex::new(Arc::new(first)),
            not_before: tokio::sync::Mutex::default(),
        })))
    }

    pub(crate) fn current(&self) -> Arc<Secrets> {
        Arc::clone(&locked(&self.0.known))
    }

    /// Checks the two headers of a message against its raw body, as [`SigningKey::verify`] does. Where its signature
    /// does not match, another secret may have been put in place of the known one.
    ///
    /// # Errors
    /// [`NotSlack`]; whoever sent it is not told which.
    pub async fn verify(
        &self,
        signature: Option<&str>,
        timestamp: Option<&str>,
        body: &[u8],
        now: Instant,
    ) -> Result<Signed, NotSlack> {
        let known = self.current();
        let checked = known.key.verify(signature, timestamp, body, now);
        if checked != Err(NotSlack::WrongSignature) {
            return checked;
        }
        match self.other_than(&known).await {
            Some(others) => others.key.verify(signature, timestamp, body, now),
            None => checked,
        }
    }

    /// Secrets with another token than these, whose token Slack refused.
    pub(crate) async fn with_another_token(&self, refused: &Arc<Secrets>) -> Option<Arc<Secrets>> {
        self.other_than(refused).await.filter(|others| others.token != refused.token)
    }

    /// What was read after these: by somebody else meanwhile, or else now, if they were not read again just before.
    /// What cannot be read, or not be used, replaces nothing.
    async fn other_than(&self, tried: &Arc<Secrets>) -> Option<Arc<Secrets>> {
        let mut not_before = self.0.not_before.lock().await;
        let known = self.current();
        if !Arc::ptr_eq(&known, tried) {
            return Some(known);
        }
        let now = time::Instant::now();
        if not_before.is_some_and(|at| now < at) {
            return None;
        }
        // Before the reading: whoever waits for it may give up.
        *not_before = Some(now + BEFORE_ANOTHER_TRY);
        match self.read_in_time().await {
            Ok(secrets) => {
                *not_before = Some(now + BETWEEN_READINGS);
                tracing::info!("slack's secrets were read again");
                let secrets = Arc::new(secrets);
                *locked(&self.0.known) = Arc::clone(&secrets);
                Some(secrets)
            }
            Err(error) => {
                tracing::warn!(
                    error = chain(&error),
                    "slack's secrets cannot be read again; the known ones stay"
                );
                None
            }
        }
    }

    async fn read_in_time(&self) -> Result<Secrets, NoSecrets> {
        #[expect(clippy::disallowed_methods, reason = "slack waits in real time")]
        let read = time::timeout(ONE_READING, (self.0.read)()).await;
        Secrets::parse(&read.map_err(|_| NoSecrets::TookTooLong)??)
    }
}

/// An error with what led to it.
fn chain(error: &dyn Error) -> String {
    let reasons = std::iter::successors(Some(error), |error| (**error).source());
    reasons.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::{join_all, pending};
    use serde_json::json;

    use super::*;

    /// Where the secrets are kept.
    #[derive(Clone, Default)]
    struct Place {
        /// It never answers where there is none.
        text: Arc<Mutex<Option<String>>>,
        readings: Arc<AtomicUsize>,
    }

    impl Place {
        fn of(token: &str, secret: &str) -> Self {
            let place = Self::default();
            place.put(token, secret);
            place
        }

        fn put(&self, token: &str, secret: &str) {
            self.put_text(Some(&json!({ "bot_token": token, "signing_secret": secret }).to_string()));
        }

        fn put_text(&self, text: Option<&str>) {
            *self.text.lock().unwrap() = text.map(str::to_owned);
        }

        fn readings(&self) -> usize {
            self.readings.load(Ordering::Relaxed)
        }

        async fn read(self) -> Result<String, Unavailable> {
            self.readings.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            let text = self.text.lock().unwrap().clone();
            match text {
                Some(text) => Ok(text),
                None => pending().await,
            }
        }

        async fn in_use(&self) -> SecretsInUse {
            let place = self.clone();
            SecretsInUse::of(move || place.clone().read()).await.unwrap()
        }
    }

    fn now() -> Instant {
        "2026-11-22T04:00:00Z".parse().unwrap()
    }

    async fn verify(secrets: &SecretsInUse, by: &str) -> Result<Signed, NotSlack> {
        let signature = SigningKey::new(by).unwrap().sign(now(), b"body");
        let timestamp = now().timestamp().to_string();
        secrets.verify(Some(&signature), Some(&timestamp), b"body", now()).await
    }

    fn token(secrets: Option<&Arc<Secrets>>) -> Option<&str> {
        secrets.map(|secrets| secrets.token.token_value.0.as_str())
    }

    #[tokio::test(start_paused = true)]
    async fn another_token_is_looked_for_once_a_minute() {
        let place = Place::of("xoxb-1", "hush");
        let secrets = place.in_use().await;
        for _ in 0..100 {
            assert!(secrets.with_another_token(&secrets.current()).await.is_none());
        }
        assert_eq!(place.readings(), 2, "at the start and once again");
        place.put("xoxb-2", "hush");
        time::advance(Duration::from_secs(59)).await;
        assert!(secrets.with_another_token(&secrets.current()).await.is_none());
        time::advance(Duration::from_secs(1)).await;
        let refused = secrets.current();
        assert_eq!(token(secrets.with_another_token(&refused).await.as_ref()), Some("xoxb-2"));
        assert_eq!(token(secrets.with_another_token(&refused).await.as_ref()), Some("xoxb-2"), "it is known");
        assert_eq!(place.readings(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn all_whose_token_is_refused_at_once_share_one_reading() {
        let place = Place::of("xoxb-1", "hush");
        let secrets = place.in_use().await;
        place.put("xoxb-2", "hush");
        let refused = secrets.current();
        let others = join_all((0..20).map(|_| secrets.with_another_token(&refused))).await;
        assert!(others.iter().all(|others| token(others.as_ref()) == Some("xoxb-2")));
        assert_eq!(place.readings(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_signed_by_another_secret_is_taken_once_that_one_is_in_place_and_the_old_one_is_not() {
        let place = Place::of("xoxb-1", "old");
        let secrets = place.in_use().await;
        assert!(verify(&secrets, "old").await.is_ok());
        assert_eq!(place.readings(), 1, "what is right has nothing read");
        place.put("xoxb-1", "new");
        assert!(verify(&secrets, "new").await.is_ok());
        assert_eq!(verify(&secrets, "old").await, Err(NotSlack::WrongSignature));
        assert_eq!(place.readings(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_forged_messages_has_the_secrets_read_once_a_minute_and_delays_nothing_of_slacks() {
        let place = Place::of("xoxb-1", "hush");
        let secrets = place.in_use().await;
        for _ in 0..100 {
            assert_eq!(verify(&secrets, "forged").await, Err(NotSlack::WrongSignature));
            time::advance(Duration::from_secs(1)).await;
        }
        assert_eq!(place.readings(), 3);
        time::advance(Duration::from_mins(1)).await;
        place.put_text(None);
        let began = time::Instant::now();
        let (forged, right) = tokio::join!(verify(&secrets, "forged"), async {
            let right = verify(&secrets, "hush").await;
            (right, began.elapsed())
        });
        assert_eq!(forged, Err(NotSlack::WrongSignature));
        assert!(right.0.is_ok() && right.1.is_zero(), "{right:?}");
        assert!(began.elapsed() < Duration::from_secs(3), "it is given up");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_unsigned_or_stale_has_nothing_read() {
        let place = Place::of("xoxb-1", "hush");
        let secrets = place.in_use().await;
        assert_eq!(secrets.verify(None, None, b"body", now()).await, Err(NotSlack::Unsigned));
        let signature = SigningKey::new("hush").unwrap().sign(now(), b"body");
        let timestamp = now().timestamp().to_string();
        let later = now() + chrono::TimeDelta::minutes(6);
        let stale = secrets.verify(Some(&signature), Some(&timestamp), b"body", later).await;
        assert_eq!((stale, place.readings()), (Err(NotSlack::Stale), 1));
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_be_read_or_used_replaces_nothing() {
        let place = Place::of("xoxb-1", "hush");
        let secrets = place.in_use().await;
        let texts = [
            None,
            Some("xoxb-2"),
            Some(r#"{"bot_token": "xoxb-2", "signing_secret": ""}"#),
            Some(r#"{"bot_token": "xoxp-2", "signing_secret": "hush"}"#),
            Some(r#"{"bot_token": "xoxb-2\n", "signing_secret": "hush"}"#),
        ];
        for text in texts {
            place.put_text(text);
            assert!(secrets.with_another_token(&secrets.current()).await.is_none(), "{text:?}");
            assert!(verify(&secrets, "hush").await.is_ok(), "{text:?}");
            time::advance(Duration::from_secs(5)).await;
        }
        place.put("xoxb-2", "hush");
        assert_eq!(token(secrets.with_another_token(&secrets.current()).await.as_ref()), Some("xoxb-2"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_reading_that_was_cut_off_is_repeated_after_five_seconds() {
        let place = Place::of("xoxb-1", "hush");
        let secrets = place.in_use().await;
        let refused = secrets.current();
        place.put("xoxb-2", "hush");
        assert!(secrets.with_another_token(&refused).now_or_never().is_none());
        assert!(secrets.with_another_token(&refused).await.is_none());
        assert_eq!(place.readings(), 2);
        time::advance(Duration::from_secs(5)).await;
        assert_eq!(token(secrets.with_another_token(&refused).await.as_ref()), Some("xoxb-2"));
    }

    #[tokio::test]
    async fn without_secrets_that_can_be_used_nothing_begins_and_they_are_not_told() {
        for text in [
            r#"{"bot_token": "xoxb-hush"}"#,
            r#"{"bot_token": "xoxb-hush", "signing_secret": ""}"#,
            r#"{"bot_token": "xapp-hush", "signing_secret": "hush"}"#,
            r#"{"bot_token": "xoxb-hush ", "signing_secret": "hush"}"#,
            r#"{"bot_token": "xoxb-hush…", "signing_secret": "hush"}"#,
        ] {
            let error = SecretsInUse::of(move || std::future::ready(Ok(text.to_owned()))).await.unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hush"), "{error}");
        }
    }
}
