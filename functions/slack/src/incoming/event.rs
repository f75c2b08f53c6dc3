use serde::Deserialize;

/// What the Events API sends.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Push {
    /// Slack asks whether this address is ours.
    UrlVerification {
        challenge: String,
    },
    EventCallback {
        team_id: String,
        event: Event,
    },
    /// Others, which nobody subscribed to.
    #[serde(other)]
    Other,
}

/// What happened.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Event {
    AppHomeOpened {
        user: String,
        #[serde(default)]
        tab: Option<String>,
    },
    #[serde(other)]
    Other,
}
