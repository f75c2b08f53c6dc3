//! `kari doctor`: everything that a deployment needs and that can be seen from outside, each with what to do
//! where it is missing. It changes nothing.

mod functions;
mod kept;
mod reached;
mod report;

use std::path::Path;

use kari_application::Kari;
use kari_aws::environment::Environment;
use kari_aws::{Clients, Parts, assemble_from};
use kari_embedded::clock::SystemClock;
use kari_embedded::ids::RandomIds;
use std::sync::Arc;

pub(crate) use report::Report;

use super::deployment;

/// What is examined.
struct Patient {
    environment: Environment,
    clients: Clients,
    kari: Kari,
}

/// Examines a deployment with the credentials that this process has.
///
/// # Errors
/// If its file cannot be read or understood. Everything else is in the report.
pub(crate) async fn examine(file: &Path) -> anyhow::Result<Report> {
    let environment = deployment::read(file)?;
    let clients = Clients::load(&environment).await;
    let clock = Arc::new(SystemClock::default());
    let ids = Arc::new(RandomIds::new(clock.clone())?);
    let kari = assemble_from(&environment, Parts { clients: clients.clone(), clock, ids });
    let patient = Patient { environment, clients, kari };
    let mut report = Report::default();
    kept::table(&patient, &mut report).await;
    reached::identity_center(&patient, &mut report).await;
    let directory = kept::directory(&patient, &mut report).await;
    functions::rights(&patient, directory.as_deref(), &mut report).await;
    functions::concurrency(&patient, &mut report).await;
    if let Some(directory) = directory {
        reached::rights(&patient, &directory, &mut report).await;
        kept::roles(&patient, &directory, &mut report);
        kept::policies(&patient, &directory, &mut report).await;
        kept::quotas(&directory, &mut report);
    }
    kept::work(&patient, &mut report).await;
    Ok(report)
}
