//! What is true of the world whatever happens, tried on stormy days of random deeds.

use chrono::TimeDelta;
use kari_domain::time::{Instant, LISTING_GRACE};
use kari_embedded::identity_center::{Assignment, FaultPlan, SuspendedAccounts, TrueStay, World};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::town::{PAYMENTS, SANDBOX, account, at, of_group, organization, set, tuple, user};

fn assignments() -> Vec<Assignment> {
    let mut all = vec![of_group("admins")];
    for who in ["hanako", "kenji"] {
        for what in ["Admin", "ReadOnly"] {
            all.extend([PAYMENTS, SANDBOX].map(|place| tuple(who, what, place).into()));
        }
    }
    all
}

fn deed(world: &mut World, now: Instant, chance: &mut ChaCha8Rng) {
    let all = assignments();
    let assignment = &all[chance.random_range(0..all.len())];
    match chance.random_range(0..100) {
        0..45 => drop(world.create_account_assignment(now, assignment)),
        45..80 => drop(world.delete_account_assignment(now, assignment)),
        80..86 => world.assign_outside(now, assignment),
        86..92 => world.remove_outside(now, assignment),
        92..94 => world.suspend_account(now, &account(SANDBOX)),
        94..97 => world.identity_center_down_for(now, TimeDelta::minutes(1)),
        97 => world.lose_next_response(),
        98 => world.delay_next_creation(),
        _ if chance.random_range(0..20) == 0 => world.delete_user(now, &user("kenji")),
        _ => world.fail_next_after_accepting(),
    }
}

/// A quiet tuple: nothing about it changed within the listing grace before `now`.
fn is_settled(stays: &[&TrueStay], now: Instant) -> bool {
    let recent = |moment: Instant| now - moment <= LISTING_GRACE;
    !stays.iter().any(|entry| {
        recent(entry.stay.created_at) || entry.stay.removed.is_some_and(|(moment, _)| recent(moment))
    })
}

fn check(world: &mut World, now: Instant) {
    let history = world.history(now);
    let shown = world.assignments(now);
    for assignment in assignments() {
        let stays: Vec<_> = history.iter().filter(|entry| entry.assignment == assignment).collect();
        for pair in stays.windows(2) {
            let ended = pair[0].stay.removed.expect("only the last stay is open").0;
            assert!(ended <= pair[1].stay.created_at, "stays of one assignment never overlap");
        }
        let view = shown.iter().find(|view| {
            (&view.account, &view.permission_set, &view.principal)
                == (&assignment.account, &assignment.permission_set, &assignment.principal)
        });
        if is_settled(&stays, now) {
            let listed = view.is_some_and(|view| !view.orphaned);
            assert_eq!(listed, world.is_present(now, &assignment), "listings are true after the grace");
        }
    }
    for (place, what) in [(PAYMENTS, "Admin"), (SANDBOX, "Admin"), (SANDBOX, "ReadOnly")] {
        let held = history.iter().any(|entry| {
            let here =
                entry.assignment.account == account(place) && entry.assignment.permission_set == set(what);
            here && entry.stay.unlisted_at.is_none()
        });
        let role = world.role_name(&account(place), &set(what));
        assert_eq!(role.is_some(), held, "a role lives exactly as long as it has assignments");
    }
}

#[test]
fn the_set_the_listings_and_the_roles_agree_on_every_stormy_day() {
    for seed in 0..40 {
        let hanging = if seed % 2 == 0 { SuspendedAccounts::Hang } else { SuspendedAccounts::Fail };
        let plan = FaultPlan { suspended_accounts: hanging, ..FaultPlan::stormy() };
        let mut world = World::new(&organization(), seed, plan);
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut now = at(0);
        for _ in 0..150 {
            now += TimeDelta::seconds(chance.random_range(0..90));
            deed(&mut world, now, &mut chance);
            check(&mut world, now);
        }
        world.clear_faults();
        world.set_fault_plan(FaultPlan::calm());
        check(&mut world, now + TimeDelta::hours(7));
        assert_eq!(world.next_event_at(), None, "once faults stop, everything comes to rest");
    }
}
