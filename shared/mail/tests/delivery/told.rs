//! Who is told what.

use kari_application::advance::advance;
use kari_application::contract::notifier;
use kari_application::ports::{Notification, NotificationKind, Notifier};
use kari_application::reconcile::end_all_grants;
use kari_application::relay::tell_unreadable;
use kari_domain::audit::StreamId;
use kari_domain::directory::User;
use kari_domain::ids::{RequestId, UserId};
use kari_domain::request::Decision;
use kari_domain::settings::Language;

use crate::stage::{Stage, known, person, wanted};
use crate::town::{account, set, user};

#[test]
fn e_mail_keeps_the_laws_of_a_notifier() {
    let staged = || {
        let stage = Stage::new();
        stage.know(|snapshot| {
            for id in ["u-1", "u-2", "u-3"] {
                known(snapshot, person(id, Some(&format!("{id}@example.com"))));
            }
        });
        stage
    };
    let count = |stage: &Stage, user: &UserId| {
        stage.taken().iter().filter(|letter| letter.to == format!("{user}@example.com")).count()
    };
    let stage = staged();
    let counted = |user: &UserId| count(&stage, user);
    stage.town.run(notifier::every_recipient_is_told_and_nobody_else(&stage.mail, counted));
    let stage = staged();
    let counted = |user: &UserId| count(&stage, user);
    stage.town.run(notifier::delivering_again_changes_nothing(&stage.mail, counted));
    let stage = staged();
    let counted = |user: &UserId| count(&stage, user);
    stage.town.run(notifier::whoever_a_repetition_knows_of_is_told_too(&stage.mail, counted));
    let stage = staged();
    let counted = |user: &UserId| count(&stage, user);
    stage.town.run(notifier::another_event_or_kind_is_another_message(&stage.mail, counted));
}

#[test]
fn whoever_is_told_of_a_request_gets_one_letter_for_each_step() {
    let stage = Stage::new();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    assert_eq!(stage.relay(), 0);
    stage.review("lee", id, Decision::Deny);
    assert_eq!(stage.relay(), 0);
    let expected =
        [("lee@example.com", "A request waits for you"), ("ann@example.com", "Your request was denied")];
    assert_eq!(stage.told(), expected.map(|(to, title)| (to.to_owned(), title.to_owned())));
    let link = format!("https://kari.example/requests/{id}");
    for letter in stage.taken() {
        assert!(letter.text.contains(&link) && letter.html.contains(&link));
        assert!(letter.text.contains("north-0 (100000000000)"), "{}", letter.text);
    }
}

#[test]
fn that_access_is_there_or_ends_soon_is_not_told_once_it_is_over() {
    let stage = Stage::new();
    let of = |id: RequestId, kind| Notification {
        kind,
        request: Some(id),
        stream: StreamId::request(id),
        ..wanted(vec![user("ann")])
    };
    let kinds = [NotificationKind::Active, NotificationKind::ExpiringSoon];
    for (number, over) in [(0, false), (1, true)] {
        let id = stage.town.ask("ann", &[account("sandbox", number)], &set(0)).remove(0);
        stage.town.run(advance(&stage.kari, id)).unwrap();
        assert_eq!(stage.town.state(id), "active");
        if over {
            stage.town.run(end_all_grants(&stage.kari)).unwrap();
            assert_eq!(stage.town.state(id), "ending");
        }
        for kind in kinds {
            stage.town.run(stage.mail.deliver(&of(id, kind))).unwrap();
        }
        assert_eq!(stage.taken().len(), 2, "of the one that is not over");
    }
}

#[test]
fn that_a_request_waits_is_not_told_once_it_was_decided() {
    let stage = Stage::new();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.review("lee", id, Decision::Deny);
    let asks = Notification { stream: StreamId::request(id), request: Some(id), ..wanted(vec![user("lee")]) };
    stage.town.run(stage.mail.deliver(&asks)).unwrap();
    assert!(stage.taken().is_empty());
}

#[test]
fn e_mail_that_is_off_is_not_sent_and_it_is_in_the_language_of_the_settings() {
    let stage = Stage::new();
    stage.set(|settings| settings.channels.email = false);
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    assert_eq!(stage.relay(), 0);
    assert_eq!(*stage.postman.asked.lock().unwrap(), 0);
    stage.set(|settings| {
        settings.channels.email = true;
        settings.slack_language = Language::Ja;
    });
    stage.town.ask("ann", &[account("north", 1)], &set(0));
    assert_eq!(stage.relay(), 0);
    let letter = stage.taken().pop().unwrap();
    assert!(letter.text.starts_with("審査をお願いします。"), "{}", letter.text);
    assert!(letter.html.contains(r#"<html lang="ja">"#));
}

#[test]
fn only_an_enabled_user_with_an_address_is_written_to_and_nobody_else_is_an_error() {
    let stage = Stage::new();
    stage.know(|snapshot| {
        known(snapshot, person("u-with", Some("with@example.com")));
        known(snapshot, person("u-without", None));
        known(snapshot, User { enabled: false, ..person("u-disabled", Some("disabled@example.com")) });
    });
    let ids = ["u-without", "u-disabled", "u-unknown", "u-with"].map(|id| id.parse().unwrap());
    stage.town.run(stage.mail.deliver(&wanted(ids.to_vec()))).unwrap();
    assert_eq!(stage.told(), [("with@example.com".to_owned(), "A request waits for you".to_owned())]);
    assert!(stage.recorded().is_empty());
}

#[test]
fn of_a_removal_that_is_blocked_the_requester_is_told_in_words_of_their_own() {
    let stage = Stage::new();
    let id = stage.town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    let recipients = ["ann", "tom"].map(user).to_vec();
    let blocked = Notification {
        kind: NotificationKind::RemovalBlocked,
        stream: StreamId::request(id),
        request: Some(id),
        ..wanted(recipients)
    };
    stage.town.run(stage.mail.deliver(&blocked)).unwrap();
    let mut told = stage.told();
    told.sort_unstable();
    assert!(told[0].1.starts_with("Your access cannot be taken away for now"), "{told:?}");
    assert!(told[1].1.starts_with("The removal of an access is blocked"), "{told:?}");
    assert_eq!(told.len(), 2);
}

#[test]
fn records_that_cannot_be_read_are_told_of_by_e_mail_too() {
    let stage = Stage::new();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    let stream = StreamId::request(id);
    stage.town.run(tell_unreadable(&stage.kari, &stream)).unwrap();
    assert_eq!(stage.told(), [("tom@example.com".to_owned(), "A record cannot be read".to_owned())]);
}
