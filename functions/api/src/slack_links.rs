//! Which Slack accounts speak for whom, and how that ends.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kari_application::chat_links::{ChatLink, all_links, in_slack, links_of};
use kari_application::unlink_chat::unlink;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::attempts::recorded;
use crate::extract::{Limit, Params, SlackAccount, SlackAccountOf, page};
use crate::shapes::{Listing, Names, Person};
use crate::signed_in::{Administrator, Overseer};
use crate::{ApiState, LiveCaller, Problem, Problems, SyncedCaller};

const CHANNEL: &str = "slack";

/// A Slack account that somebody linked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SlackAccount)]
pub(crate) struct SlackAccountView {
    #[schema(example = "T024BE7LD")]
    workspace: String,
    /// The member id.
    #[schema(example = "U023BECGF")]
    id: String,
    /// What it was called in Slack when it was linked, where that is known. People choose it themselves.
    name: Option<String>,
    linked_at: DateTime<Utc>,
}

/// A Slack account, and for whom it speaks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LinkedSlackAccount)]
pub(crate) struct LinkedSlackAccountView {
    user: Person,
    account: SlackAccountView,
}

/// Which part.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListSlackLinks {
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Limit,
    cursor: Option<String>,
}

/// My linked Slack accounts, the newest first
#[utoipa::path(get, path = "/me/slack-links", operation_id = "list_my_slack_links", tag = "me",
    responses((status = 200, body = Listing<SlackAccountView>), Problems))]
pub(crate) async fn list_my_slack_links(
    State(api): State<ApiState>,
    me: SyncedCaller,
) -> Result<Json<Listing<SlackAccountView>>, Problem> {
    let links = links_of(&api.kari, CHANNEL, &me.caller.user.id).await?;
    Ok(Json(Listing { items: links.iter().filter_map(view).collect(), next: None }))
}

/// Unlink one of my Slack accounts
///
/// From then on it does not speak for the caller. Doing it again changes nothing.
#[utoipa::path(delete, path = "/me/slack-links/{workspace}/{account}", operation_id = "unlink_my_slack", tag = "me",
    params(("workspace" = String, Path), ("account" = String, Path)),
    responses((status = 204, description = "It is not linked to the caller any more"), Problems))]
pub(crate) async fn unlink_my_slack(
    State(api): State<ApiState>,
    LiveCaller(caller): LiveCaller,
    SlackAccount(account): SlackAccount,
) -> Result<StatusCode, Problem> {
    let unlinked = unlink(&api.kari, &caller, CHANNEL, &caller.user.id, &account).await;
    recorded(&api.kari, &caller, "unlink slack", unlinked).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Everybody's linked Slack accounts, by user id
#[utoipa::path(get, path = "/slack-links", operation_id = "list_slack_links", tag = "settings",
    params(ListSlackLinks), responses((status = 200, body = Listing<LinkedSlackAccountView>), Problems))]
pub(crate) async fn list_slack_links(
    State(api): State<ApiState>,
    Overseer(me): Overseer,
    Params(query): Params<ListSlackLinks>,
) -> Result<Json<Listing<LinkedSlackAccountView>>, Problem> {
    let found = all_links(&api.kari, CHANNEL, &page(query.limit, query.cursor)).await?;
    let names = Names(&me.around.snapshot);
    let linked = |link: &ChatLink| {
        Some(LinkedSlackAccountView { user: names.person(&link.user, None), account: view(link)? })
    };
    Ok(Json(Listing {
        items: found.items.iter().filter_map(linked).collect(),
        next: found.next.map(|cursor| cursor.0),
    }))
}

/// Unlink somebody's Slack account
///
/// For administrators: somebody who lost a device or left. Doing it again changes nothing.
#[utoipa::path(delete, path = "/slack-links/{user}/{workspace}/{account}", operation_id = "unlink_slack",
    tag = "settings",
    params(("user" = String, Path), ("workspace" = String, Path), ("account" = String, Path)),
    responses((status = 204, description = "It is not linked to the user any more"), Problems))]
pub(crate) async fn unlink_slack(
    State(api): State<ApiState>,
    Administrator(caller): Administrator,
    SlackAccountOf(user, account): SlackAccountOf,
) -> Result<StatusCode, Problem> {
    let unlinked = unlink(&api.kari, &caller, CHANNEL, &user, &account).await;
    recorded(&api.kari, &caller, &format!("unlink slack of {user}"), unlinked).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(link: &ChatLink) -> Option<SlackAccountView> {
    let (workspace, id) = in_slack(&link.account)?;
    Some(SlackAccountView {
        workspace: workspace.to_owned(),
        id: id.to_owned(),
        name: link.name.clone(),
        linked_at: link.linked_at,
    })
}
