//! Everything wired together: the use cases on the adapters of one machine.

use std::sync::Arc;

use anyhow::ensure;
use kari_api::PortalConfig;
use kari_application::ports::{Assignments, Clock, Directory};
use kari_application::{Kari, RoleGroups};
use kari_domain::ids::GroupId;
use kari_domain::policy::PolicySet;
use kari_domain::time::Instant;
use kari_embedded::clock::{SystemClock, VirtualClock};
use kari_embedded::identity_center::SimulatedIdentityCenter;
use kari_embedded::ids::RandomIds;
use kari_embedded::organization::Organization;
use kari_embedded::store::SqliteStore;
use kari_embedded::{Parts, assemble};
use kari_mail::Links;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::cli::{IdentityCenter, Options};
use crate::data_dir::{DataDir, DataDirError, Files, RealIdentityCenter};
use crate::issuer::Origin;
use crate::loops::{
    Relay, Timer, TimerWorkflow, guard, reconcile_for_ever, remind_for_ever, search_drift_after_loss,
    search_drift_for_ever, sweep_for_ever, sync_for_ever, sync_once,
};
use crate::{aws, bound, data_dir, first_start, organization_file, recorded, world_file};

/// Kari on one machine.
#[derive(Debug)]
pub struct App {
    pub kari: Kari,
    pub store: Arc<SqliteStore>,
    /// What is behind it, unless that is real.
    pub simulated: Option<Simulated>,
    pub portal: PortalConfig,
    pub timer: Arc<Timer>,
    pub relay: Arc<Relay>,
    /// Which Identity Center it works on, if that is real.
    pub(crate) real: Option<RealIdentityCenter>,
    /// How many of the events that were recorded here are missing, and what they gave out was not looked for.
    pub(crate) missing_events: u64,
    files: Files,
}

/// An Identity Center and a clock that are not real.
#[derive(Debug, Clone)]
pub struct Simulated {
    pub clock: Arc<VirtualClock>,
    pub identity_center: Arc<SimulatedIdentityCenter>,
}

/// An Identity Center that is.
pub(crate) struct Real {
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) assignments: Arc<dyn Assignments>,
    pub(crate) which: RealIdentityCenter,
    pub(crate) region: String,
    pub(crate) access_portal: String,
}

/// What differs between the two.
struct Around {
    directory: Arc<dyn Directory>,
    assignments: Arc<dyn Assignments>,
    clock: Arc<dyn Clock>,
    roles: RoleGroups,
    portal: PortalConfig,
    simulated: Option<Simulated>,
    real: Option<RealIdentityCenter>,
    /// What is in force after the very first start.
    policies: Option<PolicySet>,
}

impl App {
    /// Opens everything in a data directory; on first start fills it.
    ///
    /// # Errors
    /// If the organization file has mistakes, Identity Center cannot be reached, or the data cannot be used
    /// or is lost.
    pub async fn open(options: &Options, directory: &DataDir) -> anyhow::Result<Self> {
        refuse_other_identity_center(options, directory)?;
        match options.identity_center {
            IdentityCenter::Simulated => {
                let organization = organization_file::read(options.organization.as_deref())?;
                let store = open_store(directory)?;
                let around = simulated(options, directory, &store, organization)?;
                Self::start(directory, store, around).await
            }
            IdentityCenter::Aws => {
                ensure!(
                    options.organization.is_none(),
                    "--organization describes a simulated organization: leave it out, and have policies taken \
                     from a file with `kari policies apply FILE`"
                );
                let store = open_store(directory)?;
                // Whoever starts it for the first time learns at once what is wrong.
                let ran_before = data_dir::has_instance(directory.path());
                Self::start(directory, store, real(options, ran_before).await?).await
            }
        }
    }

    async fn start(directory: &DataDir, store: Arc<SqliteStore>, around: Around) -> anyhow::Result<Self> {
        let Around { directory: people, assignments, clock, roles, portal, simulated, real, policies } =
            around;
        let missing_events = recorded::notice_loss(&store, directory.files())?;
        let (timer, relay) = (Arc::new(Timer::default()), Arc::new(Relay::default()));
        let kari = assemble(Parts {
            store: Arc::clone(&store),
            directory: people,
            assignments,
            workflow: Arc::new(TimerWorkflow(Arc::clone(&timer))),
            ids: Arc::new(RandomIds::new(Arc::clone(&clock))?),
            clock,
            roles,
        });
        if let Some(here) = &real {
            bound::refuse_another(directory.path(), &kari, here).await?;
        }
        let wakes = (Arc::clone(&timer), Arc::clone(&relay));
        store.on_append(move || {
            wakes.0.wake();
            wakes.1.wake();
        });
        // Only the very first start has to wait for the directory. Whoever restarts because something is
        // wrong must not wait for it: what is due does not.
        if kari.read_model.load().await?.synced_at <= Instant::UNIX_EPOCH {
            sync_once(&kari).await?;
        }
        let files = directory.files().clone();
        first_start::import_policies(&kari, &store, policies.as_ref(), &files).await?;
        Ok(Self { kari, store, simulated, portal, timer, relay, real, missing_events, files })
    }

