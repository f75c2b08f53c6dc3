//! How Slack is called: one HTTP client with the one crypto provider, no repeating by itself but with another token,
//! and errors sorted by what to do about them.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde::Serialize;
use serde::de::DeserializeOwned;
use slack_morphism::SlackClient;
use slack_morphism::errors::SlackClientError;
use slack_morphism::prelude::{SlackClientHyperConnector, SlackClientHyperHttpsConnector};
use tokio::time::Instant;

use crate::secrets::{Secrets, SecretsInUse};

/// One call is waited for at most this long: somebody clicked, or the relay repeats it.
const ONE_CALL: Duration = Duration::from_secs(5);
const CONNECTING: Duration = Duration::from_secs(2);
/// After no answer nothing is asked for so long: whoever waits behind has other things to do.
const LEFT_ALONE: Duration = Duration::from_secs(15);
/// After a refusal for calling too often that does not say for how long.
const REST: Duration = Duration::from_secs(1);
const POSTING: &str = "chat.postMessage";
pub(crate) const CHANGING: &str = "chat.update";

/// What Slack says when it could not do it, though the call was right.
const PASSING: [&str; 11] = [
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
    "accesslimited",
    "external_service_migration_in_progress",
    "message_limit_exceeded",
    "org_login_required",
    "update_failed",
    "external_channel_migrating",
];

/// Of these what it says of one message, or one channel, alone: nothing else is to wait for that.
const OF_ONE_MESSAGE: [&str; 2] = ["update_failed", "external_channel_migrating"];

/// What Slack says of the app and not of a place in it. It is one trouble wherever it shows, and over once somebody
/// has mended it: until then everything is tried again.
const OF_THE_APP: [&str; 10] = [
    "token_revoked",
    "token_expired",
    "invalid_auth",
    "not_authed",
    "not_allowed_token_type",
    "account_inactive",
    "missing_scope",
    // Administrators have suspended all posting.
    "ekm_access_denied",
    // Of one place, where a message is posted or changed (`delivery/undone.rs`).
    "no_permission",
    "team_access_not_granted",
];

/// What Slack says of the token: another one may have been put in its place.
const OF_THE_TOKEN: [&str; 6] = [
    "token_revoked",
    "token_expired",
    "invalid_auth",
    "not_authed",
    "not_allowed_token_type",
    "account_inactive",
];

/// One workspace, called by one bot.
#[derive(Clone)]
pub struct Slack {
    client: SlackClient<SlackClientHyperHttpsConnector>,
    secrets: SecretsInUse,
    /// The methods that are left alone: until when, and why.
    resting: Arc<Mutex<BTreeMap<&'static str, (Instant, Why)>>>,
}

/// Why a method is left alone.
#[derive(Debug, Clone, Copy)]
enum Why {
    SlackWantsIt,
    NoAnswer,
}

/// Why a call failed, by what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Called too often: not before this has passed.
    #[error("slack wants to be called again in {} s", retry_after.as_secs())]
    RateLimited { retry_after: Duration },
    /// Repeating may help: Slack did not answer, or said that it could not.
    #[error("slack did not do it: {what}")]
    Transient { what: String },
    /// Repeating the same call will not help.
    #[error("slack refuses: {code}")]
    Permanent { code: String },
}

impl CallError {
    /// What Slack has against the app as a whole, in Slack's own word.
    pub fn against_the_app(&self) -> Option<&str> {
        match self {
            Self::Permanent { code } if OF_THE_APP.contains(&code.as_str()) => Some(code),
            Self::Permanent { .. } | Self::RateLimited { .. } | Self::Transient { .. } => None,
        }
    }

    /// Whether Slack could not do it now with one message, and says nothing of others.
    pub(crate) fn is_of_one_message(&self) -> bool {
        match self {
            Self::Transient { what } => OF_ONE_MESSAGE.contains(&what.as_str()),
            Self::RateLimited { .. } | Self::Permanent { .. } => false,
        }
    }

