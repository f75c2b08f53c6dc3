use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::routing::{Routes, with};
use crate::shell::{add_headers, answer_not_modified, log};
use crate::signed_in::authenticate;
use crate::{ApiState, Problem};
use crate::{
    audit, directory, eligibility, health, me, policies, requests, settings, slack_link, slack_links,
};

/// The whole API by itself.
pub fn router(state: ApiState) -> Router {
    in_its_shell(routes(&state, Router::new()).fallback(no_such_route), state)
}

/// The API as part of a bigger program, which may merge it into its own router: what lies outside
/// `/v1` and `/healthz` is left to that. `more` are further routes behind the same authentication;
/// their paths are relative to `/v1`, and handlers take callers by the extractors of this crate.
pub fn router_with(state: ApiState, more: Router<ApiState>) -> Router {
    in_its_shell(routes(&state, more), state)
}

fn routes(state: &ApiState, more: Router<ApiState>) -> Router<ApiState> {
    // NB. The token is asked for before it is even known whether there is such a route.
    let signed_in = signed_in::<Router<_>>()
        .merge(more)
        .fallback(no_such_route)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(state.clone(), authenticate));
    Router::new().merge(open::<Router<_>>()).nest("/v1", signed_in).method_not_allowed_fallback(wrong_method)
}

/// What stands around every route, the innermost first.
fn in_its_shell(routes: Router<ApiState>, state: ApiState) -> Router {
    routes
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(answer_not_modified))
        .layer(from_fn(add_headers))
        .layer(from_fn_with_state(state.clone(), log))
        .with_state(state)
}

/// What needs no token.
pub(crate) fn open<R: Routes>() -> R {
    with!(R::none(), health::get_health)
}

/// What needs one.
pub(crate) fn signed_in<R: Routes>() -> R {
    let routes = with!(R::none(), me::get_me);
    let routes = routes.and(slack()).and(asking()).and(policies::routes());
    let routes = with!(routes, settings::get_settings, settings::change_settings);
    let routes = with!(routes, audit::list_audit);
    let routes = with!(routes, directory::list_users);
    let routes = with!(routes, directory::list_groups);
    let routes = with!(routes, directory::list_accounts);
    let routes = with!(routes, directory::list_units);
    with!(routes, directory::list_permission_sets)
}

fn slack<R: Routes>() -> R {
    let routes = with!(R::none(), slack_link::link_slack);
    let routes = with!(routes, slack_links::list_my_slack_links);
    let routes = with!(routes, slack_links::unlink_my_slack);
    let routes = with!(routes, slack_links::list_slack_links);
    with!(routes, slack_links::unlink_slack)
}

fn asking<R: Routes>() -> R {
    let routes = with!(R::none(), eligibility::list_eligibility);
    let routes = with!(routes, eligibility::get_verdict);
    let routes = with!(routes, requests::list_requests, requests::submit_request);
    let routes = with!(routes, requests::get_request);
    let routes = with!(routes, requests::approve_request);
    let routes = with!(routes, requests::deny_request);
    let routes = with!(routes, requests::withdraw_request);
    with!(routes, requests::revoke_request)
}

async fn no_such_route() -> Problem {
    Problem::not_found()
}

async fn wrong_method() -> Problem {
    let detail = "this address does not take this method; see the Allow header";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
}

fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    let detail = "something went wrong here; try again, and if it stays so, tell whoever runs kari";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail).into_response()
}
