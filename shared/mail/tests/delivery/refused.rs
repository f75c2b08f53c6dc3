//! What is not taken.

use chrono::TimeDelta;
use kari_application::ports::{Notification, NotificationKind, Notifier};
use kari_application::relay::catch_up;
use kari_domain::ids::UserId;
use kari_domain::request::Decision;

use crate::stage::{Answer, Stage, known, person, wanted};
use crate::town::{account, set, user};

#[test]
fn whoever_cannot_be_written_to_now_holds_up_nobody_and_is_written_to_later_and_once() {
    let stage = Stage::new();
    stage.refuses("lee", Some(Answer::NotNow));
    let recipients = ["lee", "sam", "tom"].map(user).to_vec();
    assert!(stage.town.run(stage.mail.deliver(&wanted(recipients.clone()))).is_err());
    assert_eq!(stage.taken().len(), 2, "the others have it");
    stage.refuses("lee", None);
    for _ in 0..2 {
        stage.town.run(stage.mail.deliver(&wanted(recipients.clone()))).unwrap();
    }
    let mut to: Vec<_> = stage.taken().into_iter().map(|letter| letter.to).collect();
    to.sort_unstable();
    assert_eq!(to, ["lee@example.com", "sam@example.com", "tom@example.com"]);
    assert!(stage.recorded().is_empty() && stage.given_up.take() == 0);
}

#[test]
fn an_address_that_takes_nothing_is_recorded_once_a_day_and_holds_up_nothing() {
    let stage = Stage::new();
    stage.refuses("lee", Some(Answer::Never("MessageRejected")));
    for number in 0..3 {
        stage.town.ask("ann", &[account("north", number), account("south", number)], &set(0));
        assert_eq!(stage.relay(), 0, "nothing is left to repeat");
    }
    let once = ("user/u-lee".to_owned(), "MessageRejected".to_owned());
    assert_eq!(stage.recorded(), std::slice::from_ref(&once));
    assert_eq!((stage.given_up.take(), stage.given_up.take()), (1, 0));
    assert_eq!(stage.taken().iter().filter(|letter| letter.to == "sam@example.com").count(), 3);
    stage.town.pass(TimeDelta::hours(25));
    stage.town.ask("ben", &[account("north", 9)], &set(0));
    assert_eq!(stage.relay(), 0);
    assert_eq!(stage.recorded(), [once.clone(), once], "and again another day");
}

#[test]
fn that_no_letter_is_taken_is_one_finding_that_holds_up_nothing_and_what_is_news_comes_once_it_is_mended() {
    let stage = Stage::new();
    for who in ["lee", "sam"] {
        stage.refuses(who, Some(Answer::Nobody("SendingPaused")));
    }
    let mut ids = vec![];
    for number in 0..3 {
        let both = [account("north", number), account("south", number)];
        ids.extend(stage.town.ask("ann", &both, &set(0)));
    }
    assert_eq!(stage.relay(), 0, "nothing is left to repeat");
    stage.catch_up();
    let asked = *stage.postman.asked.lock().unwrap();
    assert!(asked <= 2, "nobody is asked again at once: {asked}");
    stage.town.pass(TimeDelta::seconds(61));
    stage.catch_up();
    assert_eq!(*stage.postman.asked.lock().unwrap(), asked + 1, "and after a while one is");
    assert_eq!(stage.recorded(), [("account".to_owned(), "SendingPaused".to_owned())]);
    assert_eq!(stage.given_up.take(), 1);
    assert!(stage.taken().is_empty());

    for who in ["lee", "sam"] {
        stage.refuses(who, None);
    }
    stage.review("lee", ids[0], Decision::Deny);
    assert_eq!(stage.relay(), 0);
    stage.town.pass(TimeDelta::seconds(61));
    for _ in 0..2 {
        stage.catch_up();
    }
    let told = stage.told();
    let count = |title: &str| told.iter().filter(|(_, told)| told == title).count();
    let counted = [count("A request waits for you"), count("Your request was denied"), told.len()];
    assert_eq!(counted, [5, 1, 6], "all but the question that nobody has to answer any more, once");
    assert_eq!(stage.recorded().len(), 1);
}

