//! `kari doctor`: examines a deployment on AWS.

use std::process::ExitCode;

use crate::cli::DoctorOptions;
use crate::{aws, place};

/// Examines a deployment, and prints what was found.
///
/// # Errors
/// If its file cannot be read or understood.
pub fn examine(options: &DoctorOptions) -> anyhow::Result<ExitCode> {
    place::run(async {
        let report = aws::examine(&options.deployment).await?;
        print!("{report}");
        Ok(if report.is_healthy() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
}
