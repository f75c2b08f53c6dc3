//! The cryptography behind `jsonwebtoken`, done by ring: the whole program has one crypto provider.
//! Only algorithms with a public key exist here, so confusing a public key with a shared secret is
//! not possible.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::jwk::{EllipticCurve, ThumbprintHash};
use jsonwebtoken::signature::{self, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::rand::SystemRandom;
use ring::signature::{
    self as ring_signature, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RsaParameters,
    RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};

static RING: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils {
        ec_pub_components_from_private_key: public_point,
        compute_digest: digest,
        ..KeyUtils::new_unimplemented()
    },
};

/// Makes ring the crypto provider of this process. Doing it again changes nothing.
pub fn install() {
    // The only error is that a provider is installed already.
    RING.install_default().ok();
}

fn unsupported() -> Error {
    ErrorKind::InvalidAlgorithm.into()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the provider wants it so")]
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    if *algorithm != Algorithm::ES256 {
        return Err(unsupported());
    }
    Ok(Box::new(Es256Signer(key_pair(key.as_bytes())?)))
}

fn key_pair(pkcs8: &[u8]) -> Result<EcdsaKeyPair, Error> {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &SystemRandom::new())
        .map_err(|_| ErrorKind::InvalidEcdsaKey.into())
}

struct Es256Signer(EcdsaKeyPair);

impl Signer<Vec<u8>> for Es256Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let signature = self.0.sign(&SystemRandom::new(), message).map_err(|_| signature::Error::new())?;
        Ok(signature.as_ref().to_vec())
    }
}

impl JwtSigner for Es256Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

/// How ring checks a signature.
#[derive(Clone, Copy)]
enum Check {
    Rsa(&'static RsaParameters),
    Other(&'static dyn VerificationAlgorithm),
}

fn check_of(algorithm: Algorithm) -> Option<Check> {
    match algorithm {
        Algorithm::RS256 => Some(Check::Rsa(&ring_signature::RSA_PKCS1_2048_8192_SHA256)),
        Algorithm::RS384 => Some(Check::Rsa(&ring_signature::RSA_PKCS1_2048_8192_SHA384)),
        Algorithm::RS512 => Some(Check::Rsa(&ring_signature::RSA_PKCS1_2048_8192_SHA512)),
        Algorithm::PS256 => Some(Check::Rsa(&ring_signature::RSA_PSS_2048_8192_SHA256)),
        Algorithm::PS384 => Some(Check::Rsa(&ring_signature::RSA_PSS_2048_8192_SHA384)),
        Algorithm::PS512 => Some(Check::Rsa(&ring_signature::RSA_PSS_2048_8192_SHA512)),
        Algorithm::ES256 => Some(Check::Other(&ring_signature::ECDSA_P256_SHA256_FIXED)),
        Algorithm::ES384 => Some(Check::Other(&ring_signature::ECDSA_P384_SHA384_FIXED)),
        Algorithm::EdDSA => Some(Check::Other(&ring_signature::ED25519)),
        // NB. Shared secrets (HS*) are refused, and so is whatever a later version adds.
        _ => None,
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the provider wants it so")]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    let check = check_of(*algorithm).ok_or_else(unsupported)?;
    // NB. A key serves only algorithms of its own family.
    if key.family() != algorithm.family() {
        return Err(ErrorKind::InvalidKeyFormat.into());
    }
    Ok(Box::new(RingVerifier { algorithm: *algorithm, check, key: key.clone() }))
}

struct RingVerifier {
    algorithm: Algorithm,
    check: Check,
    key: DecodingKey,
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let checked = match (self.check, self.key.kind()) {
            (Check::Rsa(parameters), DecodingKeyKind::RsaModulusExponent { n, e }) => {
                RsaPublicKeyComponents { n, e }.verify(parameters, message, signature)
            }
            (Check::Rsa(parameters), DecodingKeyKind::SecretOrDer(key)) => {
                UnparsedPublicKey::new(parameters, key).verify(message, signature)
            }
            (Check::Other(algorithm), DecodingKeyKind::SecretOrDer(key)) => {
                UnparsedPublicKey::new(algorithm, key).verify(message, signature)
            }
            (Check::Other(_), DecodingKeyKind::RsaModulusExponent { .. }) => Err(ring::error::Unspecified),
        };
        checked.map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// The public point of a private key, for publishing it.
fn public_point(pkcs8: &[u8], algorithm: Algorithm) -> Result<(EllipticCurve, Vec<u8>, Vec<u8>), Error> {
    let pair = key_pair(pkcs8)?;
    let point = pair.public_key().as_ref();
    let (x, y) = point.get(1..).and_then(|xy| xy.split_at_checked(32)).ok_or_else(unsupported)?;
    if algorithm == Algorithm::ES256 {
        Ok((EllipticCurve::P256, x.to_vec(), y.to_vec()))
    } else {
        Err(unsupported())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the provider wants it so")]
fn digest(data: &[u8], hash: ThumbprintHash) -> Result<Vec<u8>, Error> {
    let algorithm = match hash {
        ThumbprintHash::SHA256 => &ring::digest::SHA256,
        ThumbprintHash::SHA384 => &ring::digest::SHA384,
        ThumbprintHash::SHA512 => &ring::digest::SHA512,
        _ => return Err(unsupported()),
    };
    Ok(ring::digest::digest(algorithm, data).as_ref().to_vec())
}
