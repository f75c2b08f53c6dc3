//! What the slow rounds of the reconciler cost: each call of DynamoDB by its name, and how many of Identity Center.

use std::collections::BTreeMap;
use std::slice;
use std::sync::Arc;

use kari_application::Kari;
use kari_application::advance::advance;
use kari_application::ports::{Append, Clock, ItemChange, PageRequest};
use kari_application::reconcile::{Report, find_drift, verify};
use kari_aws::environment::Environment;
use kari_aws::{Clients, Parts, assemble_from};
use kari_domain::directory::Snapshot;
use kari_domain::ids::AppendId;
use kari_domain::time::Instant;
use kari_embedded::identity_center::http::Options;
use kari_embedded::identity_center::{
    Assignment, FaultPlan, Principal, Service, SimulatedIdentityCenter, World,
};
use kari_machine::SeededIds;

use crate::clock::JumpingClock;
use crate::counter::{Counter, counted_client};
use crate::town::{ACCOUNTS, Town, account, permission_set, person, set, snapshot};
use crate::{front, journey, support};

const GRANTS: usize = 300;
const HOLDERS: usize = 120;
const PERMISSION_SETS: usize = 50;
/// How many accounts are searched. Each costs the same.
const SEARCHED: usize = 10;

/// A reconciler on AWS that may ask what somebody holds.
struct Reconciler {
    kari: Kari,
    sent: Counter,
    center: Arc<SimulatedIdentityCenter>,
}

/// What a round cost.
#[derive(Debug, PartialEq, Eq)]
struct Cost {
    dynamodb: BTreeMap<String, usize>,
    identity_center: u64,
}

impl Reconciler {
    /// In front of an Identity Center with these assignments, at this instant or later.
    async fn new(snapshot: &Snapshot, assignments: &[Assignment], at: Instant) -> Self {
        let clock = JumpingClock::new();
        clock.jump_to(at);
        let plan = FaultPlan { delegated_administrator: false, ..FaultPlan::calm() };
        let mut world = World::new(snapshot, 1, plan);
        for assignment in assignments {
            world.assign_outside(clock.now(), assignment);
        }
        let of = front::named(world.instance());
        let center = Arc::new(SimulatedIdentityCenter::new(world, clock.clone()));
        let address = front::serve(Arc::clone(&center), Options::default()).await;
        let (table, sent) = (support::new_table().await, Counter::default());
        let clients = Clients { dynamodb: counted_client(&sent), ..front::clients_of(address).await };
        let parts = Parts { clients, clock: clock.clone(), ids: Arc::new(SeededIds::new(1)) };
        let environment = journey::environment(&table, "g-administrators".to_owned());
        let kari = assemble_from(&Environment { identity_center: of, ..environment }, parts);
        kari.read_model.save(snapshot.clone()).await.unwrap();
        // Somebody has called since the table was made, as nearly always.
        kari.assignments.provisioned(&account("south", 0)).await.unwrap();
        Self { kari, sent, center }
    }

    /// Takes over the state items of requests and ledgers, which are all that a comparison reads.
    async fn take_over(&self, town: &Town) {
        for prefix in ["request/", "assignment/"] {
            let mut page = PageRequest { limit: 50, after: None };
            loop {
                let found = town.run(town.kari.store.items(prefix, &page)).unwrap();
                let append = Append {
                    id: AppendId(town.kari.ids.fresh()),
                    at: town.clock.now(),
                    streams: vec![],
                    unchanged: vec![],
                    items: found.items.into_iter().map(ItemChange::Put).collect(),
                    claims: vec![],
                };
                self.kari.store.append(&append).await.unwrap();
                let Some(after) = found.next else { break };
                page.after = Some(after);
            }
        }
    }

    fn calls_to_identity_center(&self) -> u64 {
        let calls = self.center.with(|world, _| {
            let of_it = world.counts().iter().filter(|(action, _)| action.service() == Service::SsoAdmin);
            of_it.map(|(_, count)| count.calls).sum::<u64>()
        });
        calls.unwrap()
    }

    async fn cost_of<T>(&self, round: impl Future<Output = T>) -> (T, Cost) {
        let before = self.calls_to_identity_center();
        self.sent.take();
        let done = round.await;
        let identity_center = self.calls_to_identity_center() - before;
        (done, Cost { dynamodb: self.sent.take(), identity_center })
    }
}

fn cost<const N: usize>(dynamodb: [(&str, usize); N], identity_center: u64) -> Cost {
    let dynamodb = dynamodb.into_iter().map(|(name, calls)| (name.to_owned(), calls)).collect();
    Cost { dynamodb, identity_center }
}

fn directory() -> Snapshot {
    let mut directory = snapshot();
    (0..HOLDERS).for_each(|number| person(&mut directory, &holder(number)));
    (0..PERMISSION_SETS).for_each(|number| permission_set(&mut directory, number));
    directory
}

fn holder(number: usize) -> String {
    format!("holder-{number:03}")
}

/// Somebody gets access, somewhere else than all the others.
fn grant(town: &Town, number: usize) -> Assignment {
    let (who, place) = (holder(number % HOLDERS), account("sandbox", number % ACCOUNTS));
    let set = set((number + number / ACCOUNTS) % PERMISSION_SETS);
    let id = town.ask(&who, slice::from_ref(&place), &set).remove(0);
    town.run(advance(&town.kari, id)).unwrap();
    assert_eq!(town.state(id), "active");
    Town::assignment(&who, &place, &set)
}

#[tokio::test]
async fn three_hundred_grants_are_compared_for_few_reads_of_the_records_and_a_permit_for_each_holder() {
    let directory = directory();
    let town = Town::of(&directory);
    let granted: Vec<_> = (0..GRANTS).map(|number| grant(&town, number)).collect();
    let reconciler = Reconciler::new(&directory, &granted, town.clock.now()).await;
    reconciler.take_over(&town).await;
    let (report, cost_of_it) = reconciler.cost_of(verify(&reconciler.kari, Instant::MAX_UTC)).await;
    assert_eq!(report.unwrap(), Report { compared: HOLDERS, ..Report::default() });
    // A hundred ledgers are read at once. What is due, each request and its ledger, comes by two hundred from four
    // shards, until nothing comes.
    let expected = [("BatchGetItem", 3), ("Query", 4 * 4), ("UpdateItem", HOLDERS)];
    assert_eq!(cost_of_it, cost(expected, HOLDERS as u64));
}

#[tokio::test]
async fn an_account_is_searched_for_a_permit_for_each_call_one_read_of_its_ledgers_and_one_note_of_the_place()
{
    let group = Principal::Group("g-administrators".parse().unwrap());
    let anchor = |number: usize| Assignment {
        account: account("north", number / PERMISSION_SETS),
        permission_set: set(number % PERMISSION_SETS),
        principal: group.clone(),
    };
    let anchors: Vec<_> = (0..SEARCHED * PERMISSION_SETS).map(anchor).collect();
    let reconciler = Reconciler::new(&directory(), &anchors, Instant::UNIX_EPOCH).await;
    let search = find_drift(&reconciler.kari, SEARCHED, Instant::MAX_UTC);
    let (report, cost_of_it) = reconciler.cost_of(search).await;
    assert_eq!(report.unwrap(), Report { compared: SEARCHED, ..Report::default() });
    let listed = SEARCHED * (1 + PERMISSION_SETS);
    // Where the last search stopped is read once.
    let expected =
        [("GetItem", 1), ("Query", SEARCHED), ("TransactWriteItems", SEARCHED), ("UpdateItem", listed)];
    assert_eq!(cost_of_it, cost(expected, listed as u64));
}
