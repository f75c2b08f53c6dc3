//! Slack's calls behind API Gateway, and the invocations of itself by which this function does what they command:
//! on Lambda nothing runs after the answer.
//!
//! It must never take for a job what came by HTTP. What is done is in `functions/slack`; an invocation by itself that
//! could not do its job fails, so that Lambda repeats it twice, after one minute and after two more
//! (`infra/template.yaml`), and then sets it aside.

use std::sync::Arc;

use anyhow::Context;
use async_trait::async_trait;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use kari_application::Kari;
use kari_application::ports::Unavailable;
use kari_aws::environment::Environment;
use kari_aws::itself::Itself;
use kari_aws::notes::DynamoNotes;
use kari_aws::secrets::secret;
use kari_slack::SecretsInUse;
use kari_slack::delivery::Delivery;
use kari_slack_function::{HandOver, Job, SetUp, SlackApp, Unfinished, router, work};
use lambda_http::request::RequestContext;
use lambda_http::tower::ServiceExt;
use lambda_http::{Error, Request};

/// What handles Slack's calls in a deployment. The secrets are read at start.
///
/// # Errors
/// If Slack is not set up for the deployment, or its secrets cannot be read.
pub async fn app(environment: &Environment, kari: Kari) -> anyhow::Result<SlackApp> {
    let set_up =
        environment.slack.as_ref().context("KARI_SLACK_SECRET is not set: set it and start again")?;
    let secrets = SecretsInUse::of(secret(environment, &set_up.secret)).await;
    let secrets = secrets.context("slack's secret cannot be used")?;
    let slack = SetUp::new(secrets, set_up.workspaces.clone(), set_up.api_url.as_deref())?;
    let (notes, workspaces) = (Arc::new(DynamoNotes::of(environment)?), slack.workspaces.clone());
    let delivery = Delivery::new(kari.clone(), slack.slack.clone(), notes, environment.links(), workspaces);
    let (clock, hand_over) = (Arc::clone(&kari.clock), ToItself(Itself::of(environment)?));
    let (delivery, hand_over) = (Arc::new(delivery), Arc::new(hand_over));
    Ok(SlackApp::new(kari, slack, delivery, clock, &environment.portal_url, hand_over))
}

/// Hands over to an invocation of this very function that nobody waits for.
struct ToItself(Itself);

#[async_trait]
impl HandOver for ToItself {
    async fn hand_over(&self, _: &SlackApp, job: Job) -> Result<(), Unavailable> {
        let job = serde_json::to_string(&job).map_err(|error| Unavailable::new("the hand-over", error))?;
        self.0.invoke_later(job).await
    }

    fn repeats(&self) -> bool {
        true
    }
}

/// What Slack calls, and what this function invokes itself with: events that are no HTTP come as calls of `/events`.
pub fn routes(app: SlackApp) -> Router {
    let jobs = Router::new().route("/events", post(invoked)).with_state(app.clone());
    router(app).merge(jobs)
}

/// Answers one invocation.
///
/// # Errors
/// [`Unfinished`] if it is a job that Lambda shall repeat. Everything else has an answer.
pub async fn handle(routes: Router, event: Request) -> Result<Response, Error> {
    let response = routes.oneshot(event).await?;
    match response.extensions().get::<Unfinished>() {
        Some(unfinished) => Err((*unfinished).into()),
        None => Ok(response),
    }
}

async fn invoked(
    State(app): State<SlackApp>,
    context: Option<Extension<RequestContext>>,
    Json(job): Json<Job>,
) -> Response {
    match context {
        // NB. Only whoever may invoke this function gives it jobs. What came by API Gateway says so here, whatever
        // its path and body are.
        Some(Extension(RequestContext::PassThrough)) => match work(&app, &job).await {
            Ok(()) => StatusCode::OK.into_response(),
            Err(unfinished) => (StatusCode::SERVICE_UNAVAILABLE, Extension(unfinished)).into_response(),
        },
        Some(_) | None => StatusCode::NOT_FOUND.into_response(),
    }
}
