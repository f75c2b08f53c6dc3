//! What is recorded is told and shown in Slack too, where it is set up. Whether it is, the settings say.

use std::sync::Arc;

use kari_api::Channel;
use kari_application::channels::Channels;
use kari_embedded::notes::StoredNotes;
use kari_slack::delivery::Delivery;
use kari_slack_function::SetUp;

use crate::app::App;
use crate::issuer::Origin;

/// Makes Slack one of the channels and boards of this Kari. Returns what delivers to it.
pub fn connect(app: &mut App, set_up: &SetUp, origin: &Origin) -> Arc<Delivery> {
    let notes = StoredNotes::new(Arc::clone(&app.store), Arc::clone(&app.kari.clock));
    let (slack, workspaces) = (set_up.slack.clone(), set_up.workspaces.clone());
    let delivery = Delivery::new(app.kari.clone(), slack, Arc::new(notes), app.links(origin), workspaces);
    let delivery = Arc::new(delivery);
    app.kari.notifier = Arc::new(Channels(vec![Arc::clone(&app.kari.notifier), delivery.clone()]));
    app.kari.boards.push(delivery.clone());
    app.portal.channels.push(Channel::Slack);
    delivery
}
