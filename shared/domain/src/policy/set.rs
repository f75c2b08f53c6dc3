//! The policy set: all policies and settings of a deployment under one version, because a decision
//! depends on all of them.

use serde::{Deserialize, Serialize};

use super::approver::ApproverPolicy;
use super::eligibility::EligibilityPolicy;
use super::guardrail::Guardrail;
use crate::ids::PolicyId;
use crate::settings::Settings;
use crate::text::PolicyName;

/// Every policy and setting, as of one version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicySet {
    /// Counts the changes; a recorded decision is conditional on it.
    pub version: u64,
    pub eligibility: Vec<Versioned<EligibilityPolicy>>,
    pub guardrails: Vec<Versioned<Guardrail>>,
    pub approvers: Vec<Versioned<ApproverPolicy>>,
    pub settings: Settings,
    /// The version at which the settings were last changed.
    #[serde(default)]
    pub settings_version: u64,
}

/// A policy with the version of the policy set at which it was last changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versioned<P> {
    pub version: u64,
    pub policy: P,
}

impl<P: Policy> Versioned<P> {
    /// What a verdict or a finding says about this policy.
    pub fn reference(&self) -> PolicyRef {
        PolicyRef { id: self.policy.id().clone(), version: self.version, name: self.policy.name().clone() }
    }
}

/// Names a policy as it was when it had a say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRef {
    pub id: PolicyId,
    /// The policy-set version at which the policy was last changed.
    pub version: u64,
    pub name: PolicyName,
}

/// The kinds of policies. Ids are unique within a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyKind {
    Eligibility,
    Guardrail,
    Approver,
}

/// What all kinds of policies have.
pub trait Policy {
    /// Which kind it is.
    const KIND: PolicyKind;
    /// The id, unique within its kind.
    fn id(&self) -> &PolicyId;
    /// The name people see.
    fn name(&self) -> &PolicyName;
    /// A disabled policy is as if it were not there.
    fn enabled(&self) -> bool;
    /// Reads one back from how it is stored.
    ///
    /// # Errors
    /// If it is none of this kind, or says what this version does not understand.
    fn from_stored(body: &str) -> Result<Versioned<Self>, serde_json::Error>
    where
        Self: Sized;
}

macro_rules! policy {
    ($name:ident, $kind:ident) => {
        impl Policy for $name {
            const KIND: PolicyKind = PolicyKind::$kind;
            fn id(&self) -> &PolicyId {
                &self.id
            }
            fn name(&self) -> &PolicyName {
                &self.name
            }
            fn enabled(&self) -> bool {
                self.enabled
            }
            fn from_stored(body: &str) -> Result<Versioned<Self>, serde_json::Error> {
                serde_json::from_str(body)
            }
        }
    };
}

policy!(EligibilityPolicy, Eligibility);
policy!(Guardrail, Guardrail);
policy!(ApproverPolicy, Approver);
