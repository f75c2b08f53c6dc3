//! Looking at requests: mine, those to review, active ones, all; with what the caller may do with
//! each. What one may not see does not exist for one.

use std::sync::Arc;

use futures::future::join;
use kari_domain::audit::{Cause, Envelope};
use kari_domain::directory::Snapshot;
use kari_domain::ids::{AccountId, PermissionSetArn, RequestId, UserId};
use kari_domain::policy::{AppliedRequirement, CompiledPolicies, can_review, reviews_anything};
use kari_domain::request::{
    AccessRequest, Action, Asked, Assessment, FailureReason, RequestState, Viewer, no_longer_allowed,
    permitted,
};

use crate::caller::{Caller, synced_caller};
use crate::facts::{Wish, synced_assessment, target_requirements};
use crate::load::{load_with_timeline, request_of};
use crate::ports::{
    AuditFilter, AuditRecord, Item, Page, PageRequest, RequestFilter, RequestKeys, RequestScope, Unavailable,
};
use crate::{Error, Kari, load_request};

/// Which requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The caller's own.
    Mine,
    /// Pending ones the caller may review.
    ToReview,
    /// Approved to ending: the caller's own, or everybody's for those who see all.
    Active,
    /// Everybody's, for those who see all.
    All,
}

/// How many pending requests one answer looks through for those to review, and how many it reads at a time.
const MOST_LOOKED_AT: usize = 2_000;
const LOOKED_AT_A_TIME: usize = 200;
const ACTIVE_STATES: [RequestState; 4] =
    [RequestState::Approved, RequestState::Activating, RequestState::Active, RequestState::Ending];

/// A request as a caller sees it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub request: AccessRequest,
    /// What the policies say as of now, by the read model; `None` while they cannot be read.
    pub assessment: Option<Assessment>,
    pub actions: Vec<Action>,
    /// Why it would not be let begin any more, from approved to active. Only for those who see all.
    pub no_longer_allowed: Option<FailureReason>,
}

/// What lists and explanations work with.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// `None` while they cannot be read: that must keep nobody from seeing and ending what is their own.
    policies: Option<Arc<CompiledPolicies>>,
    pub snapshot: Arc<Snapshot>,
    in_chat: bool,
}

impl Surroundings {
    /// The same for whoever looks in a chat, where they may be permitted less.
    #[must_use]
    pub fn in_chat(self) -> Self {
        Self { in_chat: true, ..self }
    }

    /// The policies as they were read with the rest, for what cannot be said without them; or as they are now.
    pub(crate) async fn policies(&self, kari: &Kari) -> Result<Arc<CompiledPolicies>, Unavailable> {
        match &self.policies {
            Some(read) => Ok(Arc::clone(read)),
            None => kari.policies.current().await,
        }
    }

    /// What the policies ask of whoever reviews requests for a target; `None` while they cannot be read.
    fn target_requirements(
        &self,
        account: &AccountId,
        permission_set: &PermissionSetArn,
    ) -> Option<Vec<AppliedRequirement>> {
        let account = self.snapshot.accounts.get(account);
        let permission_set = self.snapshot.permission_sets.get(permission_set);
        Some(target_requirements(self.policies.as_ref()?, account, permission_set))
    }
}

/// Reads what lists and explanations work with.
///
/// # Errors
/// If the read model cannot be read.
pub async fn surroundings(kari: &Kari) -> Result<Surroundings, Error> {
    let unreadable = |error: &Unavailable| tracing::warn!(%error, "the policies cannot be read");
    let (policies, snapshot) = join(kari.policies.current(), kari.read_model.load()).await;
    Ok(Surroundings { policies: policies.inspect_err(unreadable).ok(), snapshot: snapshot?, in_chat: false })
}

/// The same with the policies, for what cannot be said without them.
async fn with_policies(kari: &Kari, around: &Surroundings) -> Result<Surroundings, Error> {
    Ok(Surroundings { policies: Some(around.policies(kari).await?), ..around.clone() })
}

/// Requests, the newest first.
///
/// # Errors
/// [`Error::NotFound`] for a view the caller may not have.
pub async fn list_requests(
    kari: &Kari,
    caller: &Caller,
    around: &Surroundings,
    view: View,
    filter: &RequestFilter,
    page: &PageRequest,
) -> Result<Page<Seen>, Error> {
    match view {
        View::ToReview => to_review(kari, caller, &with_policies(kari, around).await?, filter, page).await,
        View::Mine => list(kari, caller, around, &own(caller), filter, page).await,
        View::All if caller.sees_all() => list(kari, caller, around, &RequestScope::All, filter, page).await,
        View::All => Err(Error::NotFound),
        View::Active => {
            let scope = if caller.sees_all() { RequestScope::All } else { own(caller) };
            let mut filter = filter.clone();
            if filter.states.is_empty() {
                filter.states = ACTIVE_STATES.to_vec();
            }
            list(kari, caller, around, &scope, &filter, page).await
        }
    }
}

