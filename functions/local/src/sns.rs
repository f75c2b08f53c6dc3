//! What is recorded is published to a topic of SNS too, where one is named. Whether it is, the settings say.

use std::sync::Arc;

use kari_api::Channel;
use kari_application::channels::Channels;
use kari_embedded::notes::StoredNotes;

use crate::app::App;
use crate::aws;
use crate::cli::SnsOptions;

/// Makes a topic one of the channels and boards of this Kari, as on AWS.
///
/// # Errors
/// If this program was built without AWS.
pub async fn connect(app: &mut App, options: &SnsOptions) -> anyhow::Result<()> {
    let Some(topic) = &options.sns_topic else { return Ok(()) };
    let notes = Arc::new(StoredNotes::new(Arc::clone(&app.store), Arc::clone(&app.kari.clock)));
    let (notifier, board) = aws::topic(topic, app.kari.clone(), notes).await?;
    app.kari.notifier = Arc::new(Channels(vec![Arc::clone(&app.kari.notifier), notifier]));
    app.kari.boards.push(board);
    app.portal.channels.push(Channel::Sns);
    Ok(())
}
