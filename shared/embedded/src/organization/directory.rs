//! The directory part of the file.

use std::collections::{BTreeMap, BTreeSet};

use kari_domain::directory::{Account, AccountStatus, Group, PermissionSet, Snapshot, User};
use kari_domain::ids::{AccountId, GroupId, PermissionSetArn, UserId};
use kari_domain::text::misleads;
use kari_domain::time::Minutes;

use super::Fault;
use super::draft::Draft;
use super::file::{self, File, Status, Text};
use super::names::AllNames;
use super::units::{self, Units};

/// A session lasts one to twelve hours (`aws-facts`); one if nothing is said.
const SHORTEST_SESSION: Minutes = Minutes(60);
const LONGEST_SESSION: Minutes = Minutes(12 * 60);

const LONGEST_NAME: usize = 128;
const NOTHING_UNSEEN: &str =
    "expected no characters that turn the direction of text, are not seen, or are heaped on others";

pub(super) fn build(draft: &mut Draft, names: &AllNames, file: &File) -> Snapshot {
    let units = units::build(draft, names, file);
    Snapshot {
        users: users(draft, names, file),
        groups: groups(names, file),
        members: members(draft, names, file),
        accounts: accounts(draft, names, file, &units),
        permission_sets: permission_sets(draft, names, file),
        units,
        ..Snapshot::default()
    }
}

pub(super) fn access_portal(draft: &mut Draft, address: Option<&Text>) -> Option<String> {
    let address = address?;
    // NB. It becomes a link in the portal; anything but https could be a script.
    if address.get_ref().starts_with("https://") && !address.get_ref().contains(char::is_whitespace) {
        return Some(address.get_ref().trim_end_matches('/').to_owned());
    }
    draft.malformed(address, "expected an address that begins with https://");
    None
}

pub(super) fn region(draft: &mut Draft, region: Option<&Text>) -> Option<String> {
    let region = region?;
    // NB. It becomes a line of a configuration file that people copy.
    if is_region(region.get_ref()) {
        return Some(region.get_ref().clone());
    }
    draft.malformed(region, "expected a Region such as ap-northeast-1");
    None
}

/// At least two words of small letters, and a number.
fn is_region(text: &str) -> bool {
    let all = |text: &str, fits: fn(&u8) -> bool| !text.is_empty() && text.bytes().all(|byte| fits(&byte));
    text.rsplit_once('-').is_some_and(|(words, number)| {
        words.contains('-')
            && words.split('-').all(|word| all(word, u8::is_ascii_lowercase))
            && all(number, u8::is_ascii_digit)
    })
}

/// NB. By a name people decide who gets what: it must read as what it is, also in the message.
pub(super) fn check_name(draft: &mut Draft, name: &Text) {
    let text = name.get_ref();
    if misleads(text) {
        let (value, expected) = (text.escape_debug().to_string(), NOTHING_UNSEEN.to_owned());
        draft.report(name.span(), Fault::Malformed { value, expected });
        return;
    }
    let fits = (1..=LONGEST_NAME).contains(&text.chars().count());
    if !fits || text.trim() != text || text.chars().any(char::is_control) {
        draft.malformed(name, "expected 1 to 128 characters, no control characters, no space around them");
    }
}

/// NB. A user name is one person's, whatever its case. Who has the very same one was told where it is declared.
fn check_user_name<'a>(draft: &mut Draft, name: &'a Text, seen: &mut BTreeMap<String, &'a Text>) {
    check_name(draft, name);
    let first = *seen.entry(name.get_ref().to_lowercase()).or_insert(name);
    if first.get_ref() != name.get_ref() {
        let line = draft.line(&first.span());
        let first = first.get_ref();
        draft.malformed(name, format!("user `{first}` on line {line} differs from it in nothing but case"));
    }
}

fn users(draft: &mut Draft, names: &AllNames, file: &File) -> BTreeMap<UserId, User> {
    let mut users = BTreeMap::new();
    let (mut user_names, mut addresses) = (BTreeMap::new(), BTreeMap::new());
    for user in &file.user {
        check_user_name(draft, &user.name, &mut user_names);
        if let Some(name) = &user.display_name {
            check_name(draft, name);
        }
        check_address(draft, user, &mut addresses);
        let Some(id) = names.users.id(user.name.get_ref()) else {
            continue;
        };
        let display_name = user.display_name.as_ref().unwrap_or(&user.name).get_ref().clone();
        let email = user.email.as_ref().map(|email| email.get_ref().clone());
        let user_name = user.name.get_ref().clone();
        users.insert(id.clone(), User { id, user_name, display_name, email, enabled: user.enabled });
    }
    users
}

