//! Scenes for what is so rare that chance hardly leads to it: somebody is led to the brink of it in calm, then one
//! kind of trouble begins, and it happens. The rest is left to the dice, and watched, as in every run; where the
//! trouble misses what it is meant for, the next seed is tried.

use chrono::TimeDelta;
use kari_application::submit_request::Wanted;
use kari_domain::ids::{RequestId, Tuple};
use kari_domain::text::Justification;
use kari_domain::time::{LISTING_GRACE, Minutes};
use kari_embedded::identity_center::Assignment;
use strum::VariantArray;

use crate::commands::Deed;
use crate::coverage::{Coverage, Row, Struck, Table, excuse};
use crate::many::on_all_cores;
use crate::organization::{SANDBOX, account, permission_set, tuple, user};
use crate::ports::Weather;
use crate::simulation::{Outcome, Simulation};

/// So many seeds are tried for a cell.
const TRIES: u64 = 200;
/// A round of trouble, and how many there are.
const ROUND: TimeDelta = TimeDelta::seconds(30);
const ROUNDS: u32 = 8;
/// How often a process dies where it dies often, per mille of the steps.
const DIES: u32 = 30;

/// How one gets to what is rare.
#[derive(Debug)]
struct Scene {
    row: Row,
    /// In calm, to the brink.
    lead: fn(&mut Simulation),
    /// In trouble.
    happen: fn(&mut Simulation),
}

const SCENES: [Scene; 9] = [
    scene(Table::Requests, "absent", "requested", |_| {}, ask),
    scene(Table::Requests, "activating", "ends-removed-by-others", begin_once_more, remove_outside),
    scene(Table::Requests, "activating", "ends-for-disabled", begin_slowly, disable),
    scene(Table::Requests, "active", "ends-removed-by-others", get_access, remove_outside),
    scene(Table::Requests, "active", "ends-for-disabled", get_access, disable),
    scene(Table::Ledgers, "creating", "holder-joined", ask_while_it_is_created, |_| {}),
    // As a deletion of ours does that arrives late.
    scene(Table::Ledgers, "present", "creation-started", get_access_again, remove_outside),
    scene(Table::Ledgers, "absent", "absence-proven", see_it_gone, delete_permission_set),
    scene(Table::Ledgers, "removing", "absence-proven", begin_removing, delete_permission_set),
];

const fn scene(
    table: Table,
    state: &'static str,
    what: &'static str,
    lead: fn(&mut Simulation),
    happen: fn(&mut Simulation),
) -> Scene {
    Scene { row: Row { table, state, what }, lead, happen }
}

/// Plays what chance has not led to so far, by this coverage, as long as it takes.
///
/// # Panics
/// If anything wrong is seen; with the whole story.
pub fn play_what_is_missing(so_far: &Coverage) -> Coverage {
    let pairs = SCENES.iter().flat_map(|scene| Struck::VARIANTS.iter().map(move |struck| (scene, *struck)));
    let missing = |(scene, struck): &(&Scene, Struck)| {
        so_far.cell(scene.row, *struck) == 0 && excuse(scene.row, *struck).is_none()
    };
    let cells: Vec<_> = pairs.filter(missing).collect();
    let mut coverage = Coverage::default();
    on_all_cores(
        0..cells.len() as u64,
        |cell| {
            let (scene, struck) = cells[usize::try_from(cell).expect("there are some dozens")];
            scene.play_until_met(struck)
        },
        |_, met| coverage.add(&met),
    );
    coverage
}

impl Scene {
    fn play_until_met(&self, struck: Struck) -> Coverage {
        for seed in 0..TRIES {
            let Outcome { coverage, violation, .. } = self.play(seed, struck, false);
            let story = || self.play(seed, struck, true).story.join("\n");
            assert!(
                violation.is_none(),
                "{:?} × {struck:?}, seed {seed}: {violation:?}\n{}",
                self.row,
                story()
            );
            if coverage.cell(self.row, struck) > 0 {
                return coverage;
            }
        }
        Coverage::default()
    }

    fn play(&self, seed: u64, struck: Struck, with_story: bool) -> Outcome {
        let mut simulation = Simulation::new(seed, with_story);
        simulation.leave_in_peace();
        (self.lead)(&mut simulation);
        simulation.trouble(struck);
        (self.happen)(&mut simulation);
        for _ in 0..ROUNDS {
            simulation.round(struck);
        }
        if simulation.fine() {
            simulation.come_to_an_end();
        }
        simulation.outcome()
    }
}

impl Simulation {
    /// From now on there is one kind of trouble, and much of it.
    fn trouble(&mut self, struck: Struck) {
        let (calm, plan) = (Weather::calm(), self.schedule.calm.clone());
        let (weather, plan) = match struck {
            Struck::Calm => return,
            Struck::Store => (Weather { unavailable: 150, ..calm }, plan),
            Struck::Untold => (Weather { unknown_append: 400, ..calm }, plan),
            Struck::Crash => (Weather { unknown_append: 200, ..calm }, plan),
            Struck::Directory => (Weather { unavailable: 60, ..calm }, plan),
            Struck::IdentityCenter => (calm, self.schedule.storm.clone()),
            Struck::Policies => (calm, plan),
        };
        self.change_weather(true, weather, plan);
    }

