//! Errors of Slack are sorted by what to do about them, and say nothing of what was sent.
#![allow(clippy::unwrap_used)]

use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kari_fake_slack::{Control, FakeSlack, Person, TOKEN};
use kari_slack::api::SlackApiViewsOpenRequest;
use kari_slack::views::wait;
use kari_slack::{CallError, Language, SecretsInUse, Slack};
use serde_json::json;

const ALICE: &str = "U0ALICE";

/// Where the token is kept.
#[derive(Clone)]
struct Place {
    token: Arc<Mutex<&'static str>>,
    readings: Arc<AtomicUsize>,
}

impl Place {
    fn of(token: &'static str) -> Self {
        Self { token: Arc::new(Mutex::new(token)), readings: Arc::default() }
    }

    fn readings(&self) -> usize {
        self.readings.load(Ordering::Relaxed)
    }

    async fn slack(&self, api_url: &str) -> Slack {
        let place = self.clone();
        let read = move || {
            place.readings.fetch_add(1, Ordering::Relaxed);
            let token = *place.token.lock().unwrap();
            ready(Ok(json!({ "bot_token": token, "signing_secret": "hush" }).to_string()))
        };
        Slack::new(SecretsInUse::of(read).await.unwrap(), Some(api_url)).unwrap()
    }
}

/// Slack, called by the token that it takes.
async fn slack(fake: &FakeSlack) -> Slack {
    Place::of(TOKEN).slack(&fake.api_url()).await
}

async fn fake() -> FakeSlack {
    let fake = FakeSlack::start().await.unwrap();
    fake.workspace().join(ALICE, Person::default());
    fake
}

async fn said(fake: &FakeSlack, answer: &str) -> CallError {
    let slack = slack(fake).await;
    let failing = [("users.info".to_owned(), vec![answer.to_owned()])].into();
    fake.workspace().apply(Control { failing, ..Control::default() });
    slack.user(ALICE).await.unwrap_err()
}

#[tokio::test]
async fn errors_are_sorted_by_what_to_do_about_them() {
    let fake = fake().await;
    for answer in ["429", "ratelimited"] {
        let error = said(&fake, answer).await;
        assert_eq!(error, CallError::RateLimited { retry_after: Duration::from_secs(1) }, "{answer}");
    }
    for answer in [
        "500",
        "502",
        "503",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "update_failed",
        "external_channel_migrating",
    ] {
        let error = said(&fake, answer).await;
        assert!(matches!(error, CallError::Transient { .. }), "{answer}: {error}");
    }
    for answer in ["channel_not_found", "is_archived", "token_revoked", "invalid_auth", "not_in_channel"] {
        let error = said(&fake, answer).await;
        assert_eq!(error, CallError::Permanent { code: answer.to_owned() });
    }
    let slack = slack(&fake).await;
    assert_eq!(slack.user(ALICE).await.unwrap().id, ALICE);
}

#[tokio::test]
async fn a_method_that_wants_to_rest_is_not_called_before_and_others_are() {
    let fake = fake().await;
    let slack = slack(&fake).await;
    let failing = [("users.info".to_owned(), vec!["429".to_owned()])].into();
    fake.workspace().apply(Control { failing, ..Control::default() });
    for _ in 0..3 {
        let error = slack.user(ALICE).await.unwrap_err();
        assert!(matches!(error, CallError::RateLimited { .. }), "{error}");
    }
    let called = |method| fake.workspace().calls.iter().filter(|call| call.method == method).count();
    assert_eq!(called("users.info"), 1);
    assert!(matches!(slack.user_by_email("nobody@town.example").await, Err(CallError::Permanent { .. })));
    #[expect(clippy::disallowed_methods, reason = "Slack is waited for in real time")]
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    assert_eq!(slack.user(ALICE).await.unwrap().id, ALICE);
}

