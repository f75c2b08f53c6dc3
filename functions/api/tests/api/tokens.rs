//! An issuer of tokens, honest unless told otherwise.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, EllipticCurveKeyParameters, EllipticCurveKeyType,
    Jwk, JwkSet, RSAKeyParameters, RSAKeyType,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use kari_domain::time::Instant;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://issuer.town.example";
pub(crate) const AUDIENCE: &str = "kari-portal";
pub(crate) const KEY: &str = "key-1";

/// A key pair on P-256.
pub(crate) struct Issuer {
    private: Vec<u8>,
    public: Vec<u8>,
}

impl Issuer {
    pub(crate) fn new() -> Self {
        kari_api::authentication::use_ring();
        #[expect(clippy::disallowed_methods, reason = "a key of the tests")]
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let private = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap().as_ref().to_vec();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, &private, &random).unwrap();
        Self { private, public: pair.public_key().as_ref().to_vec() }
    }

    pub(crate) fn public_key(&self) -> &[u8] {
        &self.public
    }

    pub(crate) fn jwk(&self) -> Jwk {
        let (x, y) = self.public[1..].split_at(32);
        let key = EllipticCurveKeyParameters {
            key_type: EllipticCurveKeyType::EC,
            curve: EllipticCurve::P256,
            x: URL_SAFE_NO_PAD.encode(x),
            y: URL_SAFE_NO_PAD.encode(y),
        };
        Jwk { common: common(), algorithm: AlgorithmParameters::EllipticCurve(key) }
    }

    pub(crate) fn keys(&self) -> JwkSet {
        JwkSet { keys: vec![self.jwk()] }
    }

    /// A token with these claims, signed.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_as(Some(KEY), claims)
    }

    pub(crate) fn sign_as(&self, key: Option<&str>, claims: &Value) -> String {
        self.sign_under(&Header { kid: key.map(str::to_owned), ..Header::new(Algorithm::ES256) }, claims)
    }

    pub(crate) fn sign_under(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &EncodingKey::from_ec_der(&self.private)).unwrap()
    }
}

/// What an honest issuer says of a user.
pub(crate) fn claims(user: &str, now: Instant) -> Value {
    let now = now.timestamp();
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": user, "iat": now, "exp": now + 3600 })
}

pub(crate) fn rsa_jwk(modulus: &[u8], exponent: &[u8]) -> Jwk {
    let key = RSAKeyParameters {
        key_type: RSAKeyType::RSA,
        n: URL_SAFE_NO_PAD.encode(modulus),
        e: URL_SAFE_NO_PAD.encode(exponent),
    };
    Jwk { common: common(), algorithm: AlgorithmParameters::RSA(key) }
}

fn common() -> CommonParameters {
    CommonParameters { key_id: Some(KEY.to_owned()), ..CommonParameters::default() }
}
