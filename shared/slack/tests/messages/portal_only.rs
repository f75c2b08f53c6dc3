//! What is approved in the portal only.

use kari_domain::settings::Language;
use kari_slack::messages::{Card, Member, card};
use kari_texts::Names;

use crate::many::remembered;
use crate::sample::{of_batch, snapshot};
use crate::{PORTAL, actions, legal};

#[test]
fn a_batch_has_a_button_that_approves_it_while_anything_of_it_may_be_approved_here() {
    let snapshot = snapshot();
    let names = Names(&snapshot);
    let requests = [of_batch(1, "000000000001"), of_batch(2, "000000000002")];
    let mut batch: Vec<Member> = requests.iter().map(|request| remembered(request, names)).collect();
    let buttons = |batch: &[Member]| {
        let shown = card(&Card {
            request: &requests[0],
            batch: batch.to_vec(),
            progress: vec![],
            mentioned: vec![],
            names,
            language: Language::En,
            portal: PORTAL,
        });
        actions(&legal(&shown.unwrap()))
    };
    assert_eq!(buttons(&batch), ["approve", "deny", "choose", "details"]);
    for member in &mut batch {
        member.progress[0].portal_only = true;
    }
    assert_eq!(buttons(&batch), ["deny", "choose", "details"]);
    batch[1].progress[0].portal_only = false;
    assert_eq!(buttons(&batch), ["approve", "deny", "choose", "details"]);
    batch[1].pending = false;
    assert_eq!(buttons(&batch), ["deny", "choose", "details"], "the other one is decided");
}
