//! The pages that people see where signing in goes wrong.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::sign_in::{Answer, ORIGIN, Server, parameters, posted};

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so_and_leads_to_where_one_signs_in() {
    let server = Server::start().await;
    let incomplete = server.get("/oauth/authorize").await;
    assert_eq!(incomplete.status, StatusCode::BAD_REQUEST);
    let elsewhere = server.show(&[("redirect_uri", "https://evil.example/callback")]).await;
    for (Answer { body, .. }, why) in [(incomplete, "out of date"), (elsewhere, "another address than Kari")]
    {
        assert!(body.contains("You cannot sign in from this address") && body.contains(why), "{body}");
        assert!(body.contains("href=\"/\">Sign in</a>"), "{body}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_answered_by_a_page_in_the_readers_language() {
    let server = Server::start().await;
    let nobody_chosen = parameters(&[]);
    let sent = [
        Request::get("/oauth/authorize?state=one&state=two").body(Body::empty()).unwrap(),
        Request::get("/oauth/logout?state=one&state=two").body(Body::empty()).unwrap(),
        Request::post("/oauth/authorize").body(Body::from("{}")).unwrap(),
        posted(&nobody_chosen, ORIGIN, "kari-sign-in=key"),
    ];
    for mut request in sent {
        request.headers_mut().insert(header::ACCEPT_LANGUAGE, "ja".parse().unwrap());
        let answer = server.send(request).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert!(answer.body.contains("<html lang=\"ja\">") && answer.body.contains("読み取れません"));
    }
}
