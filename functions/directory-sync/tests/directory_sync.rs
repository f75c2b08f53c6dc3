//! What the schedule does: lists know what changed, and administrators what must not stay so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../../shared/application/tests/use_cases/town.rs"]
#[allow(dead_code, reason = "other tests use more of the town")]
mod town;

use chrono::TimeDelta;
use kari_application::Error;
use kari_application::ports::PageRequest;
use kari_directory_sync::handle;
use kari_domain::directory::User;
use town::{Town, user};

fn known(town: &Town, who: &str) -> bool {
    town.run(town.kari.read_model.load()).unwrap().users.contains_key(&user(who))
}

#[test]
fn whoever_came_is_in_the_copy_that_lists_read_from() {
    let town = Town::new();
    let new = User {
        id: user("new"),
        user_name: "new".to_owned(),
        display_name: "new".to_owned(),
        email: None,
        enabled: true,
    };
    town.behind(|world, now| world.add_user(now, &new));
    assert!(!known(&town, "new"));
    town.run(handle(&town.kari)).unwrap();
    assert!(known(&town, "new"));
}

#[test]
fn while_the_directory_cannot_be_read_the_copy_stays_and_administrators_hear_of_it_once() {
    let town = Town::new();
    town.lose_directory_for(TimeDelta::hours(3));
    let told = || {
        let page = PageRequest { limit: 50, after: None };
        town.inbox.messages(&user("tom"), &page).unwrap().items.len()
    };
    let before = told();
    for hour in 1..3 {
        assert!(matches!(town.run(handle(&town.kari)), Err(Error::Unavailable(_))), "hour {hour}");
        town.clock.advance_by(TimeDelta::hours(1));
    }
    assert!(town.run(handle(&town.kari)).is_err());
    assert!(known(&town, "ann"));
    assert_eq!(told(), before + 1);
}
