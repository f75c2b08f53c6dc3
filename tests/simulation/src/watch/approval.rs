//! Nobody gets access without the policies' leave or the required approvals of others. Facts may change
//! while a use case is on its way: it is right if it is right for the directory as it was at some
//! moment since the use case read what it decided on.

use std::collections::BTreeSet;

use kari_domain::ids::{RequestId, UserId};
use kari_domain::request::{Approval, Asked, Decision, Submission};

use super::Watch;
use super::rules::{Needed, Word, in_force, met, word};
use crate::tasks::TaskId;

impl Watch {
    fn words(&self, submission: &Submission, task: TaskId, since_beginning: bool) -> Vec<Word> {
        let facts = self.facts_of(task, submission.id, since_beginning);
        facts.into_iter().map(|snapshot| word(&self.policies, snapshot, submission.into())).collect()
    }

    pub(super) fn check_approval(&mut self, id: RequestId, approval: &Approval, task: TaskId) {
        let asked = self.requests[&id].state.asked().expect("submitted").clone();
        let words = self.words(&asked.submission, task, true);
        match approval {
            Approval::Policy => {
                let free = words.iter().any(|word| matches!(word, Word::Free(_)));
                if !free {
                    self.violate(
                        "no grant without approval where approval is needed",
                        format!("{id} {words:?}"),
                    );
                }
                if let Some(joined) = asked.joined {
                    let most = words
                        .iter()
                        .filter_map(|word| if let Word::Free(most) = word { Some(*most) } else { None })
                        .max();
                    if (joined.expires_at - joined.starts_at).num_minutes() > i64::from(most.unwrap_or(0)) {
                        self.violate("joined windows stay within what needs no approval", format!("{id}"));
                    }
                }
            }
            Approval::Reviewers { policy_set_version, reviewers } => {
                if *policy_set_version != self.policies.version {
                    self.violate("a decision rests on the current policies", format!("{id}"));
                }
                let said: BTreeSet<&UserId> = asked
                    .reviews
                    .iter()
                    .filter(|review| review.decision == Decision::Approve)
                    .map(|review| &review.reviewer)
                    .collect();
                if reviewers.iter().any(|reviewer| !said.contains(reviewer)) {
                    self.violate("only who approved counts", format!("{id}"));
                }
                if reviewers.contains(&asked.submission.requester) {
                    self.violate("nobody reviews their own request", format!("{id}"));
                }
                let allowed = words.iter().any(|word| matches!(word, Word::Ask(_) | Word::Free(_)));
                let needs = self.needs(&asked, task);
                if !allowed || !needs.iter().any(|needed| met(&widest(&needs, needed), reviewers)) {
                    self.violate(
                        "no grant without the required approvals",
                        format!("{id} {reviewers:?} {words:?} {needs:?}"),
                    );
                }
            }
        }
    }

    /// The requirements in force, as they may have been read since the task began.
    fn needs(&self, asked: &Asked, task: TaskId) -> Vec<Vec<Needed>> {
        let facts = self.facts_of(task, asked.submission.id, true);
        let pairs = facts.iter().flat_map(|place| facts.iter().map(move |people| (place, people)));
        pairs.flat_map(|(place, people)| in_force(&self.policies, place, people, asked)).collect()
    }

    /// Approving and denying are for those whom the requirements in force name.
    pub(super) fn check_reviewer(&mut self, id: RequestId, asked: &Asked, reviewer: &UserId, task: TaskId) {
        let needs = self.needs(asked, task);
        if !needs.iter().flatten().any(|needed| needed.who.contains(reviewer)) {
            self.violate("only the reviewers in force review", format!("{id} {reviewer} {needs:?}"));
        }
    }

    pub(super) fn check_still_allowed(&mut self, id: RequestId, by_policy: bool, task: TaskId) {
        let asked = self.requests[&id].state.asked().expect("submitted").clone();
        let words = self.words(&asked.submission, task, false);
        let fine = words.iter().any(|word| match word {
            Word::No => false,
            // Approvals are final, whoever would be asked by now.
            Word::Ask(_) | Word::AskNobody => !by_policy,
            Word::Free(_) => true,
        });
        if !fine {
            self.violate("nothing begins that is not allowed any more", format!("{id} {words:?}"));
        }
    }
}

/// The requirement with everybody who counted for it at some moment.
fn widest(needs: &[Vec<Needed>], needed: &[Needed]) -> Vec<Needed> {
    let mut widest = needed.to_vec();
    for other in needs {
        if other.len() == widest.len() {
            for (wide, other) in widest.iter_mut().zip(other) {
                wide.who.extend(other.who.iter().cloned());
            }
        }
    }
    widest
}
