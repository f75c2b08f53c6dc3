//! Files with secrets.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, ensure};

/// The text of a file that only its owner can read. `what` says what is in it.
///
/// # Errors
/// If others can read it too, or nobody can.
pub(crate) fn read(file: &Path, what: &str) -> anyhow::Result<String> {
    let name = file.display();
    let about = fs::metadata(file).with_context(|| format!("cannot read {what} in {name}"))?;
    let for_others = about.permissions().mode() & 0o077;
    ensure!(for_others == 0, "others can read {what} in {name}: chmod 600 {name}");
    fs::read_to_string(file).with_context(|| format!("cannot read {what} in {name}"))
}
