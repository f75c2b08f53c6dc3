use std::sync::Arc;

use kari_application::Kari;
use serde::Serialize;
use utoipa::ToSchema;

use crate::authentication::Authentication;

/// What the handlers work with.
#[derive(Clone)]
pub struct ApiState {
    pub kari: Kari,
    pub authentication: Arc<dyn Authentication>,
    pub portal: PortalConfig,
}

impl std::fmt::Debug for ApiState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiState").field("kari", &self.kari).finish_non_exhaustive()
    }
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
