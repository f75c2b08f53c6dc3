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
        channels: channels(environment),
    };
    let gateway = Gateway::new(&environment.issuer, &environment.audience);
    router(ApiState { kari, authentication: Arc::new(gateway), portal })
}

/// Those that the deployment was set up for; the topic is always there.
fn channels(environment: &Environment) -> Vec<Channel> {
    let slack = environment.slack.as_ref().map(|_| Channel::Slack);
    let email = environment.mail_from.as_ref().map(|_| Channel::Email);
    [slack, Some(Channel::Sns), email].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn offered(more: &[(&'static str, &'static str)]) -> Vec<Channel> {
        let variables: BTreeMap<_, _> = [
            ("AWS_REGION", "eu-central-1"),
            ("KARI_TABLE", "kari"),
            ("KARI_INSTANCE_ARN", "arn:aws:sso:::instance/ssoins-7223a1b2"),
            ("KARI_IDENTITY_STORE_ID", "d-9567a1b2c3"),
            ("KARI_STATE_MACHINE_ARN", "arn:aws:states:eu-central-1:111122223333:stateMachine:kari"),
            ("KARI_ADMINISTRATORS", "g-admins"),
            ("KARI_ISSUER", "https://issuer.example"),
            ("KARI_AUDIENCE", "kari"),
            ("KARI_PORTAL_URL", "https://kari.example"),
            ("KARI_TOPIC_ARN", "arn:aws:sns:eu-central-1:111122223333:kari"),
            ("KARI_ACCOUNT", "111122223333"),
        ]
        .into_iter()
        .chain(more.iter().copied())
        .collect();
        channels(&Environment::read(|name| variables.get(name).map(|text| (*text).to_owned())).unwrap())
    }

    #[test]
    fn a_channel_that_is_not_set_up_is_not_offered() {
        assert_eq!(offered(&[]), [Channel::Sns]);
        assert_eq!(offered(&[("KARI_MAIL_FROM", "kari@example.com")]), [Channel::Sns, Channel::Email]);
        let slack = [("KARI_SLACK_SECRET", "arn:of:the:secret"), ("KARI_SLACK_WORKSPACES", "T1")];
        assert_eq!(offered(&slack), [Channel::Slack, Channel::Sns]);
    }
}
