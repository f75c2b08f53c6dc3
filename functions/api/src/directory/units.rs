use std::collections::BTreeMap;

use axum::Json;
use kari_domain::directory::{OrganizationalUnit, Snapshot};
use kari_domain::ids::OuId;
use serde::Serialize;
use utoipa::ToSchema;

use super::part::{DirectoryPart, ListDirectory, Listed};
use crate::extract::Params;
use crate::shapes::UnitView;
use crate::signed_in::Overseer;
use crate::{Problem, Problems};

/// Organizations allows five levels below the root; whatever says more is broken data.
const DEEPEST: usize = 10;

/// An organizational unit and where it lies.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DirectoryUnit)]
pub(crate) struct PlacedUnit {
    id: String,
    name: String,
    /// The units above it, the root first; empty for the root itself.
    path: Vec<UnitView>,
    /// How many accounts lie in it or below.
    accounts_count: usize,
}

/// Organizational units
#[utoipa::path(get, path = "/directory/units", operation_id = "list_units", tag = "directory",
    params(ListDirectory), responses((status = 200, body = DirectoryPart<PlacedUnit>), Problems))]
pub(crate) async fn list_units(
    Overseer(me): Overseer,
    Params(query): Params<ListDirectory>,
) -> Result<Json<DirectoryPart<PlacedUnit>>, Problem> {
    let snapshot = &me.around.snapshot;
    let mut accounts: BTreeMap<&OuId, usize> = BTreeMap::new();
    for unit in snapshot.accounts.values().flat_map(|account| &account.path) {
        *accounts.entry(unit).or_default() += 1;
    }
    let count = |unit: &OrganizationalUnit| accounts.get(&unit.id).copied().unwrap_or_default();
    let units = snapshot.units.values().map(|unit| listed(unit, count(unit), snapshot));
    Ok(Json(query.part(units, snapshot.synced_at)?))
}

fn listed(unit: &OrganizationalUnit, accounts_count: usize, snapshot: &Snapshot) -> Listed<PlacedUnit> {
    let path = above(unit, snapshot);
    let names: Vec<&str> = path.iter().map(|above| above.name.as_str()).collect();
    Listed {
        name: unit.name.clone(),
        id: unit.id.to_string(),
        also: names.join(" "),
        item: PlacedUnit { id: unit.id.to_string(), name: unit.name.clone(), path, accounts_count },
    }
}

/// The units above one, the root first.
fn above(unit: &OrganizationalUnit, snapshot: &Snapshot) -> Vec<UnitView> {
    let parent = |unit: &&OrganizationalUnit| unit.parent.as_ref().and_then(|id| snapshot.units.get(id));
    let parents = std::iter::successors(parent(&unit), parent).take(DEEPEST);
    let mut path: Vec<_> =
        parents.map(|above| UnitView { id: above.id.to_string(), name: above.name.clone() }).collect();
    path.reverse();
    path
}
