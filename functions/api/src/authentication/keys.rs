use async_trait::async_trait;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use kari_application::ports::Unavailable;

/// Where the issuer's public keys come from.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// The key of this id, if the issuer publishes it.
    ///
    /// # Errors
    /// [`Unavailable`] if the keys cannot be had now.
    async fn key(&self, id: &str) -> Result<Option<Jwk>, Unavailable>;
}

/// Keys that are known and never change.
#[derive(Debug, Clone)]
pub struct StaticKeys(pub JwkSet);

#[async_trait]
impl KeySource for StaticKeys {
    async fn key(&self, id: &str) -> Result<Option<Jwk>, Unavailable> {
        Ok(self.0.find(id).cloned())
    }
}
