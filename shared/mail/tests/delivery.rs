//! Who is written to, and what becomes of what is not taken. The postman keeps what he is given.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../application/tests/use_cases/town.rs"]
#[allow(dead_code, reason = "other tests use more of the town")]
mod town;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::Kari;
use kari_application::advance::advance;
use kari_application::contract::notifier;
use kari_application::edit_policies::{Editor, change_settings, create_policy};
use kari_application::note_undelivered::GivenUp;
use kari_application::ports::{Notification, NotificationKind, Notifier};
use kari_application::reconcile::end_all_grants;
use kari_application::relay::relay;
use kari_application::review_request::review_request;
use kari_domain::audit::{Actor, Cause, StreamId, SystemReason};
use kari_domain::directory::{Snapshot, User};
use kari_domain::ids::{RequestId, UserId};
use kari_domain::request::Decision;
use kari_domain::settings::{Language, Settings};
use kari_domain::time::Instant;
use kari_embedded::notes::StoredNotes;
use kari_mail::{Letter, Links, MOST_REVIEWERS, Mail, Postman, SendError};
use serde_json::Value;
use town::{Town, account, reviewed, set, user};

/// What he does with letters to an address.
#[derive(Debug, Clone, Copy)]
enum Answer {
    NotNow,
    Never(&'static str),
    /// To nobody else either.
    Nobody(&'static str),
}

/// Keeps what he takes.
#[derive(Default)]
struct Recording {
    taken: Mutex<Vec<Letter>>,
    /// How often he was asked.
    asked: Mutex<usize>,
    refuses: Mutex<BTreeMap<String, Answer>>,
}

#[async_trait]
impl Postman for Recording {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        *self.asked.lock().unwrap() += 1;
        match self.refuses.lock().unwrap().get(&letter.to) {
            Some(Answer::NotNow) => Err(SendError::Transient("he is away".into())),
            Some(Answer::Never(code)) => Err(SendError::Permanent { code: (*code).to_owned() }),
            Some(Answer::Nobody(code)) => Err(SendError::Account { code: (*code).to_owned() }),
            None => {
                self.taken.lock().unwrap().push(letter.clone());
                Ok(())
            }
        }
    }
}

struct Stage {
    town: Town,
    kari: Kari,
    mail: Mail,
    postman: Arc<Recording>,
    given_up: GivenUp,
}

impl Stage {
    fn new() -> Self {
        let (town, postman, given_up) = (Town::new(), Arc::new(Recording::default()), GivenUp::default());
        let notes = Arc::new(StoredNotes::new(town.store.clone(), town.clock.clone()));
        let links = Links { portal: "https://kari.example".to_owned(), access_portal: None };
        let mail = Mail::new(town.kari.clone(), postman.clone(), notes, links, given_up.clone());
        let kari = Kari { notifier: Arc::new(mail.clone()), ..town.kari.clone() };
        let stage = Self { town, kari, mail, postman, given_up };
        stage.set(|settings| settings.channels.email = true);
        stage.relay();
        stage.postman.taken.lock().unwrap().clear();
        stage
    }

    fn set(&self, change: impl FnOnce(&mut Settings)) {
        let before = self.town.run(self.kari.policies.current()).unwrap().policy_set().clone();
        let mut settings = before.settings.clone();
        change(&mut settings);
        self.town.run(change_settings(&self.kari, &editor(), settings, before.settings_version)).unwrap();
    }

    fn know(&self, change: impl FnOnce(&mut Snapshot)) {
        let mut snapshot = (*self.town.run(self.kari.read_model.load()).unwrap()).clone();
        change(&mut snapshot);
        self.town.run(self.kari.read_model.save(snapshot)).unwrap();
    }

    fn refuses(&self, who: &str, answer: Option<Answer>) {
        let mut refuses = self.postman.refuses.lock().unwrap();
        let address = format!("{who}@example.com");
        match answer {
            Some(answer) => refuses.insert(address, answer),
            None => refuses.remove(&address),
        };
    }

