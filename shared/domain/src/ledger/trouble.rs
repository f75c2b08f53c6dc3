use serde::{Deserialize, Serialize};

use crate::time::Instant;

/// Why something does not succeed, since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub code: TroubleCode,
    /// Identity Center's own words, if it gave any.
    pub detail: String,
    pub since: Instant,
    /// When it was tried last, where the account is out of reach.
    #[serde(default)]
    pub tried_at: Option<Instant>,
}

/// What keeps a creation or a removal from succeeding. Codes are stored and shown: they are added to,
/// never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum TroubleCode {
    /// Identity Center takes no more calls at the moment.
    Throttled,
    /// An earlier change has not propagated yet.
    Conflict,
    /// Identity Center does not know what the call names.
    NotFound,
    AccessDenied,
    /// Identity Center finds the call invalid.
    Invalid,
    QuotaExceeded,
    /// No answer arrived, or none that is understood.
    NoAnswer,
    /// An accepted operation ended as failed.
    OperationFailed,
    /// An accepted operation is no longer known.
    OperationUnknown,
    /// An accepted removal stays in progress.
    OperationHangs,
    /// An accepted removal stayed in progress for so long that it is sent again.
    OperationGivenUp,
    /// A removal succeeded, and the assignment is listed all the same.
    StillListed,
    AccountSuspended,
    AccountClosed,
    /// The account is not in the organization any more.
    AccountOutOfReach,
    /// Access could not begin in time.
    ActivationDeadline,
    /// Recorded by a newer version. It is repeated like any other.
    #[serde(other)]
    Unknown,
}

impl TroubleCode {
    /// Whether it will not go away by repeating soon: the account is suspended, closed or out of
    /// reach. Such a removal is repeated hourly and shown to operators.
    pub fn blocks(self) -> bool {
        matches!(self, Self::AccountSuspended | Self::AccountClosed | Self::AccountOutOfReach)
    }

    /// The code as it is stored and shown.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl std::fmt::Display for TroubleCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_stored_as_they_are_shown() {
        for code in [TroubleCode::Throttled, TroubleCode::AccountOutOfReach, TroubleCode::NoAnswer] {
            assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{code}\""));
        }
    }

    #[test]
    fn trouble_recorded_by_a_newer_version_is_no_reason_to_stop_removing() {
        let stored = r#"{"code":"solar-flare","detail":"","since":"2026-03-02T10:00:00Z"}"#;
        let trouble: Trouble = serde_json::from_str(stored).unwrap();
        assert_eq!(trouble.code, TroubleCode::Unknown);
        assert!(!trouble.code.blocks());
    }
}
