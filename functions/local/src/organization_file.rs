//! The organization that the simulated Identity Center starts with.

use std::path::Path;

use anyhow::{Context, ensure};
use kari_embedded::organization::Organization;

const SAMPLE: &str = include_str!("../sample-organization.toml");

/// Reads the organization from a file, or the sample.
///
/// # Errors
/// If the file cannot be read, every mistake in it, or that nobody in it could sign in.
pub fn read(file: Option<&Path>) -> anyhow::Result<Organization> {
    let Some(file) = file else {
        return Ok(Organization::parse("sample-organization.toml", SAMPLE)?);
    };
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read; check --organization", file.display()))?;
    let name = file.display();
    let organization = Organization::parse(&name.to_string(), &text)?;
    ensure!(
        organization.directory.users.values().any(|user| user.enabled),
        "{name} declares no [[user]] that is enabled, so nobody could sign in; see \
         functions/local/sample-organization.toml"
    );
    Ok(organization)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_sample_is_a_proper_organization() {
        assert!(super::read(None).is_ok());
    }

    #[test]
    fn an_organization_in_which_nobody_could_sign_in_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("organization.toml");
        let user = |enabled| format!("[[user]]\nname = \"ann\"\nenabled = {enabled}\n");
        for (text, is_refused) in [(String::new(), true), (user(false), true), (user(true), false)] {
            std::fs::write(&file, &text).unwrap();
            let read = super::read(Some(&file));
            let refused = read.err().is_some_and(|error| error.to_string().contains("could sign in"));
            assert_eq!(refused, is_refused, "{text}");
        }
    }
}
