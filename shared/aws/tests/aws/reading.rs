//! The whole of a big organization is read, or it is said in time that it cannot be.

use std::sync::Arc;

use chrono::TimeDelta;
use kari_application::ports::{Clock, Directory};
use kari_aws::directory::{AwsDirectory, WholeDirectory};
use kari_aws::identity_center::{InMemory, Rate};
use kari_domain::directory::{Group, Snapshot};
use kari_domain::ids::GroupId;
use kari_embedded::identity_center::http::Options;
use kari_embedded::identity_center::{FaultPlan, SimulatedIdentityCenter, World};
use kari_embedded::organization::Organization;

use crate::clock::JumpingClock;
use crate::front;

/// The sample organization with many more groups. Some of them have no members, some more than a small page.
fn organization() -> Snapshot {
    let mut snapshot = Organization::parse("sample", front::ORGANIZATION).unwrap().directory;
    for number in 0..300 {
        let id: GroupId = format!("g-many-{number}").parse().unwrap();
        let members = snapshot.users.keys().cycle().skip(number).take(number % 4).cloned().collect();
        snapshot.members.insert(id.clone(), members);
        snapshot.groups.insert(id.clone(), Group { display_name: id.to_string(), id });
    }
    snapshot
}

/// A directory, and the Identity Center that it reads.
struct Library {
    clock: Arc<JumpingClock>,
    directory: WholeDirectory,
}

impl Library {
    async fn of(organization: &Snapshot, options: Options) -> Self {
        let clock = JumpingClock::new();
        let world = World::new(organization, 7, FaultPlan::calm());
        let of = front::named(world.instance());
        let center = Arc::new(SimulatedIdentityCenter::new(world, clock.clone()));
        let clients = front::clients_of(front::serve(center, options).await).await;
        let limiter = Arc::new(InMemory::new(clock.clone(), Rate::default()));
        let directory = WholeDirectory::new(AwsDirectory::new(&clients, &of, clock.clone()), limiter);
        Self { clock, directory }
    }
}

#[tokio::test]
async fn a_reading_that_takes_too_long_says_so_before_its_function_is_cut_off() {
    let options = Options { delay: TimeDelta::seconds(5), ..Options::default() };
    let library = Library::of(&organization(), options).await;
    let began_at = library.clock.now();
    let error = library.directory.read_all().await.unwrap_err();
    let lasted = library.clock.now() - began_at;
    assert!((TimeDelta::minutes(13)..TimeDelta::minutes(14)).contains(&lasted), "{lasted}");
    assert!(error.source.to_string().contains("takes too long"), "{}", error.source);
}