fn own(caller: &Caller) -> RequestScope {
    RequestScope::Of(caller.user.id.clone())
}

async fn list(
    kari: &Kari,
    caller: &Caller,
    around: &Surroundings,
    scope: &RequestScope,
    filter: &RequestFilter,
    page: &PageRequest,
) -> Result<Page<Seen>, Error> {
    let found = kari.store.requests(scope, filter, page).await?;
    let requests = found.items.iter().filter_map(readable);
    let items = requests.filter_map(|request| see(kari, caller, around, request)).collect();
    Ok(Page { items, next: found.next })
}

/// The request, unless it cannot be read: then the list goes on without it.
fn readable(item: &Item) -> Option<AccessRequest> {
    let unreadable = |error: &Error| tracing::error!(item = %item.key.0, %error, "a request cannot be shown");
    request_of(&item.body).inspect_err(unreadable).ok()
}

/// What one may review lies scattered among all that is pending, so a page may be short, and yet another
/// one follows. Where it follows is the store's own word on the last request looked at, so that what is
/// decided meanwhile moves nothing. NB. To others that place tells of a request only that there is one.
async fn to_review(
    kari: &Kari,
    caller: &Caller,
    around: &Surroundings,
    filter: &RequestFilter,
    page: &PageRequest,
) -> Result<Page<Seen>, Error> {
    let mut found = look_for_reviewable(kari, caller, around, filter, page).await?;
    if found.items.len() == page.limit && found.next.is_some() {
        let one_more = PageRequest { limit: 1, after: found.next.clone() };
        let further = look_for_reviewable(kari, caller, around, filter, &one_more).await?;
        found.next = found.next.filter(|_| further.next.is_some() || !further.items.is_empty());
    }
    Ok(found)
}

/// The next pending requests the caller may review, the newest first.
async fn look_for_reviewable(
    kari: &Kari,
    caller: &Caller,
    around: &Surroundings,
    filter: &RequestFilter,
    page: &PageRequest,
) -> Result<Page<Seen>, Error> {
    let filter = RequestFilter { states: vec![RequestState::Pending], ..filter.clone() };
    let mut found = Page { items: vec![], next: page.after.clone() };
    // Who reviews all there is has the page at once.
    let (mut looked_at, mut limit) = (0, page.limit);
    while looked_at < MOST_LOOKED_AT && found.items.len() < page.limit {
        let part = PageRequest { limit, after: found.next.clone() };
        let part = kari.store.requests(&RequestScope::All, &filter, &part).await?;
        let wanted = page.limit - found.items.len();
        let with_place = |(place, item)| Some((place, reviewable(kari, caller, around, item)?));
        let fitting = part.items.iter().enumerate().filter_map(with_place);
        let mut fitting: Vec<_> = fitting.take(wanted + 1).collect();
        if fitting.len() > wanted {
            fitting.pop();
            // Read again, down to the last that is wanted: the place behind that is where the next page begins.
            limit = fitting.last().map_or(wanted, |(place, _)| place + 1);
            continue;
        }
        looked_at += part.items.len();
        found.items.extend(fitting.into_iter().map(|(_, seen)| seen));
        found.next = part.next;
        limit = LOOKED_AT_A_TIME;
        if found.next.is_none() {
            break;
        }
    }
    Ok(found)
}

/// The request, if the caller may review it now. Most are for others to review, and known to be before
/// anything is parsed and evaluated.
fn reviewable(kari: &Kari, caller: &Caller, around: &Surroundings, item: &Item) -> Option<Seen> {
    if is_for_others(caller, around, item.request.as_ref()?) {
        return None;
    }
    let seen = readable(item).and_then(|request| see(kari, caller, around, request))?;
    let review = [Action::Approve, Action::Deny];
    seen.actions.iter().any(|action| review.contains(action)).then_some(seen)
}

/// Whether the policies name reviewers of the target now, and not the caller. Where they name nobody, it
/// takes the submission to tell.
fn is_for_others(caller: &Caller, around: &Surroundings, keys: &RequestKeys) -> bool {
    let Some(now) = around.target_requirements(&keys.account, &keys.permission_set) else { return true };
    !now.is_empty() && !can_review(&now, &caller.subject, &keys.requester)
}

/// The requests the caller may review, the newest first; at most `limit`.
///
/// Who is named by no policy is answered at once: what the requirements of a submission leave to them
/// waits in the list.
///
/// # Errors
/// If the store cannot be read.
pub async fn find_to_review(
    kari: &Kari,
    caller: &Caller,
    around: &Surroundings,
    limit: usize,
) -> Result<Vec<Seen>, Error> {
    if !around.policies.as_ref().is_some_and(|policies| reviews_anything(policies, &caller.subject)) {
        return Ok(vec![]);
    }
    let page = PageRequest { limit, after: None };
    let found = look_for_reviewable(kari, caller, around, &RequestFilter::default(), &page).await?;
    Ok(found.items)
}

