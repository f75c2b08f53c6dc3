//! `kari audit verify`: checks that no recorded event is altered or missing.

use std::process::ExitCode;

use anyhow::ensure;
use kari_embedded::store::SqliteStore;

use crate::cli::Data;
use crate::data_dir;

/// Verifies every chain and says what it found. A fault makes the exit code 1.
///
/// # Errors
/// If there is no database, or it cannot be read.
pub fn verify(data: &Data) -> anyhow::Result<ExitCode> {
    let database = data_dir::database(&data.data_dir);
    ensure!(
        database.exists(),
        "{} does not exist: name Kari's directory with --data-dir",
        database.display()
    );
    let store = SqliteStore::open_read_only(database)?;
    let (mut streams, mut events, mut faults) = (0_usize, 0_usize, 0_usize);
    for recorded in store.all_streams()? {
        let recorded = recorded?;
        streams += 1;
        events += recorded.events.len();
        if let Err(fault) = recorded.verify() {
            faults += 1;
            println!("FAULT  {fault}");
        }
    }
    println!("{events} events in {streams} streams: {}", verdict(faults));
    Ok(if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn verdict(faults: usize) -> String {
    match faults {
        0 => "every chain is whole".to_owned(),
        1 => "1 chain is broken".to_owned(),
        many => format!("{many} chains are broken"),
    }
}
