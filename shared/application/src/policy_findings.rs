//! What administrators should know about the policies. What the directory brings about by itself, a group
//! that is gone or a quorum that nobody can meet any more, is recorded when it is first found and when it
//! is over, so that they are told of it once (`failure-modes` 6).

use std::sync::Arc;

use kari_domain::audit::{Actor, AuditEvent, Cause, Head, StreamId, SystemReason};
use kari_domain::directory::Snapshot;
use kari_domain::policy::{Finding, Severity, lint};
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use crate::load::{corrupt, load_state, parse_all};
use crate::transaction::{State, Transaction};
use crate::{Error, Kari, Loaded};

/// How much is recorded at once; the rest comes with the next sync.
const MOST_AT_ONCE: usize = 50;
/// How much is known at once, in one state item: a store takes 400 KB of it at most. The rest is recorded when some of
/// that is gone.
const MOST_KNOWN: usize = 500;
/// How much of that is no error, at most: what lasts, and harms little, leaves room for what refuses requests.
const MOST_LESSER: usize = 400;

/// What is recorded about the policies when the directory was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
pub enum FindingEvent {
    /// Found now, and not known before.
    FindingNoted { finding: Finding },
    /// Known, and not found any more. If it comes back, it is noted again.
    FindingGone { finding: Finding },
}

impl AuditEvent for FindingEvent {}

/// Everything worth knowing about the policies.
#[derive(Debug, Clone)]
pub struct PolicyFindings {
    /// By kind and id of the policy.
    pub findings: Vec<Finding>,
    /// What the policies were held against.
    pub snapshot: Arc<Snapshot>,
}

/// Everything worth knowing about the policies, by the read model.
///
/// # Errors
/// [`Error::DirectoryTooOld`] if the directory has never been read; if the policies or the read model
/// cannot be read.
pub async fn policy_findings(kari: &Kari) -> Result<PolicyFindings, Error> {
    let snapshot = kari.read_model.load().await?;
    if snapshot.synced_at <= Instant::UNIX_EPOCH {
        // By an empty directory everything that policies name would be gone.
        return Err(Error::DirectoryTooOld { synced_at: snapshot.synced_at });
    }
    let policies = kari.policies.current().await?;
    Ok(PolicyFindings { findings: lint(policies.policy_set(), &snapshot), snapshot })
}

/// Records what was found anew and what is over, of that which comes by itself. The relay tells
/// administrators. Losing a race to another sync is no failure: the next one looks again.
///
/// # Errors
/// As [`policy_findings`]; [`Error::Corrupt`] if what is known cannot be read.
pub async fn note_findings(kari: &Kari) -> Result<(), Error> {
    let found = policy_findings(kari).await?.findings;
    let found: Vec<_> = found.into_iter().filter(|finding| finding.flaw.comes_by_itself()).collect();
    let stream = StreamId::findings();
    let (head, known) = load_state(kari, &stream, replay_findings).await?;
    let lesser = found.iter().filter(|finding| !is_grave(finding)).count();
    if lesser > MOST_LESSER || found.len() > MOST_KNOWN {
        tracing::warn!(found = found.len(), "not all that is wrong with the policies is recorded");
    }
    let events = changes(&known, &found);
    if events.is_empty() {
        return Ok(());
    }
    let known = events.iter().fold(known, after);
    let actor = Actor::System { reason: SystemReason::Directory };
    let mut transaction = Transaction::new(kari, kari.clock.now(), actor, Cause::Reconcile);
    let state = State { body: serde_json::to_string(&known).map_err(corrupt)?, ..State::default() };
    transaction.record(&Loaded { stream, head, state: () }, &events, state)?;
    transaction.commit().await.map(|_| ())
}

/// What the recorded findings come to, and where they end.
pub(crate) fn replay_findings(stream: &StreamId, stored: &[String]) -> Result<(Head, Vec<Finding>), Error> {
    let (head, events) = parse_all(stream, stored)?;
    Ok((head, events.iter().fold(vec![], |known, (_, event)| after(known, event))))
}

/// What to record, given what is known and what is found: of what is new the gravest first, as far as there is room.
fn changes(known: &[Finding], found: &[Finding]) -> Vec<FindingEvent> {
    let (stay, gone): (Vec<&Finding>, Vec<&Finding>) = known.iter().partition(|finding| has(found, finding));
    let lesser_stay = stay.iter().filter(|finding| !is_grave(finding)).count();
    let mut new: Vec<_> = found.iter().filter(|finding| !has(known, finding)).collect();
    new.sort_by_key(|finding| finding.flaw.severity());
    let grave = new.iter().filter(|finding| is_grave(finding)).count();
    new.truncate(grave + MOST_LESSER.saturating_sub(lesser_stay));
    new.truncate(MOST_KNOWN.saturating_sub(stay.len()));
    let gone = gone.into_iter().map(|finding| FindingEvent::FindingGone { finding: finding.clone() });
    let new = new.into_iter().map(|finding| FindingEvent::FindingNoted { finding: finding.clone() });
    gone.chain(new).take(MOST_AT_ONCE).collect()
}