    /// What messages lead to.
    pub(crate) fn links(&self, origin: &Origin) -> Links {
        Links { portal: origin.as_str().to_owned(), access_portal: self.portal.access_portal_url.clone() }
    }

    /// Starts everything that goes on by itself, on a runtime. None of it ever ends unless something is badly wrong.
    pub fn start_loops(&self, on: &Handle) -> JoinSet<()> {
        let mut loops = JoinSet::new();
        loops.spawn_on(Arc::clone(&self.timer).run(self.kari.clone()), on);
        loops.spawn_on(Arc::clone(&self.relay).run(self.kari.clone(), Arc::clone(&self.store)), on);
        loops.spawn_on(guard(self.kari.clone(), Arc::clone(&self.store), self.files.clone()), on);
        loops.spawn_on(sync_for_ever(self.kari.clone()), on);
        loops.spawn_on(sweep_for_ever(self.kari.clone()), on);
        loops.spawn_on(reconcile_for_ever(self.kari.clone()), on);
        loops.spawn_on(remind_for_ever(self.kari.clone()), on);
        loops.spawn_on(self.search_drift(), on);
        loops
    }

    /// Looks for drift for ever; at once first, where events are missing.
    fn search_drift(&self) -> impl Future<Output = ()> + Send + use<> {
        let (kari, store, files) = (self.kari.clone(), Arc::clone(&self.store), self.files.clone());
        let are_missing = self.missing_events > 0;
        async move {
            if are_missing {
                search_drift_after_loss(&kari, &store, &files).await;
            }
            search_drift_for_ever(kari).await;
        }
    }
}

/// NB. What was given out in one is nothing in the other, and would never be taken away there.
fn refuse_other_identity_center(options: &Options, directory: &DataDir) -> anyhow::Result<()> {
    match data_dir::instance(directory.path()) {
        Err(DataDirError::Unused(_)) => Ok(()),
        before => {
            ensure!(
                before?.identity_center == options.identity_center,
                "this data directory belongs to another identity center: choose another one with --data-dir"
            );
            Ok(())
        }
    }
}

fn open_store(directory: &DataDir) -> anyhow::Result<Arc<SqliteStore>> {
    let reserve = directory.files().reserve();
    first_start::refuse_lost_records(directory.path(), &reserve)?;
    Ok(Arc::new(SqliteStore::open_with(directory.database(), &reserve)?))
}

fn simulated(
    options: &Options,
    directory: &DataDir,
    store: &Arc<SqliteStore>,
    organization: Organization,
) -> anyhow::Result<Around> {
    let clock = Arc::new(VirtualClock::open(Arc::clone(store))?);
    let world = world_file::open(directory, &organization.directory, options.seed, clock.clone())?;
    let identity_center = Arc::new(world);
    Ok(Around {
        directory: identity_center.clone(),
        assignments: identity_center.clone(),
        clock: clock.clone(),
        roles: organization.roles,
        portal: PortalConfig {
            access_portal_url: organization.access_portal,
            region: organization.region,
            channels: vec![],
        },
        simulated: Some(Simulated { clock, identity_center }),
        real: None,
        policies: Some(organization.policies),
    })
}

async fn real(options: &Options, patient: bool) -> anyhow::Result<Around> {
    let clock = Arc::new(SystemClock::default());
    let Real { directory, assignments, which, region, access_portal } =
        aws::reach(&options.real, clock.clone(), patient).await?;
    let groups = |ids: &[GroupId]| ids.iter().cloned().collect();
    Ok(Around {
        directory,
        assignments,
        clock,
        roles: RoleGroups {
            administrators: groups(&options.real.administrators),
            auditors: groups(&options.real.auditors),
        },
        portal: PortalConfig {
            access_portal_url: Some(access_portal),
            region: Some(region),
            channels: vec![],
        },
        simulated: None,
        real: Some(which),
        policies: None,
    })
}
