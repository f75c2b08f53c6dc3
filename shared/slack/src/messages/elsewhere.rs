//! What stands where a card stood whose reader is to be reached elsewhere by now.

use kari_domain::settings::Language;
use kari_texts::texts;

use super::Message;
use super::rich::{block, link, section, text};

/// Instead of the card: nothing of the request.
pub fn kept_elsewhere(language: Language, portal: &str) -> Message {
    let said = texts(language);
    let runs = vec![text(format!("{} ", said.kept_elsewhere)), link(portal, said.in_portal)];
    Message::new(said.kept_elsewhere, vec![block(vec![section(runs)])])
}
