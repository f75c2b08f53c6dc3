//! The organization file: people, groups, units, accounts, permission sets, policies and settings in
//! one readable TOML file. `functions/local/sample-organization.toml` teaches the format.
//!
//! People refer to things by name; ids are given or derived from names, always the same ones. Every
//! mistake is reported at once, each with its line and name. No I/O: the text comes from the caller.
//!
//! Start reading at [`Organization::parse`], then `file`, the format itself.

mod derived_ids;
mod directory;
mod draft;
mod duration;
mod file;
mod names;
mod policies;
mod problem;
mod scope;
mod settings;
mod units;

use kari_application::RoleGroups;
use kari_domain::directory::Snapshot;
use kari_domain::policy::PolicySet;
use kari_domain::settings::Settings;

pub use problem::{Fault, OrganizationFileError, Problem};

use draft::Draft;
use file::File;

/// The longest file that is read, in bytes.
const LONGEST_FILE: usize = 4 * 1024 * 1024;

/// What an organization file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// The directory; `synced_at` is the epoch, because nothing was synced.
    pub directory: Snapshot,
    /// The policies and settings, all at version 1.
    pub policies: PolicySet,
    pub roles: RoleGroups,
    /// The address of the AWS access portal, for links to the console.
    pub access_portal: Option<String>,
    /// The Region of Identity Center, for the AWS CLI.
    pub region: Option<String>,
}

impl Organization {
    /// Reads an organization file; `file_name` is for messages.
    ///
    /// # Errors
    /// [`OrganizationFileError`] with every mistake found.
    pub fn parse(file_name: &str, text: &str) -> Result<Self, OrganizationFileError> {
        let mut draft = Draft::new(text);
        let organization = read(&mut draft, text);
        match organization {
            Some(organization) if draft.is_clean() => Ok(organization),
            Some(_) | None => Err(draft.into_error(file_name)),
        }
    }
}

/// The policies and settings that an organization file says, for an organization that exists: whatever they
/// name, by name or id, is looked up in its directory, and what the file declares besides is not looked at.
/// Settings that the file does not give stay as they are.
///
/// # Errors
/// [`OrganizationFileError`] with every mistake found.
pub fn policies(
    file_name: &str,
    text: &str,
    directory: &Snapshot,
    settings: &Settings,
) -> Result<PolicySet, OrganizationFileError> {
    let mut draft = Draft::new(text);
    let names = names::known(directory);
    let read = file(&mut draft, text);
    let policies = read.map(|file| policies::build(&mut draft, &names, &file, settings));
    match policies {
        Some(policies) if draft.is_clean() => Ok(policies),
        Some(_) | None => Err(draft.into_error(file_name)),
    }
}

fn read(draft: &mut Draft, text: &str) -> Option<Organization> {
    let file = file(draft, text)?;
    let names = names::declare(draft, &file);
    let roles = RoleGroups {
        administrators: names.groups.find_all(draft, &file.administrators.groups),
        auditors: names.groups.find_all(draft, &file.auditors.groups),
    };
    Some(Organization {
        directory: directory::build(draft, &names, &file),
        policies: policies::build(draft, &names, &file, &Settings::default()),
        roles,
        access_portal: directory::access_portal(draft, file.access_portal.as_ref()),
        region: directory::region(draft, file.region.as_ref()),
    })
}

fn file(draft: &mut Draft, text: &str) -> Option<File> {
    if text.len() > LONGEST_FILE {
        draft.report(0..0, Fault::TooLong { longest: LONGEST_FILE });
        return None;
    }
    match toml::from_str(text) {
        Ok(file) => Some(file),
        Err(error) => {
            draft.report(error.span().unwrap_or(0..0), Fault::Syntax(error.message().to_owned()));
            None
        }
    }
}
