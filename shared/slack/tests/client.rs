//! Errors of Slack are sorted by what to do about them, and say nothing of what was sent.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use kari_fake_slack::{Control, FakeSlack, Person, TOKEN};
use kari_slack::{CallError, Slack};

const ALICE: &str = "U0ALICE";

async fn fake() -> FakeSlack {
    let fake = FakeSlack::start().await.unwrap();
    fake.workspace().join(ALICE, Person::default());
    fake
}

async fn said(fake: &FakeSlack, answer: &str) -> CallError {
    let slack = Slack::new(TOKEN, Some(&fake.api_url())).unwrap();
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
    for answer in ["500", "502", "503", "internal_error", "fatal_error", "service_unavailable"] {
        let error = said(&fake, answer).await;
        assert!(matches!(error, CallError::Transient { .. }), "{answer}: {error}");
    }
    for answer in ["channel_not_found", "is_archived", "token_revoked", "invalid_auth", "not_in_channel"] {
        let error = said(&fake, answer).await;
        assert_eq!(error, CallError::Permanent { code: answer.to_owned() });
    }
    let slack = Slack::new(TOKEN, Some(&fake.api_url())).unwrap();
    assert_eq!(slack.user(ALICE).await.unwrap().id, ALICE);
}

#[tokio::test]
async fn a_method_that_wants_to_rest_is_not_called_before_and_others_are() {
    let fake = fake().await;
    let slack = Slack::new(TOKEN, Some(&fake.api_url())).unwrap();
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
    let slack = Slack::new("xoxb-hush", Some(&fake.api_url())).unwrap();
    let error = slack.user(ALICE).await.unwrap_err();
    assert_eq!(error, CallError::Permanent { code: "invalid_auth".to_owned() });
    assert!(!format!("{error} {error:?} {slack:?}").contains("hush"));
}

#[tokio::test]
async fn a_slack_that_is_not_there_may_come_back() {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let slack = Slack::new(TOKEN, Some(&format!("http://{address}/api/"))).unwrap();
    let error = slack.user(ALICE).await.unwrap_err();
    assert!(matches!(error, CallError::Transient { .. }), "{error}");
}
