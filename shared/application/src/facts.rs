//! Gathering the facts that decisions rest on.

use kari_domain::directory::{Account, AccountStatus, PermissionSet, Snapshot, Subject};
use kari_domain::ids::{PermissionSetArn, Target, UserId};
use kari_domain::policy::{
    AppliedRequirement, CompiledPolicies, Outcome, Question, Reason, Verdict, could_be_met, evaluate,
    requirements_for,
};
use kari_domain::request::{Assessment, MOST_PENDING, RequestState, Submission};
use kari_domain::time::Minutes;

use crate::ports::{Item, PageRequest, RequestFilter, RequestScope};
use crate::{Error, Kari};

/// What is asked, without the facts.
#[derive(Debug, Clone)]
pub(crate) struct Wish<'a> {
    pub requester: &'a UserId,
    pub target: &'a Target,
    pub duration: Minutes,
    pub has_ticket: bool,
}

impl<'a> From<&'a Submission> for Wish<'a> {
    fn from(submission: &'a Submission) -> Self {
        Self {
            requester: &submission.requester,
            target: &submission.target,
            duration: submission.duration_minutes,
            has_ticket: submission.ticket.is_some(),
        }
    }
}

/// A user as of now, whether they exist or not.
pub(crate) async fn live_subject(kari: &Kari, id: &UserId) -> Result<Subject, Error> {
    let Some(user) = kari.directory.user(id).await? else {
        return Ok(Subject::gone(id.clone()));
    };
    let groups = kari.directory.memberships(id).await?;
    Ok(Subject { id: user.id, enabled: user.enabled, groups })
}

/// The policies' word on a wish, by facts read live. What is gone meanwhile makes it ineligible.
pub(crate) async fn live_verdict(
    kari: &Kari,
    policies: &CompiledPolicies,
    wish: &Wish<'_>,
) -> Result<Verdict, Error> {
    Ok(live_assessment(kari, policies, wish).await?.verdict)
}

/// What the policies say of a wish, by facts read live.
pub(crate) async fn live_assessment(
    kari: &Kari,
    policies: &CompiledPolicies,
    wish: &Wish<'_>,
) -> Result<Assessment, Error> {
    let requester = live_subject(kari, wish.requester).await?;
    let account = kari.directory.account(&wish.target.account).await?;
    let permission_set = permission_set(kari, &wish.target.permission_set).await?;
    Ok(assessment(policies, wish, &requester, account.as_ref(), permission_set.as_ref()))
}

/// The permission set of a request, by the read model, or live if it is not there any more. Its API shares one small
/// quota with the removal of assignments; and what matters for a decision, who asks and where the account lies, is
/// read live elsewhere.
pub(crate) async fn permission_set(
    kari: &Kari,
    arn: &PermissionSetArn,
) -> Result<Option<PermissionSet>, Error> {
    match kari.read_model.load().await?.permission_sets.get(arn) {
        Some(known) => Ok(Some(known.clone())),
        None => Ok(kari.directory.permission_set(arn).await?),
    }
}

/// The policies' word on a wish, by the read model: for showing, never for deciding.
pub(crate) fn synced_verdict(policies: &CompiledPolicies, snapshot: &Snapshot, wish: &Wish<'_>) -> Verdict {
    synced_assessment(policies, snapshot, wish).verdict
}

/// What the policies say of a wish, by the read model: for showing, never for deciding.
pub(crate) fn synced_assessment(
    policies: &CompiledPolicies,
    snapshot: &Snapshot,
    wish: &Wish<'_>,
) -> Assessment {
    let requester = snapshot.subject(wish.requester).unwrap_or_else(|| Subject::gone(wish.requester.clone()));
    let account = snapshot.accounts.get(&wish.target.account);
    let permission_set = snapshot.permission_sets.get(&wish.target.permission_set);
    assessment(policies, wish, &requester, account, permission_set)
}

fn assessment(
    policies: &CompiledPolicies,
    wish: &Wish<'_>,
    requester: &Subject,
    account: Option<&Account>,
    permission_set: Option<&PermissionSet>,
) -> Assessment {
    let verdict = verdict(policies, wish, requester, account, permission_set);
    Assessment { verdict, target_requirements: target_requirements(policies, account, permission_set) }
}

pub(crate) fn verdict(
    policies: &CompiledPolicies,
    wish: &Wish<'_>,
    requester: &Subject,
    account: Option<&Account>,
    permission_set: Option<&PermissionSet>,
) -> Verdict {
    let (Some(account), Some(permission_set)) = (account, permission_set) else {
        let gone = if account.is_none() {
            Reason::AccountNotActive { status: AccountStatus::Closed }
        } else {
            Reason::NoEligibilityPolicy
        };
        return Verdict {
            policy_set_version: policies.policy_set().version,
            outcome: Outcome::Ineligible { reasons: vec![gone] },
            guardrails: vec![],
            session_duration_minutes: permission_set.map_or(Minutes(0), |set| set.session_duration),
        };
    };
    let (duration, has_ticket) = (wish.duration, wish.has_ticket);
    evaluate(policies, &Question { requester, account, permission_set, duration, has_ticket })
}

/// The verdict, or ineligible if too few people could review. Who could is told by the read model.
pub(crate) fn with_reviewers(verdict: Verdict, requester: &UserId, snapshot: &Snapshot) -> Verdict {
    match could_be_met(verdict.requirements(), requester, snapshot) {
        Ok(()) => verdict,
        Err(reasons) => Verdict { outcome: Outcome::Ineligible { reasons }, ..verdict },
    }
}

/// What the policies ask now of whoever reviews requests for a target; nothing for one that is gone.
pub(crate) fn target_requirements(
    policies: &CompiledPolicies,
    account: Option<&Account>,
    permission_set: Option<&PermissionSet>,
) -> Vec<AppliedRequirement> {
    match (account, permission_set) {
        (Some(account), Some(permission_set)) => requirements_for(policies, account, permission_set),
        (None, _) | (_, None) => vec![],
    }
}

/// How many requests of somebody wait for review, as far as the bound on them goes. A bound, not a
/// decision: a list that is a little late is good enough. What has lapsed waits no more, recorded or not.
pub(crate) async fn pending_requests(kari: &Kari, requester: &UserId) -> Result<usize, Error> {
    let scope = RequestScope::Of(requester.clone());
    let filter = RequestFilter { states: vec![RequestState::Pending], ..RequestFilter::default() };
    let page = PageRequest { limit: MOST_PENDING, after: None };
    let now = kari.clock.now();
    // What is pending is due when it lapses.
    let waits = |item: &&Item| item.due_at.is_none_or(|lapses_at| now < lapses_at);
    Ok(kari.store.requests(&scope, &filter, &page).await?.items.iter().filter(waits).count())
}
