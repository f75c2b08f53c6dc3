//! What a person may do with a request now: a dry run of `decide`, so that no client holds a rule.

use super::command::{Assessment, Command, ReviewFacts, RevokeRight, Revoker};
use super::decide::decide;
use super::event::Decision;
use super::state::AccessRequest;
use crate::audit::Cause;
use crate::directory::Subject;
use crate::time::Instant;

/// What a person may do with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    Approve,
    Deny,
    Withdraw,
    Revoke,
}

/// Somebody who looks at a request.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub subject: Subject,
    pub right: RevokeRight,
    /// The door that they look through, and would act through.
    pub through: Cause,
}

/// The actions that would not be refused, and would change something. While the policies say nothing,
/// because they cannot be read, nobody reviews; what needs no policy is permitted all the same. A chat may let
/// them do less than the portal.
pub fn permitted(
    request: &AccessRequest,
    viewer: &Viewer,
    assessment: Option<&Assessment>,
    now: Instant,
) -> Vec<Action> {
    let review = |assessment: &Assessment, decision| {
        Command::Review(Box::new(ReviewFacts {
            reviewer: viewer.subject.clone(),
            label: String::new(),
            decision,
            comment: None,
            assessment: assessment.clone(),
            earlier: vec![],
            through: viewer.through,
            now,
        }))
    };
    let by = Revoker { id: viewer.subject.id.clone(), label: String::new(), right: viewer.right };
    let reviews = assessment.map(|assessment| {
        let review = |decision| review(assessment, decision);
        [(Action::Approve, review(Decision::Approve)), (Action::Deny, review(Decision::Deny))]
    });
    let others = [
        (Action::Withdraw, Command::Withdraw { by: viewer.subject.id.clone(), now }),
        (Action::Revoke, Command::Revoke { by, comment: None }),
    ];
    let works = |command: &Command| decide(request, command).is_ok_and(|events| !events.is_empty());
    let tries = reviews.into_iter().flatten().chain(others);
    tries.filter(|(_, command)| works(command)).map(|(action, _)| action).collect()
}
