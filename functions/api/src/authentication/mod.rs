//! Who calls: bearer tokens of an OIDC issuer, verified against its published keys. What is taken
//! from a token is the identity-store user id, and nothing else.

mod authenticator;
mod crypto;
mod keys;

pub use authenticator::{Algorithm, Authenticator, Rejected, Trust};
pub use crypto::use_ring;
pub use keys::{KeySource, StaticKeys};
