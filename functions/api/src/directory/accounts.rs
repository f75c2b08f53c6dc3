use axum::Json;
use kari_domain::directory::{Account, Snapshot};

use super::part::{DirectoryPart, ListDirectory, Listed};
use crate::extract::Params;
use crate::shapes::{AccountView, Names};
use crate::signed_in::Overseer;
use crate::{Problem, Problems};

/// Accounts
#[utoipa::path(get, path = "/directory/accounts", operation_id = "list_accounts", tag = "directory",
    params(ListDirectory), responses((status = 200, body = DirectoryPart<AccountView>), Problems))]
pub(crate) async fn list_accounts(
    Overseer(me): Overseer,
    Params(query): Params<ListDirectory>,
) -> Result<Json<DirectoryPart<AccountView>>, Problem> {
    let snapshot = &me.around.snapshot;
    let accounts = snapshot.accounts.values().map(|account| listed(account, snapshot));
    Ok(Json(query.part(accounts, snapshot.synced_at)?))
}

fn listed(account: &Account, snapshot: &Snapshot) -> Listed<AccountView> {
    Listed {
        name: account.name.clone(),
        id: account.id.to_string(),
        also: snapshot.unit_names(account).join(" "),
        item: Names(snapshot).account(account),
    }
}
