//! Whether what decisions and lists read, the state items, is what the recorded events make.
//!
//! [`check_item`] and [`check_policies`] are the comparison itself, for `kari audit verify`.
//! [`check_stream`] and [`check_open`] are for every start and now and then: they refuse nothing, but tell
//! administrators, and put right from the events what can be.

mod items;
mod mend;
mod open;
mod policies;
mod untold;

pub use items::{BESIDE_STREAMS, ItemFault, check_item};
pub use mend::{alarm, check_stream};
pub use open::{check_open, check_open_until};
pub use policies::{PolicyFault, check_policies, check_policies_in_force};

pub(crate) use mend::recover_ledger;
pub(crate) use policies::mend_policies;
