//! The methods of Slack's Web API that Kari calls. Of an answer only what is needed is read: Slack adds to its
//! answers, and one that is not understood would be asked for again.

use serde::Deserialize;
use slack_morphism::api::{
    SlackApiChatPostEphemeralRequest, SlackApiChatPostMessageRequest, SlackApiChatUpdateRequest,
    SlackApiViewsOpenRequest, SlackApiViewsPublishRequest, SlackApiViewsUpdateRequest,
};

use crate::client::CHANGING;
use crate::{CallError, Slack};

/// A message that was posted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Posted {
    pub channel: String,
    /// Which message it is there.
    pub ts: String,
}

/// Somebody in Slack. What Slack does not say is no.
#[derive(Debug, Clone, Deserialize)]
pub struct User {
    pub id: String,
    pub team_id: Option<String>,
    pub locale: Option<String>,
    pub deleted: Option<bool>,
    #[serde(flatten)]
    pub flags: UserFlags,
    pub profile: Option<UserProfile>,
    /// Who they are in an Enterprise Grid.
    pub enterprise_user: Option<EnterpriseUser>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct UserFlags {
    pub is_bot: Option<bool>,
    pub is_restricted: Option<bool>,
    pub is_ultra_restricted: Option<bool>,
    pub is_stranger: Option<bool>,
    /// They were invited and have not come yet.
    pub is_invited_user: Option<bool>,
    /// Whether the e-mail address is known to be theirs.
    pub is_email_confirmed: Option<bool>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct UserProfile {
    pub email: Option<String>,
    /// What they want to be called; empty where they did not say.
    pub display_name: Option<String>,
    pub real_name: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct EnterpriseUser {
    #[serde(flatten)]
    pub flags: UserFlags,
    pub teams: Option<Vec<String>>,
}

/// Who a token makes whoever has it.
#[derive(Debug, Clone, Deserialize)]
pub struct Bot {
    /// The workspace; of an app that is installed for an Enterprise Grid, the organization.
    pub team_id: String,
}

#[derive(Deserialize)]
struct OneUser {
    user: User,
}

/// An answer of which nothing is needed but that there was one.
#[derive(Deserialize)]
struct Done {}

/// Each fails with a [`CallError`].
#[expect(clippy::missing_errors_doc, reason = "it is said once for all of them")]
impl Slack {
    /// Tries out the token.
    pub async fn bot(&self) -> Result<Bot, CallError> {
        self.get("auth.test", &[]).await
    }

    pub async fn post_message(&self, message: &SlackApiChatPostMessageRequest) -> Result<Posted, CallError> {
        self.post("chat.postMessage", message).await
    }

    pub async fn update_message(&self, message: &SlackApiChatUpdateRequest) -> Result<(), CallError> {
        self.post(CHANGING, message).await.map(|Done {}| ())
    }

    /// Posts what one person alone sees.
    pub async fn post_ephemeral(&self, message: &SlackApiChatPostEphemeralRequest) -> Result<(), CallError> {
        self.post("chat.postEphemeral", message).await.map(|Done {}| ())
    }

    pub async fn open_view(&self, view: &SlackApiViewsOpenRequest) -> Result<(), CallError> {
        self.post("views.open", view).await.map(|Done {}| ())
    }

    pub async fn update_view(&self, view: &SlackApiViewsUpdateRequest) -> Result<(), CallError> {
        self.post("views.update", view).await.map(|Done {}| ())
    }

    pub async fn publish_view(&self, view: &SlackApiViewsPublishRequest) -> Result<(), CallError> {
        self.post("views.publish", view).await.map(|Done {}| ())
    }

    /// Somebody by their id, with the language they read.
    pub async fn user(&self, id: &str) -> Result<User, CallError> {
        let wanted = [("user", id), ("include_locale", "true")];
        self.get("users.info", &wanted).await.map(|OneUser { user }| user)
    }

    /// Somebody by their e-mail address; without their language.
    pub async fn user_by_email(&self, email: &str) -> Result<User, CallError> {
        self.get("users.lookupByEmail", &[("email", email)]).await.map(|OneUser { user }| user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_person_only_what_is_needed_has_to_be_as_expected() {
        let told = serde_json::json!({
            "ok": true,
            "user": {
                "id": "U1", "team_id": "T1", "name": "alice", "deleted": false, "color": "9f69e7", "tz_offset": 32400,
                "is_bot": false, "is_restricted": null, "updated": 1_700_000_000, "who_can_share_contact_card": "EVERYONE",
                "profile": {
                    "email": "alice@town.example", "fields": [], "status_emoji_display_info": [], "huddle_state": 1,
                    "avatar_hash": null, "start_date": "", "team": "T1",
                },
                "enterprise_user": {"id": "W1", "enterprise_id": "E1", "teams": ["T1"], "is_admin": "?"},
            },
        });
        let OneUser { user } = serde_json::from_value(told).unwrap();
        assert_eq!(user.profile.unwrap().email.as_deref(), Some("alice@town.example"));
        assert_eq!(user.enterprise_user.unwrap().teams.unwrap(), ["T1"]);
        assert_eq!(
            (user.deleted, user.flags.is_bot, user.flags.is_restricted),
            (Some(false), Some(false), None)
        );
    }
}
