//! Where only links count, and where an address leads to nobody, people are written to where they linked their account.

use chrono::TimeDelta;
use kari_application::caller::live_caller;
use kari_application::link_chat::{Linked, link, offer_link};
use kari_application::unlink_chat::unlink;
use kari_domain::audit::StreamId;
use kari_domain::request::Decision;
use kari_domain::settings::Language;
use kari_fake_slack::Person;
use kari_slack::delivery::PressedCard;

use crate::stage::{AUDIT, Stage, buttons, slack_id, words};
use crate::town::{account, set, user};

const OTHER: &str = "U0OTHER";

/// Only links count, and requests have a channel.
fn stage() -> Stage {
    let stage = Stage::with_channel();
    stage.set(|settings| settings.slack_linked_only = true);
    stage.settle();
    stage.workspace().calls.clear();
    stage
}

/// Somebody joins who has an address of nobody here, and speaks Japanese.
fn join(stage: &Stage, id: &str) {
    let (email, locale) = (format!("{id}@private.example"), "ja-JP".to_owned());
    stage.workspace().join(id, Person { email, locale, ..Person::default() });
}

pub(crate) fn links(stage: &Stage, who: &str, account: &str) {
    let linked = stage.town.run(async {
        let caller = live_caller(&stage.kari, &user(who)).await.unwrap();
        let code = offer_link(&stage.kari, &caller).await.unwrap().code;
        link(&stage.kari, "slack", &format!("slack/T0000000001/{account}"), None, &code).await.unwrap()
    });
    assert_eq!(linked, Linked::To(user(who)));
    stage.town.clock.advance_by(TimeDelta::seconds(1));
}

fn unlinks(stage: &Stage, who: &str, account: &str) {
    stage.town.run(async {
        let caller = live_caller(&stage.kari, &user(who)).await.unwrap();
        let account = format!("slack/T0000000001/{account}");
        unlink(&stage.kari, &caller, "slack", &user(who), &account).await.unwrap();
    });
}

fn asks(stage: &Stage, number: usize) {
    stage.town.ask("ann", &[account("north", number)], &set(0));
    stage.settle();
}

/// How many messages stand between the bot and an account.
fn told(stage: &Stage, account: &str) -> usize {
    stage.there(&account.replacen('U', "D", 1)).len()
}

#[test]
fn a_letter_goes_to_the_linked_account_and_not_to_whoever_has_the_address() {
    let stage = stage();
    join(&stage, OTHER);
    links(&stage, "ann", OTHER);
    asks(&stage, 0);
    assert_eq!((told(&stage, OTHER), told(&stage, &slack_id("ann"))), (1, 0));
    assert_eq!(stage.there("D0OTHER")[0].text.chars().next(), Some('申'), "in the language of that account");
}

#[test]
fn of_several_accounts_the_one_that_was_linked_last_is_written_to() {
    let stage = stage();
    join(&stage, OTHER);
    links(&stage, "ann", &slack_id("ann"));
    links(&stage, "ann", OTHER);
    asks(&stage, 0);
    assert_eq!((told(&stage, OTHER), told(&stage, &slack_id("ann"))), (1, 0));
}

#[test]
fn an_account_of_nobody_any_more_gives_way_to_the_one_linked_before() {
    let stage = stage();
    join(&stage, OTHER);
    links(&stage, "ann", &slack_id("ann"));
    links(&stage, "ann", OTHER);
    let gone = Person { email: "x@private.example".to_owned(), deleted: true, ..Person::default() };
    stage.workspace().join(OTHER, gone);
    // One that Slack does not know at all.
    links(&stage, "ann", "U0NOBODY");
    asks(&stage, 0);
    assert_eq!((told(&stage, OTHER), told(&stage, &slack_id("ann"))), (0, 1));
}

#[test]
fn an_account_that_was_unlinked_hears_nothing_from_that_moment_on() {
    let stage = stage();
    links(&stage, "ann", &slack_id("ann"));
    asks(&stage, 0);
    unlinks(&stage, "ann", &slack_id("ann"));
    asks(&stage, 1);
    assert_eq!(told(&stage, &slack_id("ann")), 1);
    links(&stage, "ann", &slack_id("ann"));
    asks(&stage, 2);
    assert_eq!(told(&stage, &slack_id("ann")), 2);
}

#[test]
fn of_somebody_who_linked_nothing_it_is_noted_once_that_they_are_told_elsewhere() {
    let stage = stage();
    stage.set(|settings| settings.slack_audit_channel = Some(AUDIT.parse().unwrap()));
    asks(&stage, 0);
    stage.town.clock.advance_by(TimeDelta::minutes(30));
    asks(&stage, 1);
    assert_eq!(told(&stage, &slack_id("ann")), 0);
    let noted = stage.there(AUDIT).iter().filter(|line| line.text.contains("could not deliver to")).count();
    assert_eq!(noted, 1);
    assert_eq!(stage.board.given_up(), 0, "that is nobody's failure");
}

