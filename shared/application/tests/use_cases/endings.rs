//! What ending access costs.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::Kari;
use kari_application::advance::{Advanced, advance};
use kari_application::ports::{Policies, Unavailable};
use kari_domain::ids::RequestId;
use kari_domain::policy::CompiledPolicies;
use kari_domain::settings::Settings;
use kari_domain::time::Minutes;
use kari_embedded::identity_center::Action;

use crate::town::{Town, account, set};

/// Policies of which only the settings may be asked for.
struct SettingsOnly;

#[async_trait]
impl Policies for SettingsOnly {
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        panic!("no policy is needed to end access")
    }
    async fn settings(&self) -> Result<Settings, Unavailable> {
        Ok(Settings { expiry_warning_minutes: Minutes(10), ..Settings::default() })
    }
}

/// Drives a request until it is closed.
fn finish(town: &Town, kari: &Kari, id: RequestId) {
    while let Advanced::At(at, _) = town.run(advance(kari, id)).unwrap() {
        town.clock.advance_to(at);
    }
    assert_eq!(town.state(id), "closed");
}

#[test]
fn warning_and_ending_load_no_policy() {
    let town = Town::new();
    let id = town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    town.run(advance(&town.kari, id)).unwrap();
    assert_eq!(town.state(id), "active");
    finish(&town, &Kari { policies: Arc::new(SettingsOnly), ..town.kari.clone() }, id);
}

#[test]
fn a_creation_that_was_answered_at_once_is_never_looked_for_among_all() {
    let town = Town::new();
    town.operations_take(TimeDelta::seconds(3));
    let id = town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    finish(&town, &town.kari, id);
    assert_eq!(town.calls(Action::ListAccountAssignmentCreationStatus), 0);
}

#[test]
fn a_creation_whose_answer_was_lost_is_looked_for_among_all_before_access_is_gone() {
    let town = Town::new();
    town.operations_take(TimeDelta::seconds(3));
    town.behind(|world, _| world.lose_next_response());
    let id = town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    finish(&town, &town.kari, id);
    assert!(town.calls(Action::ListAccountAssignmentCreationStatus) >= 2);
}

#[test]
fn a_late_creation_is_found_and_removed_within_minutes_while_it_is_watched() {
    let town = Town::new();
    let place = account("sandbox", 0);
    let id = town.ask("ann", std::slice::from_ref(&place), &set(0)).remove(0);
    finish(&town, &town.kari, id);
    let assignment = Town::assignment("ann", &place, &set(0));
    town.behind(|world, now| world.assign_outside(now, &assignment));
    for _ in 0..5 {
        town.clock.advance_by(TimeDelta::minutes(1));
        crate::sweep::swept(&town);
    }
    assert!(
        !town.is_present(&assignment),
        "it counts as ours, and is not left there for a quarter of an hour"
    );
}
