//! Wrong behaviours, and the row of `failure-modes` each stands for: the simulation has to notice every
//! one of them. Those of the code are switched on in the domain's own [`mutants`](kari_domain::mutants);
//! those of the surroundings are acted out by the ports here.

use kari_domain::mutants::{Mutant, switch};
use strum::VariantArray;

/// A wrong behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    Code(Mutant),
    Surroundings(Misfit),
}

/// A wrong behaviour of what surrounds the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::VariantArray)]
pub enum Misfit {
    /// Who approves what they asked for themselves says they are somebody else, and is believed.
    BelievesWhoTheySay,
    /// Who is in which group is remembered instead of read.
    RemembersMembers,
    /// Nobody asks how an operation fares: accepted counts as done.
    BelievesAcceptance,
    /// The end lives in a timer only: nothing in the store says what is due.
    NothingIsDue,
    /// An append is not conditional: the last one wins.
    LastAppendWins,
    /// The ledger is not appended to conditionally.
    LedgerUnconditional,
    /// Nobody looks whether holders of grants were disabled.
    KeepsDisabled,
    /// Where accounts lie is remembered instead of read.
    OldDirectory,
    /// An account out of reach lists nothing, and that is believed.
    BelievesEmptyListings,
    /// Narrow approver rules do not count beside broad ones.
    BroadRuleDecides,
    /// *Approved* is told as *active*.
    TellsTooEarly,
    /// What failed or is blocked is told as *active*.
    TellsFailuresAsActive,
    /// Nobody is told that access ended.
    TellsNobodyOfTheEnd,
    /// Nobody is told what is in the way of an end.
    TellsNobodyOfTrouble,
    /// Refused attempts leave no trace.
    RecordsNoRefusals,
}

/// Every wrong behaviour with its row, and a seed that noticed it once and is tried first: mostly it still does. Nothing
/// else says which row it stands for.
pub const ALL: [(u8, Wrong, u64); 44] = [
    (1, Wrong::Surroundings(Misfit::BelievesWhoTheySay), 0),
    (3, Wrong::Code(Mutant::ApprovesItself), 0),
    (4, Wrong::Code(Mutant::ReviewsWhatLapsed), 124),
    (4, Wrong::Code(Mutant::ApprovesWhatIsOver), 0),
    (4, Wrong::Code(Mutant::WaitsForTheLapse), 24),
    (5, Wrong::Code(Mutant::CountsFormerApprovers), 1),
    (5, Wrong::Code(Mutant::FrozenRequirements), 7),
    (5, Wrong::Surroundings(Misfit::RemembersMembers), 6),
    (6, Wrong::Code(Mutant::WedgedByAGroup), 0),
    (7, Wrong::Code(Mutant::FirstRequirementOnly), 0),
    (8, Wrong::Surroundings(Misfit::BelievesAcceptance), 0),
    (8, Wrong::Surroundings(Misfit::BelievesEmptyListings), 3),
    (9, Wrong::Code(Mutant::GivesUpRemoving), 0),
    (9, Wrong::Code(Mutant::HidesWhatBlocks), 15),
    (9, Wrong::Code(Mutant::SoundsNoAlarm), 0),
    (9, Wrong::Surroundings(Misfit::TellsNobodyOfTrouble), 0),
    (10, Wrong::Code(Mutant::ClosesAtOnce), 0),
    (11, Wrong::Surroundings(Misfit::NothingIsDue), 0),
    (13, Wrong::Code(Mutant::FirstEndRemovesAll), 0),
    (14, Wrong::Code(Mutant::OwnsWhatItFinds), 2),
    (15, Wrong::Code(Mutant::ConflictIsFinal), 0),
    (16, Wrong::Code(Mutant::RevokesOnlyTheEligible), 2),
    (16, Wrong::Code(Mutant::NeedsThePolicies), 1),
    (17, Wrong::Code(Mutant::BelievesTheApproval), 2),
    (18, Wrong::Code(Mutant::LongestOfAnyPolicy), 0),
    (22, Wrong::Surroundings(Misfit::LastAppendWins), 0),
    (23, Wrong::Surroundings(Misfit::TellsTooEarly), 0),
    (26, Wrong::Code(Mutant::StopsAtFirstError), 4),
    (27, Wrong::Code(Mutant::RemovesDrift), 0),
    (27, Wrong::Code(Mutant::ReportsDriftOnce), 176),
    (35, Wrong::Surroundings(Misfit::TellsFailuresAsActive), 0),
    (35, Wrong::Surroundings(Misfit::TellsNobodyOfTheEnd), 0),
    (36, Wrong::Code(Mutant::ProvesNoAbsence), 43),
    (36, Wrong::Surroundings(Misfit::KeepsDisabled), 11),
    (39, Wrong::Code(Mutant::TakesItsOwnForOthers), 0),
    (40, Wrong::Surroundings(Misfit::LedgerUnconditional), 1),
    (41, Wrong::Code(Mutant::ForgetsWhatMayLand), 91),
    (41, Wrong::Code(Mutant::WatchesForNothing), 24),
    (42, Wrong::Code(Mutant::NoActivationDeadline), 5),
    (43, Wrong::Code(Mutant::PutsItBack), 6),
    (44, Wrong::Code(Mutant::NeedsTheRequest), 4),
    (45, Wrong::Surroundings(Misfit::OldDirectory), 2),
    (46, Wrong::Surroundings(Misfit::BroadRuleDecides), 0),
    (48, Wrong::Surroundings(Misfit::RecordsNoRefusals), 0),
];

impl Wrong {
    /// Whatever can be switched on.
    pub fn variants() -> impl Iterator<Item = Self> {
        let code = Mutant::VARIANTS.iter().copied().map(Self::Code);
        code.chain(Misfit::VARIANTS.iter().copied().map(Self::Surroundings))
    }

    /// Switches the code's behaviour in this thread. What the surroundings do wrong is returned.
    pub(crate) fn switch_on(wrong: Option<Self>) -> Option<Misfit> {
        match wrong {
            None => {
                switch(None);
                None
            }
            Some(Self::Code(mutant)) => {
                switch(Some(mutant));
                None
            }
            Some(Self::Surroundings(misfit)) => {
                switch(None);
                Some(misfit)
            }
        }
    }
}
