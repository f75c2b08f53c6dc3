//! The ports of `kari-application` for one machine.
//!
//! Start reading at [`identity_center`], the simulated Identity Center.

pub mod identity_center;
