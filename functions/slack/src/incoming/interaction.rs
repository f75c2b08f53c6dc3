use std::collections::BTreeMap;

use kari_slack::delivery::PressedCard;
use kari_slack::identity::SlackPerson;
use serde::Deserialize;
use uuid::Uuid;

/// Something was pressed, chosen, searched or sent.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Interaction {
    BlockActions(Press),
    BlockSuggestion(Suggestion),
    Shortcut(Shortcut),
    ViewSubmission(Submitted),
    #[serde(other)]
    Other,
}

/// Something in a message or view was pressed or chosen.
#[derive(Debug, Deserialize)]
pub(crate) struct Press {
    #[serde(flatten)]
    pub(crate) by: Actor,
    pub(crate) trigger_id: Option<String>,
    pub(crate) channel: Option<Named>,
    pub(crate) view: Option<OpenView>,
    pub(crate) actions: Vec<Pressed>,
    api_app_id: Option<String>,
    container: Option<Container>,
    message: Option<Message>,
}

/// Where something was pressed.
#[derive(Debug, Deserialize)]
struct Container {
    #[serde(rename = "type")]
    kind: String,
    message_ts: Option<String>,
    channel_id: Option<String>,
    #[serde(default)]
    is_ephemeral: bool,
}

/// The message that something was pressed in. NB. Nothing of what it says is read.
#[derive(Debug, Deserialize)]
struct Message {
    app_id: Option<String>,
    bot_id: Option<String>,
}

/// What was pressed or chosen.
#[derive(Debug, Deserialize)]
pub(crate) struct Pressed {
    pub(crate) action_id: String,
    pub(crate) value: Option<String>,
}

/// Somebody types in a list that is searched.
#[derive(Debug, Deserialize)]
pub(crate) struct Suggestion {
    #[serde(flatten)]
    pub(crate) by: Actor,
    pub(crate) action_id: String,
    #[serde(default)]
    pub(crate) value: String,
    pub(crate) view: Option<OpenView>,
}

/// A global shortcut.
#[derive(Debug, Deserialize)]
pub(crate) struct Shortcut {
    #[serde(flatten)]
    pub(crate) by: Actor,
    pub(crate) callback_id: String,
    pub(crate) trigger_id: String,
}

/// A modal was sent.
#[derive(Debug, Deserialize)]
pub(crate) struct Submitted {
    #[serde(flatten)]
    pub(crate) by: Actor,
    pub(crate) view: OpenView,
}

/// Who did it, and where.
#[derive(Debug, Deserialize)]
pub(crate) struct Actor {
    /// Missing where the app is installed for a whole enterprise, and the workspace is the person's.
    team: Option<Named>,
    user: ActingUser,
}

#[derive(Debug, Deserialize)]
struct ActingUser {
    id: String,
    team_id: Option<String>,
}

/// Something with an id.
#[derive(Debug, Deserialize)]
pub(crate) struct Named {
    pub(crate) id: String,
}

/// A view that somebody has before them.
#[derive(Debug, Deserialize)]
pub(crate) struct OpenView {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) callback_id: String,
    #[serde(default)]
    pub(crate) private_metadata: String,
    pub(crate) hash: Option<String>,
    #[serde(default)]
    state: State,
}

#[derive(Debug, Default, Deserialize)]
struct State {
    /// By block, then by action; each of our blocks has one action.
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, Held>>,
}

/// What a field holds.
#[derive(Debug, Default, Clone, Deserialize)]
pub(crate) struct Held {
    pub(crate) value: Option<String>,
    pub(crate) selected_option: Option<Chosen>,
    pub(crate) selected_options: Option<Vec<Chosen>>,
    pub(crate) selected_date_time: Option<i64>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Chosen {
    pub(crate) value: String,
}

impl Actor {
    /// The person. One whose workspace is not told is of none, and so of none that is permitted.
    pub(crate) fn person(&self) -> SlackPerson {
        let team = self.team.as_ref().map(|team| &team.id).or(self.user.team_id.as_ref());
        SlackPerson { workspace: team.cloned().unwrap_or_default(), id: self.user.id.clone() }
    }
}

impl Press {
    /// The message with this card's button; `None` where it was pressed elsewhere, or where nobody else sees it.
    pub(crate) fn card(&self, id: Uuid) -> Option<PressedCard> {
        let container = self.container.as_ref()?;
        let (channel, ts) = (container.channel_id.clone()?, container.message_ts.clone()?);
        let is_message = container.kind == "message" && !container.is_ephemeral;
        let message = self.message.as_ref().filter(|message| is_message && message.bot_id.is_some())?;
        // NB. By Slack's word, which is signed. Where it does not say, the place has to be one of the card's.
        let is_ours = message.app_id.is_some() && message.app_id == self.api_app_id;
        let is_anothers = message.app_id.is_some() && !is_ours;
        (!is_anothers).then_some(PressedCard { id, channel, ts, is_ours, is_outdated: false })
    }
}

impl OpenView {
    /// What the field of this name holds.
    pub(crate) fn field(&self, name: &str) -> Held {
        let values = self.state.values.get(name).and_then(|block| block.get(name));
        values.cloned().unwrap_or_default()
    }

    pub(crate) fn is_home(&self) -> bool {
        self.kind == "home"
    }
}
