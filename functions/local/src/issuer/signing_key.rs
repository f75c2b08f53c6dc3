//! The issuer's key: made on first start, kept in the data directory.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use jsonwebtoken::jwk::Jwk;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::json;

const FILE: &str = "issuer-key.der";

/// An ES256 key with its public half.
pub struct SigningKey {
    private: EncodingKey,
    public_jwk: Jwk,
    id: String,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key file {path} cannot be used: check its owner and permissions")]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the operating system gave no randomness for a key")]
    Random,
    #[error("the key file does not hold an ES256 key: delete it, and everybody signs in again")]
    Malformed,
}

impl SigningKey {
    /// The key kept in this directory; a new one on first start.
    ///
    /// # Errors
    /// [`KeyError`] if the file cannot be read, written or understood.
    pub fn open(directory: &Path) -> Result<Self, KeyError> {
        kari_api::authentication::use_ring();
        let path = directory.join(FILE);
        let file = |source| KeyError::File { path: path.clone(), source };
        let pkcs8 = match std::fs::read(&path) {
            Ok(pkcs8) => pkcs8,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let pkcs8 = generate()?;
                // NB. Only the owner may read it.
                crate::data_dir::replace(&path, &pkcs8).map_err(file)?;
                pkcs8
            }
            Err(e) => return Err(file(e)),
        };
        Self::from_pkcs8(&pkcs8)
    }

    /// A key that is kept nowhere.
    ///
    /// # Errors
    /// [`KeyError::Random`] if there is no randomness.
    pub fn ephemeral() -> Result<Self, KeyError> {
        kari_api::authentication::use_ring();
        Self::from_pkcs8(&generate()?)
    }

    #[expect(clippy::disallowed_methods, reason = "keys and codes need randomness that nobody can guess")]
    fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &SystemRandom::new())
            .map_err(|_| KeyError::Malformed)?;
        let public_jwk = public_jwk(pair.public_key().as_ref()).ok_or(KeyError::Malformed)?;
        let id = public_jwk.common.key_id.clone().unwrap_or_default();
        Ok(Self { private: EncodingKey::from_ec_der(pkcs8), public_jwk, id })
    }

    pub(super) fn private(&self) -> &EncodingKey {
        &self.private
    }

    /// The public half, as it is published.
    pub fn public_jwk(&self) -> &Jwk {
        &self.public_jwk
    }

    /// The key's id: its thumbprint (RFC 7638).
    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

// NB. Never shows the private half.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The public key as it is published; its id is its thumbprint (RFC 7638). The key is an uncompressed
/// point: a mark, then both coordinates.
fn public_jwk(point: &[u8]) -> Option<Jwk> {
    let (x, y) = point.get(1..)?.split_at_checked(32)?;
    let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
    let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    let id = URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()));
    let jwk = json!({
        "kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": id, "use": "sig", "alg": "ES256",
    });
    serde_json::from_value(jwk).ok()
}

#[expect(clippy::disallowed_methods, reason = "keys and codes need randomness that nobody can guess")]
fn generate() -> Result<Vec<u8>, KeyError> {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    Ok(pkcs8.map_err(|_| KeyError::Random)?.as_ref().to_vec())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_only_its_owner_may_read_it() {
        let directory = tempfile::tempdir().unwrap();
        let first = SigningKey::open(directory.path()).unwrap();
        let second = SigningKey::open(directory.path()).unwrap();
        assert_eq!(first.id(), second.id());
        let mode = std::fs::metadata(directory.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_key_is_an_error_that_says_what_to_do() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(FILE), b"not a key").unwrap();
        let error = SigningKey::open(directory.path()).unwrap_err();
        assert!(error.to_string().contains("delete it"), "{error}");
    }
}
