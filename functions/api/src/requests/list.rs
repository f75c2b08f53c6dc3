use axum::Json;
use axum::extract::State;
use kari_application::browse::{View, list_requests as list};
use kari_application::ports::RequestFilter;
use kari_domain::ids::{AccountId, PermissionSetArn, UserId};
use kari_domain::request::RequestState;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::RequestView;
use super::view::Eye;
use crate::extract::{Limit, Params, States, page};
use crate::shapes::Listing;
use crate::{ApiState, Problem, Problems, SyncedCaller};

/// Which requests.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListRequests {
    #[serde(default)]
    #[param(inline)]
    scope: Scope,
    /// States, separated by commas. Those to review are pending, and no other can be given with them.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "pending,approved")]
    state: States,
    #[param(value_type = Option<String>)]
    account: Option<AccountId>,
    /// A requester's user id; not together with `mine`.
    #[param(value_type = Option<String>)]
    requester: Option<UserId>,
    #[param(value_type = Option<String>)]
    permission_set: Option<PermissionSetArn>,
    /// With `scope=active`: only the caller's own.
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    mine: bool,
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Limit,
    cursor: Option<String>,
}

/// Which part of all requests: the caller's own; those that wait for the caller's review; from
/// approved to ending (for administrators and auditors everybody's); all (only for those two).
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Scope {
    #[default]
    Mine,
    ToReview,
    Active,
    All,
}

/// Requests, the newest first
#[utoipa::path(get, path = "/requests", operation_id = "list_requests", tag = "requests",
    params(ListRequests), responses((status = 200, body = Listing<RequestView>), Problems))]
pub(crate) async fn list_requests(
    State(api): State<ApiState>,
    me: SyncedCaller,
    Params(query): Params<ListRequests>,
) -> Result<Json<Listing<RequestView>>, Problem> {
    let page = page(query.limit, query.cursor.clone());
    let (view, filter) = query.narrow(&me.caller.user.id)?;
    let found = list(&api.kari, &me.caller, &me.around, view, &filter, &page).await?;
    let eye = Eye::of(&api, &me.caller, &me.around);
    let items = found.items.iter().filter_map(|seen| eye.see(seen)).collect();
    Ok(Json(Listing { items, next: found.next.map(|cursor| cursor.0) }))
}

impl ListRequests {
    /// What is to be looked for. What contradicts itself is refused: to pass one part over would answer something
    /// else than was asked.
    fn narrow(self, me: &UserId) -> Result<(View, RequestFilter), Problem> {
        let contradiction = |what| Err(Problem::malformed("malformed-query", what));
        let only_pending = self.state.0.iter().all(|state| *state == RequestState::Pending);
        if matches!(self.scope, Scope::ToReview) && !only_pending {
            return contradiction(
                "scope=to-review lists pending requests; leave state out, or ask for another scope",
            );
        }
        if self.mine && self.requester.is_some() {
            return contradiction("mine=true and requester exclude each other; send one of the two");
        }
        let view = match self.scope {
            Scope::Mine => View::Mine,
            Scope::ToReview => View::ToReview,
            Scope::Active => View::Active,
            Scope::All => View::All,
        };
        let requester = if self.mine { Some(me.clone()) } else { self.requester };
        let (account, permission_set) = (self.account, self.permission_set);
        Ok((view, RequestFilter { states: self.state.0, account, requester, permission_set }))
    }
}
