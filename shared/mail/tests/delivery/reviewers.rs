//! Of many reviewers some are written to.

use kari_application::edit_policies::create_policy;
use kari_application::ports::{Notification, NotificationKind, Notifier};
use kari_domain::ids::UserId;
use kari_mail::MOST_REVIEWERS;

use crate::stage::{Stage, editor, known, person, wanted};
use crate::town::{account, reviewed, set};

#[test]
fn a_request_that_waits_for_hundreds_is_a_letter_to_fifty_and_other_news_go_to_everybody() {
    let stage = Stage::new();
    let ids: Vec<UserId> = (0..300).map(|number| format!("u-many-{number:03}").parse().unwrap()).collect();
    stage.know(|snapshot| {
        for id in &ids {
            known(snapshot, person(id.as_str(), Some(&format!("{id}@example.com"))));
        }
    });
    for _ in 0..2 {
        stage.town.run(stage.mail.deliver(&wanted(ids.clone()))).unwrap();
    }
    assert_eq!((stage.taken().len(), MOST_REVIEWERS), (50, 50));
    let everybody = Notification { kind: NotificationKind::PoliciesChanged, ..wanted(ids) };
    stage.town.run(stage.mail.deliver(&everybody)).unwrap();
    assert_eq!(stage.taken().len(), 350);
}

#[test]
fn where_not_all_reviewers_are_written_to_each_requirement_has_some() {
    let stage = Stage::new();
    let many: Vec<UserId> = (0..60).map(|number| format!("u-a-{number:02}").parse().unwrap()).collect();
    stage.know(|snapshot| {
        for id in &many {
            known(snapshot, person(id.as_str(), Some(&format!("{id}@example.com"))));
        }
    });
    let mut policy = reviewed("north", "sam");
    policy.id = "besides".parse().unwrap();
    policy.in_addition = true;
    policy.requirements[0].reviewers.users = many.into_iter().collect();
    stage.town.run(create_policy(&stage.kari, &editor(), policy)).unwrap();
    stage.relay();
    stage.postman.taken.lock().unwrap().clear();
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    assert_eq!(stage.relay(), 0);
    let taken = stage.taken();
    assert_eq!(taken.len(), MOST_REVIEWERS);
    assert!(taken.iter().any(|letter| letter.to == "lee@example.com"));
}
