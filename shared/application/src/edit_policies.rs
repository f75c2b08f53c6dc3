//! Changing policies and settings: each change names the version it was made from, and is an audit
//! event with before and after.

use std::sync::Arc;

use kari_domain::audit::{Actor, AuditEvent, Cause, Head, StreamId};
use kari_domain::directory::Snapshot;
use kari_domain::ids::PolicyId;
use kari_domain::policy::{
    ApproverPolicy, CompiledPolicies, EligibilityPolicy, Guardrail, Policy, PolicyProblem, PolicySet,
    References, Versioned, check_approver, check_count, check_eligibility, check_guardrail, check_references,
};
use kari_domain::settings::Settings;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::apply_policies::Step;
use crate::check_records::mend_policies;
use crate::load::corrupt;
use crate::policy_storage::{policy_key, put_policy, set_body, versions};
use crate::ports::{ItemChange, ItemKey, StreamState, Unavailable};
use crate::transaction::{ATTEMPTS, Committed, State, Transaction};
use crate::{Error, Kari, Loaded};

/// What is recorded about the policy set. Its stream's version is the policy-set version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
pub enum PolicyEvent {
    PolicyCreated { policy: AnyPolicy },
    PolicyChanged { before: Box<AnyPolicy>, after: Box<AnyPolicy> },
    PolicyDeleted { before: AnyPolicy },
    SettingsChanged { before: Settings, after: Settings },
}

impl AuditEvent for PolicyEvent {}

/// A policy of any kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "policy", rename_all = "kebab-case")]
pub enum AnyPolicy {
    Eligibility(EligibilityPolicy),
    Guardrail(Guardrail),
    Approver(ApproverPolicy),
}

/// What can be stored as a policy of one kind.
pub trait Editable: Policy + References + Clone + PartialEq + Serialize + Send + Sync {
    /// The policies of this kind.
    fn among(set: &PolicySet) -> &[Versioned<Self>]
    where
        Self: Sized;
    /// Whether it is well-formed.
    ///
    /// # Errors
    /// Every problem.
    fn check(&self) -> Result<(), Vec<PolicyProblem>>;
    /// As a policy of any kind.
    fn any(self) -> AnyPolicy;
    /// The policy, if it is of this kind.
    fn of(any: &AnyPolicy) -> Option<&Self>
    where
        Self: Sized;
}

macro_rules! editable {
    ($policy:ident, $variant:ident, $field:ident, $check:ident) => {
        impl Editable for $policy {
            fn among(set: &PolicySet) -> &[Versioned<Self>] {
                &set.$field
            }
            fn check(&self) -> Result<(), Vec<PolicyProblem>> {
                $check(self)
            }
            fn any(self) -> AnyPolicy {
                AnyPolicy::$variant(self)
            }
            fn of(any: &AnyPolicy) -> Option<&Self> {
                if let AnyPolicy::$variant(policy) = any { Some(policy) } else { None }
            }
        }
    };
}

editable!(EligibilityPolicy, Eligibility, eligibility, check_eligibility);
editable!(Guardrail, Guardrail, guardrails, check_guardrail);
editable!(ApproverPolicy, Approver, approvers, check_approver);

/// Who edits, and through which door. Whether they may is for the caller to know: administrators,
/// or the first set-up.
#[derive(Debug, Clone)]
pub struct Editor {
    pub actor: Actor,
    pub cause: Cause,
}

/// Creates a policy. Returns the version it has.
///
/// # Errors
/// [`Error::PolicyExists`]; [`Error::BadPolicy`] with every problem, one of which may be that there are
/// too many policies.
pub async fn create_policy<P: Editable>(kari: &Kari, editor: &Editor, policy: P) -> Result<u64, Error> {
    edit(kari, editor, |set, snapshot| {
        let edit = creation(set, snapshot, &policy)?;
        check_count(P::among(set).len() + 1).map_err(Error::BadPolicy)?;
        Ok(edit)
    })
    .await
}

/// Replaces the policy of this id that has version `expected`. Returns the version it has then.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::StaleVersion`]; [`Error::BadPolicy`] with every problem.
pub async fn change_policy<P: Editable>(
    kari: &Kari,
    editor: &Editor,
    policy: P,
    expected: u64,
) -> Result<u64, Error> {
    edit(kari, editor, |set, snapshot| {
        check(&policy, snapshot)?;
        change(current::<P>(set, policy.id(), expected)?, &policy)
    })
    .await
}

/// Deletes the policy of this id that has version `expected`.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::StaleVersion`].
pub async fn delete_policy<P: Editable>(
    kari: &Kari,
    editor: &Editor,
    id: &PolicyId,
    expected: u64,
) -> Result<(), Error> {
    edit(kari, editor, |set, _| Ok(deletion(current::<P>(set, id, expected)?))).await.map(|_| ())
}

