//! Whoever reads the whole directory stands in the one queue of calls to Identity Center.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::ports::{CallError, Clock, Directory};
use kari_aws::directory::{AwsDirectory, WholeDirectory};
use kari_aws::identity_center::{Lane, Limit};
use kari_domain::ids::Tuple;
use kari_domain::time::Instant;
use kari_embedded::identity_center::http::Options;
use kari_embedded::identity_center::{FaultPlan, Service, SimulatedIdentityCenter, World};
use kari_embedded::organization::Organization;

use crate::clock::JumpingClock;
use crate::front;

/// A queue without a place before some instant.
#[derive(Debug)]
struct Queue {
    clock: Arc<JumpingClock>,
    free_from: Instant,
    /// Who asked for a place, and whether they got one.
    asked: Mutex<Vec<(Lane, bool)>>,
}

#[async_trait]
impl Limit for Queue {
    async fn pass(&self, lane: Lane) -> Result<(), CallError> {
        let is_free = self.clock.now() >= self.free_from;
        self.asked.lock().unwrap().push((lane, is_free));
        if is_free { Ok(()) } else { Err(CallError::Throttled) }
    }

    async fn begin(&self, _: Lane, _: &Tuple) -> Result<(), CallError> {
        panic!("whoever reads begins nothing")
    }

    async fn end(&self, _: &Tuple) {}
}

/// A directory, and the queue in front of its Identity Center.
struct Library {
    center: Arc<SimulatedIdentityCenter>,
    clock: Arc<JumpingClock>,
    queue: Arc<Queue>,
    directory: WholeDirectory,
}

impl Library {
    async fn crowded_for(length: TimeDelta, plan: FaultPlan) -> Self {
        let clock = JumpingClock::new();
        let snapshot = Organization::parse("sample", front::ORGANIZATION).unwrap().directory;
        let world = World::new(&snapshot, 7, plan);
        let of = front::named(world.instance());
        let center = Arc::new(SimulatedIdentityCenter::new(world, clock.clone()));
        let options = Options { most_per_page: NonZeroUsize::new(2), ..Options::default() };
        let clients = front::clients_of(front::serve(Arc::clone(&center), options).await).await;
        let free_from = clock.now() + length;
        let queue = Arc::new(Queue { clock: clock.clone(), free_from, asked: Mutex::default() });
        let directory = WholeDirectory::new(AwsDirectory::new(&clients, &of, clock.clone()), queue.clone());
        Self { center, clock, queue, directory }
    }

    fn asked(&self) -> Vec<(Lane, bool)> {
        self.queue.asked.lock().unwrap().clone()
    }

    /// How many calls Identity Center itself received.
    fn calls(&self) -> usize {
        let calls = self.center.with(|world, _| {
            let of_it = world.counts().iter().filter(|(action, _)| action.service() == Service::SsoAdmin);
            of_it.map(|(_, count)| count.calls).sum::<u64>()
        });
        usize::try_from(calls.unwrap()).unwrap()
    }
}

#[tokio::test]
async fn the_whole_directory_is_read_with_a_turn_for_each_call_to_identity_center_also_for_a_repeated_one() {
    let plan = FaultPlan { throttled_per_mille: 400, ..FaultPlan::calm() };
    let library = Library::crowded_for(TimeDelta::zero(), plan).await;
    let sets = library.directory.read_all().await.unwrap().permission_sets.len();
    assert!(library.calls() > sets + sets.div_ceil(2), "some are asked again");
    assert_eq!(library.asked(), vec![(Lane::Background, true); library.calls()]);
}

#[tokio::test]
async fn while_others_go_first_the_reading_waits_and_asks_ever_more_rarely() {
    let library = Library::crowded_for(TimeDelta::minutes(8), FaultPlan::calm()).await;
    library.directory.read_all().await.unwrap();
    let in_vain = library.asked().iter().filter(|(_, got)| !got).count();
    assert!((10..80).contains(&in_vain), "{in_vain}");
}

#[tokio::test]
async fn a_reading_that_has_no_turn_gives_up_before_its_function_is_cut_off() {
    let library = Library::crowded_for(TimeDelta::hours(1), FaultPlan::calm()).await;
    let began_at = library.clock.now();
    let error = library.directory.read_all().await.unwrap_err();
    assert!(error.source.to_string().contains("takes too long"), "{}", error.source);
    let lasted = library.clock.now() - began_at;
    assert!((TimeDelta::minutes(13)..TimeDelta::minutes(14)).contains(&lasted), "{lasted}");
    assert_eq!(library.calls(), 0, "nothing was asked without a turn");
}
