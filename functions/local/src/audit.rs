//! `kari audit verify`: checks that no recorded event is altered or missing, and that what decisions rest
//! on is what the events make.

use std::path::Path;
use std::process::ExitCode;

use anyhow::ensure;
use kari_application::check_records::{check_item, check_policies};
use kari_domain::audit::{Checkpoint, CheckpointBuilder, StreamId};
use kari_embedded::store::{RecordedStream, SqliteStore};

use crate::cli::VerifyOptions;
use crate::{data_dir, first_start};

/// Verifies everything and says what it found. A fault makes the exit code 1.
///
/// # Errors
/// If there is no database, or it cannot be read.
pub fn verify(options: &VerifyOptions) -> anyhow::Result<ExitCode> {
    let report = examine(&options.data.data_dir, options.expect.as_ref())?;
    for fault in &report.faults {
        println!("FAULT  {fault}");
    }
    let (events, streams) = (counted(report.events, "event"), counted(report.streams, "stream"));
    println!("{events} in {streams}: {}", verdict(report.faults.len()));
    println!("checkpoint {}", report.checkpoint);
    Ok(if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn verdict(faults: usize) -> String {
    match faults {
        0 => "nothing altered or missing; every state matches its events".to_owned(),
        1 => "1 fault was found".to_owned(),
        many => format!("{many} faults were found"),
    }
}

fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// What a verification found.
#[derive(Debug)]
pub struct Report {
    pub events: usize,
    pub streams: usize,
    /// Each as one line.
    pub faults: Vec<String>,
    /// For the auditor to keep elsewhere.
    pub checkpoint: Checkpoint,
}

/// Verifies the records in a data directory, also those of a running Kari.
///
/// # Errors
/// If there is no database, or it cannot be read.
pub fn examine(directory: &Path, expected: Option<&Checkpoint>) -> anyhow::Result<Report> {
    let database = data_dir::database(directory);
    ensure!(
        database.exists(),
        "{} does not exist: name Kari's directory with --data-dir",
        database.display()
    );
    if first_start::has_recorded(directory) && !SqliteStore::holds_records(&database)? {
        return Ok(nothing_left());
    }
    let store = SqliteStore::open_read_only(database)?;
    let mut faults = faults_of_the_whole(&store)?;
    let mut now = CheckpointBuilder::new(store.extent()?.last);
    let mut then = expected.map(|expected| CheckpointBuilder::new(expected.events));
    let (mut streams, mut events) = (0, 0);
    for recorded in store.all_streams()? {
        let recorded = recorded?;
        streams += 1;
        events += recorded.events.len();
        faults.extend(faults_of(&recorded));
        for builder in [Some(&mut now), then.as_mut()].into_iter().flatten() {
            builder.add(&recorded.stream, recorded.placed());
        }
    }
    faults.extend(then.zip(expected).and_then(|(then, expected)| difference(&then.finish(), expected)));
    Ok(Report { events, streams, faults, checkpoint: now.finish() })
}

fn nothing_left() -> Report {
    let faults = vec!["nothing is recorded, although a kari that recorded events ran here".to_owned()];
    Report { events: 0, streams: 0, faults, checkpoint: CheckpointBuilder::new(0).finish() }
}

fn difference(found: &Checkpoint, expected: &Checkpoint) -> Option<String> {
    (found != expected).then(|| {
        format!(
            "of the first {} events some were altered or removed since the checkpoint: now it is {found}",
            expected.events
        )
    })
}

/// What no single stream shows.
fn faults_of_the_whole(store: &SqliteStore) -> anyhow::Result<Vec<String>> {
    let altered = store.alterations()?.into_iter();
    let mut faults: Vec<_> =
        altered.map(|name| format!("{name}: this part of the database's schema was altered")).collect();
    let damages = store.damages()?.into_iter();
    faults.extend(damages.map(|damage| format!("the database's file is damaged: {damage}")));
    let extent = store.extent()?;
    if extent.events != extent.last {
        faults.push(format!("of {} events {} are there: some were removed", extent.last, extent.events));
    }
    Ok(faults)
}

/// What is wrong with one stream. Where its chain is broken nothing else about it is certain.
fn faults_of(recorded: &RecordedStream) -> Vec<String> {
    let stream = &recorded.stream;
    let misfiled = recorded
        .misfiled
        .iter()
        .map(|number| format!("{stream}: lists find event {number} under something else than it says"));
    let mut faults: Vec<_> = misfiled.collect();
    if !recorded.is_named() {
        faults.push(format!("{stream}: its name is no text, and nothing of Kari's"));
    }
    if !recorded.positions.is_sorted() {
        faults.push(format!("{stream}: its events are not in the order in which they were recorded"));
    }
    match recorded.verify() {
        Err(fault) => faults.push(fault.to_string()),
        Ok(()) if *stream == StreamId::policies() => {
            let found = check_policies(&recorded.events, &recorded.policies);
            faults.extend(found.iter().map(|fault| format!("{stream}: {fault}")));
        }
        Ok(()) => {
            let found = check_item(stream, &recorded.events, recorded.item.as_ref());
            faults.extend(found.iter().map(|fault| format!("{stream}: {fault}")));
        }
    }
    faults
}
