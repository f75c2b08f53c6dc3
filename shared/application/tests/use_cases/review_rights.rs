//! Who may review what waits, after the policies changed: whoever may decide finds it in their list, and
//! nobody else does.

use std::sync::Arc;

use async_trait::async_trait;
use kari_application::Error;
use kari_application::browse::{Seen, View, get_request, list_requests, surroundings};
use kari_application::caller::live_caller;
use kari_application::edit_policies::{Editable, Editor, change_policy};
use kari_application::ports::{PageRequest, Policies, RequestFilter, Unavailable};
use kari_application::review_request::review_request;
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::ids::RequestId;
use kari_domain::policy::{ApproverPolicy, CompiledPolicies, EligibilityPolicy, People};
use kari_domain::request::{Action, Decision};
use kari_domain::settings::Settings;

use crate::town::{Town, account, set, user};

/// Edits the policy called *north*.
fn edit<P: Editable>(town: &Town, change: impl Fn(&mut P)) {
    let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
    town.run(async {
        let policies = town.kari.policies.current().await.unwrap();
        let all = P::among(policies.policy_set()).iter();
        let found = all.clone().find(|versioned| versioned.policy.id().as_str() == "north").unwrap();
        let mut policy = found.policy.clone();
        change(&mut policy);
        change_policy(&town.kari, &editor, policy, found.version).await.unwrap();
    });
}

fn becomes_ineligible(town: &Town) {
    edit::<EligibilityPolicy>(town, |policy| policy.enabled = false);
}

fn needs_no_approval_any_more(town: &Town) {
    edit::<EligibilityPolicy>(town, |policy| policy.approval_required = false);
}

fn is_sams_to_review(town: &Town) {
    edit::<ApproverPolicy>(town, |policy| {
        policy.requirements[0].reviewers = People { users: [user("sam")].into(), ..People::default() };
    });
}

fn is_nobodys_to_review(town: &Town) {
    edit::<ApproverPolicy>(town, |policy| policy.enabled = false);
}

fn nothing_changes(_: &Town) {}

/// What somebody is offered in their list; `None` where the request is not in it.
fn listed(town: &Town, who: &str) -> Option<Vec<Action>> {
    let page = PageRequest { limit: 10, after: None };
    let found = town.run(async {
        let caller = live_caller(&town.kari, &user(who)).await.unwrap();
        let around = surroundings(&town.kari).await.unwrap();
        let filter = RequestFilter::default();
        list_requests(&town.kari, &caller, &around, View::ToReview, &filter, &page).await.unwrap()
    });
    found.items.into_iter().next().map(|seen| seen.actions)
}

fn seen(town: &Town, who: &str, id: RequestId) -> Result<Seen, Error> {
    town.run(async {
        let caller = live_caller(&town.kari, &user(who)).await?;
        let around = surroundings(&town.kari).await?;
        Ok(get_request(&town.kari, &caller, &around, id).await?.0)
    })
}

/// `done`, or the code of the refusal.
fn reviewed(town: &Town, who: &str, id: RequestId, decision: Decision) -> &'static str {
    let answer = town.run(async {
        let caller = live_caller(&town.kari, &user(who)).await?;
        review_request(&town.kari, &caller, Cause::Api, id, decision, None).await
    });
    answer.map_or_else(|error| error.refusal_code().expect("nothing else fails"), |_| "done")
}

type Change = fn(&Town);

/// Policies that were read long ago by whoever remembers them.
struct ReadLongAgo {
    inner: Arc<dyn Policies>,
    last_read: Arc<CompiledPolicies>,
}

#[async_trait]
impl Policies for ReadLongAgo {
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        self.inner.current().await
    }

    async fn last_read(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        Ok(Arc::clone(&self.last_read))
    }

    async fn settings(&self) -> Result<Settings, Unavailable> {
        self.inner.settings().await
    }
}

/// Ann asks for the north, whose reviewer is Lee; then the policies change, twice. Kari may have read them last before
/// that.
fn asked_and_changed(changes: [Change; 2], read_long_ago: bool) -> (Town, RequestId) {
    let mut town = Town::new();
    let id = town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    let last_read = town.run(town.kari.policies.current()).unwrap();
    for change in changes {
        change(&town);
    }
    if read_long_ago {
        town.kari.policies = Arc::new(ReadLongAgo { inner: Arc::clone(&town.kari.policies), last_read });
    }
    (town, id)
}

#[test]
fn whoever_may_decide_on_a_request_finds_it_and_nobody_else_does_however_the_policies_changed() {
    use Action::{Approve, Deny};
    let table: [([Change; 2], &str, &str, &[Action]); 8] = [
        ([nothing_changes, nothing_changes], "lee", "sam", &[Approve, Deny]),
        ([nothing_changes, is_sams_to_review], "sam", "lee", &[Approve, Deny]),
        ([becomes_ineligible, nothing_changes], "lee", "sam", &[Deny]),
        ([becomes_ineligible, is_sams_to_review], "sam", "lee", &[Deny]),
        ([needs_no_approval_any_more, nothing_changes], "lee", "sam", &[Approve, Deny]),
        ([needs_no_approval_any_more, is_sams_to_review], "sam", "lee", &[Approve, Deny]),
        ([becomes_ineligible, is_nobodys_to_review], "lee", "sam", &[Deny]),
        ([needs_no_approval_any_more, is_nobodys_to_review], "lee", "sam", &[Approve, Deny]),
    ];
    let rows = table.into_iter().enumerate().flat_map(|row| [(row, false), (row, true)]);
    for ((row, (changes, reviewer, other, actions)), read_long_ago) in rows {
        let (town, id) = asked_and_changed(changes, read_long_ago);
        assert_eq!(listed(&town, reviewer).as_deref(), Some(actions), "row {row}");
        assert_eq!(seen(&town, reviewer, id).unwrap().actions, actions, "row {row}");
        assert_eq!(listed(&town, other), None, "row {row}");
        assert!(matches!(seen(&town, other, id), Err(Error::NotFound)), "row {row}");
        for decision in [Decision::Approve, Decision::Deny] {
            assert_eq!(reviewed(&town, other, id, decision), "not-a-reviewer", "row {row}");
        }
        let approved = if actions.contains(&Approve) { "done" } else { "ineligible" };
        assert_eq!(reviewed(&town, reviewer, id, Decision::Approve), approved, "row {row}");
        let (town, id) = asked_and_changed(changes, read_long_ago);
        assert_eq!(reviewed(&town, reviewer, id, Decision::Deny), "done", "row {row}");
    }
}
