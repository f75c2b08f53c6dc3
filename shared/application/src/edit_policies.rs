//! Changing policies and settings: each change names the version it was made from, and is an audit
//! event with before and after.

use kari_domain::audit::{Actor, AuditEvent, Cause, Head, StreamId};
use kari_domain::directory::Snapshot;
use kari_domain::ids::PolicyId;
use kari_domain::policy::{
    ApproverPolicy, EligibilityPolicy, Guardrail, Policy, PolicyKind, PolicyProblem, PolicySet, References,
    Versioned, check_approver, check_eligibility, check_guardrail, check_references,
};
use kari_domain::settings::Settings;
use serde::{Deserialize, Serialize};

use crate::load::corrupt;
use crate::ports::{Item, ItemChange, ItemKey};
use crate::transaction::{Committed, Transaction};
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
/// [`Error::PolicyExists`]; [`Error::BadPolicy`] with every problem.
pub async fn create_policy<P: Editable>(kari: &Kari, editor: &Editor, policy: P) -> Result<u64, Error> {
    let edit = Edit::begin(kari, editor).await?;
    check(&policy, &edit.snapshot)?;
    if find::<P>(&edit.set, policy.id()).is_some() {
        return Err(Error::PolicyExists);
    }
    let event = PolicyEvent::PolicyCreated { policy: policy.clone().any() };
    edit.commit(event, |version| put(policy, version)).await
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
    let edit = Edit::begin(kari, editor).await?;
    check(&policy, &edit.snapshot)?;
    let before = current::<P>(&edit.set, policy.id(), expected)?;
    if before.policy == policy {
        return Ok(before.version);
    }
    let (before, after) = (Box::new(before.policy.clone().any()), Box::new(policy.clone().any()));
    edit.commit(PolicyEvent::PolicyChanged { before, after }, |version| put(policy, version)).await
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
    let edit = Edit::begin(kari, editor).await?;
    let before = current::<P>(&edit.set, id, expected)?.policy.clone().any();
    let key = policy_key(P::KIND, id);
    let change = move |_: Head| Ok(ItemChange::Delete(key));
    edit.commit(PolicyEvent::PolicyDeleted { before }, change).await.map(|_| ())
}

/// Replaces the settings, made from policy-set version `expected`. Returns the version it has then.
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
    let edit = Edit::begin(kari, editor).await?;
    if edit.set.version != expected {
        return Err(Error::StaleVersion { current: edit.set.version });
    }
    if edit.set.settings == settings {
        return Ok(expected);
    }
    let event = PolicyEvent::SettingsChanged { before: edit.set.settings.clone(), after: settings.clone() };
    edit.commit_with(event, &settings, None).await
}

/// One change of the policy set, from the version at which it was read.
struct Edit<'a> {
    kari: &'a Kari,
    editor: &'a Editor,
    set: PolicySet,
    snapshot: std::sync::Arc<Snapshot>,
    head: Head,
}

impl<'a> Edit<'a> {
    async fn begin(kari: &'a Kari, editor: &'a Editor) -> Result<Self, Error> {
        let policies = kari.policies.current().await?;
        let snapshot = kari.read_model.load().await?;
        let key = ItemKey::from(&StreamId::policies());
        let head = kari.store.item(&key).await?.map_or_else(Head::empty, |item| item.head);
        let set = policies.policy_set().clone();
        if head.version != set.version {
            return Err(Error::Busy);
        }
        Ok(Self { kari, editor, set, snapshot, head })
    }

    async fn commit(
        self,
        event: PolicyEvent,
        change: impl FnOnce(Head) -> Result<ItemChange, Error>,
    ) -> Result<u64, Error> {
        let settings = self.set.settings.clone();
        let version = Head { version: self.head.version + 1, ..self.head.clone() };
        let change = change(version)?;
        self.commit_with(event, &settings, Some(change)).await
    }

    async fn commit_with(
        self,
        event: PolicyEvent,
        settings: &Settings,
        change: Option<ItemChange>,
    ) -> Result<u64, Error> {
        let version = self.head.version + 1;
        let stream = StreamId::policies();
        let key = ItemKey::from(&stream);
        let body = serde_json::json!({ "settings": settings }).to_string();
        let (actor, cause) = (self.editor.actor.clone(), self.editor.cause);
        let mut transaction = Transaction::new(self.kari, self.kari.clock.now(), actor, cause);
        transaction.record(&Loaded { stream, head: self.head, state: () }, &[event], |head| Item {
            key,
            head,
            due_at: None,
            request: None,
            body,
        })?;
        if let Some(change) = change {
            transaction.item(change);
        }
        match transaction.commit().await? {
            Committed::Yes => Ok(version),
            Committed::Conflict(_) => Err(Error::StaleVersion { current: version }),
        }
    }
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

fn put<P: Editable>(policy: P, head: Head) -> Result<ItemChange, Error> {
    let key = policy_key(P::KIND, policy.id());
    let versioned = Versioned { version: head.version, policy };
    let body = serde_json::to_string(&versioned).map_err(corrupt)?;
    Ok(ItemChange::Put(Item { key, head, due_at: None, request: None, body }))
}

/// The key of a policy's state item.
pub fn policy_key(kind: PolicyKind, id: &PolicyId) -> ItemKey {
    let kind = match kind {
        PolicyKind::Eligibility => "eligibility",
        PolicyKind::Guardrail => "guardrail",
        PolicyKind::Approver => "approver",
    };
    ItemKey(format!("policies/{kind}/{id}"))
}
