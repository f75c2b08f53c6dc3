//! Wrong behaviours that tests switch on, to see that they are noticed. Each did real harm somewhere
//! (`failure-modes`).
//!
//! *Architecture invariant:* without the feature `mutants`, and in every build without debug
//! assertions, [`on`] is the constant `false`: no release can misbehave by this.

/// One wrong behaviour. The number is the row of `failure-modes` it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mutant {
    /// 3: who asked may approve.
    ApprovesItself,
    /// 4: a request that nobody reviewed in time can be reviewed until its lapse is recorded.
    ReviewsWhatLapsed,
    /// 4: approving what is over is answered as if it had worked.
    ApprovesWhatIsOver,
    /// 4: a request that nobody reviewed in time is in the way until its lapse is recorded.
    WaitsForTheLapse,
    /// 5: an approval counts although its approver may not approve any more.
    CountsFormerApprovers,
    /// 5: who must review is what the policies said at submission.
    FrozenRequirements,
    /// 6: where one group of reviewers does not exist any more, nobody counts.
    WedgedByAGroup,
    /// 7: only the first requirement is considered.
    FirstRequirementOnly,
    /// 9: a removal that meets trouble for 93 seconds is given up.
    GivesUpRemoving,
    /// 9: nobody is told why a removal does not succeed.
    HidesWhatBlocks,
    /// 10: a grant closes when its end begins.
    ClosesAtOnce,
    /// 13: the first of two grants to end takes the access of both.
    FirstEndRemovesAll,
    /// 14: what was there before us is taken for ours.
    OwnsWhatItFinds,
    /// 15: a conflict is final.
    ConflictIsFinal,
    /// 16: only who is still eligible may end their access.
    RevokesOnlyTheEligible,
    /// 16: access ends only where the policies can be read.
    NeedsThePolicies,
    /// 17: nothing is evaluated right before access begins.
    BelievesTheApproval,
    /// 18: the longest duration of any policy counts for all of them.
    LongestOfAnyPolicy,
    /// 26: a sweep stops at its first error.
    StopsAtFirstError,
    /// 27: what nobody here knows of is removed.
    RemovesDrift,
    /// 27: what was reported once is never reported again.
    ReportsDriftOnce,
    /// 36: a removal whose permission set does not exist any more is repeated for ever.
    ProvesNoAbsence,
    /// 39: what a retry finds is taken for somebody else's.
    TakesItsOwnForOthers,
    /// 41: a creation that nobody confirmed needs no deletion.
    ForgetsWhatMayLand,
    /// 41: what is gone is not watched for late creations.
    WatchesForNothing,
    /// 42: access appears however late.
    NoActivationDeadline,
    /// 43: what others removed is put back.
    PutsItBack,
    /// 44: access ends only with a request that can be understood.
    NeedsTheRequest,
}

#[cfg(all(feature = "mutants", debug_assertions))]
mod switched {
    use std::cell::Cell;

    use super::Mutant;

    thread_local! {
        static ON: Cell<Option<Mutant>> = const { Cell::new(None) };
    }

    /// Whether this behaviour is switched on in this thread.
    pub fn on(mutant: Mutant) -> bool {
        ON.get() == Some(mutant)
    }

    /// Switches one behaviour on in this thread, and every other off.
    pub fn switch(mutant: Option<Mutant>) {
        ON.set(mutant);
    }
}

#[cfg(all(feature = "mutants", debug_assertions))]
pub use switched::{on, switch};

/// Never.
#[cfg(not(all(feature = "mutants", debug_assertions)))]
pub const fn on(_: Mutant) -> bool {
    false
}

/// Switches nothing.
#[cfg(not(all(feature = "mutants", debug_assertions)))]
pub const fn switch(_: Option<Mutant>) {}