    fn is_about_the_token(&self) -> bool {
        self.against_the_app().is_some_and(|code| OF_THE_TOKEN.contains(&code))
    }
}

impl fmt::Debug for Slack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slack").finish_non_exhaustive()
    }
}

impl Slack {
    /// The workspace that the bot's token is for; `api_url` is for another Slack than the real one.
    ///
    /// # Errors
    /// If the machine has no certificates by which Slack is known.
    pub fn new(secrets: SecretsInUse, api_url: Option<&str>) -> std::io::Result<Self> {
        let mut connector = SlackClientHyperConnector::with_connector(connector()?);
        if let Some(url) = api_url {
            connector = connector.with_slack_api_url(url.trim_end_matches('/'));
        }
        Ok(Self { client: SlackClient::new(connector), secrets, resting: Arc::default() })
    }

    /// Calls a method that takes JSON.
    pub(crate) async fn post<A: DeserializeOwned + Send>(
        &self,
        method: &'static str,
        request: &(impl Serialize + Send + Sync),
    ) -> Result<A, CallError> {
        self.by_a_good_token(|secrets| self.post_by(secrets, method, request)).await
    }

    async fn post_by<A: DeserializeOwned + Send>(
        &self,
        secrets: Arc<Secrets>,
        method: &'static str,
        request: &(impl Serialize + Send + Sync),
    ) -> Result<A, CallError> {
        let call = async {
            let session = self.client.open_session(&secrets.token);
            let answer = session.http_session_api.http_post(method, request, None).await;
            answer.map_err(|error| sorted(&error))
        };
        self.paced(method, call).await
    }

    /// Calls a method that takes parameters.
    pub(crate) async fn get<A: DeserializeOwned + Send>(
        &self,
        method: &'static str,
        parameters: &[(&str, &str)],
    ) -> Result<A, CallError> {
        self.by_a_good_token(|secrets| self.get_by(secrets, method, parameters)).await
    }

    async fn get_by<A: DeserializeOwned + Send>(
        &self,
        secrets: Arc<Secrets>,
        method: &'static str,
        parameters: &[(&str, &str)],
    ) -> Result<A, CallError> {
        let parameters: Vec<_> = parameters.iter().map(|(name, value)| (*name, Some(*value))).collect();
        let call = async {
            let session = self.client.open_session(&secrets.token);
            let answer = session.http_session_api.http_get(method, &parameters, None).await;
            answer.map_err(|error| sorted(&error))
        };
        self.paced(method, call).await
    }

    /// Makes a call; again where its token was refused and there is another one.
    async fn by_a_good_token<A, F>(&self, call: impl Fn(Arc<Secrets>) -> F) -> Result<A, CallError>
    where
        F: Future<Output = Result<A, CallError>>,
    {
        let secrets = self.secrets.current();
        let answer = call(Arc::clone(&secrets)).await;
        if !answer.as_ref().is_err_and(CallError::is_about_the_token) {
            return answer;
        }
        match self.secrets.with_another_token(&secrets).await {
            Some(others) => call(others).await,
            None => answer,
        }
    }

    /// Waits for one call, not for ever. A method that does not answer, or that Slack wants to be left alone, is not
    /// called for a while. NB. That Slack wants it for the one that posts is about one conversation: another one may be
    /// written to.
    async fn paced<A>(
        &self,
        method: &'static str,
        call: impl Future<Output = Result<A, CallError>>,
    ) -> Result<A, CallError> {
        if let Some(error) = self.left_alone(method) {
            return Err(error);
        }
        #[expect(clippy::disallowed_methods, reason = "a server of somebody else is waited for in real time")]
        let Ok(answer) = tokio::time::timeout(ONE_CALL, call).await else {
            self.leave_alone(method, LEFT_ALONE, Why::NoAnswer);
            return Err(CallError::Transient { what: "no answer in time".to_owned() });
        };
        if let Err(CallError::RateLimited { retry_after }) = answer
            && method != POSTING
        {
            self.leave_alone(method, retry_after, Why::SlackWantsIt);
        }
        answer
    }

