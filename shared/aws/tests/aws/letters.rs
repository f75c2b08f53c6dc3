//! SES as a postman, against one that answers what it is told to, in the protocol of its version 2.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use kari_aws::letters::Ses;
use kari_mail::{Letter, Postman, SendError};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What was handed over, and what it is answered with if not with success.
#[derive(Default)]
struct Stub {
    sent: Mutex<Vec<Value>>,
    fails: Mutex<Option<(StatusCode, &'static str, &'static str)>>,
}

async fn send(State(stub): State<Arc<Stub>>, Json(asked): Json<Value>) -> Response {
    if let Some((status, kind, message)) = *stub.fails.lock().unwrap() {
        return (status, [("x-amzn-errortype", kind)], Json(json!({"message": message}))).into_response();
    }
    stub.sent.lock().unwrap().push(asked);
    Json(json!({"MessageId": "1"})).into_response()
}

async fn ses_at(address: SocketAddr) -> Ses {
    Ses::new(crate::front::clients_of(address).await.ses(), "kari@example.com")
}

async fn ses() -> (Arc<Stub>, Ses) {
    let stub = Arc::new(Stub::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().route("/v2/email/outbound-emails", post(send));
    let app = app.with_state(Arc::clone(&stub));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (stub, ses_at(address).await)
}

fn letter() -> Letter {
    Letter {
        to: "hanako@example.com".to_owned(),
        subject: "アクセスの準備ができました".to_owned(),
        text: "text\n".to_owned(),
        html: "<p>html</p>".to_owned(),
    }
}

#[tokio::test]
async fn a_letter_is_handed_over_as_it_was_written() {
    let (stub, ses) = ses().await;
    ses.send(&letter()).await.unwrap();
    let utf8 = |words: &str| json!({"Data": words, "Charset": "UTF-8"});
    let body = json!({"Text": utf8("text\n"), "Html": utf8("<p>html</p>")});
    let expected = json!({
        "FromEmailAddress": "Kari <kari@example.com>",
        "Destination": {"ToAddresses": ["hanako@example.com"]},
        "Content": {"Simple": {"Subject": utf8("アクセスの準備ができました"), "Body": body}},
    });
    assert_eq!(*stub.sent.lock().unwrap(), [expected]);
}

#[tokio::test]
async fn what_ses_never_takes_is_told_from_what_it_does_not_take_now_and_from_what_it_takes_from_nobody() {
    let (stub, ses) = ses().await;
    let (bad, often) = (StatusCode::BAD_REQUEST, StatusCode::TOO_MANY_REQUESTS);
    let unverified = "Email address is not verified. The following identities failed the check in region \
                      AP-NORTHEAST-1: Kari <kari@example.com>";
    for (status, kind, message, expected) in [
        (bad, "MessageRejected", "Email address is on the suppression list", "letter MessageRejected"),
        (bad, "BadRequestException", "no", "letter BadRequest"),
        (StatusCode::NOT_FOUND, "NotFoundException", "no", "letter NotFound"),
        (bad, "MessageRejected", unverified, "account NotVerified"),
        (
            bad,
            "MessageRejected",
            "Email address is not verified: hanako@example.com",
            "letter MessageRejected",
        ),
        (bad, "MailFromDomainNotVerifiedException", "no", "account MailFromDomainNotVerified"),
        (bad, "AccountSuspendedException", "no", "account AccountSuspended"),
        (bad, "SendingPausedException", "no", "account SendingPaused"),
        (bad, "LimitExceededException", "no", "account LimitExceeded"),
        (often, "TooManyRequestsException", "Daily message quota exceeded.", "account QuotaExceeded"),
        (often, "TooManyRequestsException", "Maximum sending rate exceeded.", "later"),
        (StatusCode::FORBIDDEN, "AccessDeniedException", "no", "later"),
        (StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", "no", "later"),
    ] {
        *stub.fails.lock().unwrap() = Some((status, kind, message));
        let found = match ses.send(&letter()).await.unwrap_err() {
            SendError::Permanent { code } => format!("letter {code}"),
            SendError::Account { code } => format!("account {code}"),
            SendError::Transient(_) => "later".to_owned(),
            SendError::Unreachable(_) => "nobody there".to_owned(),
            SendError::Unanswered(_) => "no answer".to_owned(),
        };
        assert_eq!(found, expected, "{kind}: {message}");
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let nobody = ses_at(closed).await.send(&letter()).await.unwrap_err();
    assert!(matches!(nobody, SendError::Unreachable(_)), "{nobody}");
}
