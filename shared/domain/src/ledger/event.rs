use serde::{Deserialize, Serialize};

use super::trouble::TroubleCode;
use crate::audit::AuditEvent;
use crate::ids::{OperationId, RequestId};
use crate::time::Instant;

/// What is recorded about a tuple.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
pub enum LedgerEvent {
    /// A request holds the tuple from now on, until it leaves.
    HolderJoined { request: RequestId, ends_at: Instant },
    /// A request holds it no longer.
    HolderLeft { request: RequestId },
    /// It was looked for and not listed; a creation follows. From here on it is owned.
    CreationStarted {},
    /// It was looked for and listed: it was there before us and stays when the last holder leaves.
    FoundPresent {},
    /// Identity Center accepted a creation.
    CreationAccepted { operation: OperationId },
    /// An accepted creation ended as failed, or is no longer known.
    CreationFailed { code: TroubleCode, detail: String },
    /// It was observed in Identity Center.
    PresenceObserved {},
    /// It is held, and was found missing: somebody else removed it.
    VanishingObserved {},
    /// The last holder left what was there before us.
    Released {},
    /// It has to go.
    RemovalStarted { reason: RemovalReason },
    /// Identity Center accepted a deletion.
    RemovalAccepted { operation: OperationId },
    /// An accepted deletion ended as failed, or left the assignment in place.
    RemovalFailed { code: TroubleCode, detail: String },
    /// A call is refused or fails; recorded when the kind of trouble changes, and at each try where the
    /// account is out of reach.
    TroubleNoted { code: TroubleCode, detail: String },
    /// A look found it gone, and no creation of ours is in flight.
    AbsenceObserved {},
    /// A second look, a listing grace later, found it gone; or a further one while it is watched.
    AbsenceConfirmed {},
    /// Its user or permission set was shown not to exist, so the assignment cannot either.
    AbsenceProven { proof: ProvenAbsence },
    /// It stayed gone; nothing of ours can appear any more.
    WatchEnded {},
    /// Identity Center lists it, and nobody here knows of it. It is reported, never removed.
    DriftFound {},
    /// What was found earlier, or was let be, is gone.
    DriftGone {},
    /// The removal takes longer than it may.
    RemovalOverdue {},
}

impl AuditEvent for LedgerEvent {}

/// Why an assignment is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemovalReason {
    LastHolderLeft,
    /// It appeared again soon after it was seen gone: a creation of ours landed late.
    LateCreation,
}

/// What was shown not to exist, by its own API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProvenAbsence {
    User,
    PermissionSet,
    /// Recorded by a newer version. That it was proven is enough: removing rests on no more.
    #[serde(other)]
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Ledger;

    #[test]
    fn a_proof_recorded_by_a_newer_version_is_no_reason_to_stop_removing() {
        let event = r#"{"kind":"absence-proven","data":{"proof":"account-archived"}}"#;
        let event: LedgerEvent = serde_json::from_str(event).unwrap();
        assert_eq!(event, LedgerEvent::AbsenceProven { proof: ProvenAbsence::Unknown });
        let mut item = serde_json::to_value(Ledger::default()).unwrap();
        item["absence_proof"] = "account-archived".into();
        let ledger: Ledger = serde_json::from_value(item).unwrap();
        assert_eq!(ledger.absence_proof, Some(ProvenAbsence::Unknown));
    }
}