#[tokio::test]
async fn another_token_is_refused_and_appears_in_no_error() {
    let fake = FakeSlack::start().await.unwrap();
    let slack = Place::of("xoxb-hush").slack(&fake.api_url()).await;
    let error = slack.user(ALICE).await.unwrap_err();
    assert_eq!(error, CallError::Permanent { code: "invalid_auth".to_owned() });
    assert!(!format!("{error} {error:?} {slack:?}").contains("hush"));
}

#[tokio::test]
async fn another_token_is_used_for_the_very_call_that_the_old_one_is_refused_for() {
    let fake = fake().await;
    for code in
        ["token_revoked", "invalid_auth", "account_inactive", "token_expired", "not_allowed_token_type"]
    {
        let place = Place::of(TOKEN);
        let slack = place.slack(&fake.api_url()).await;
        assert_eq!(slack.user(ALICE).await.unwrap().id, ALICE);
        assert_eq!(place.readings(), 1, "a call that succeeds has nothing read");
        *place.token.lock().unwrap() = "xoxb-another";
        let failing = [("users.info".to_owned(), vec![code.to_owned()])].into();
        let token = Some("xoxb-another".to_owned());
        fake.workspace().apply(Control { failing, token, ..Control::default() });
        assert_eq!(slack.user(ALICE).await.unwrap().id, ALICE, "{code}");
        assert_eq!(slack.user(ALICE).await.unwrap().id, ALICE, "{code}");
        assert_eq!(place.readings(), 2, "{code}");
        fake.workspace().token = Some(TOKEN.to_owned());
    }
}

#[tokio::test]
async fn a_token_that_nobody_replaced_is_looked_for_once_however_much_is_refused() {
    let fake = fake().await;
    let place = Place::of(TOKEN);
    let slack = place.slack(&fake.api_url()).await;
    fake.workspace().apply(Control { revoked: true, ..Control::default() });
    for _ in 0..20 {
        assert_eq!(slack.user(ALICE).await.unwrap_err().against_the_app(), Some("token_revoked"));
    }
    assert_eq!((fake.workspace().count("users.info"), place.readings()), (20, 2));
}

#[tokio::test]
async fn what_slack_says_of_anything_but_the_token_has_nothing_read() {
    let fake = fake().await;
    let place = Place::of(TOKEN);
    let slack = place.slack(&fake.api_url()).await;
    for code in ["missing_scope", "user_not_found", "internal_error"] {
        let failing = [("users.info".to_owned(), vec![code.to_owned()])].into();
        fake.workspace().apply(Control { failing, ..Control::default() });
        slack.user(ALICE).await.unwrap_err();
    }
    assert_eq!(place.readings(), 1);
}

#[tokio::test]
async fn a_slack_that_is_not_there_may_come_back() {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let slack = Place::of(TOKEN).slack(&format!("http://{address}/api/")).await;
    let error = slack.user(ALICE).await.unwrap_err();
    assert!(matches!(error, CallError::Transient { .. }), "{error}");
}

#[tokio::test]
async fn a_trigger_opens_one_view_and_that_within_three_seconds() {
    let fake = fake().await;
    let slack = slack(&fake).await;
    let opened = async |trigger: &str| {
        let view = wait(Language::En);
        let request = SlackApiViewsOpenRequest::new(trigger.to_owned().into(), view);
        slack.open_view(&request).await
    };
    let refused = |code: &str| Err(CallError::Permanent { code: code.to_owned() });
    let [early, late] = [(); 2].map(|()| fake.workspace().new_trigger());
    for (seconds, trigger, expected) in [
        (0, "1", refused("invalid_trigger_id")),
        (2, early.as_str(), Ok(())),
        (0, early.as_str(), refused("exchanged_trigger_id")),
        (1, late.as_str(), refused("expired_trigger_id")),
    ] {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(seconds)).await;
        tokio::time::resume();
        assert_eq!(opened(trigger).await, expected, "{trigger}");
    }
}
