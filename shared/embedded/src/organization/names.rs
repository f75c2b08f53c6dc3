//! Which names are declared, and which ids they stand for.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use kari_domain::ids::{AccountId, GroupId, MalformedId, OuId, PermissionSetArn, UserId};

use super::Fault;
use super::derived_ids::{hexadecimal, uuid};
use super::draft::Draft;
use super::file::{File, Text};

/// What the root is called.
pub(super) const ROOT: &str = "root";

/// The names of one kind of thing.
#[derive(Debug)]
pub(super) struct Names<Id> {
    kind: &'static str,
    table: &'static str,
    ids: BTreeMap<String, Id>,
    lines: BTreeMap<String, usize>,
}

/// All names of a file.
#[derive(Debug)]
pub(super) struct AllNames {
    pub(super) root: Option<OuId>,
    pub(super) units: Names<OuId>,
    pub(super) accounts: Names<AccountId>,
    pub(super) users: Names<UserId>,
    pub(super) groups: Names<GroupId>,
    pub(super) permission_sets: Names<PermissionSetArn>,
}

impl<Id: Clone + Ord> Names<Id> {
    fn of(kind: &'static str, table: &'static str) -> Self {
        Self { kind, table, ids: BTreeMap::new(), lines: BTreeMap::new() }
    }

    fn is_new(&mut self, draft: &mut Draft, name: &str, span: Range<usize>) -> bool {
        if let Some(&first_line) = self.lines.get(name) {
            let fault = Fault::Duplicate { kind: self.kind, name: name.to_owned(), first_line };
            draft.report(span, fault);
            return false;
        }
        self.lines.insert(name.to_owned(), draft.line(&span));
        true
    }

    fn declare(&mut self, draft: &mut Draft, name: &Text, id: Id) {
        if self.is_new(draft, name.get_ref(), name.span()) {
            self.ids.insert(name.get_ref().clone(), id);
        }
    }

    /// What a name stands for; an unknown one is reported.
    pub(super) fn find(&self, draft: &mut Draft, name: &Text) -> Option<Id> {
        let found = self.ids.get(name.get_ref());
        // A name that was declared with a malformed id has been reported where it was declared.
        if found.is_none() && !self.lines.contains_key(name.get_ref()) {
            let name_text = name.get_ref().clone();
            let fault = Fault::Unknown { kind: self.kind, table: self.table, name: name_text };
            draft.report(name.span(), fault);
        }
        found.cloned()
    }

    /// What several names stand for.
    pub(super) fn find_all(&self, draft: &mut Draft, names: &[Text]) -> BTreeSet<Id> {
        names.iter().filter_map(|name| self.find(draft, name)).collect()
    }

    /// The id of a declared name, without a report.
    pub(super) fn id(&self, name: &str) -> Option<Id> {
        self.ids.get(name).cloned()
    }
}

/// Collects every name declared; duplicates and malformed ids are reported.
pub(super) fn declare(draft: &mut Draft, file: &File) -> AllNames {
    let root = OuId::parse(format!("r-{}", hexadecimal("root", ROOT, 4))).ok();
    AllNames {
        units: units(draft, file, root.as_ref()),
        root,
        accounts: accounts(draft, file),
        users: users(draft, file),
        groups: groups(draft, file),
        permission_sets: permission_sets(draft, file),
    }
}

/// The id given, or the one derived from the name.
fn given_or<Id>(
    draft: &mut Draft,
    given: Option<&Text>,
    name: &Text,
    derived: impl FnOnce(&str) -> String,
    parse: impl Fn(String) -> Result<Id, MalformedId>,
) -> Option<Id> {
    let text = given.unwrap_or(name);
    let id = given.map_or_else(|| derived(name.get_ref()), |given| given.get_ref().clone());
    draft.accept(text, parse(id))
}

/// Two things with one id are a mistake as well.
fn distinct<Id: Clone + Ord + ToString>(
    draft: &mut Draft,
    names: &mut Names<Id>,
    name: &Text,
    id: Option<Id>,
) {
    let Some(id) = id else {
        names.lines.entry(name.get_ref().clone()).or_insert(draft.line(&name.span()));
        return;
    };
    let taken = names.ids.iter().find(|(_, other)| **other == id).map(|(other, _)| other.clone());
    match taken.filter(|other| other != name.get_ref()) {
        Some(other) => draft.malformed(name, format!("it has the same id as `{other}` ({})", id.to_string())),
        None => names.declare(draft, name, id),
    }
}

fn units(draft: &mut Draft, file: &File, root: Option<&OuId>) -> Names<OuId> {
    let mut names = Names::of("unit", "unit");
    if let Some(root) = root {
        names.ids.insert(ROOT.to_owned(), root.clone());
        names.lines.insert(ROOT.to_owned(), 0);
    }
    for unit in &file.unit {
        let key = unit.key();
        if key.get_ref() == ROOT {
            draft.malformed(key, "every organization has its root already; choose another name or key");
            continue;
        }
        let derived =
            |key: &str| format!("ou-{}-{}", hexadecimal("root", ROOT, 4), hexadecimal("unit", key, 8));
        let id = given_or(draft, unit.id.as_ref(), key, derived, OuId::parse);
        distinct(draft, &mut names, key, id);
    }
    names
}

fn accounts(draft: &mut Draft, file: &File) -> Names<AccountId> {
    let mut names = Names::of("account", "account");
    for account in &file.account {
        let id = draft.accept(&account.id, AccountId::parse(account.id.get_ref().clone()));
        distinct(draft, &mut names, &account.name, id);
    }
    // An account may be referred to by its id as well.
    let by_id: Vec<_> = names.ids.values().map(|id| (id.to_string(), id.clone())).collect();
    names.ids.extend(by_id);
    names
}

fn users(draft: &mut Draft, file: &File) -> Names<UserId> {
    let mut names = Names::of("user", "user");
    for user in &file.user {
        let id = given_or(draft, user.id.as_ref(), &user.name, |name| uuid("user", name), UserId::parse);
        distinct(draft, &mut names, &user.name, id);
    }
    names
}

fn groups(draft: &mut Draft, file: &File) -> Names<GroupId> {
    let mut names = Names::of("group", "group");
    for group in &file.group {
        let id = given_or(draft, group.id.as_ref(), &group.name, |name| uuid("group", name), GroupId::parse);
        distinct(draft, &mut names, &group.name, id);
    }
    names
}

fn permission_sets(draft: &mut Draft, file: &File) -> Names<PermissionSetArn> {
    let mut names = Names::of("permission set", "permission_set");
    let default = format!("ssoins-{}", hexadecimal("instance", "", 16));
    let instance = file.instance.as_ref().map_or(default, |given| given.get_ref().clone());
    for set in &file.permission_set {
        let derived = |name: &str| {
            format!("arn:aws:sso:::permissionSet/{instance}/ps-{}", hexadecimal("permission set", name, 16))
        };
        let arn = given_or(draft, set.arn.as_ref(), &set.name, derived, PermissionSetArn::parse);
        distinct(draft, &mut names, &set.name, arn);
    }
    names
}
