//! The kill test: fifty journeys while Kari is killed with SIGKILL again and again. Afterwards no
//! access is left over, no event is missing, and whatever a person was told is recorded.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

use crate::journeys::{Client, Ending, Journey, Worker, plan};
use crate::support::kari;

const SEED: u64 = 20_261_122;
const JOURNEYS: usize = 50;
const AT_ONCE: usize = 2;
/// Between a start and the next kill, in milliseconds: time enough to begin anything, seldom to end it.
const GAP: std::ops::Range<u64> = 1..45;
/// Every fourth gap, so that a slow machine gets somewhere, too.
const LONG_GAP: std::ops::Range<u64> = 50..250;
/// Fewer would prove little.
const FEWEST_KILLS: usize = 20;

#[test]
fn fifty_journeys_under_sigkill_leave_no_access_and_lose_no_event() {
    let worker = Worker::start();
    let client = Client::new(&worker);
    let journeys = plan(SEED, JOURNEYS);
    let over = AtomicBool::new(false);
    let (travelled, kills) = std::thread::scope(|scope| {
        let killer = scope.spawn(|| kill_until(&over, &worker));
        let travelled = travel(&client, &journeys);
        over.store(true, Ordering::SeqCst);
        killer.thread().unpark();
        (travelled, killer.join().unwrap())
    });
    println!("{JOURNEYS} journeys, {kills} kills");
    assert!(kills >= FEWEST_KILLS, "only {kills} kills");

    for (journey, id) in &travelled {
        client.check_timeline(journey, id);
    }
    client.check_everything_is_gone(travelled.len());
    worker.stop();
    let verified = kari().args(["audit", "verify", "--data-dir"]).arg(worker.data_dir()).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

/// Kills and starts again at random moments. Returns how often.
fn kill_until(over: &AtomicBool, worker: &Worker) -> usize {
    let mut random = ChaCha20Rng::seed_from_u64(SEED);
    let mut kills = 0;
    while !over.load(Ordering::SeqCst) {
        // The wait is the test: it chooses the moment.
        let gap = if kills % 4 == 3 { LONG_GAP } else { GAP };
        std::thread::park_timeout(Duration::from_millis(random.random_range(gap)));
        worker.kill_and_start_again();
        kills += 1;
    }
    kills
}

fn travel<'a>(client: &Client<'_>, journeys: &'a [Journey]) -> Vec<(&'a Journey, String)> {
    let mut travelled = vec![];
    for together in journeys.chunks(AT_ONCE) {
        let under_way: Vec<_> = together.iter().map(|journey| (journey, client.submit(journey))).collect();
        for (journey, id) in &under_way {
            match journey.ending {
                Ending::Denied => client.deny(journey, id),
                Ending::Withdrawn => client.withdraw(journey, id),
                Ending::Expired | Ending::Revoked if journey.needs_approval => client.approve(journey, id),
                Ending::Expired | Ending::Revoked => {}
            }
        }
        client.wait_until(&under_way, |state| ["active", "closed"].contains(&state));
        for (journey, id) in under_way.iter().filter(|(journey, _)| journey.ending == Ending::Revoked) {
            client.revoke(journey, id);
        }
        client.skip(61);
        client.wait_until(&under_way, |state| state == "closed");
        travelled.extend(under_way);
    }
    travelled
}