#[test]
fn where_nobody_answers_a_few_letters_find_it_and_all_others_are_put_off_for_a_minute_and_come_once() {
    let stage = Stage::new();
    let ids: Vec<UserId> = (0..50).map(|number| format!("u-many-{number:02}").parse().unwrap()).collect();
    stage.know(|snapshot| {
        for id in &ids {
            known(snapshot, person(id.as_str(), Some(&format!("{id}@example.com"))));
        }
    });
    let everybody = |answer| ids.iter().for_each(|id| stage.refuses(id.as_str(), answer));
    let news = |sequence| {
        let at = stage.kari.clock.now();
        stage.town.run(stage.mail.deliver(&Notification { sequence, at, ..wanted(ids.clone()) }))
    };
    let asked = || *stage.postman.asked.lock().unwrap();
    everybody(Some(Answer::Away));
    let before = asked();
    news(1).unwrap();
    let found = asked() - before;
    assert!((1..=5).contains(&found), "as many as are under way at once: {found}");
    news(2).unwrap();
    stage.catch_up();
    assert_eq!(asked() - before, found, "nobody waits for it again within the minute");
    stage.town.clock.advance_by(TimeDelta::seconds(61));
    stage.catch_up();
    let again = asked() - before - found;
    assert!((1..=5).contains(&again), "and then a few do: {again}");
    stage.town.clock.advance_by(TimeDelta::minutes(57));
    stage.catch_up();
    assert!(stage.recorded().is_empty() && stage.given_up.take() == 0, "nothing was refused");
    for _ in 0..5 {
        stage.town.clock.advance_by(TimeDelta::seconds(61));
        stage.catch_up();
    }
    let once = [("account".to_owned(), "unreachable".to_owned())];
    assert_eq!(stage.recorded(), once, "after an hour somebody has to look");
    assert_eq!(stage.given_up.take(), 1);
    assert!(stage.taken().is_empty());

    everybody(None);
    stage.town.clock.advance_by(TimeDelta::seconds(61));
    for _ in 0..2 {
        stage.catch_up();
    }
    let mut to: Vec<_> = stage.taken().into_iter().map(|letter| letter.to).collect();
    assert_eq!(to.len(), 100, "both news, to everybody");
    to.sort_unstable();
    to.dedup();
    assert_eq!(to.len(), 50);

    everybody(Some(Answer::Away));
    stage.town.clock.advance_by(TimeDelta::hours(25));
    news(3).unwrap();
    assert_eq!(stage.recorded(), once, "an hour is counted anew");
}

#[test]
fn what_has_no_answer_is_sent_again_after_longer_and_longer_until_one_has() {
    let stage = Stage::new();
    let asked = || *stage.postman.asked.lock().unwrap();
    // How often in so many minutes.
    let within = |minutes| {
        let before = asked();
        for _ in 0..minutes {
            stage.town.clock.advance_by(TimeDelta::seconds(61));
            stage.catch_up();
        }
        asked() - before
    };
    stage.refuses("lee", Some(Answer::Silent));
    let news = |sequence| {
        let at = stage.kari.clock.now();
        let news = Notification { sequence, at, ..wanted(vec![user("lee")]) };
        stage.town.run(stage.mail.deliver(&news)).unwrap();
    };
    news(1);
    assert_eq!(within(70), 6, "after 1, 2, 4, 8, 16 and 32 minutes");
    let in_a_day = within(18 * 60);
    assert!((17..=19).contains(&in_a_day), "and then every hour: {in_a_day}");

    stage.refuses("lee", None);
    assert_eq!(within(61), 1);
    assert_eq!(stage.taken().len(), 1);
    stage.refuses("lee", Some(Answer::Silent));
    news(2);
    assert_eq!(within(2), 1, "and then it begins anew");
}

#[test]
fn what_could_not_be_written_for_a_day_is_not_written_any_more() {
    let stage = Stage::new();
    stage.refuses("lee", Some(Answer::Nobody("QuotaExceeded")));
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    assert_eq!(stage.relay(), 0);
    stage.refuses("lee", None);
    stage.town.pass(TimeDelta::hours(24));
    stage.catch_up();
    assert!(stage.taken().is_empty());
}

#[test]
fn an_alarm_that_comes_days_late_is_put_off_for_a_day_too() {
    let stage = Stage::new();
    stage.refuses("lee", Some(Answer::Nobody("SendingPaused")));
    let news = |sequence| {
        let at = stage.kari.clock.now() - TimeDelta::days(3);
        let kind = NotificationKind::RecordsUnreadable;
        let news = Notification { kind, sequence, at, ..wanted(vec![user("lee")]) };
        stage.town.run(stage.mail.deliver(&news)).unwrap();
    };
    news(1);
    news(2);
    stage.town.pass(TimeDelta::hours(23));
    stage.refuses("lee", None);
    for _ in 0..2 {
        stage.town.pass(TimeDelta::seconds(61));
        stage.catch_up();
    }
    assert_eq!(stage.taken().len(), 2, "both, once");
}

#[test]
fn one_letter_of_those_put_off_that_fails_holds_up_no_other_and_is_not_tried_all_the_time() {
    let stage = Stage::new();
    for who in ["lee", "sam"] {
        stage.refuses(who, Some(Answer::Nobody("SendingPaused")));
    }
    stage.town.ask("ann", &[account("north", 0), account("south", 0)], &set(0));
    assert_eq!(stage.relay(), 0);
    stage.refuses("lee", Some(Answer::NotNow));
    stage.refuses("sam", None);
    stage.town.pass(TimeDelta::seconds(61));
    assert!(stage.town.run(catch_up(&stage.kari)).is_err());
    assert_eq!(stage.taken().len(), 1, "the other one has it");
    let asked = *stage.postman.asked.lock().unwrap();
    stage.catch_up();
    assert_eq!(*stage.postman.asked.lock().unwrap(), asked, "a minute is waited");
    stage.refuses("lee", None);
    stage.town.pass(TimeDelta::seconds(61));
    stage.catch_up();
    assert_eq!(stage.taken().len(), 2);
}
