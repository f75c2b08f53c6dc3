//! What must stay between Slack and us, and how it is replaced while Kari runs.
//!
//! Whoever operates Kari puts other secrets where they are kept, at any time, and tells nobody. That Slack refuses the
//! token, or that a signature does not match, is how a process notices: then it reads them again. That a signing secret
//! counts no more it would never notice by what is signed with it: what is taken, is by one that was read lately.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use kari_application::ports::Unavailable;
use kari_domain::time::Instant;
use ring::digest::{SHA256, digest};
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

/// NB. Before something is taken by a signing secret that was read longer ago, it is read again: so long one that was
/// replaced counts, at most. That is one reading for all messages of that time.
const GOOD_FOR: Duration = Duration::from_mins(5);

/// How the token of a bot begins.
const BOT: &str = "xoxb-";
/// So many hexadecimal digits tell one token from another.
const MARK: usize = 16;

/// The bot's token, and by which Slack signs what it sends.
pub(crate) struct Secrets {
    pub(crate) token: SlackApiToken,
    key: SigningKey,
    /// No later than they were.
    read_at: time::Instant,
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
    /// The secrets that a text holds, which was read then.
    ///
    /// # Errors
    /// [`NoSecrets`] if it holds none.
    fn parse(text: &str, read_at: time::Instant) -> Result<Self, NoSecrets> {
        let Kept { bot_token, signing_secret } =
            serde_json::from_str(text).map_err(|_| NoSecrets::Malformed)?;
        if !bot_token.starts_with(BOT) || !bot_token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(NoSecrets::NoBotToken);
        }
        let key = SigningKey::new(&signing_secret).ok_or(NoSecrets::NoSigningSecret)?;
        Ok(Self { token: SlackApiToken::new(SlackApiTokenValue(bot_token)), key, read_at })
    }

    /// What tells the token from others, and so its workspace. NB. A hash: nobody has the token from it.
    pub(crate) fn token_mark(&self) -> String {
        let mut mark = hex::encode(digest(&SHA256, self.token.token_value.0.as_bytes()));
        mark.truncate(MARK);
        mark
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
        let now = time::Instant::now();
        let first = Secrets::parse(&read().await?, now)?;
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
    /// does not match, and where the known secret was read long ago, another one may have been put in its place.
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
        let may_be_otherwise = match &checked {
            Ok(_) => known.read_at.elapsed() >= GOOD_FOR,
            Err(why) => *why == NotSlack::WrongSignature,
        };
        if !may_be_otherwise {
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
        match self.read_in_time(now).await {
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

    async fn read_in_time(&self, now: time::Instant) -> Result<Secrets, NoSecrets> {
        #[expect(clippy::disallowed_methods, reason = "slack waits in real time")]
        let read = time::timeout(ONE_READING, (self.0.read)()).await;
        Secrets::parse(&read.map_err(|_| NoSecrets::TookTooLong)??, now)
    }
}

/// An error with what led to it.
fn chain(error: &dyn Error) -> String {
    let reasons = std::iter::successors(Some(error), |error| (**error).source());
    reasons.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests;
