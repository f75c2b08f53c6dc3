//! The tree of units: parents, cycles, depth, and the path above an account.

use std::collections::BTreeMap;

use kari_domain::directory::OrganizationalUnit;
use kari_domain::ids::OuId;

use super::Fault;
use super::directory::check_name;
use super::draft::Draft;
use super::file::{File, Unit};
use super::names::{AllNames, ROOT};

/// Organizations nests units five deep under the root.
const DEEPEST: usize = 5;

pub(super) type Units = BTreeMap<OuId, OrganizationalUnit>;

/// The units and the root; cycles and too deep nesting are reported.
pub(super) fn build(draft: &mut Draft, names: &AllNames, file: &File) -> Units {
    let mut units = Units::new();
    if let Some(root) = &names.root {
        units.insert(
            root.clone(),
            OrganizationalUnit { id: root.clone(), name: "Root".to_owned(), parent: None },
        );
    }
    for unit in &file.unit {
        check_name(draft, &unit.name);
        let parent = match &unit.parent {
            Some(parent) => names.units.find(draft, parent),
            None => names.root.clone(),
        };
        if let (Some(id), true) = (names.units.id(unit.key().get_ref()), unit.key().get_ref() != ROOT) {
            let name = unit.name.get_ref().clone();
            units.insert(id.clone(), OrganizationalUnit { id, name, parent });
        }
    }
    let keyed: BTreeMap<&str, &Unit> =
        file.unit.iter().map(|unit| (unit.key().get_ref().as_str(), unit)).collect();
    for unit in &file.unit {
        check_nesting(draft, &keyed, unit);
    }
    units
}

/// Walks upwards by the names in the file, so that a report can tell the way.
fn check_nesting(draft: &mut Draft, keyed: &BTreeMap<&str, &Unit>, unit: &Unit) {
    let name = unit.key().get_ref();
    let mut way = vec![name.clone()];
    let mut above = unit.parent.as_ref();
    while let Some(parent) = above {
        let place = unit.parent.as_ref().map_or_else(|| unit.name.span(), toml::Spanned::span);
        let seen_before = way.contains(parent.get_ref());
        way.push(parent.get_ref().clone());
        if parent.get_ref() == name {
            draft.report(place, Fault::UnitCycle { name: name.clone(), path: way });
            return;
        }
        if seen_before {
            // The cycle lies further up and is reported there.
            return;
        }
        if way.len() > DEEPEST && parent.get_ref() != ROOT {
            draft.report(place, Fault::UnitTooDeep { name: name.clone(), deepest: DEEPEST });
            return;
        }
        above = keyed.get(parent.get_ref().as_str()).and_then(|unit| unit.parent.as_ref());
    }
}

/// The units above something in `lowest`, the root first. Cycles have been reported; they end here.
pub(super) fn path(units: &Units, lowest: OuId) -> Vec<OuId> {
    let mut path = Vec::new();
    let mut next = Some(lowest);
    while let Some(id) = next.filter(|_| path.len() <= DEEPEST) {
        next = units.get(&id).and_then(|unit| unit.parent.clone());
        path.push(id);
    }
    path.reverse();
    path
}
