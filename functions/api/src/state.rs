use std::sync::Arc;

use kari_application::Kari;
use serde::Serialize;
use utoipa::ToSchema;

use crate::authentication::Authenticator;

/// What the handlers work with.
#[derive(Clone, Debug)]
pub struct ApiState {
    pub kari: Kari,
    pub authenticator: Arc<Authenticator>,
    pub portal: PortalConfig,
}

/// What clients are told about where things are.
#[derive(Clone, Debug, Default)]
pub struct PortalConfig {
    /// The AWS access portal, for instance `https://d-1234567890.awsapps.com/start`; without it no
    /// console links are given.
    pub access_portal_url: Option<String>,
    /// The Region of Identity Center, for instance `ap-northeast-1`.
    pub region: Option<String>,
    /// The channels of this deployment that its settings turn on and off.
    pub channels: Vec<Channel>,
}

/// A channel for notifications that a deployment may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    Slack,
    Sns,
    Email,
}