    /// What tells the token in use from others.
    pub(crate) fn token_mark(&self) -> String {
        self.secrets.current().token_mark()
    }

    /// Whether Slack wants no message to be changed for a while.
    pub(crate) fn takes_no_change(&self) -> bool {
        matches!(self.left_alone(CHANGING), Some(CallError::RateLimited { .. }))
    }

    fn leave_alone(&self, method: &'static str, length: Duration, why: Why) {
        locked(&self.resting).insert(method, (Instant::now() + length, why));
    }

    fn left_alone(&self, method: &str) -> Option<CallError> {
        let (until, why) = locked(&self.resting).get(method).copied()?;
        let rest = until.saturating_duration_since(Instant::now());
        (!rest.is_zero()).then(|| match why {
            Why::SlackWantsIt => CallError::RateLimited { retry_after: rest },
            Why::NoAnswer => CallError::Transient { what: "it did not answer a moment ago".to_owned() },
        })
    }
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// NB. ring is the one crypto provider of the whole program; two of them would panic at run time. Plain HTTP
/// is for a Slack on this very machine only.
fn connector() -> std::io::Result<HttpsConnector<HttpConnector>> {
    let mut http = HttpConnector::new();
    http.set_connect_timeout(Some(CONNECTING));
    http.enforce_http(false);
    let builder = HttpsConnectorBuilder::new().with_native_roots()?.https_or_http().enable_http1();
    Ok(builder.wrap_connector(http))
}

/// NB. What Slack answered is not carried along: it may quote a message or a token.
fn sorted(error: &SlackClientError) -> CallError {
    match error {
        SlackClientError::RateLimitError(limit) => {
            CallError::RateLimited { retry_after: limit.retry_after.unwrap_or(REST) }
        }
        SlackClientError::ApiError(refused)
            if ["ratelimited", "rate_limited"].contains(&refused.code.as_str()) =>
        {
            CallError::RateLimited { retry_after: REST }
        }
        SlackClientError::ApiError(refused) if PASSING.contains(&refused.code.as_str()) => {
            CallError::Transient { what: refused.code.clone() }
        }
        SlackClientError::ApiError(refused) => CallError::Permanent { code: refused.code.clone() },
        SlackClientError::HttpError(answer) => {
            CallError::Transient { what: format!("HTTP status {}", answer.status_code.as_u16()) }
        }
        SlackClientError::HttpProtocolError(_) => {
            CallError::Transient { what: "the connection failed".to_owned() }
        }
        SlackClientError::EndOfStream(_)
        | SlackClientError::SystemError(_)
        | SlackClientError::ProtocolError(_)
        | SlackClientError::SocketModeProtocolError(_) => {
            CallError::Transient { what: "an answer that is not understood".to_owned() }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_slack_that_hangs_is_waited_for_once_and_then_left_alone_for_a_while() {
        let text = r#"{"bot_token": "xoxb-1", "signing_secret": "hush"}"#;
        let secrets = SecretsInUse::of(move || ready(Ok(text.to_owned()))).await.unwrap();
        let slack = Slack::new(secrets, None).unwrap();
        let ask = async || {
            let never = std::future::pending::<Result<(), _>>();
            slack.paced("views.open", never).await.unwrap_err().to_string()
        };
        let began = Instant::now();
        assert!(ask().await.contains("no answer in time"));
        let waited = began.elapsed();
        assert!(waited >= Duration::from_secs(5) && waited < Duration::from_secs(6));
        assert!(ask().await.contains("a moment ago"));
        assert_eq!(began.elapsed(), waited, "at once");
        tokio::time::advance(Duration::from_secs(15)).await;
        assert!(ask().await.contains("no answer in time"), "it is asked again");
    }
}
