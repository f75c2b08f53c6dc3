//! Which names are declared, and which ids they stand for.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use kari_domain::directory::Snapshot;
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
    /// Where the file declares them; `None` where they are those of a directory.
    table: Option<&'static str>,
    ids: BTreeMap<String, Id>,
    /// The names that a file declares, by what they stand for.
    by_id: BTreeMap<Id, String>,
    lines: BTreeMap<String, usize>,
    /// Names that several things have, with the ids of these.
    ambiguous: BTreeMap<String, BTreeSet<Id>>,
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

impl<Id: Clone + Ord + ToString> Names<Id> {
    fn of(kind: &'static str, table: &'static str) -> Self {
        Self {
            kind,
            table: Some(table),
            ids: BTreeMap::new(),
            by_id: BTreeMap::new(),
            lines: BTreeMap::new(),
            ambiguous: BTreeMap::new(),
        }
    }

    /// What a directory has. Whatever is called by its id is meant, whoever else has that as a name.
    fn known<'a>(kind: &'static str, things: impl Iterator<Item = (&'a Id, &'a str)>) -> Self
    where
        Id: 'a,
    {
        let mut all: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
        let mut ids = BTreeMap::new();
        for (id, name) in things {
            all.entry(name.to_owned()).or_default().insert(id.clone());
            ids.insert(id.to_string(), id.clone());
        }
        let (ambiguous, unique): (BTreeMap<_, _>, BTreeMap<_, _>) =
            all.into_iter().partition(|(_, ids)| ids.len() > 1);
        for (name, only) in unique.into_iter().filter_map(|(name, ids)| Some((name, ids.into_iter().next()?)))
        {
            ids.entry(name).or_insert(only);
        }
        Self { kind, table: None, ids, by_id: BTreeMap::new(), lines: BTreeMap::new(), ambiguous }
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
            self.insert(name.get_ref(), id);
        }
    }

    fn insert(&mut self, name: &str, id: Id) {
        self.by_id.insert(id.clone(), name.to_owned());
        self.ids.insert(name.to_owned(), id);
    }

    /// What a name stands for; an unknown one is reported.
    pub(super) fn find(&self, draft: &mut Draft, name: &Text) -> Option<Id> {
        let found = self.ids.get(name.get_ref());
        // A name that was declared with a malformed id has been reported where it was declared.
        if found.is_none() && !self.lines.contains_key(name.get_ref()) {
            draft.report(name.span(), self.not_found(name.get_ref().clone()));
        }
        found.cloned()
    }

    fn not_found(&self, name: String) -> Fault {
        let kind = self.kind;
        match (self.table, self.ambiguous.get(&name)) {
            (Some(table), _) => Fault::Unknown { kind, table, name },
            (None, None) => Fault::NotInDirectory { kind, name },
            (None, Some(ids)) => {
                Fault::Ambiguous { kind, name, ids: ids.iter().map(ToString::to_string).collect() }
            }
        }
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

/// The names of what a directory has, each beside its id.
pub(super) fn known(directory: &Snapshot) -> AllNames {
    let root = directory.units.values().find(|unit| unit.parent.is_none()).map(|unit| unit.id.clone());
    let units = directory.units.values().map(|unit| (&unit.id, unit.name.as_str()));
    AllNames {
        units: Names::known("unit", units.chain(root.iter().map(|root| (root, ROOT)))),
        accounts: Names::known("account", directory.accounts.values().map(|a| (&a.id, a.name.as_str()))),
        users: Names::known("user", directory.users.values().map(|u| (&u.id, u.user_name.as_str()))),
        groups: Names::known("group", directory.groups.values().map(|g| (&g.id, g.display_name.as_str()))),
        permission_sets: Names::known(
            "permission set",
            directory.permission_sets.values().map(|set| (&set.arn, set.name.as_str())),
        ),
        root,
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
    match names.by_id.get(&id).filter(|other| *other != name.get_ref()) {
        Some(other) => draft.malformed(name, format!("it has the same id as `{other}` ({})", id.to_string())),
        None => names.declare(draft, name, id),
    }
}

fn units(draft: &mut Draft, file: &File, root: Option<&OuId>) -> Names<OuId> {
    let mut names = Names::of("unit", "unit");
    if let Some(root) = root {
        names.insert(ROOT, root.clone());
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