/// Whether requests are refused by it that should be possible.
fn is_grave(finding: &Finding) -> bool {
    finding.flaw.severity() == Severity::Error
}

/// What is known after the event.
fn after(mut known: Vec<Finding>, event: &FindingEvent) -> Vec<Finding> {
    match event {
        FindingEvent::FindingNoted { finding } => known.push(finding.clone()),
        FindingEvent::FindingGone { finding } => known.retain(|other| !other.is_same(finding)),
    }
    known
}

fn has(findings: &[Finding], finding: &Finding) -> bool {
    findings.iter().any(|other| other.is_same(finding))
}

#[cfg(test)]
mod tests {
    use kari_domain::policy::{Flaw, PolicyKind, PolicyRef};
    use kari_domain::text::PolicyName;

    use super::*;

    fn finding(number: usize) -> Finding {
        let id = format!("policy-{number}");
        let policy = PolicyRef { name: PolicyName::parse(&id).unwrap(), id: id.parse().unwrap(), version: 1 };
        Finding { flaw: Flaw::QuorumCannotBeMet, kind: PolicyKind::Approver, policy }
    }

    #[test]
    fn what_is_new_is_noted_what_is_over_is_gone_and_what_stays_is_not_mentioned() {
        let (a, b, c) = (finding(1), finding(2), finding(3));
        let edited = Finding { policy: PolicyRef { version: 9, ..b.policy.clone() }, ..b.clone() };
        let events = changes(&[a.clone(), b.clone()], &[edited, c.clone()]);
        assert_eq!(
            events,
            [
                FindingEvent::FindingGone { finding: a.clone() },
                FindingEvent::FindingNoted { finding: c.clone() }
            ]
        );
        assert_eq!(events.iter().fold(vec![a, b.clone()], after), [b, c]);
    }

    #[test]
    fn a_great_many_findings_are_noted_bit_by_bit() {
        let found: Vec<_> = (0..120).map(finding).collect();
        let mut known = vec![];
        let mut rounds = vec![];
        while known.len() < found.len() {
            let events = changes(&known, &found);
            rounds.push(events.len());
            known = events.iter().fold(known, after);
        }
        assert_eq!(rounds, [50, 50, 20]);
        assert_eq!(changes(&known, &found), []);
    }

    /// Records what is to be recorded until that is nothing.
    fn noted(mut known: Vec<Finding>, found: &[Finding]) -> Vec<Finding> {
        loop {
            let events = changes(&known, found);
            if events.is_empty() {
                return known;
            }
            known = events.iter().fold(known, after);
            assert!(known.len() <= MOST_KNOWN);
        }
    }

    fn lesser(number: usize) -> Finding {
        let flaw = Flaw::VanishedReference { field: "principals".to_owned(), id: "g-gone".to_owned() };
        Finding { flaw, ..finding(number) }
    }

    #[test]
    fn of_more_findings_than_are_known_at_once_the_gravest_are_and_the_others_when_there_is_room() {
        let many: Vec<_> = (0..MOST_KNOWN).map(lesser).collect();
        let (grave, later) = (finding(9_998), finding(9_999));
        let found = [many.clone(), vec![grave.clone()]].concat();
        let known = noted(vec![], &found);
        assert_eq!(known[0], grave);
        assert_eq!(known[1..], many[..MOST_LESSER]);

        // However many others stay.
        let found = [found, vec![later.clone()]].concat();
        let expected = [known.clone(), vec![later]].concat();
        let known = noted(known, &found);
        assert_eq!(known, expected);

        let found = &found[MOST_KNOWN - MOST_LESSER..];
        let known = noted(known, found);
        assert!(known.len() == found.len() && found.iter().all(|finding| has(&known, finding)));
    }

    #[test]
    fn what_is_known_stays_where_there_is_no_room_for_more() {
        let found: Vec<_> = (0..MOST_KNOWN).map(finding).collect();
        let known = noted(vec![], &found);
        let found = [vec![finding(9_999)], found].concat();
        assert_eq!(noted(known.clone(), &found), known);
    }
}
