//! The ports of the application with something in between: every call lets others go first, before
//! and after; it may be paused for minutes, and it may fail.

mod directory;
mod gate;
mod identity_center;
mod kept;
mod store;
mod told;

pub use directory::GatedDirectory;
pub use gate::{Gate, LateAppend, Port, Weather};
pub use identity_center::GatedAssignments;
pub use kept::{GatedPolicies, GatedReadModel};
pub use store::GatedStore;
pub(crate) use store::apply;
pub use told::{GatedNotifier, GatedWorkflow};