    /// Half a minute of it, in which everything is looked through.
    fn round(&mut self, struck: Struck) {
        let length = self.dice.between(TimeDelta::seconds(1), ROUND / 3);
        match struck {
            Struck::IdentityCenter => self.change(|world, _, now| world.throttle_for(now, length)),
            // What ends needs neither of the two: it is Ann who meets the trouble, as she asks for more.
            Struck::Directory => {
                self.change(|world, _, now| world.directory_down_for(now, length));
                ask(self);
            }
            Struck::Policies => {
                self.keep_policies_for(length);
                ask(self);
            }
            Struck::Calm | Struck::Store | Struck::Untold | Struck::Crash => {}
        }
        self.start_comparison();
        let until = self.now() + ROUND;
        while self.now() < until && self.fine() {
            if struck == Struck::Crash && !self.tasks.is_empty() && self.dice.chance(DIES) {
                self.crash();
            }
            self.step(until);
        }
    }

    /// Step by step until it is so.
    fn go_on_until(&mut self, so: impl Fn(&Self) -> bool) {
        let limit = self.now() + TimeDelta::hours(1);
        while !so(self) && self.now() < limit && self.fine() {
            self.step(limit);
        }
    }

    fn is_any(&self, state: &str) -> bool {
        self.world.gate.watch().requests.values().any(|request| request.state.name() == state)
    }

    fn is_presence(&self, name: &str) -> bool {
        self.world
            .gate
            .watch()
            .ledgers
            .get(&access())
            .is_some_and(|known| known.ledger.presence.name() == name)
    }
}

/// What all scenes are about: Ann needs no approval for it.
fn access() -> Tuple {
    tuple("ann", SANDBOX, "read")
}

/// Ann asks for it, or for more of it.
fn ask(simulation: &mut Simulation) {
    let wanted = Wanted {
        idempotency_key: format!("key-{}", simulation.steps),
        accounts: vec![account(SANDBOX)],
        permission_set: permission_set("read"),
        start: None,
        duration: Minutes(30),
        justification: Some(Justification::parse("the disk is full again").expect("a good reason")),
        ticket: None,
    };
    simulation.start_deed(user("ann"), Deed::Submit(wanted));
}

fn open_request(simulation: &Simulation) -> Option<RequestId> {
    let watch = simulation.world.gate.watch();
    watch.requests.iter().find(|(_, request)| request.holds()).map(|(id, _)| *id)
}

/// She has it, and for so long that a look would find it.
fn get_access(simulation: &mut Simulation) {
    ask(simulation);
    simulation.go_on_until(|it| it.is_any("active"));
    simulation.pass_quietly(simulation.now() + LISTING_GRACE + TimeDelta::seconds(10));
}

/// She has it, and her next one begins.
fn begin_once_more(simulation: &mut Simulation) {
    get_access(simulation);
    ask(simulation);
    simulation.go_on_until(|it| it.is_any("activating"));
}

/// Her access begins, and takes longer than it may in calm.
fn begin_slowly(simulation: &mut Simulation) {
    simulation.change_weather(true, Weather::calm(), simulation.schedule.calm.clone());
    simulation.change(|world, _, _| world.delay_next_creation());
    ask(simulation);
    simulation.go_on_until(|it| it.is_any("activating"));
}

fn ask_while_it_is_created(simulation: &mut Simulation) {
    begin_slowly(simulation);
    simulation.go_on_until(|it| it.is_presence("creating"));
    ask(simulation);
    simulation.go_on_until(|it| it.is_any("approved"));
}

/// She gives it back.
fn begin_removing(simulation: &mut Simulation) {
    get_access(simulation);
    let id = open_request(simulation).expect("she has access");
    simulation.start_deed(user("ann"), Deed::Revoke(id));
    simulation.go_on_until(|it| it.is_presence("removing"));
}

fn see_it_gone(simulation: &mut Simulation) {
    begin_removing(simulation);
    simulation.go_on_until(|it| it.is_presence("absent"));
}

fn get_access_again(simulation: &mut Simulation) {
    see_it_gone(simulation);
    simulation.go_on_until(|it| it.is_any("closed"));
    get_access(simulation);
}

fn remove_outside(simulation: &mut Simulation) {
    simulation.change(|world, _, now| world.remove_outside(now, &Assignment::from(&access())));
}

fn disable(simulation: &mut Simulation) {
    simulation.change(|world, known, now| {
        world.disable_user(now, &user("ann"));
        known.users.entry(user("ann")).and_modify(|ann| ann.enabled = false);
    });
}

fn delete_permission_set(simulation: &mut Simulation) {
    simulation.change(|world, known, now| {
        world.delete_permission_set(now, &permission_set("read"));
        known.permission_sets.remove(&permission_set("read"));
    });
}
