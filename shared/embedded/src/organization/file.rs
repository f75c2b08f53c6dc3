//! The format of the organization file. Values that may be wrong keep their place in the file.

use kari_domain::ids::SlackChannel;
use kari_domain::settings::Language;
use serde::Deserialize;
use toml::Spanned;

use super::duration::Length;

pub(super) type Text = Spanned<String>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    /// The address of the AWS access portal.
    pub(super) access_portal: Option<Text>,
    /// The Region of Identity Center.
    pub(super) region: Option<Text>,
    /// The id of the Identity Center instance (`ssoins-…`).
    pub(super) instance: Option<Text>,
    pub(super) administrators: Role,
    pub(super) auditors: Role,
    pub(super) unit: Vec<Unit>,
    pub(super) account: Vec<Account>,
    pub(super) user: Vec<User>,
    pub(super) group: Vec<Group>,
    pub(super) permission_set: Vec<PermissionSet>,
    pub(super) eligibility: Vec<Eligibility>,
    pub(super) approver: Vec<Approver>,
    pub(super) guardrail: Vec<Guardrail>,
    pub(super) settings: Option<Spanned<Settings>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Role {
    pub(super) groups: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unit {
    pub(super) name: Text,
    /// What this file calls it, where the name alone is not unique.
    pub(super) key: Option<Text>,
    /// Without one it lies directly under the root.
    pub(super) parent: Option<Text>,
    pub(super) id: Option<Text>,
}

impl Unit {
    pub(super) fn key(&self) -> &Text {
        self.key.as_ref().unwrap_or(&self.name)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    pub(super) id: Text,
    pub(super) name: Text,
    /// Without one it lies directly under the root.
    pub(super) unit: Option<Text>,
    #[serde(default)]
    pub(super) status: Status,
    #[serde(default)]
    pub(super) management: bool,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Status {
    #[default]
    Active,
    Suspended,
    Closed,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    pub(super) name: Text,
    pub(super) display_name: Option<Text>,
    pub(super) email: Option<Text>,
    pub(super) id: Option<Text>,
    #[serde(default = "yes")]
    pub(super) enabled: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) name: Text,
    #[serde(default)]
    pub(super) members: Vec<Text>,
    pub(super) id: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PermissionSet {
    pub(super) name: Text,
    #[serde(default)]
    pub(super) description: String,
    pub(super) session_duration: Option<Spanned<Length>>,
    pub(super) arn: Option<Text>,
}

// The file says yes or no to independent questions; that is its format.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Eligibility {
    pub(super) id: Text,
    pub(super) name: Text,
    #[serde(default = "yes")]
    pub(super) enabled: bool,
    #[serde(default)]
    pub(super) everyone: bool,
    #[serde(default)]
    pub(super) users: Vec<Text>,
    #[serde(default)]
    pub(super) groups: Vec<Text>,
    #[serde(default)]
    pub(super) all_accounts: bool,
    #[serde(default)]
    pub(super) accounts: Vec<Text>,
    #[serde(default)]
    pub(super) units: Vec<Text>,
    #[serde(default)]
    pub(super) except_accounts: Vec<Text>,
    #[serde(default)]
    pub(super) except_units: Vec<Text>,
    #[serde(default)]
    pub(super) all_permission_sets: bool,
    #[serde(default)]
    pub(super) permission_sets: Vec<Text>,
    pub(super) max_duration: Spanned<Length>,
    #[serde(default = "yes")]
    pub(super) approval_required: bool,
    #[serde(default)]
    pub(super) ticket_required: bool,
    pub(super) note: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools)]
pub(super) struct Approver {
    pub(super) id: Text,
    pub(super) name: Text,
    #[serde(default = "yes")]
    pub(super) enabled: bool,
    #[serde(default)]
    pub(super) all_accounts: bool,
    #[serde(default)]
    pub(super) accounts: Vec<Text>,
    #[serde(default)]
    pub(super) units: Vec<Text>,
    #[serde(default)]
    pub(super) except_accounts: Vec<Text>,
    #[serde(default)]
    pub(super) except_units: Vec<Text>,
    /// Empty means all.
    #[serde(default)]
    pub(super) permission_sets: Vec<Text>,
    pub(super) requirements: Vec<Requirement>,
    #[serde(default)]
    pub(super) notify: People,
    #[serde(default)]
    pub(super) in_addition: bool,
    /// The Slack channel in which its requests are reviewed.
    pub(super) slack_channel: Option<SlackChannel>,
    #[serde(default)]
    pub(super) portal_only: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Requirement {
    #[serde(default)]
    pub(super) users: Vec<Text>,
    #[serde(default)]
    pub(super) groups: Vec<Text>,
    #[serde(default = "one")]
    pub(super) quorum: u8,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct People {
    pub(super) users: Vec<Text>,
    pub(super) groups: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Guardrail {
    pub(super) id: Text,
    pub(super) name: Text,
    #[serde(default = "yes")]
    pub(super) enabled: bool,
    /// Neither users nor groups means everyone.
    #[serde(default)]
    pub(super) users: Vec<Text>,
    #[serde(default)]
    pub(super) groups: Vec<Text>,
    /// Neither accounts nor units means all accounts.
    #[serde(default)]
    pub(super) accounts: Vec<Text>,
    #[serde(default)]
    pub(super) units: Vec<Text>,
    #[serde(default)]
    pub(super) except_accounts: Vec<Text>,
    #[serde(default)]
    pub(super) except_units: Vec<Text>,
    /// Empty means all.
    #[serde(default)]
    pub(super) permission_sets: Vec<Text>,
    pub(super) effect: Effect,
    /// With `effect = "cap"`: the longest grant.
    pub(super) cap: Option<Spanned<Length>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Effect {
    Forbid,
    RequireApproval,
    Cap,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Settings {
    pub(super) requests_accepted: Option<bool>,
    pub(super) maximum_duration: Option<Length>,
    pub(super) pending_lapses_after: Option<Length>,
    pub(super) justification_required: Option<bool>,
    pub(super) ticket_required: Option<bool>,
    pub(super) expiry_warning: Option<Length>,
    pub(super) channels: Option<Vec<Channel>>,
    pub(super) slack_audit_channel: Option<SlackChannel>,
    pub(super) slack_channel: Option<SlackChannel>,
    pub(super) slack_language: Option<Language>,
    pub(super) slack_linked_only: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Channel {
    Slack,
    Sns,
    Email,
}

fn yes() -> bool {
    true
}

fn one() -> u8 {
    1
}