/// One request with its events.
///
/// # Errors
/// [`Error::NotFound`] if it does not exist or the caller may not see it.
pub async fn get_request(
    kari: &Kari,
    caller: &Caller,
    around: &Surroundings,
    id: RequestId,
) -> Result<(Seen, Vec<Envelope>), Error> {
    let (request, timeline) = load_with_timeline(kari, id).await?;
    ensure_may_see(kari, caller, around, &request).await?;
    let seen = see(kari, caller, around, request).ok_or(Error::NotFound)?;
    Ok((seen, timeline))
}

/// Whether a request exists for the caller: what commands ask before they answer more than "not
/// found".
///
/// # Errors
/// [`Error::NotFound`] if it does not; [`Error::Corrupt`] if that cannot be told.
pub async fn ensure_visible(kari: &Kari, caller: &Caller, id: RequestId) -> Result<(), Error> {
    let request = match load_request(kari, id).await {
        // That it is there those who see all may know. What to do about it is the command's to say.
        Err(Error::Corrupt(_)) if caller.sees_all() => return Ok(()),
        loaded => loaded?.state,
    };
    if may_always_see(caller, &request) {
        return Ok(());
    }
    ensure_may_see(kari, caller, &surroundings(kari).await?, &request).await
}

/// The request with the caller's permitted actions; `None` if it was never submitted.
pub fn see(kari: &Kari, caller: &Caller, around: &Surroundings, request: AccessRequest) -> Option<Seen> {
    let asked = request.asked()?;
    let wish = Wish::from(&asked.submission);
    let assessment = around.policies.as_ref().map(|p| synced_assessment(p, &around.snapshot, &wish));
    let right = caller.revoke_right(asked, assessment.as_ref().map(|now| now.target_requirements.as_slice()));
    let through = if around.in_chat { Cause::Slack } else { Cause::Api };
    let viewer = Viewer { subject: caller.subject.clone(), right, through };
    let actions = permitted(&request, &viewer, assessment.as_ref(), kari.clock.now());
    // NB. What the policies would say is for administrators and auditors.
    let told = assessment.as_ref().filter(|_| caller.sees_all());
    let no_longer_allowed = told.and_then(|told| no_longer_allowed(&request, &told.verdict));
    Some(Seen { request, assessment, actions, no_longer_allowed })
}

/// Whether the caller is an approver of the request's target; unknown, so no, without the policies.
fn reviews(caller: &Caller, around: &Surroundings, asked: &Asked) -> bool {
    let target = &asked.submission.target;
    let now = around.target_requirements(&target.account, &target.permission_set);
    now.is_some_and(|now| caller.reviews(asked, &now))
}

/// NB. The requester, current approvers and past reviewers of it, auditors, administrators; for
/// everybody else it does not exist. Who current approvers are is not guessed: without the policies
/// there is neither a yes nor a no.
async fn ensure_may_see(
    kari: &Kari,
    caller: &Caller,
    around: &Surroundings,
    request: &AccessRequest,
) -> Result<(), Error> {
    let asked = request.asked().ok_or(Error::NotFound)?;
    if may_always_see(caller, request) || reviews(caller, &with_policies(kari, around).await?, asked) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Whether a request exists for somebody as the read model knows them, where its target asks this of reviewers now: by
/// the same rule, for what stands elsewhere than in the portal.
pub fn exists_for(
    kari: &Kari,
    snapshot: &Snapshot,
    id: &UserId,
    request: &AccessRequest,
    now: &[AppliedRequirement],
) -> bool {
    let (Some(asked), Ok(caller)) = (request.asked(), synced_caller(kari, snapshot, id)) else {
        return false;
    };
    may_always_see(&caller, request) || caller.reviews(asked, now)
}

/// Whether no policy needs to be asked: for the requester, past reviewers, auditors and administrators.
fn may_always_see(caller: &Caller, request: &AccessRequest) -> bool {
    let Some(asked) = request.asked() else { return false };
    caller.sees_all()
        || asked.submission.requester == caller.user.id
        || asked.reviews.iter().any(|review| review.reviewer == caller.user.id)
}

/// Recorded events of all streams, for those who see all.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn audit(
    kari: &Kari,
    caller: &Caller,
    filter: &AuditFilter,
    page: &PageRequest,
) -> Result<Page<AuditRecord>, Error> {
    if !caller.sees_all() {
        return Err(Error::NotFound);
    }
    Ok(kari.store.audit(filter, page).await?)
}
