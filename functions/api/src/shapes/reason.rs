use kari_domain::ledger::TroubleCode;
use kari_domain::policy::{self, Flaw, PolicyProblem};
use kari_domain::request::{EndCause, FailureReason, Refusal};
use kari_domain::text::MalformedText;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::problem::sentence;

/// Why something is not possible, or ended. Clients go by code and parameters; the sentence is
/// English.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Reason {
    /// Stable.
    #[schema(example = "duration-too-short")]
    pub code: String,
    #[schema(example = "The duration is too short. Ask for at least 15 minutes.")]
    pub sentence: String,
    /// What the sentence speaks of; depends on the code.
    #[schema(value_type = Object, example = json!({"shortest_minutes": 15}))]
    pub parameters: Value,
}

impl Reason {
    fn new(code: &str, sentence: impl Into<String>, parameters: Value) -> Self {
        Self { code: code.to_owned(), sentence: sentence.into(), parameters }
    }

    /// What was sent for a field is none of its values; the path of the field is as in
    /// `requirements[0].quorum`.
    pub(crate) fn malformed_field(path: &str, what: &str) -> Self {
        Self::new("malformed-field", format!("{what}."), json!({ "field": path }))
    }

    /// What keeps an activation or a removal from succeeding, by a code of Identity Center's side; with
    /// what it said itself, where that may be told.
    pub(crate) fn trouble(code: TroubleCode, detail: Option<&str>) -> Self {
        let sentence = format!("Identity Center could not do it ({code}).");
        Self::new(code.as_str(), sentence, with_detail(json!({}), detail))
    }

    /// Why a request would be refused: each reason of the policies, or the refusal itself.
    pub(crate) fn of_refusal(refusal: &Refusal) -> Vec<Self> {
        if let Refusal::Ineligible { reasons } = refusal {
            return reasons.iter().map(Self::from).collect();
        }
        let parameters = if let Refusal::JoinedWindowTooLong { longest_minutes } = refusal {
            json!({ "longest_minutes": longest_minutes })
        } else {
            json!({})
        };
        vec![Self::new(refusal.code(), sentence(&refusal.to_string()), parameters)]
    }

    /// Each reason of the policies by itself, or the one that is none of theirs.
    pub(crate) fn each(reason: &FailureReason) -> Vec<Self> {
        match reason {
            FailureReason::NoLongerEligible { reasons } => reasons.iter().map(Self::from).collect(),
            FailureReason::ApprovalNowNeeded
            | FailureReason::JoinedWindowTooLong { .. }
            | FailureReason::ActivationDeadline => vec![Self::from(reason)],
        }
    }

    /// Why a grant ended, unless its time was simply over. `told` says which part of Identity Center's own
    /// words may be told.
    pub(crate) fn of_end<'a>(
        cause: &'a EndCause,
        told: impl FnOnce(&'a str) -> Option<&'a str>,
    ) -> Option<Self> {
        match cause {
            EndCause::Expired => None,
            EndCause::Revoked { by, label, comment } => Some(Self::new(
                "revoked-by",
                format!("{label} ended it."),
                json!({ "by": { "id": by, "display_name": label }, "comment": comment }),
            )),
            EndCause::ActivationFailed { code, detail } => Some(Self::new(
                "activation-failed",
                "Identity Center did not give the access in time. Ask again.",
                with_detail(json!({ "code": code }), told(detail)),
            )),
            EndCause::RemovedOutOfBand => Some(Self::new(
                "removed-out-of-band",
                "Somebody removed the access in Identity Center. Ask again if you need it.",
                json!({}),
            )),
            EndCause::RequesterDisabled => Some(Self::new(
                "requester-disabled",
                "The requester was disabled or deleted in the identity store.",
                json!({}),
            )),
            EndCause::Drained => {
                Some(Self::new("drained", "Whoever operates Kari ended all access.", json!({})))
            }
        }
    }
}

fn with_detail(mut parameters: Value, detail: Option<&str>) -> Value {
    if let (Some(fields), Some(detail)) = (parameters.as_object_mut(), detail) {
        fields.insert("detail".to_owned(), detail.into());
    }
    parameters
}

impl From<&policy::Reason> for Reason {
    fn from(reason: &policy::Reason) -> Self {
        Self::new(reason.code(), reason.sentence(), parameters_of(reason))
    }
}

impl From<&Flaw> for Reason {
    fn from(flaw: &Flaw) -> Self {
        Self::new(flaw.code(), flaw.sentence(), parameters_of(flaw))
    }
}

/// All fields but the code.
fn parameters_of(coded: &impl Serialize) -> Value {
    let mut parameters = serde_json::to_value(coded).unwrap_or_else(|_| json!({}));
    if let Some(fields) = parameters.as_object_mut() {
        fields.remove("code");
    }
    parameters
}

impl From<&PolicyProblem> for Reason {
    fn from(problem: &PolicyProblem) -> Self {
        let parameters = match problem {
            PolicyProblem::OutOfRange { field, lowest, highest } => {
                json!({ "field": field, "lowest": lowest, "highest": highest })
            }
            PolicyProblem::Empty { field } => json!({ "field": field }),
            PolicyProblem::TooMany { field, most } => json!({ "field": field, "most": most }),
            PolicyProblem::UnknownReference { field, id } => json!({ "field": field, "id": id }),
            PolicyProblem::DuplicateId { id } => json!({ "id": id }),
            PolicyProblem::TooManyPolicies { most } => json!({ "most": most }),
        };
        Self::new(problem.code(), format!("{problem}."), parameters)
    }
}

impl From<&MalformedText> for Reason {
    fn from(text: &MalformedText) -> Self {
        let sentence = format!("{text}.");
        match text {
            MalformedText::TooShort { what, shortest } => {
                Self::new("text-too-short", sentence, json!({ "field": field(what), "shortest": shortest }))
            }
            MalformedText::TooLong { what, longest } => {
                Self::new("text-too-long", sentence, json!({ "field": field(what), "longest": longest }))
            }
            MalformedText::ControlCharacter { what } => {
                Self::new("control-character", sentence, json!({ "field": field(what) }))
            }
        }
    }
}

/// `the justification` is the field `justification`.
fn field(what: &str) -> &str {
    what.strip_prefix("the ").unwrap_or(what)
}

impl From<&FailureReason> for Reason {
    fn from(reason: &FailureReason) -> Self {
        match reason {
            FailureReason::NoLongerEligible { reasons } => {
                let reasons: Vec<Self> = reasons.iter().map(Self::from).collect();
                let sentence = "The policies no longer allow it. Ask an administrator if you need it.";
                Self::new("no-longer-eligible", sentence, json!({ "reasons": reasons }))
            }
            FailureReason::ApprovalNowNeeded => {
                Self::new("approval-now-needed", "It needs approval now. Ask again.", json!({}))
            }
            FailureReason::JoinedWindowTooLong { longest_minutes } => Self::new(
                "joined-window-too-long",
                "Together with earlier access it would last longer than is allowed without approval.",
                json!({ "longest_minutes": longest_minutes }),
            ),
            FailureReason::ActivationDeadline => {
                Self::new("activation-deadline", "It could not begin in time. Ask again.", json!({}))
            }
        }
    }
}