/// NB. An address belongs to one person, whatever its case (`failure-modes` 2 and 32).
fn check_address(draft: &mut Draft, user: &file::User, seen: &mut BTreeMap<String, usize>) {
    let Some(email) = &user.email else {
        return;
    };
    if !email.get_ref().contains('@') {
        draft.malformed(email, "expected an e-mail address");
    }
    let address = email.get_ref().to_lowercase();
    if let Some(&first_line) = seen.get(&address) {
        draft.report(email.span(), Fault::Duplicate { kind: "e-mail address", name: address, first_line });
    } else {
        seen.insert(address, draft.line(&email.span()));
    }
}

fn groups(names: &AllNames, file: &File) -> BTreeMap<GroupId, Group> {
    let identified = |group: &file::Group| {
        let id = names.groups.id(group.name.get_ref())?;
        Some((id.clone(), Group { id, display_name: group.name.get_ref().clone() }))
    };
    file.group.iter().filter_map(identified).collect()
}

fn members(draft: &mut Draft, names: &AllNames, file: &File) -> BTreeMap<GroupId, BTreeSet<UserId>> {
    let mut members = BTreeMap::new();
    for group in &file.group {
        check_name(draft, &group.name);
        let users = names.users.find_all(draft, &group.members);
        if let Some(id) = names.groups.id(group.name.get_ref()) {
            members.insert(id, users);
        }
    }
    members
}

fn accounts(draft: &mut Draft, names: &AllNames, file: &File, units: &Units) -> BTreeMap<AccountId, Account> {
    let mut accounts = BTreeMap::new();
    let mut management: Option<usize> = None;
    for account in &file.account {
        check_name(draft, &account.name);
        if AccountId::parse(account.name.get_ref().clone()).is_ok() {
            draft.malformed(&account.name, "an account's name must not look like an account id");
        }
        if account.management {
            check_only_management(draft, account, &mut management);
        }
        let unit = match &account.unit {
            Some(unit) => names.units.find(draft, unit),
            None => names.root.clone(),
        };
        let (Some(id), Some(unit)) = (names.accounts.id(account.name.get_ref()), unit) else {
            continue;
        };
        let name = account.name.get_ref().clone();
        let path = units::path(units, unit);
        let status = status(account.status);
        let (management, left_out) = (account.management, None);
        accounts.insert(id.clone(), Account { id, name, status, management, left_out, path });
    }
    accounts
}

fn check_only_management(draft: &mut Draft, account: &file::Account, first: &mut Option<usize>) {
    if let Some(first_line) = *first {
        let name = account.name.get_ref().clone();
        let fault = Fault::Duplicate { kind: "management account", name, first_line };
        draft.report(account.name.span(), fault);
    } else {
        *first = Some(draft.line(&account.name.span()));
    }
}

fn status(status: Status) -> AccountStatus {
    match status {
        Status::Active => AccountStatus::Active,
        Status::Suspended => AccountStatus::Suspended,
        Status::Closed => AccountStatus::Closed,
    }
}

fn permission_sets(
    draft: &mut Draft,
    names: &AllNames,
    file: &File,
) -> BTreeMap<PermissionSetArn, PermissionSet> {
    let mut sets = BTreeMap::new();
    for set in &file.permission_set {
        check_permission_set_name(draft, &set.name);
        let session_duration = session_duration(draft, set);
        let Some(arn) = names.permission_sets.id(set.name.get_ref()) else {
            continue;
        };
        let (name, description) = (set.name.get_ref().clone(), set.description.clone());
        sets.insert(arn.clone(), PermissionSet { arn, name, description, session_duration });
    }
    sets
}

fn check_permission_set_name(draft: &mut Draft, name: &Text) {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if !(1..=32).contains(&name.get_ref().len()) || !name.get_ref().chars().all(allowed) {
        draft.malformed(name, "a permission set's name has 1 to 32 letters, digits or _+=,.@-");
    }
}

fn session_duration(draft: &mut Draft, set: &file::PermissionSet) -> Minutes {
    let Some(length) = &set.session_duration else {
        return SHORTEST_SESSION;
    };
    let minutes = length.get_ref().0;
    if !(SHORTEST_SESSION..=LONGEST_SESSION).contains(&minutes) {
        let fault = Fault::Malformed {
            value: format!("{} minutes", minutes.0),
            expected: format!("a session of `{}` lasts 1 to 12 hours", set.name.get_ref()),
        };
        draft.report(length.span(), fault);
    }
    minutes
}