/// Replaces the settings that have version `expected`. Returns the version they have then.
///
/// # Errors
/// [`Error::StaleVersion`]; [`Error::BadPolicy`] for a value out of range.
pub async fn change_settings(
    kari: &Kari,
    editor: &Editor,
    settings: Settings,
    expected: u64,
) -> Result<u64, Error> {
    settings.check().map_err(|problem| Error::BadPolicy(vec![problem.into()]))?;
    edit(kari, editor, |set, _| {
        if set.settings_version != expected {
            return Err(Error::StaleVersion { current: set.settings_version });
        }
        Ok(setting(set, &settings))
    })
    .await
}

/// Takes these steps at once, if the policy set is still at version `at`. Returns the version that it has
/// then.
///
/// # Errors
/// [`Error::StaleVersion`] with the version of the set; [`Error::BadPolicy`] with every problem of the first
/// step that has any.
pub(crate) async fn take_steps(kari: &Kari, editor: &Editor, steps: &[&Step], at: u64) -> Result<u64, Error> {
    edit(kari, editor, |set, snapshot| {
        if set.version != at {
            return Err(Error::StaleVersion { current: set.version });
        }
        let mut changes = vec![];
        for step in steps {
            match take(set, snapshot, step)? {
                Edit::None(_) => {}
                Edit::Changes(more) => changes.extend(more),
            }
        }
        check_counts::<EligibilityPolicy>(set, steps)?;
        check_counts::<Guardrail>(set, steps)?;
        check_counts::<ApproverPolicy>(set, steps)?;
        Ok(if changes.is_empty() { Edit::None(at) } else { Edit::Changes(changes) })
    })
    .await
}

/// Creates, changes or deletes what `before` and `after` are.
fn take(set: &PolicySet, snapshot: &Snapshot, step: &Step) -> Result<Edit, Error> {
    match step {
        Step::Policy { before, after } => {
            let (before, after) = (before.as_deref(), after.as_deref());
            match before.or(after) {
                Some(AnyPolicy::Eligibility(_)) => replace::<EligibilityPolicy>(set, snapshot, before, after),
                Some(AnyPolicy::Guardrail(_)) => replace::<Guardrail>(set, snapshot, before, after),
                Some(AnyPolicy::Approver(_)) => replace::<ApproverPolicy>(set, snapshot, before, after),
                None => Ok(Edit::None(set.version)),
            }
        }
        Step::Settings { after, .. } => {
            after.check().map_err(|problem| Error::BadPolicy(vec![problem.into()]))?;
            Ok(setting(set, after))
        }
    }
}

/// Whether there are not too many policies of this kind once the steps are taken.
fn check_counts<P: Editable>(set: &PolicySet, steps: &[&Step]) -> Result<(), Error> {
    let mut count = P::among(set).len();
    for step in steps {
        let Step::Policy { before, after } = step else { continue };
        let is_of = |policy: Option<&AnyPolicy>| policy.and_then(P::of).is_some();
        count = count + usize::from(is_of(after.as_deref())) - usize::from(is_of(before.as_deref()));
    }
    check_count(count).map_err(Error::BadPolicy)
}

fn replace<P: Editable>(
    set: &PolicySet,
    snapshot: &Snapshot,
    before: Option<&AnyPolicy>,
    after: Option<&AnyPolicy>,
) -> Result<Edit, Error> {
    let found = |policy: &P| find::<P>(set, policy.id()).ok_or(Error::NotFound);
    match (before.and_then(P::of), after.and_then(P::of)) {
        (Some(before), Some(after)) => {
            check(after, snapshot)?;
            change(found(before)?, after)
        }
        (Some(before), None) => Ok(deletion(found(before)?)),
        (None, Some(after)) => creation(set, snapshot, after),
        (None, None) => Ok(Edit::None(set.version)),
    }
}

fn creation<P: Editable>(set: &PolicySet, snapshot: &Snapshot, policy: &P) -> Result<Edit, Error> {
    check(policy, snapshot)?;
    if find::<P>(set, policy.id()).is_some() {
        return Err(Error::PolicyExists);
    }
    let event = PolicyEvent::PolicyCreated { policy: policy.clone().any() };
    Ok(Edit::one(event, put(policy)?))
}

fn change<P: Editable>(before: &Versioned<P>, policy: &P) -> Result<Edit, Error> {
    if before.policy == *policy {
        return Ok(Edit::None(before.version));
    }
    let (before, after) = (Box::new(before.policy.clone().any()), Box::new(policy.clone().any()));
    Ok(Edit::one(PolicyEvent::PolicyChanged { before, after }, put(policy)?))
}

fn deletion<P: Editable>(Versioned { policy, .. }: &Versioned<P>) -> Edit {
    let event = PolicyEvent::PolicyDeleted { before: policy.clone().any() };
    Edit::one(event, Write::Delete(policy_key(P::KIND, policy.id())))
}

fn setting(set: &PolicySet, settings: &Settings) -> Edit {
    if set.settings == *settings {
        return Edit::None(set.settings_version);
    }
    let (before, after) = (set.settings.clone(), settings.clone());
    Edit::one(PolicyEvent::SettingsChanged { before, after }, Write::Settings(settings.clone()))
}

/// What an edit comes to, given the policy set as it is.
enum Edit {
    /// Everything is so already, since this version.
    None(u64),
    /// What is recorded at once, each with what it writes.
    Changes(Vec<(PolicyEvent, Write)>),
}