#[test]
fn whoever_has_an_address_that_leads_to_nobody_is_written_to_by_their_link() {
    let stage = Stage::with_channel();
    stage.workspace().people.get_mut(&slack_id("ann")).unwrap().email = "ann@private.example".to_owned();
    asks(&stage, 0);
    assert_eq!(told(&stage, &slack_id("ann")), 0);
    join(&stage, OTHER);
    links(&stage, "ann", &slack_id("ann"));
    links(&stage, "ben", OTHER);
    asks(&stage, 1);
    assert_eq!(told(&stage, &slack_id("ann")), 1);
    stage.town.ask("ben", &[account("north", 2)], &set(0));
    stage.settle();
    assert_eq!(
        (told(&stage, OTHER), told(&stage, &slack_id("ben"))),
        (0, 1),
        "an address comes before a link"
    );
    let noted = stage.town.run(stage.kari.store.stream(&StreamId::channel("slack"))).unwrap();
    assert!(!noted.iter().any(|event| event.contains("not-linked")), "{noted:?}");
}

/// Only links count, requests of the north have no channel, and need the word of Lee and of Sam, who are linked.
fn of_two() -> Stage {
    let stage = Stage::new();
    stage.set(|settings| settings.slack_linked_only = true);
    stage.north(|policy| {
        policy.requirements[0].quorum = 2;
        policy.requirements[0].reviewers.users.insert(user("sam"));
    });
    join(&stage, OTHER);
    for who in ["lee", "sam"] {
        links(&stage, who, &slack_id(who));
    }
    stage.settle();
    stage
}

#[test]
fn a_card_is_taken_back_from_an_account_that_is_linked_no_more() {
    let stage = of_two();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    assert_eq!(buttons(&stage.told("lee")[0]), ["approve", "deny", "details"]);
    unlinks(&stage, "lee", &slack_id("lee"));
    stage.review("sam", id, Decision::Approve);
    stage.settle();
    let [lees, sams] = ["lee", "sam"].map(|who| stage.told(who).remove(0));
    assert!(
        buttons(&lees).is_empty() && words(&lees).contains("not shown in this Slack account"),
        "{}",
        words(&lees)
    );
    assert!(!words(&lees).contains("ann") && words(&sams).contains("1 of 2"), "{}", words(&sams));

    links(&stage, "lee", OTHER);
    stage.remind_before_lapse();
    assert_eq!((stage.told("lee").len(), told(&stage, OTHER)), (1, 2), "the card and the reminder");
    stage.review("lee", id, Decision::Approve);
    stage.settle();
    assert!(words(&stage.there("D0OTHER")[0]).contains("lee"));
    assert!(!words(&stage.told("lee")[0]).contains("lee"), "nothing comes there any more");
}

#[test]
fn a_reminder_goes_to_the_account_that_is_linked_by_then() {
    let stage = of_two();
    asks(&stage, 0);
    unlinks(&stage, "lee", &slack_id("lee"));
    unlinks(&stage, "sam", &slack_id("sam"));
    links(&stage, "lee", OTHER);
    stage.remind_before_lapse();
    let told = [stage.told("lee"), stage.there("D0OTHER"), stage.told("sam")];
    assert_eq!(told.each_ref().map(Vec::len), [1, 2, 1], "the card and the reminder are where Lee is now");
    assert!(
        buttons(&told[0][0]).is_empty() && buttons(&told[2][0]).is_empty(),
        "and nothing where nobody is"
    );
}

#[test]
fn a_card_stays_with_an_account_that_is_still_linked_whichever_was_linked_since() {
    let stage = of_two();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    links(&stage, "lee", OTHER);
    stage.review("sam", id, Decision::Approve);
    stage.settle();
    assert!(words(&stage.told("lee")[0]).contains("1 of 2"));
    assert_eq!(told(&stage, OTHER), 0);
}

#[test]
fn what_was_taken_back_is_not_found_again() {
    let stage = of_two();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    let card = stage.told("lee").remove(0);
    unlinks(&stage, "lee", &slack_id("lee"));
    stage.review("sam", id, Decision::Approve);
    stage.settle();
    // Somebody had pressed it just before.
    let pressed =
        PressedCard { id: id.0, channel: card.channel, ts: card.ts, is_ours: true, is_outdated: false };
    stage.block_on(stage.board.keep_up(&pressed, Language::En)).unwrap();
    assert!(buttons(&stage.told("lee")[0]).is_empty());
}
