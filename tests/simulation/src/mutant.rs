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

/// Every wrong behaviour with its row, a seed that noticed it once and is tried first (mostly it still does), and the
/// rule that has to notice it. Nothing else says which row it stands for.
pub const ALL: [(u8, Wrong, u64, &str); 44] = [
    (1, Wrong::Surroundings(Misfit::BelievesWhoTheySay), 0, "nobody reviews their own request"),
    (3, Wrong::Code(Mutant::ApprovesItself), 0, "nobody reviews their own request"),
    (4, Wrong::Code(Mutant::ReviewsWhatLapsed), 71, "nothing is reviewed after it lapsed"),
    (4, Wrong::Code(Mutant::ApprovesWhatIsOver), 0, "a review that is said to be done was recorded"),
    (4, Wrong::Code(Mutant::WaitsForTheLapse), 45, "what has lapsed is in nobody's way"),
    (5, Wrong::Code(Mutant::CountsFormerApprovers), 0, "no grant without the required approvals"),
    (5, Wrong::Code(Mutant::FrozenRequirements), 6, "only the reviewers in force review"),
    (5, Wrong::Surroundings(Misfit::RemembersMembers), 9, "no grant without the required approvals"),
    (6, Wrong::Code(Mutant::WedgedByAGroup), 37, "what enough people could review is not refused"),
    (7, Wrong::Code(Mutant::FirstRequirementOnly), 0, "no grant without the required approvals"),
    (8, Wrong::Surroundings(Misfit::BelievesAcceptance), 0, "active means observed"),
    (8, Wrong::Surroundings(Misfit::BelievesEmptyListings), 76, "a grant closes only with evidence"),
    (9, Wrong::Code(Mutant::GivesUpRemoving), 3, "ledgers move on"),
    (9, Wrong::Code(Mutant::HidesWhatBlocks), 22, "what is blocked says so"),
    (9, Wrong::Code(Mutant::SoundsNoAlarm), 0, "an end that comes late is told"),
    (
        9,
        Wrong::Surroundings(Misfit::TellsNobodyOfTrouble),
        0,
        "administrators hear of what is in the way of an end",
    ),
    (10, Wrong::Code(Mutant::ClosesAtOnce), 4, "access is gone 60 seconds after its end"),
    (11, Wrong::Surroundings(Misfit::NothingIsDue), 3, "ledgers move on"),
    (13, Wrong::Code(Mutant::FirstEndRemovesAll), 0, "a grant closes only with evidence"),
    (14, Wrong::Code(Mutant::OwnsWhatItFinds), 3, "what was there before us stays"),
    (15, Wrong::Code(Mutant::ConflictIsFinal), 0, "what can be repeated is no failure"),
    (16, Wrong::Code(Mutant::RevokesOnlyTheEligible), 0, "ending needs no eligibility"),
    (16, Wrong::Code(Mutant::NeedsThePolicies), 37, "what is over ends"),
    (17, Wrong::Code(Mutant::BelievesTheApproval), 14, "nothing begins that is not allowed any more"),
    (18, Wrong::Code(Mutant::LongestOfAnyPolicy), 1, "no grant without approval where approval is needed"),
    (22, Wrong::Surroundings(Misfit::LastAppendWins), 2, "recorded events can be replayed"),
    (23, Wrong::Surroundings(Misfit::TellsTooEarly), 0, "people are told what happened"),
    (26, Wrong::Code(Mutant::StopsAtFirstError), 3, "ledgers move on"),
    (27, Wrong::Code(Mutant::RemovesDrift), 1, "what was there before us stays"),
    (27, Wrong::Code(Mutant::ReportsDriftOnce), 101, "what nobody here knows of is reported, each time anew"),
    (35, Wrong::Surroundings(Misfit::TellsFailuresAsActive), 0, "people are told what happened"),
    (35, Wrong::Surroundings(Misfit::TellsNobodyOfTheEnd), 0, "requesters hear of what was relayed"),
    (36, Wrong::Code(Mutant::ProvesNoAbsence), 0, "what ends closes"),
    (36, Wrong::Surroundings(Misfit::KeepsDisabled), 6, "nobody disabled keeps a grant"),
    (39, Wrong::Code(Mutant::TakesItsOwnForOthers), 0, "what we created is never forgotten"),
    (40, Wrong::Surroundings(Misfit::LedgerUnconditional), 0, "the state item is what the events make"),
    (41, Wrong::Code(Mutant::ForgetsWhatMayLand), 91, "what we created is never forgotten"),
    (41, Wrong::Code(Mutant::WatchesForNothing), 128, "what we created is never forgotten"),
    (42, Wrong::Code(Mutant::NoActivationDeadline), 11, "nothing begins when nobody needs it any more"),
    (43, Wrong::Code(Mutant::PutsItBack), 13, "what others removed stays removed"),
    (44, Wrong::Code(Mutant::NeedsTheRequest), 39, "access is gone 60 seconds after its end"),
    (45, Wrong::Surroundings(Misfit::OldDirectory), 25, "nothing begins that is not allowed any more"),
    (46, Wrong::Surroundings(Misfit::BroadRuleDecides), 0, "no grant without the required approvals"),
    (48, Wrong::Surroundings(Misfit::RecordsNoRefusals), 0, "who was refused is recorded"),
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
