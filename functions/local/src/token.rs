//! `kari token`: a token for scripts.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use kari_application::ports::ReadModel;
use kari_embedded::clock::SystemClock;
use kari_embedded::read_model::StoredReadModel;
use kari_embedded::store::SqliteStore;

use crate::cli::{IdentityCenter, TokenOptions};
use crate::data_dir;
use crate::issuer::{Issuer, Origin, SigningKey};

/// Prints a token for the person with this user name.
///
/// # Errors
/// If no Kari has run with the data directory, or nobody has that name.
pub fn print(options: &TokenOptions) -> anyhow::Result<ExitCode> {
    let directory = &options.data.data_dir;
    let instance = data_dir::instance(directory)?;
    // NB. Only a simulated organization lets anybody be anybody; with a real one this must refuse.
    match instance.identity_center {
        IdentityCenter::Simulated => {}
        IdentityCenter::Aws => {
            bail!("tokens are printed beside a simulated identity center only: sign in at your issuer")
        }
    }
    let store = Arc::new(SqliteStore::open_read_only(data_dir::database(directory))?);
    let people: Arc<dyn ReadModel> = Arc::new(StoredReadModel::new(store));
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let snapshot = runtime.block_on(people.load())?;
    let user = snapshot.users.values().find(|user| user.user_name == options.user).with_context(|| {
        let mut everybody: Vec<_> =
            snapshot.users.values().filter(|user| user.enabled).map(|user| user.user_name.as_str()).collect();
        everybody.sort_unstable();
        format!("nobody is called `{}`; choose one of: {}", options.user, everybody.join(", "))
    })?;
    ensure!(user.enabled, "`{}` is disabled, and so cannot sign in", options.user);
    let origin = Origin::parse(&instance.origin)?;
    let issuer = Issuer::new(origin, SigningKey::open(directory)?, Arc::new(SystemClock::default()), people);
    println!("{}", issuer.access_token(user)?);
    Ok(ExitCode::SUCCESS)
}
