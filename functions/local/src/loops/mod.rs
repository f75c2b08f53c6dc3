//! What goes on by itself beside the API. Each loop takes no input but the store: whatever was lost
//! when the process died is found again at the next turn.

mod directory_sync;
mod guard;
mod own_thread;
mod reconciler;
mod relay;
mod timer;

pub use directory_sync::{sync_for_ever, sync_once};
pub use guard::guard;
pub use reconciler::{
    reconcile_for_ever, remind_for_ever, search_drift_after_loss, search_drift_for_ever, sweep_for_ever,
};
pub use relay::Relay;
pub use timer::{Timer, TimerWorkflow};
