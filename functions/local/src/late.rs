//! What is served while nobody can sign in, because the issuer has not answered since the start: what needs nobody to be
//! signed in. Access ends all the while.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kari_api::Problem;
use kari_application::Kari;
use tower::ServiceExt;

/// Routes in the place of which others come.
#[derive(Debug, Clone)]
pub(crate) struct Late {
    before: Router,
    whole: Arc<OnceLock<Router>>,
}

impl Late {
    /// These are served until they are complete.
    pub(crate) fn new(before: Router) -> Self {
        Self { before, whole: Arc::default() }
    }

    /// From now on these are served, also over connections that were there before.
    pub(crate) fn complete(&self, whole: Router) {
        // It comes once.
        self.whole.set(whole).ok();
    }

    /// Whatever is served when it is asked for.
    pub(crate) fn routes(&self) -> Router {
        let late = self.clone();
        Router::new().fallback(async move |request: Request| late.now().oneshot(request).await)
    }

    fn now(&self) -> Router {
        self.whole.get().unwrap_or(&self.before).clone()
    }
}

/// What needs nobody to be signed in. Whoever asks for anything else is told why it has to wait.
pub(crate) fn before_sign_in(kari: &Kari, slack: Router) -> Router {
    Router::new()
        .route("/healthz", get(health))
        .with_state(kari.clone())
        .merge(slack)
        .fallback(nobody_signs_in)
}

async fn health(State(kari): State<Kari>) -> Response {
    kari_api::health(&kari).await.into_response()
}

async fn nobody_signs_in() -> Problem {
    let detail =
        "nobody can sign in until the issuer answers, and access ends all the same; try again shortly";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};

    use super::*;

    async fn ask(routes: &Router) -> Vec<u8> {
        let request = Request::builder().uri("/here").body(Body::empty()).unwrap();
        let answer = routes.clone().oneshot(request).await.unwrap();
        to_bytes(answer.into_body(), 100).await.unwrap().to_vec()
    }

    #[tokio::test]
    async fn whoever_keeps_asking_is_answered_by_what_came_in_its_place() {
        let late = Late::new(Router::new().route("/here", get("before")));
        let routes = late.routes();
        assert_eq!(ask(&routes).await, b"before");
        late.complete(Router::new().route("/here", get("whole")));
        assert_eq!(ask(&routes).await, b"whole");
    }
}
