//! The simulated Identity Center, a component in its own right: users, groups, accounts in units,
//! permission sets, assignments as a *set*, and everything that goes wrong with them.
//!
//! [`World`] is a pure, synchronous, seeded state machine whose calls mirror the operations of
//! `sso-admin`, `identitystore` and `organizations`. It has no clock: every call takes `now`. The
//! same seed and the same calls give the same answers, also after it was serialized and restored.
//! [`SimulatedIdentityCenter`] puts it behind the ports; `http`, which the feature `http-front` brings,
//! speaks the AWS wire protocols on top of it.
//!
//! Start reading at `world`, then `sso_admin`, then `fault_plan`.

mod action;
mod admission;
mod api_error;
mod assigned;
mod assignment;
mod assignments_port;
mod call_log;
mod census;
mod dice;
mod directory_port;
mod fault_plan;
mod faults;
#[cfg(feature = "http-front")]
pub mod http;
mod identity_store;
mod instance;
mod landing;
mod operation;
mod organizations;
mod out_of_band;
mod quota;
mod simulated;
mod sso_admin;
mod truth;
mod view;
mod wide_reads;
mod world;

pub use action::{Action, Service};
pub use api_error::ApiError;
pub use assigned::{By, Stay};
pub use assignment::{Assignment, MalformedPrincipal, Principal};
pub use call_log::{Call, Count};
pub use census::MemberAccount;
pub use fault_plan::{DeletingAbsent, FaultPlan, MillisRange, Quotas, SuspendedAccounts};
pub use faults::{ActiveFault, Injected};
pub use identity_store::UniqueAttribute;
pub use instance::Instance;
pub use operation::{Operation, OperationMetadata, OperationState, StatusFilter, WriteKind};
pub use simulated::{Saver, SimulatedIdentityCenter};
pub use truth::TrueStay;
pub use view::{AssignmentView, CallView, OperationView};
pub use world::World;
