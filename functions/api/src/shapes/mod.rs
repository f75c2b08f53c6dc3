//! Shapes that several answers have in common. They are not the domain's types: names are looked up
//! here, and what clients see changes only on purpose.

mod actor;
mod names;
mod organization;
mod page;
mod reason;
mod window;

pub(crate) use actor::{ActorView, SystemReasonView};
pub use names::Names;
pub use organization::Person;
pub(crate) use organization::{AccountStatusView, AccountView, PermissionSetView, PolicyRefView, UnitView};
pub(crate) use page::{Listing, Place, how_many_fit};
pub(crate) use reason::Reason;
pub(crate) use window::WindowView;
