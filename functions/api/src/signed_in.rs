//! The caller, for handlers: a token's user as the identity store knows them.

use axum::extract::{FromRef, FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use kari_application::browse::{Surroundings, surroundings};
use kari_application::caller::{Caller, ending_caller, former_caller, live_caller, reading_caller};
use kari_application::{Error, Kari};
use kari_domain::ids::{RequestId, UserId};

use crate::attempts::record;
use crate::authentication::signed_out;
use crate::extract::Id;
use crate::{ApiState, Problem};

/// The user who was found to call. Only [`authenticate`] makes one.
#[derive(Debug, Clone)]
struct Verified(UserId);

/// Lets nobody pass who has not signed in. It stands before every route under `/v1`, also before
/// those that do not exist.
pub(crate) async fn authenticate(
    State(api): State<ApiState>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let user = api.authentication.caller(&api.kari, &parts).await?;
    parts.extensions.insert(Verified(user));
    Ok(next.run(Request::from_parts(parts, body)).await)
}

fn verified(parts: &Parts) -> Result<UserId, Problem> {
    // NB. A route that forgot to ask for a token answers nobody.
    parts.extensions.get::<Verified>().map(|user| user.0.clone()).ok_or_else(signed_out)
}

/// The caller as of the read model while that is fresh, for reading, and what lists and explanations work with.
#[derive(Debug, Clone)]
pub struct SyncedCaller {
    pub caller: Caller,
    pub around: Surroundings,
}

impl<S: Send + Sync> FromRequestParts<S> for SyncedCaller
where
    ApiState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let (api, user) = (ApiState::from_ref(state), verified(parts)?);
        let around = surroundings(&api.kari).await?;
        let caller = reading_caller(&api.kari, &around.snapshot, &user).await?;
        Ok(Self { caller, around })
    }
}

/// The caller as the identity store knows them at this moment, for commands.
#[derive(Debug, Clone)]
pub struct LiveCaller(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for LiveCaller
where
    ApiState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let (api, user) = (ApiState::from_ref(state), verified(parts)?);
        let known = live_caller(&api.kari, &user).await;
        Ok(Self(known_or_recorded(&api.kari, parts, &user, known).await?))
    }
}

/// Whoever commands something with a good token, but is disabled or gone by now, has left a trace.
async fn known_or_recorded(
    kari: &Kari,
    parts: &Parts,
    user: &UserId,
    known: Result<Caller, Error>,
) -> Result<Caller, Error> {
    if let Err(refused @ Error::UnknownCaller) = &known {
        match former_caller(kari, user).await {
            Ok(Some(former)) => record(kari, &former, &command(parts), None, refused).await,
            Ok(None) => tracing::warn!(user.id = %user, "a good token names somebody whom nobody knows"),
            Err(error) => tracing::error!(user.id = %user, %error, "a refused attempt was not recorded"),
        }
    }
    known
}

/// A command by its method and route.
fn command(parts: &Parts) -> String {
    let route = parts.extensions.get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    format!("{} {route}", parts.method)
}

/// The caller for ending or taking back the request in the path. While the identity store cannot be asked,
/// that is still the requester's to do.
#[derive(Debug, Clone)]
pub(crate) struct EndingCaller(pub(crate) Caller);

impl<S: Send + Sync> FromRequestParts<S> for EndingCaller
where
    ApiState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let (api, user) = (ApiState::from_ref(state), verified(parts)?);
        // An id that cannot be read is told after it is known who calls.
        let request = Id::<RequestId>::from_request_parts(parts, state).await.ok().map(|Id(id)| id);
        let known = ending_caller(&api.kari, &user, request).await;
        Ok(Self(known_or_recorded(&api.kari, parts, &user, known).await?))
    }
}

/// An administrator or auditor, who may read what concerns everybody. For everybody else such a
/// route does not exist. That they looked is not recorded: attempts are commands, and nothing was found.
#[derive(Debug, Clone)]
pub struct Overseer(pub SyncedCaller);

impl<S: Send + Sync> FromRequestParts<S> for Overseer
where
    ApiState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let me = SyncedCaller::from_request_parts(parts, state).await?;
        if me.caller.sees_all() { Ok(Self(me)) } else { Err(Problem::not_found()) }
    }
}

/// An administrator who commands something. For everybody else such a route does not exist, and
/// that they tried is recorded.
#[derive(Debug, Clone)]
pub struct Administrator(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for Administrator
where
    ApiState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let LiveCaller(caller) = LiveCaller::from_request_parts(parts, state).await?;
        if caller.administrator {
            return Ok(Self(caller));
        }
        record(&ApiState::from_ref(state).kari, &caller, &command(parts), None, &Error::NotFound).await;
        Err(Problem::not_found())
    }
}
