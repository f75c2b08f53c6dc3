//! Ids for what the file names without one: derived from the name, the same in every run.

use sha2::{Digest, Sha256};

fn digest(kind: &str, name: &str) -> [u8; 32] {
    Sha256::digest(format!("kari organization/{kind}/{name}")).into()
}

/// A UUID, as the identity store's ids are.
pub(super) fn uuid(kind: &str, name: &str) -> String {
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest(kind, name)) {
        *to = from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// So many hexadecimal digits, at most 64.
pub(super) fn hexadecimal(kind: &str, name: &str, length: usize) -> String {
    hex::encode(digest(kind, name)).chars().take(length).collect()
}
