use chrono::TimeDelta;
use kari_embedded::identity_center::{FaultPlan, StatusFilter, World};

use crate::town::{at, hanako, kenji, organization, user};

/// A few hundred calls of every kind; the answers, as text.
fn play(world: &mut World, rounds: std::ops::Range<i64>) -> Vec<String> {
    let mut answers = Vec::new();
    for round in rounds {
        let now = at(round * 20);
        let assignment = if round % 3 == 0 { kenji() } else { hanako() };
        let answer = match round % 5 {
            0 | 1 => format!("{:?}", world.create_account_assignment(now, &assignment)),
            2 => format!("{:?}", world.delete_account_assignment(now, &assignment)),
            3 => format!("{:?}", world.list_creation_status(now, StatusFilter::Any)),
            _ => format!("{:?}", world.describe_user(now, &user("hanako"))),
        };
        answers.push(answer);
        answers.push(format!("{:?}", world.assignments(now)));
    }
    answers
}

fn stormy(seed: u64) -> World {
    World::new(&organization(), seed, FaultPlan::stormy())
}

#[test]
fn the_same_seed_and_the_same_calls_give_the_same_answers() {
    assert_eq!(play(&mut stormy(11), 0..300), play(&mut stormy(11), 0..300));
}

#[test]
fn another_seed_gives_other_answers() {
    assert_ne!(play(&mut stormy(11), 0..300), play(&mut stormy(12), 0..300));
}

#[test]
fn a_world_that_was_saved_and_restored_goes_on_exactly_as_before() {
    let mut world = stormy(11);
    play(&mut world, 0..150);
    world.throttle_for(at(3_000), TimeDelta::minutes(1));
    world.lose_next_response();
    let saved = serde_json::to_string(&world).unwrap();
    let mut restored: World = serde_json::from_str(&saved).unwrap();
    assert_eq!(restored, world);
    assert_eq!(play(&mut restored, 150..300), play(&mut world, 150..300));
    assert_eq!(restored, world);
}

#[test]
fn time_never_goes_back() {
    let mut world = stormy(11);
    world.settle(at(100));
    assert_eq!(world.settle(at(50)), at(100));
}
