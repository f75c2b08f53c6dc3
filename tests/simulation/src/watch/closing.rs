//! A grant ends for a reason that is true, and closes only when its access is gone.

use kari_domain::ids::RequestId;
use kari_domain::ledger::ProvenAbsence;
use kari_domain::request::{AccessRequest, EndCause, Evidence};
use kari_domain::time::{Instant, LATE_CREATION_WATCH, LISTING_GRACE};

use super::ledgers::Decided;
use super::{RequestWatch, Watch};

impl RequestWatch {
    pub(super) fn since_activation(&self) -> Option<Instant> {
        self.events.iter().find(|(_, event)| event.name() == "activation-started").map(|(at, _)| *at)
    }
}

impl Watch {
    pub(super) fn check_cause(&mut self, id: RequestId, cause: &EndCause, at: Instant) {
        let known = &self.requests[&id];
        let tuple = known.tuple.clone();
        let epoch = self.ledgers.get(&tuple).and_then(|known| known.epochs.last());
        let began = epoch.map_or(at, |epoch| epoch.at);
        let detail = format!("{id} {cause:?}");
        match cause {
            EndCause::Expired => {
                if known.window.is_none_or(|window| at < window.expires_at) {
                    self.violate("nothing expires early", detail);
                }
            }
            EndCause::RemovedOutOfBand => {
                self.check_truth();
                let by_others = self.truth.of(&tuple).any(|stay| {
                    stay.removed.is_some_and(|(removed, by)| {
                        by != kari_embedded::identity_center::By::Kari && removed >= began - LISTING_GRACE
                    })
                });
                // A stale deletion of ours that is found out later than it is watched for cannot be told
                // from others' doing; the grant ends, which is the safe way to be wrong.
                let watched = self.ledgers.get(&tuple).is_some_and(|known| {
                    known.deletions_before(began).any(|deleted| at < deleted + LATE_CREATION_WATCH)
                });
                if !by_others && watched {
                    self.violate("what Kari removed itself is not taken for a removal by others", detail);
                }
            }
            EndCause::RequesterDisabled => {
                let requester = &tuple.principal;
                let once_disabled = self
                    .organization
                    .iter()
                    .any(|(_, snapshot)| snapshot.users.get(requester).is_none_or(|user| !user.enabled));
                if !once_disabled {
                    self.violate("nobody is taken for disabled", detail);
                }
            }
            EndCause::Drained => self.violate("nothing ends for a drain that nobody asked for", detail),
            EndCause::Revoked { .. } => {
                let asked = known.events.iter().any(|(_, event)| event.name() == "revocation-requested");
                if !asked {
                    self.violate("only who asked for it is revoked", detail);
                }
            }
            EndCause::ActivationFailed { code, .. } => {
                if matches!(code.as_str(), "conflict" | "throttled" | "no-answer" | "operation-failed") {
                    self.violate("what can be repeated is no failure", detail.clone());
                }
                if self.requests[&id].events.iter().any(|(_, event)| event.name() == "activated") {
                    self.violate("what was active has not failed", detail);
                }
            }
        }
    }

    pub(super) fn check_closing(
        &mut self,
        id: RequestId,
        before: &AccessRequest,
        evidence: Option<&Evidence>,
        at: Instant,
    ) {
        self.check_truth();
        let tuple = self.requests[&id].tuple.clone();
        let detail = format!("{id} {evidence:?}");
        let Some(evidence) = evidence else {
            if !matches!(before, AccessRequest::Pending(_) | AccessRequest::Approved(_)) {
                self.violate("a grant closes only with evidence", detail);
            }
            return;
        };
        let known = self.ledgers.get(&tuple);
        let decided = known.and_then(|known| known.epochs.last()).map(|epoch| epoch.decided);
        match evidence {
            // What was there before us is not to go, so that it is not late.
            Evidence::ObservedGone { .. } if decided == Some(Decided::Found) => {}
            Evidence::ObservedGone { at } => self.check_alarm(id, *at),
            Evidence::ProvenAbsent { proof } => self.coverage.count(format!("proven absent: {proof:?}")),
            Evidence::HeldByAnother | Evidence::PreExisting => {}
        }
        let known = self.ledgers.get(&tuple);
        let true_enough = match evidence {
            // Gone at the first look, or between the two: no stay covers all of it.
            Evidence::ObservedGone { at: seen } => !self
                .truth
                .of(&tuple)
                .any(|stay| stay.created_at <= *seen && stay.removed.is_none_or(|(removed, _)| removed > at)),
            Evidence::HeldByAnother => known.is_some_and(|known| !known.ledger.holders.is_empty()),
            Evidence::PreExisting => {
                decided == Some(Decided::Found) && known.is_some_and(|known| !known.is_known_missing())
            }
            Evidence::ProvenAbsent { proof: ProvenAbsence::User } => {
                !self.organization().users.contains_key(&tuple.principal)
            }
            Evidence::ProvenAbsent { proof: ProvenAbsence::PermissionSet } => {
                !self.organization().permission_sets.contains_key(&tuple.target.permission_set)
            }
            // Nobody here records what only a newer version knows of.
            Evidence::ProvenAbsent { proof: ProvenAbsence::Unknown } => false,
        };
        if !true_enough {
            self.violate("a grant closes only with evidence", detail);
        }
    }
}
