//! What `kari` is told of Slack.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

const SECRETS: &str = r#"A file that only you can read, with {"bot_token": "xoxb-…", "signing_secret": "…"}"#;

/// Slack, where people ask and approve there too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "With Slack")]
pub struct SlackOptions {
    #[arg(long, value_name = "FILE", requires = "slack_workspaces", help = SECRETS)]
    pub slack_secrets: Option<PathBuf>,
    /// The ids of the workspaces whose people may command anything, separated by commas
    #[arg(long, value_name = "TEAM IDS", value_delimiter = ',', requires = "slack_secrets", value_parser = workspace)]
    pub slack_workspaces: Vec<String>,
    /// Another Slack than the real one, for tests
    #[arg(long, value_name = "URL", hide = true)]
    pub slack_api_url: Option<String>,
}

/// The id of a workspace is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "it has to be the id of a workspace, `T` and then capital letters and digits: it stands in the address of https://app.slack.com"
)]
struct MalformedWorkspace;

fn workspace(text: &str) -> Result<String, MalformedWorkspace> {
    let rest = text.strip_prefix('T').filter(|rest| !rest.is_empty()).ok_or(MalformedWorkspace)?;
    let is_of_an_id = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    if rest.chars().all(is_of_an_id) { Ok(text.to_owned()) } else { Err(MalformedWorkspace) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_workspaces_are_taken_for_some() {
        assert_eq!(workspace("T0000000001").as_deref(), Ok("T0000000001"));
        for other in ["", "T", "C0000000001", "t1", "https://app.slack.com/client/T0000000001", " T1"] {
            assert_eq!(workspace(other), Err(MalformedWorkspace), "{other}");
        }
    }
}
