//! Who is told that a request waits, where several approver policies apply to it, and that its end is blocked.

use chrono::TimeDelta;
use kari_application::advance::advance;
use kari_application::apply_policies::{apply, plan};
use kari_application::caller::live_caller;
use kari_application::edit_policies::{Editor, create_policy, delete_policy};
use kari_application::ports::{NotificationKind, PageRequest};
use kari_application::relay::relay;
use kari_application::withdraw_request::withdraw_request;
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::ids::PolicyId;
use kari_domain::policy::{ApproverPolicy, People, Targets};
use kari_domain::time::Minutes;

use crate::town::{PEOPLE, Town, account, reviewed, set, user};

fn editor() -> Editor {
    Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator }
}

/// A policy of one account of the north, and whom it has told.
fn policy(id: &str, by: &str, notify: &[&str]) -> ApproverPolicy {
    let mut policy = reviewed("north", by);
    policy.id = PolicyId::parse(id).unwrap();
    policy.targets = Targets { accounts: [account("north", 0)].into(), ..Targets::default() };
    policy.notify = People { users: notify.iter().map(|who| user(who)).collect(), ..People::default() };
    policy
}

/// Ann asks for what Lee reviews by the closest policy, and Sam in addition. The version of the latter.
fn asked(town: &Town, closest: &[&str], besides: &[&str]) -> u64 {
    let besides = ApproverPolicy { in_addition: true, ..policy("besides", "sam", besides) };
    let version = town.run(async {
        create_policy(&town.kari, &editor(), policy("closest", "lee", closest)).await.unwrap();
        create_policy(&town.kari, &editor(), besides).await.unwrap()
    });
    town.ask("ann", &[account("north", 0)], &set(0));
    version
}

fn relay_all(town: &Town) {
    for outgoing in town.store.outbox_batch(0, 10_000).unwrap() {
        town.run(relay(&town.kari, &outgoing.bytes)).unwrap();
    }
}

/// Who has a message, once everything was relayed.
fn told(town: &Town) -> Vec<&'static str> {
    relay_all(town);
    PEOPLE.into_iter().filter(|who| town.inbox.unread(&user(who)).unwrap() > 0).collect()
}

#[test]
fn each_policy_has_those_on_its_own_list_told_or_else_its_reviewers() {
    let cases: [(&[&str], &[&str], &[&str]); 5] = [
        (&[], &[], &["lee", "sam"]),
        (&["cat"], &[], &["cat", "sam"]),
        (&[], &["cat"], &["cat", "lee"]),
        (&["cat"], &["tom"], &["cat", "tom"]),
        // Whoever asks is no list.
        (&["ann"], &["cat"], &["cat", "lee"]),
    ];
    for (closest, besides, expected) in cases {
        let town = Town::new();
        asked(&town, closest, besides);
        assert_eq!(told(&town), expected, "{closest:?} {besides:?}");
    }
}

#[test]
fn what_was_changed_in_the_policies_at_once_is_one_message() {
    let town = Town::new();
    let editor = Editor { actor: Actor::System { reason: SystemReason::Operator }, ..editor() };
    let heard = || {
        relay_all(&town);
        let messages = town.inbox.messages(&user("tom"), &PageRequest { limit: 200, after: None }).unwrap();
        assert!(messages.items.iter().all(|message| message.kind == NotificationKind::PoliciesChanged));
        messages.items.len()
    };
    assert_eq!(heard(), 0, "the first set-up is no news");
    let set = || town.run(town.kari.policies.current()).unwrap().policy_set().clone();
    let mut wanted = set();
    wanted.eligibility.iter_mut().for_each(|versioned| versioned.policy.max_duration_minutes = Minutes(30));
    let planned = plan(&set(), &wanted);
    assert_eq!(planned.steps.len(), 3);
    town.run(apply(&town.kari, &editor, &planned)).unwrap();
    assert_eq!(heard(), 1);
    let north = set().approvers[0].clone();
    let deleted = delete_policy::<ApproverPolicy>(&town.kari, &editor, &north.policy.id, north.version);
    town.run(deleted).unwrap();
    assert_eq!(heard(), 2, "another time it is another one");
}

#[test]
fn where_a_policy_is_gone_the_lists_that_were_recorded_count() {
    let town = Town::new();
    let version = asked(&town, &[], &["cat"]);
    let besides = PolicyId::parse("besides").unwrap();
    town.run(delete_policy::<ApproverPolicy>(&town.kari, &editor(), &besides, version)).unwrap();
    assert_eq!(told(&town), ["cat", "lee"]);
}

#[test]
fn a_withdrawal_is_told_to_those_who_were_asked_to_review_and_what_they_were_asked_is_no_news_any_more() {
    let town = Town::new();
    let id = town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    assert_eq!(told(&town), ["lee"]);
    town.run(async {
        let ann = live_caller(&town.kari, &user("ann")).await.unwrap();
        withdraw_request(&town.kari, &ann, Cause::Api, id).await.unwrap();
    });
    assert_eq!(town.inbox.unread(&user("lee")).unwrap(), 0, "nothing is left to review");
    assert_eq!(told(&town), ["lee"]);
    let page = PageRequest { limit: 200, after: None };
    let messages = town.inbox.messages(&user("lee"), &page).unwrap().items;
    let seen: Vec<_> = messages.iter().map(|message| (message.kind, message.decided)).collect();
    assert_eq!(seen, [(NotificationKind::Withdrawn, false), (NotificationKind::ReviewWanted, true)]);
    assert_eq!(town.inbox.unread(&user("lee")).unwrap(), 1);
}

#[test]
fn that_an_end_is_blocked_is_told_to_whose_access_it_is_besides_the_administrators() {
    let town = Town::new();
    let id = town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    town.run(advance(&town.kari, id)).unwrap();
    town.suspend(&account("sandbox", 0));
    town.clock.advance_by(TimeDelta::minutes(31));
    for _ in 0..20 {
        town.run(advance(&town.kari, id)).unwrap();
        town.clock.advance_by(TimeDelta::minutes(1));
    }
    assert!(town.is_blocked(id));
    relay_all(&town);
    let page = PageRequest { limit: 200, after: None };
    let heard = |who: &&str| {
        let messages = town.inbox.messages(&user(who), &page).unwrap().items;
        messages.iter().filter(|message| message.kind == NotificationKind::RemovalBlocked).count() == 1
    };
    assert_eq!(PEOPLE.into_iter().filter(heard).collect::<Vec<_>>(), ["ann", "tom"]);
}
