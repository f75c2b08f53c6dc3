//! What is recorded is told and shown in Slack too, where its secrets are given. Whether it is, the settings say.

use std::sync::Arc;

use kari_api::Channel;
use kari_application::channels::Channels;
use kari_embedded::notes::StoredNotes;
use kari_slack::Slack;
use kari_slack::delivery::{Delivery, Links};

use crate::app::App;
use crate::cli::SlackOptions;
use crate::issuer::Origin;
use crate::slack::secrets;

/// Makes Slack one of the channels and boards of this Kari.
///
/// # Errors
/// If the file of secrets cannot be used.
pub fn connect(app: &mut App, options: &SlackOptions, origin: &Origin) -> anyhow::Result<()> {
    let Some(path) = &options.slack_secrets else { return Ok(()) };
    let secrets = secrets(path)?;
    let slack = Slack::new(secrets.bot_token, options.slack_api_url.as_deref())?;
    let notes = StoredNotes::new(Arc::clone(&app.store), Arc::clone(&app.kari.clock));
    let workspaces = options.slack_workspaces.iter().cloned().collect();
    let links =
        Links { portal: origin.as_str().to_owned(), access_portal: app.portal.access_portal_url.clone() };
    let delivery = Arc::new(Delivery::new(app.kari.clone(), slack, Arc::new(notes), links, workspaces));
    app.kari.notifier = Arc::new(Channels(vec![Arc::clone(&app.kari.notifier), delivery.clone()]));
    app.kari.boards.push(delivery);
    app.portal.channels.push(Channel::Slack);
    Ok(())
}
