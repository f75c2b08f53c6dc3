//! Telling somebody what came of what they did, and nobody else.

use kari_slack::CallError;
use kari_slack::api::{
    SlackApiChatPostEphemeralRequest, SlackApiChatPostMessageRequest, SlackApiViewsOpenRequest,
    SlackApiViewsPublishRequest, SlackApiViewsUpdateRequest, SlackView,
};
use kari_slack::identity::SlackPerson;
use kari_slack::messages::paragraph;

use crate::{Reply, SlackApp};

/// Tells somebody something where they are, or in a direct message where that is not possible. It is no failure of
/// what they did if that fails. Returns whether they were told.
pub(crate) async fn tell(app: &SlackApp, person: &SlackPerson, reply: &Reply, text: &str) -> bool {
    let told = match &reply.channel {
        Some(channel) => match tell_there(app, person, channel, text).await {
            // For instance, the app was removed from the channel. NB. Whatever it is: nobody says it again.
            Err(error) => {
                tracing::info!(%error, "somebody in slack is told directly what came of what they did");
                tell_directly(app, person, text).await
            }
            Ok(()) => Ok(()),
        },
        None => tell_directly(app, person, text).await,
    };
    told.inspect_err(
        |error| tracing::warn!(%error, "somebody in slack was not told what came of what they did"),
    )
    .is_ok()
}

async fn tell_there(
    app: &SlackApp,
    person: &SlackPerson,
    channel: &str,
    text: &str,
) -> Result<(), CallError> {
    let (channel, user) = (channel.to_owned().into(), person.id.clone().into());
    let request = SlackApiChatPostEphemeralRequest::new(channel, user, paragraph(text).content());
    app.slack.post_ephemeral(&request).await
}

async fn tell_directly(app: &SlackApp, person: &SlackPerson, text: &str) -> Result<(), CallError> {
    let request = SlackApiChatPostMessageRequest::new(person.id.clone().into(), paragraph(text).content());
    app.slack.post_message(&request).await.map(drop)
}

/// Opens a modal. A trigger is good for three seconds.
pub(crate) async fn open(app: &SlackApp, trigger: &str, view: SlackView) -> Result<(), CallError> {
    let request = SlackApiViewsOpenRequest::new(trigger.to_owned().into(), view);
    app.slack.open_view(&request).await
}

/// Shows something else in an open modal; with a hash only if nothing else is shown there meanwhile.
pub(crate) async fn update(
    app: &SlackApp,
    view_id: &str,
    hash: Option<String>,
    view: SlackView,
) -> Result<(), CallError> {
    let request =
        SlackApiViewsUpdateRequest::new(view).with_view_id(view_id.to_owned().into()).opt_hash(hash);
    app.slack.update_view(&request).await
}

/// Shows somebody's App Home.
pub(crate) async fn publish(app: &SlackApp, person: &SlackPerson, view: SlackView) -> Result<(), CallError> {
    let request = SlackApiViewsPublishRequest::new(person.id.clone().into(), view);
    app.slack.publish_view(&request).await
}
