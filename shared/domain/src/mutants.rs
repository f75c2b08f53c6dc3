//! Wrong behaviours that tests switch on, to see that they are noticed. Each did real harm somewhere
//! (`failure-modes`).
//!
//! *Architecture invariant:* without the feature `mutants`, and in every build without debug
//! assertions, [`on`] is the constant `false`: no release can misbehave by this.

/// One wrong behaviour. Which row of `failure-modes` it stands for is told where they are all tried, in
/// the simulation's `mutant.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::VariantArray)]
pub enum Mutant {
    /// Who asked may approve.
    ApprovesItself,
    /// A request that nobody reviewed in time can be reviewed until its lapse is recorded.
    ReviewsWhatLapsed,
    /// Approving what is over is answered as if it had worked.
    ApprovesWhatIsOver,
    /// A request that nobody reviewed in time is in the way until its lapse is recorded.
    WaitsForTheLapse,
    /// An approval counts although its approver may not approve any more.
    CountsFormerApprovers,
    /// Who must review is what the policies said at submission.
    FrozenRequirements,
    /// Where one group of reviewers does not exist any more, nobody counts.
    WedgedByAGroup,
    /// Only the first requirement is considered.
    FirstRequirementOnly,
    /// A removal that meets trouble for 93 seconds is given up.
    GivesUpRemoving,
    /// An end that comes late is told to nobody.
    SoundsNoAlarm,
    /// Nobody is told why a removal does not succeed.
    HidesWhatBlocks,
    /// A grant closes when its end begins.
    ClosesAtOnce,
    /// The first of two grants to end takes the access of both.
    FirstEndRemovesAll,
    /// What was there before us is taken for ours.
    OwnsWhatItFinds,
    /// A conflict is final.
    ConflictIsFinal,
    /// Only who is still eligible may end their access.
    RevokesOnlyTheEligible,
    /// Access ends only where the policies can be read.
    NeedsThePolicies,
    /// Nothing is evaluated right before access begins.
    BelievesTheApproval,
    /// The longest duration of any policy counts for all of them.
    LongestOfAnyPolicy,
    /// A sweep stops at its first error.
    StopsAtFirstError,
    /// What nobody here knows of is removed.
    RemovesDrift,
    /// What was reported once is never reported again.
    ReportsDriftOnce,
    /// A removal whose permission set does not exist any more is repeated for ever.
    ProvesNoAbsence,
    /// What a retry finds is taken for somebody else's.
    TakesItsOwnForOthers,
    /// A creation that nobody confirmed needs no deletion.
    ForgetsWhatMayLand,
    /// What is gone is not watched for late creations.
    WatchesForNothing,
    /// Access appears however late.
    NoActivationDeadline,
    /// What others removed is put back.
    PutsItBack,
    /// Access ends only with a request that can be understood.
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