impl Edit {
    fn one(event: PolicyEvent, write: Write) -> Self {
        Self::Changes(vec![(event, write)])
    }
}

enum Write {
    Policy(ItemKey, Box<RawValue>),
    Delete(ItemKey),
    Settings(Settings),
}

/// Edits the policy set; decided again whenever somebody else changed something else meanwhile. Returns
/// the version of what was edited last.
async fn edit(
    kari: &Kari,
    editor: &Editor,
    decide: impl Fn(&PolicySet, &Snapshot) -> Result<Edit, Error>,
) -> Result<u64, Error> {
    for _ in 0..ATTEMPTS {
        let Some((policies, head)) = read(kari).await? else { continue };
        let set = policies.policy_set();
        let snapshot = kari.read_model.load().await?;
        match decide(set, &snapshot)? {
            Edit::None(version) => return Ok(version),
            Edit::Changes(changes) => {
                if let Some(version) = commit(kari, editor, set, head, changes).await? {
                    return Ok(version);
                }
            }
        }
    }
    Err(Error::Busy)
}

/// The policies for whoever is about to edit them: where they cannot be read, what was recorded is put right first.
///
/// # Errors
/// If they cannot be read then either.
pub async fn policies_to_edit(kari: &Kari) -> Result<Arc<CompiledPolicies>, Error> {
    match kari.policies.current().await {
        Ok(policies) => Ok(policies),
        Err(error) if !mend_policies(kari).await? => Err(error.into()),
        Err(_) => Ok(kari.policies.current().await?),
    }
}

/// The policy set, and where its stream ends; `None` where they are to be read once more.
async fn read(kari: &Kari) -> Result<Option<(Arc<CompiledPolicies>, Head)>, Error> {
    let policies = kari.policies.current().await;
    let StreamState { head, item } = kari.store.state(&StreamId::policies()).await?;
    let is_of_the_end = item.map_or_else(Head::empty, |item| item.head) == head;
    match policies {
        Ok(policies) if is_of_the_end => {
            Ok((policies.policy_set().version == head.version).then_some((policies, head)))
        }
        unusable => {
            // NB. What is stored may not be what was recorded. If that stayed so, nobody could edit it again.
            if mend_policies(kari).await? {
                return Ok(None);
            }
            let not_the_last =
                || Unavailable::new("the policy set", "its own item is not of the last change");
            Err(unusable.err().unwrap_or_else(not_the_last).into())
        }
    }
}

/// `None` if somebody else was first.
async fn commit(
    kari: &Kari,
    editor: &Editor,
    set: &PolicySet,
    head: Head,
    changes: Vec<(PolicyEvent, Write)>,
) -> Result<Option<u64>, Error> {
    let loaded = Loaded { stream: StreamId::policies(), head, state: () };
    let mut transaction = Transaction::new(kari, kari.clock.now(), editor.actor.clone(), editor.cause);
    let (events, writes): (Vec<_>, Vec<_>) = changes.into_iter().unzip();
    let (mut settings, mut settings_version) = (&set.settings, set.settings_version);
    let mut policies = versions(set);
    // Each policy has the version that the set has after its own event.
    for (version, write) in (loaded.head.version + 1..).zip(&writes) {
        match write {
            Write::Settings(new) => (settings, settings_version) = (new, version),
            Write::Policy(key, _) => {
                policies.insert(key.0.clone(), version);
            }
            Write::Delete(key) => {
                policies.remove(&key.0);
            }
        }
    }
    let state = State { body: set_body(settings, settings_version, &policies)?, ..State::default() };
    let ends = transaction.record_each(&loaded, &events, state)?;
    let version = ends.last().unwrap_or(&loaded.head).version;
    for (write, head) in writes.into_iter().zip(ends) {
        match write {
            Write::Policy(key, policy) => transaction.item(put_policy(key, policy, head)?),
            Write::Delete(key) => transaction.item(ItemChange::Delete(key)),
            Write::Settings(_) => {}
        }
    }
    Ok((transaction.commit().await? == Committed::Yes).then_some(version))
}

fn check<P: Editable>(policy: &P, snapshot: &Snapshot) -> Result<(), Error> {
    policy.check().map_err(Error::BadPolicy)?;
    check_references(policy, snapshot).map_err(Error::BadPolicy)
}

fn find<'a, P: Editable>(set: &'a PolicySet, id: &PolicyId) -> Option<&'a Versioned<P>> {
    P::among(set).iter().find(|versioned| versioned.policy.id() == id)
}

fn current<'a, P: Editable>(
    set: &'a PolicySet,
    id: &PolicyId,
    expected: u64,
) -> Result<&'a Versioned<P>, Error> {
    let found = find::<P>(set, id).ok_or(Error::NotFound)?;
    if found.version == expected { Ok(found) } else { Err(Error::StaleVersion { current: found.version }) }
}

fn put<P: Editable>(policy: &P) -> Result<Write, Error> {
    let key = policy_key(P::KIND, policy.id());
    Ok(Write::Policy(key, to_raw_value(policy).map_err(corrupt)?))
}
