//! Slack's calls behind API Gateway, and the invocations of itself by which this function does what they command:
//! on Lambda nothing runs after the answer.
//!
//! It must never take for a job what came by HTTP. What is done is in `functions/slack`.

use std::sync::Arc;

use anyhow::Context;
use async_trait::async_trait;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use kari_application::Kari;
use kari_application::ports::Unavailable;
use kari_aws::environment::Environment;
use kari_aws::itself::Itself;
use kari_aws::secrets::secret;
use kari_slack::signature::SigningKey;
use kari_slack::{Secrets, Slack};
use kari_slack_function::{HandOver, Job, Lately, SlackApp, router, work};
use lambda_http::request::RequestContext;

/// What handles Slack's calls in a deployment. The secrets are read once, at start.
///
/// # Errors
/// If Slack is not set up for the deployment, or its secrets cannot be read.
pub async fn app(environment: &Environment, kari: Kari) -> anyhow::Result<SlackApp> {
    let set_up =
        environment.slack.as_ref().context("KARI_SLACK_SECRET is not set: set it and start again")?;
    let secrets = secret(environment, &set_up.secret).await?;
    let secrets = Secrets::parse(&secrets).context("slack's secret cannot be used")?;
    let key = SigningKey::new(&secrets.signing_secret).context("slack's signing secret is empty")?;
    Ok(SlackApp {
        slack: Slack::new(secrets.bot_token, set_up.api_url.as_deref())?,
        key,
        workspaces: set_up.workspaces.clone(),
        clock: Arc::clone(&kari.clock),
        portal_url: environment.portal_url.trim_end_matches('/').to_owned(),
        hand_over: Arc::new(ToItself(Itself::of(environment)?)),
        lately: Lately::default(),
        kari,
    })
}

/// Hands over to an invocation of this very function that nobody waits for.
struct ToItself(Itself);

#[async_trait]
impl HandOver for ToItself {
    async fn hand_over(&self, _: &SlackApp, job: Job) -> Result<(), Unavailable> {
        let job = serde_json::to_string(&job).map_err(|error| Unavailable::new("the hand-over", error))?;
        self.0.invoke_later(job).await
    }
}

/// What Slack calls, and what this function invokes itself with: events that are no HTTP come as calls of `/events`.
pub fn routes(app: SlackApp) -> Router {
    let jobs = Router::new().route("/events", post(invoked)).with_state(app.clone());
    router(app).merge(jobs)
}

async fn invoked(
    State(app): State<SlackApp>,
    context: Option<Extension<RequestContext>>,
    Json(job): Json<Job>,
) -> StatusCode {
    match context {
        // NB. Only whoever may invoke this function gives it jobs. What came by API Gateway says so here, whatever
        // its path and body are.
        Some(Extension(RequestContext::PassThrough)) => {
            work(&app, &job).await;
            StatusCode::OK
        }
        Some(_) | None => StatusCode::NOT_FOUND,
    }
}
