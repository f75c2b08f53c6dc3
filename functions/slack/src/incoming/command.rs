use std::borrow::Cow;
use std::collections::BTreeMap;

use kari_slack::identity::SlackPerson;

/// A slash command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Command {
    pub(crate) by: SlackPerson,
    pub(crate) text: String,
    pub(crate) trigger: String,
}

impl Command {
    /// The command in a body; `None` if it is none.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        let mut fields: BTreeMap<Cow<'_, str>, Cow<'_, str>> = form_urlencoded::parse(body).collect();
        let mut take = |name: &str| fields.remove(name).map(Cow::into_owned);
        Some(Self {
            by: SlackPerson { workspace: take("team_id")?, id: take("user_id")? },
            text: take("text").unwrap_or_default(),
            trigger: take("trigger_id")?,
        })
    }
}
