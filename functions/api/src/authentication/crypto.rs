//! The cryptography behind tokens: `ring`, for the two algorithms that are ever pinned.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{Error, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::rand::SystemRandom;
use ring::signature as sig;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Has `jsonwebtoken` sign and verify with `ring` in this process. Calling it again changes nothing.
pub fn use_ring() {
    // An error says that a provider is installed already; there is only this one.
    let _ = PROVIDER.install_default();
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the library's signature")]
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    match (algorithm, key.family()) {
        (Algorithm::ES256, AlgorithmFamily::Ec) => Ok(Box::new(Es256Signer(key.clone()))),
        (Algorithm::RS256, AlgorithmFamily::Rsa) => Ok(Box::new(Rs256Signer(key.clone()))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the library's signature")]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    match (algorithm, key.family()) {
        (Algorithm::ES256, AlgorithmFamily::Ec) => Ok(Box::new(Es256Verifier(key.clone()))),
        (Algorithm::RS256, AlgorithmFamily::Rsa) => Ok(Box::new(Rs256Verifier(key.clone()))),
        // NB. Everything else, symmetric keys above all, is refused whatever the token says.
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

struct Es256Signer(EncodingKey);
struct Rs256Signer(EncodingKey);
struct Es256Verifier(DecodingKey);
struct Rs256Verifier(DecodingKey);

impl Signer<Vec<u8>> for Es256Signer {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        #[expect(clippy::disallowed_methods, reason = "a signature needs randomness that nobody can guess")]
        let random = SystemRandom::new();
        let algorithm = &sig::ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = sig::EcdsaKeyPair::from_pkcs8(algorithm, self.0.as_bytes(), &random)
            .map_err(|e| Error::from_source(e.to_string()))?;
        let signature = pair.sign(&random, message).map_err(|e| Error::from_source(e.to_string()))?;
        Ok(signature.as_ref().to_vec())
    }
}

impl Signer<Vec<u8>> for Rs256Signer {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        let pair =
            sig::RsaKeyPair::from_der(self.0.as_bytes()).map_err(|e| Error::from_source(e.to_string()))?;
        let mut signature = vec![0; pair.public().modulus_len()];
        #[expect(clippy::disallowed_methods, reason = "a signature needs randomness that nobody can guess")]
        let random = SystemRandom::new();
        pair.sign(&sig::RSA_PKCS1_SHA256, &random, message, &mut signature)
            .map_err(|e| Error::from_source(e.to_string()))?;
        Ok(signature)
    }
}

impl Verifier<Vec<u8>> for Es256Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let key = self.0.try_get_as_bytes().map_err(Error::from_source)?;
        sig::UnparsedPublicKey::new(&sig::ECDSA_P256_SHA256_FIXED, key)
            .verify(message, signature)
            .map_err(|e| Error::from_source(e.to_string()))
    }
}

impl Verifier<Vec<u8>> for Rs256Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let algorithm = &sig::RSA_PKCS1_2048_8192_SHA256;
        let verified = match self.0.kind() {
            DecodingKeyKind::RsaModulusExponent { n, e } => {
                sig::RsaPublicKeyComponents { n, e }.verify(algorithm, message, signature)
            }
            DecodingKeyKind::SecretOrDer(key) => {
                sig::UnparsedPublicKey::new(algorithm, key).verify(message, signature)
            }
        };
        verified.map_err(|e| Error::from_source(e.to_string()))
    }
}

impl JwtSigner for Es256Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

impl JwtSigner for Rs256Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}

impl JwtVerifier for Es256Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

impl JwtVerifier for Rs256Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}
