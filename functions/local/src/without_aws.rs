//! What stands in the place of `aws` in a program that was built without it.

use std::path::Path;

use anyhow::bail;
use kari_application::Kari;

/// A deployment on AWS.
///
/// # Errors
/// Always.
#[expect(clippy::unused_async, reason = "as in the program that was built with AWS")]
pub(crate) async fn open(_: &Path) -> anyhow::Result<Kari> {
    bail!("this kari was built without AWS: build one that has it with `make kari`")
}
