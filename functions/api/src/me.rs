use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use kari_application::browse::find_to_review;
use serde::Serialize;
use utoipa::ToSchema;

use crate::requests::waits_for;
use crate::{ApiState, Channel, Names, Problem, Problems, SyncedCaller};

/// More requests to review than these are not looked at.
const MOST_TO_REVIEW: usize = 200;

/// The caller, and what a page needs to begin.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    user: MyUser,
    roles: Vec<Role>,
    /// How many requests wait for the caller's approval, and not only for that of others; of at most 200 that
    /// the caller may review.
    to_review: usize,
    /// Kari's own time, by which everything is judged.
    now: DateTime<Utc>,
    /// What lists and explanations show is as of this instant.
    directory_synced_at: DateTime<Utc>,
    /// The AWS access portal, where it is known.
    access_portal_url: Option<String>,
    /// The Region of Identity Center, where it is known; the AWS CLI asks for it.
    #[schema(example = "ap-northeast-1")]
    region: Option<String>,
    /// The channels that exist here; turning on any other in the settings has no effect.
    channels: Vec<Channel>,
}

/// The caller's own data.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MyUser {
    id: String,
    display_name: String,
    user_name: String,
    email: Option<String>,
}

/// A role, by groups of the identity store.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Role {
    Administrator,
    Auditor,
}

/// Who am I
#[utoipa::path(get, path = "/me", operation_id = "get_me", tag = "me",
    responses((status = 200, body = Me), Problems))]
pub(crate) async fn get_me(State(api): State<ApiState>, me: SyncedCaller) -> Result<Json<Me>, Problem> {
    let SyncedCaller { caller, around } = me;
    let roles = [(caller.administrator, Role::Administrator), (caller.auditor, Role::Auditor)];
    let found = find_to_review(&api.kari, &caller, &around, MOST_TO_REVIEW).await?;
    let names = Names(&around.snapshot);
    let to_review = found.iter().filter(|seen| waits_for(seen, names, &caller.user.id)).count();
    let user = MyUser {
        id: caller.user.id.to_string(),
        display_name: caller.user.display_name,
        user_name: caller.user.user_name,
        email: caller.user.email,
    };
    Ok(Json(Me {
        user,
        roles: roles.into_iter().filter(|(has, _)| *has).map(|(_, role)| role).collect(),
        to_review,
        now: api.kari.clock.now(),
        directory_synced_at: around.snapshot.synced_at,
        access_portal_url: api.portal.access_portal_url,
        region: api.portal.region,
        channels: api.portal.channels,
    }))
}
