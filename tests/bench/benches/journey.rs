//! Whole journeys a second through SQLite, and what each costs in processor time.

#![allow(clippy::expect_used, reason = "a benchmark that cannot run says so")]

use std::time::Instant;

use kari_bench::{Company, Wish};
use rustix::time::{ClockId, clock_gettime};

const JOURNEYS: usize = 300;

/// A developer changes production, and a team lead approves it.
const WISH: Wish =
    Wish { requester: "alice", reviewer: "bob", account: "shop-prod", permission_set: "PowerUserAccess" };

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let company = Company::open(&folder.path().join("kari.db"));
    company.travel(0, &WISH);
    let (wall, processor) = (Instant::now(), processor_seconds());
    for number in 1..=JOURNEYS {
        company.travel(number, &WISH);
    }
    let (wall, processor) = (wall.elapsed().as_secs_f64(), processor_seconds() - processor);
    let journeys = f64::from(u32::try_from(JOURNEYS).expect("a small number"));
    println!("journey through SQLite                    {:8.1} journeys/s", journeys / wall);
    println!(
        "journey, processor time                   {:8.3} ms (target: 3 ms)",
        processor / journeys * 1e3
    );
}

/// The processor time this process has used.
fn processor_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    #[expect(clippy::cast_precision_loss, reason = "a few seconds with nanoseconds fit")]
    let seconds = time.tv_sec as f64 + time.tv_nsec as f64 / 1e9;
    seconds
}
