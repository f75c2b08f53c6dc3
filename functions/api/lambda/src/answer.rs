use std::future::Future;
use std::pin::Pin;

use axum::body::to_bytes;
use axum::response::Response;
use lambda_http::{Body, IntoResponse};

/// An answer of the API, which is text in UTF-8 if it is anything. NB. `lambda_http` by itself is ready for every
/// encoding that there ever was, and the tables for that would be a thirtieth of the program.
#[derive(Debug)]
pub struct Answer(pub Response);

impl IntoResponse for Answer {
    fn into_response(self) -> Pin<Box<dyn Future<Output = lambda_http::Response<Body>> + Send>> {
        Box::pin(async move {
            let (parts, body) = self.0.into_parts();
            // What the API answers is in memory already: nothing is left that could fail.
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
            let text = String::from_utf8(bytes.into());
            let body = text.map_or_else(|other| Body::Binary(other.into_bytes()), Body::Text);
            lambda_http::Response::from_parts(parts, body)
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;

    async fn handed_over(body: &'static [u8]) -> (u16, Body) {
        let answered = (axum::http::StatusCode::CONFLICT, [("etag", "\"7\"")], body).into_response();
        let (parts, body) = IntoResponse::into_response(Answer(answered)).await.into_parts();
        assert_eq!(parts.headers["etag"], "\"7\"");
        (parts.status.as_u16(), body)
    }

    #[tokio::test]
    async fn an_answer_is_handed_over_as_text_and_whatever_is_none_as_it_is() {
        assert_eq!(handed_over("{\"name\":\"仮\"}".as_bytes()).await, (409, Body::from("{\"name\":\"仮\"}")));
        assert_eq!(handed_over(b"").await, (409, Body::from("")));
        assert_eq!(handed_over(&[0xff, 0xfe]).await, (409, Body::Binary(vec![0xff, 0xfe])));
    }
}
