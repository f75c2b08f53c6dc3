//! What all kinds of policies have in common.

use kari_application::Error;
use kari_application::caller::Caller;
use kari_application::edit_policies::{
    Editable, Editor, change_policy, create_policy, delete_policy, policies_to_edit,
};
use kari_domain::audit::Cause;
use kari_domain::ids::PolicyId;
use kari_domain::policy::{PolicyKind, Versioned};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::attempts::recorded;
use crate::shapes::how_many_fit;
use crate::{ApiState, Problem};

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListPolicies {
    /// Where the part before ended.
    cursor: Option<String>,
}

/// Policies of one kind by their ids: all of them, or as many as fit into one answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Policies<D> {
    /// The version of the whole policy set.
    version: u64,
    items: Vec<VersionedPolicy<D>>,
    /// The cursor at which the next part begins; `null` at the end.
    next: Option<String>,
}

/// A policy and the version it has; edits name that version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionedPolicy<D> {
    /// The policy-set version at which it was last changed.
    version: u64,
    policy: D,
}

impl<'a, P, D: From<&'a P>> From<&'a Versioned<P>> for VersionedPolicy<D> {
    fn from(versioned: &'a Versioned<P>) -> Self {
        Self { version: versioned.version, policy: (&versioned.policy).into() }
    }
}

pub(super) async fn list<P: Editable, D: for<'a> From<&'a P> + Serialize>(
    api: &ApiState,
    part: &ListPolicies,
) -> Result<Policies<D>, Problem> {
    let after = part.cursor.as_deref().map(place).transpose()?;
    let policies = policies_to_edit(&api.kari).await?;
    let set = policies.policy_set();
    let is_behind = |one: &&Versioned<P>| after.as_ref().is_none_or(|after| one.policy.id() > after);
    let mut part: Vec<&Versioned<P>> = P::among(set).iter().filter(is_behind).collect();
    let fitting = how_many_fit(part.iter().map(|one| size(&VersionedPolicy::<D>::from(*one))));
    let more = part.len() > fitting;
    part.truncate(fitting);
    let next = part.last().filter(|_| more).map(|last| last.policy.id().to_string());
    Ok(Policies { version: set.version, items: part.into_iter().map(VersionedPolicy::from).collect(), next })
}

fn place(cursor: &str) -> Result<PolicyId, Error> {
    cursor.parse().map_err(|_| Error::BadCursor)
}

/// How many bytes it takes in an answer.
fn size<D: Serialize>(policy: &VersionedPolicy<D>) -> usize {
    serde_json::to_vec(policy).map_or(0, |bytes| bytes.len())
}

pub(super) async fn get<P: Editable, D: for<'a> From<&'a P>>(
    api: &ApiState,
    id: &PolicyId,
) -> Result<VersionedPolicy<D>, Problem> {
    let policies = policies_to_edit(&api.kari).await?;
    let mut policies = P::among(policies.policy_set()).iter();
    let found = policies.find(|versioned| versioned.policy.id() == id);
    found.map(VersionedPolicy::from).ok_or_else(Problem::not_found)
}

pub(super) async fn create<P: Editable, D: for<'a> From<&'a P>>(
    api: &ApiState,
    caller: &Caller,
    policy: P,
) -> Result<VersionedPolicy<D>, Problem> {
    let document = D::from(&policy);
    let command = command::<P>("create", policy.id());
    let created = create_policy(&api.kari, &editor(caller), policy).await;
    let version = recorded(&api.kari, caller, &command, created).await?;
    Ok(VersionedPolicy { version, policy: document })
}

pub(super) async fn change<P: Editable, D: for<'a> From<&'a P>>(
    api: &ApiState,
    caller: &Caller,
    id: &PolicyId,
    policy: P,
    expected: u64,
) -> Result<VersionedPolicy<D>, Problem> {
    if policy.id() != id {
        let detail = "the policy's id is not the one in the path; ids never change";
        return Err(Problem::malformed("id-mismatch", detail));
    }
    let document = D::from(&policy);
    let changed = change_policy(&api.kari, &editor(caller), policy, expected).await;
    let version = recorded(&api.kari, caller, &command::<P>("change", id), changed).await?;
    Ok(VersionedPolicy { version, policy: document })
}

pub(super) async fn delete<P: Editable>(
    api: &ApiState,
    caller: &Caller,
    id: &PolicyId,
    expected: u64,
) -> Result<(), Problem> {
    let deleted = delete_policy::<P>(&api.kari, &editor(caller), id, expected).await;
    Ok(recorded(&api.kari, caller, &command::<P>("delete", id), deleted).await?)
}

/// What was tried, as it is recorded where it is refused: `change guardrail no-read-in-shop`.
fn command<P: Editable>(verb: &str, id: &PolicyId) -> String {
    let kind = match P::KIND {
        PolicyKind::Eligibility => "eligibility policy",
        PolicyKind::Guardrail => "guardrail",
        PolicyKind::Approver => "approver policy",
    };
    format!("{verb} {kind} {id}")
}

fn editor(caller: &Caller) -> Editor {
    Editor { actor: caller.actor(), cause: Cause::Api }
}
