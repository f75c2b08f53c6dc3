//! Linking an account of a chat to whoever is signed in to the portal.

use chrono::TimeDelta;
use kari_application::caller::live_caller;
use kari_application::chat_links::linked_user;
use kari_application::check_records::{BESIDE_STREAMS, alarm, check_open_until};
use kari_application::link_chat::{LinkCode, Linked, link, offer_link};
use kari_application::ports::PageRequest;
use kari_application::reconcile::find_drift;
use kari_domain::audit::StreamId;
use kari_domain::time::Instant;

use crate::town::{Town, user};
use crate::untold::without_channel;

pub(crate) const ANNS: &str = "slack/T1/U-ann";

pub(crate) fn offered(town: &Town, who: &str) -> LinkCode {
    town.run(async {
        let caller = live_caller(&town.kari, &user(who)).await.unwrap();
        offer_link(&town.kari, &caller).await.unwrap()
    })
}

pub(crate) fn given(town: &Town, account: &str, code: &str) -> Linked {
    town.run(link(&town.kari, "slack", account, Some("Ann"), code)).unwrap()
}

#[test]
fn a_code_links_whoever_gives_it_to_the_user_it_was_made_for_however_it_is_typed() {
    let town = Town::new();
    let code = offered(&town, "ann").code;
    assert!(code.len() == 14 && code.is_ascii(), "{code}");
    assert_eq!(town.run(linked_user(&town.kari, ANNS)).unwrap(), None);
    let typed = format!(" {} ", code.to_lowercase().replace('-', " "));
    assert_eq!(given(&town, ANNS, &typed), Linked::To(user("ann")));
    assert_eq!(town.run(linked_user(&town.kari, ANNS)).unwrap(), Some(user("ann")));
}

#[test]
fn a_code_links_one_account_and_for_ten_minutes_only() {
    let town = Town::new();
    let code = offered(&town, "ann").code;
    assert_eq!(given(&town, ANNS, &code), Linked::To(user("ann")));
    assert_eq!(given(&town, ANNS, &code), Linked::To(user("ann")), "the very same again");
    assert_eq!(given(&town, "slack/T1/U-ben", &code), Linked::NoSuchCode);
    let late = offered(&town, "ben").code;
    town.clock.advance_by(TimeDelta::minutes(10));
    assert_eq!(given(&town, "slack/T1/U-ben", &late), Linked::NoSuchCode);
    assert_eq!(given(&town, "slack/T1/U-ben", "AAAA-AAAA-AAAA"), Linked::NoSuchCode);
}

#[test]
fn an_account_that_is_linked_is_not_silently_linked_to_somebody_else() {
    let town = Town::new();
    given(&town, ANNS, &offered(&town, "ann").code);
    assert_eq!(given(&town, ANNS, &offered(&town, "ben").code), Linked::ToSomebodyElse(user("ann")));
    assert_eq!(town.run(linked_user(&town.kari, ANNS)).unwrap(), Some(user("ann")));
}

#[test]
fn what_lists_the_links_where_search_and_check_are_and_what_nobody_was_told_count_as_no_streams() {
    let town = Town::new();
    given(&town, ANNS, &offered(&town, "ann").code);
    town.run(find_drift(&town.kari, 1, Instant::MAX_UTC)).unwrap();
    town.run(alarm(&without_channel(&town.kari), &StreamId::policies(), &"something is wrong with it"));
    town.run(check_open_until(&town.kari, Instant::MAX_UTC)).unwrap();
    for prefix in BESIDE_STREAMS {
        let page = PageRequest { limit: 10, after: None };
        assert_eq!(town.run(town.kari.store.items(prefix, &page)).unwrap().items.len(), 1, "{prefix}");
    }
    assert_eq!(town.store.misplaced().unwrap(), []);
    let streams = town.store.all_streams().unwrap().map(|recorded| recorded.unwrap().stream);
    let beside = streams.filter(|name| BESIDE_STREAMS.iter().any(|prefix| name.as_str().starts_with(prefix)));
    assert_eq!(beside.count(), 0);
}