    /// Relays once what waits. Returns how much of it failed.
    fn relay(&self) -> usize {
        let mut failed = 0;
        for outgoing in self.town.store.outbox_batch(0, 10_000).unwrap() {
            match self.town.run(relay(&self.kari, &outgoing.bytes)) {
                Ok(()) => self.town.store.outbox_done(outgoing.position).unwrap(),
                Err(_) => failed += 1,
            }
        }
        failed
    }

    fn taken(&self) -> Vec<Letter> {
        self.postman.taken.lock().unwrap().clone()
    }

    /// To whom each letter was, and its first words.
    fn told(&self) -> Vec<(String, String)> {
        let first = |subject: &str| subject.split(':').next().unwrap().to_owned();
        self.taken().iter().map(|letter| (letter.to.clone(), first(&letter.subject))).collect()
    }

    /// What is recorded about e-mail: destination and code.
    fn recorded(&self) -> Vec<(String, String)> {
        let stored = self.town.run(self.kari.store.stream(&StreamId::channel("email"))).unwrap();
        let data = |bytes: &String| serde_json::from_str::<Value>(bytes).unwrap()["data"].clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        stored.iter().map(data).map(|data| (text(&data["destination"]), text(&data["code"]))).collect()
    }

    fn review(&self, who: &str, id: RequestId, decision: Decision) {
        let caller = self.town.run(kari_application::caller::live_caller(&self.kari, &user(who))).unwrap();
        self.town.run(review_request(&self.kari, &caller, Cause::Api, id, decision, None)).unwrap();
    }
}

fn editor() -> Editor {
    Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator }
}

fn person(id: &str, address: Option<&str>) -> User {
    let id: UserId = id.parse().unwrap();
    User {
        user_name: id.to_string(),
        display_name: id.to_string(),
        email: address.map(str::to_owned),
        enabled: true,
        id,
    }
}

fn known(snapshot: &mut Snapshot, user: User) {
    snapshot.users.insert(user.id.clone(), user);
}

fn wanted(recipients: Vec<UserId>) -> Notification {
    Notification {
        kind: NotificationKind::ReviewWanted,
        recipients,
        stream: StreamId::policies(),
        sequence: 1,
        request: None,
        at: Instant::UNIX_EPOCH,
    }
}

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
fn that_no_letter_is_taken_is_one_finding_that_holds_up_nothing_and_the_next_ones_come_once_it_is_mended() {
    let stage = Stage::new();
    for who in ["lee", "sam"] {
        stage.refuses(who, Some(Answer::Nobody("SendingPaused")));
    }
    for number in 0..3 {
        stage.town.ask("ann", &[account("north", number), account("south", number)], &set(0));
    }
    assert_eq!(stage.relay(), 0, "nothing is left to repeat");
    let asked = *stage.postman.asked.lock().unwrap();
    assert!(asked <= 2, "nobody is asked again at once: {asked}");
    stage.town.pass(TimeDelta::seconds(61));
    stage.town.ask("ann", &[account("north", 3)], &set(0));
    assert_eq!(stage.relay(), 0);
    assert!(*stage.postman.asked.lock().unwrap() > asked, "and after a while one is");
    assert_eq!(stage.recorded(), [("account".to_owned(), "SendingPaused".to_owned())]);
    assert_eq!(stage.given_up.take(), 1);
    assert!(stage.taken().is_empty());

    for who in ["lee", "sam"] {
        stage.refuses(who, None);
    }
    stage.town.pass(TimeDelta::seconds(61));
    stage.town.ask("ann", &[account("north", 4), account("south", 4)], &set(0));
    assert_eq!(stage.relay(), 0);
    assert_eq!(stage.taken().len(), 2, "what is new, to each of two");
    assert_eq!(stage.recorded().len(), 1);
}

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
    stage.town.run(kari_application::relay::tell_unreadable(&stage.kari, &stream)).unwrap();
    assert_eq!(stage.told(), [("tom@example.com".to_owned(), "A record cannot be read".to_owned())]);
}
