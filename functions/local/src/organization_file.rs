//! The organization that the simulated Identity Center starts with.

use std::path::Path;

use anyhow::Context;
use kari_embedded::organization::Organization;

const SAMPLE: &str = include_str!("../sample-organization.toml");

/// Reads the organization from a file, or the sample.
///
/// # Errors
/// If the file cannot be read, or every mistake in it.
pub fn read(file: Option<&Path>) -> anyhow::Result<Organization> {
    let Some(file) = file else {
        return Ok(Organization::parse("sample-organization.toml", SAMPLE)?);
    };
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read; check --organization", file.display()))?;
    Ok(Organization::parse(&file.display().to_string(), &text)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_sample_is_a_proper_organization() {
        assert!(super::read(None).is_ok());
    }
}
