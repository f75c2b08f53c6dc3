//! Everything wired together: the use cases on the adapters of one machine.

use std::sync::Arc;

use kari_api::PortalConfig;
use kari_application::{Kari, RoleGroups};
use kari_domain::time::Instant;
use kari_embedded::clock::VirtualClock;
use kari_embedded::identity_center::SimulatedIdentityCenter;
use kari_embedded::ids::RandomIds;
use kari_embedded::store::SqliteStore;
use kari_embedded::{Parts, assemble};
use tokio::task::JoinSet;

use crate::cli::Options;
use crate::data_dir::{DataDir, Files};
use crate::loops::{
    Relay, Timer, TimerWorkflow, guard, reconcile_for_ever, search_drift_for_ever, sweep_for_ever,
    sync_for_ever, sync_once,
};
use crate::{first_start, organization_file, world_file};

/// Kari on one machine.
#[derive(Debug)]
pub struct App {
    pub kari: Kari,
    pub store: Arc<SqliteStore>,
    pub clock: Arc<VirtualClock>,
    pub identity_center: Arc<SimulatedIdentityCenter>,
    pub portal: PortalConfig,
    pub timer: Arc<Timer>,
    pub relay: Arc<Relay>,
    files: Files,
}

impl App {
    /// Opens everything in a data directory; on first start fills it.
    ///
    /// # Errors
    /// If the organization file has mistakes, or the data cannot be used or is lost.
    pub async fn open(options: &Options, directory: &DataDir) -> anyhow::Result<Self> {
        let organization = organization_file::read(options.organization.as_deref())?;
        first_start::refuse_lost_records(directory.path())?;
        let store = Arc::new(SqliteStore::open_with(directory.database(), directory.files().reserve())?);
        let clock = Arc::new(VirtualClock::open(Arc::clone(&store))?);
        let identity_center =
            world_file::open(directory, &organization.directory, options.seed, clock.clone())?;
        let files = directory.files().clone();
        let app = Self::wire(files, store, clock, Arc::new(identity_center), organization.roles)?;
        // Only the very first start has to wait for the directory. Whoever restarts because something is
        // wrong must not wait for it: what is due does not.
        if app.kari.read_model.load().await?.synced_at <= Instant::UNIX_EPOCH {
            sync_once(&app.kari).await?;
        }
        first_start::import_policies(&app.kari, &app.store, &organization.policies, &app.files).await?;
        let portal = PortalConfig {
            access_portal_url: organization.access_portal,
            region: organization.region,
            channels: vec![],
        };
        Ok(Self { portal, ..app })
    }

    fn wire(
        files: Files,
        store: Arc<SqliteStore>,
        clock: Arc<VirtualClock>,
        identity_center: Arc<SimulatedIdentityCenter>,
        roles: RoleGroups,
    ) -> anyhow::Result<Self> {
        let timer = Arc::new(Timer::default());
        let relay = Arc::new(Relay::default());
        let kari = assemble(Parts {
            store: Arc::clone(&store),
            identity_center: Arc::clone(&identity_center),
            workflow: Arc::new(TimerWorkflow(Arc::clone(&timer))),
            clock: clock.clone(),
            ids: Arc::new(RandomIds::new(clock.clone())?),
            roles,
        });
        let wakes = (Arc::clone(&timer), Arc::clone(&relay));
        store.on_append(move || {
            wakes.0.wake();
            wakes.1.wake();
        });
        let portal = PortalConfig::default();
        Ok(Self { kari, store, clock, identity_center, portal, timer, relay, files })
    }

    /// Starts everything that goes on by itself. None of it ever ends unless something is badly wrong.
    pub fn start_loops(&self) -> JoinSet<()> {
        let mut loops = JoinSet::new();
        loops.spawn(Arc::clone(&self.timer).run(self.kari.clone()));
        loops.spawn(Arc::clone(&self.relay).run(self.kari.clone(), Arc::clone(&self.store)));
        loops.spawn(guard(self.kari.clone(), Arc::clone(&self.store), self.files.clone()));
        loops.spawn(sync_for_ever(self.kari.clone()));
        loops.spawn(sweep_for_ever(self.kari.clone()));
        loops.spawn(reconcile_for_ever(self.kari.clone()));
        loops.spawn(search_drift_for_ever(self.kari.clone()));
        loops
    }
}
