//! What stands in the place of `aws` in a program that was built without it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use kari_application::Kari;
use kari_application::ports::{Board, Clock, Notes, Notifier};

use crate::app;
use crate::cli::{Real, TopicArn};
use crate::sign_in::SignIn;

const WITHOUT: &str = "this kari was built without AWS: build one that has it with `make kari`";

/// A deployment on AWS.
///
/// # Errors
/// Always.
#[expect(clippy::unused_async, reason = "as in the program that was built with AWS")]
pub(crate) async fn open(_: &Path) -> anyhow::Result<Kari> {
    bail!(WITHOUT)
}

/// Who has the credentials for one.
///
/// # Errors
/// Always.
#[expect(clippy::unused_async, reason = "as in the program that was built with AWS")]
pub(crate) async fn caller(_: &Path) -> anyhow::Result<String> {
    bail!(WITHOUT)
}

/// An examination of one.
///
/// # Errors
/// Always.
#[expect(clippy::unused_async, reason = "as in the program that was built with AWS")]
pub(crate) async fn examine(_: &Path) -> anyhow::Result<Report> {
    bail!(WITHOUT)
}

/// A real Identity Center.
///
/// # Errors
/// Always.
#[expect(clippy::unused_async, reason = "as in the program that was built with AWS")]
pub(crate) async fn reach(_: &Real, _: Arc<dyn Clock>, _: bool) -> anyhow::Result<app::Real> {
    bail!(WITHOUT)
}

/// How people sign in to it.
///
/// # Errors
/// Always.
#[expect(clippy::unused_async, reason = "as in the program that was built with AWS")]
pub(crate) async fn sign_in(_: &Real, _: Arc<dyn Clock>) -> anyhow::Result<SignIn> {
    bail!(WITHOUT)
}

/// A topic of SNS.
///
/// # Errors
/// Always.
#[expect(clippy::unused_async, reason = "as in the program that was built with AWS")]
pub(crate) async fn topic(
    _: &TopicArn,
    _: Kari,
    _: Arc<dyn Notes>,
) -> anyhow::Result<(Arc<dyn Notifier>, Arc<dyn Board>)> {
    bail!(WITHOUT)
}

/// There is none.
#[derive(Debug)]
pub(crate) enum Report {}

impl Report {
    pub(crate) fn is_healthy(&self) -> bool {
        match *self {}
    }
}

impl fmt::Display for Report {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}
