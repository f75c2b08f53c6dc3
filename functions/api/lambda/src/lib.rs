//! The HTTP API behind API Gateway, whose authorizer has verified the token of every call.
//!
//! It must take from a token who signed in, and nothing else. The API itself is `functions/api`.

mod answer;
mod gateway;

use std::sync::Arc;

use axum::Router;
use kari_api::{ApiState, Channel, PortalConfig, router};
use kari_application::Kari;
use kari_aws::environment::Environment;

pub use answer::Answer;
pub use gateway::Gateway;

/// The API of a deployment.
pub fn api(environment: &Environment, kari: Kari) -> Router {
    let portal = PortalConfig {
        access_portal_url: environment.access_portal_url.clone(),
        region: Some(environment.identity_center.region.clone()),
        channels: vec![Channel::Sns],
    };
    let gateway = Gateway::new(&environment.issuer, &environment.audience);
    router(ApiState { kari, authentication: Arc::new(gateway), portal })
}
