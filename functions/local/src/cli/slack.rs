//! What `kari` is told of Slack.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

/// Slack, where people ask and approve there too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "With Slack")]
pub struct SlackOptions {
    /// A file that only you can read, with `{"bot_token": "xoxb-…", "signing_secret": "…"}`
    #[arg(long, value_name = "FILE", requires = "slack_workspaces")]
    pub slack_secrets: Option<PathBuf>,
    /// The ids of the workspaces whose people may command anything, separated by commas
    #[arg(long, value_name = "TEAM IDS", value_delimiter = ',', requires = "slack_secrets")]
    pub slack_workspaces: Vec<String>,
    /// Another Slack than the real one, for tests
    #[arg(long, value_name = "URL", hide = true)]
    pub slack_api_url: Option<String>,
}

impl SlackOptions {
    /// The same as arguments.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let Self { slack_secrets, slack_workspaces, slack_api_url } = self;
        let workspaces = Some(slack_workspaces.join(",")).filter(|ids| !ids.is_empty());
        let given = [
            ("--slack-secrets", slack_secrets.clone().map(OsString::from)),
            ("--slack-workspaces", workspaces.map(OsString::from)),
            ("--slack-api-url", slack_api_url.clone().map(OsString::from)),
        ];
        let given = given.into_iter().filter_map(|(flag, value)| Some([flag.into(), value?]));
        given.flatten().collect()
    }
}
