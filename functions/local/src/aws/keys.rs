//! The issuer's keys, as it publishes them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::TimeDelta;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use kari_api::authentication::KeySource;
use kari_application::ports::{Clock, Unavailable};
use kari_domain::time::Instant;
use tokio::sync::Mutex as AsyncMutex;

use super::fetch::Fetch;

/// How long keys are trusted without asking again.
const KEYS_FOR: TimeDelta = TimeDelta::hours(1);
/// NB. How long they are trusted while the issuer cannot be asked, and may have withdrawn them.
const AT_MOST: TimeDelta = TimeDelta::hours(24);
/// How soon after asking, also in vain, one may ask again, whoever shows unknown keys.
const AGAIN_AFTER: TimeDelta = TimeDelta::seconds(30);

/// Keys, asked for when they are needed.
pub(super) struct Keys {
    fetch: Fetch,
    address: String,
    clock: Arc<dyn Clock>,
    known: Mutex<Known>,
    /// One asks at a time. Who shows a key that is known does not wait for another who asks.
    turn: AsyncMutex<()>,
}

#[derive(Default)]
struct Known {
    /// With when they were read.
    keys: Option<(JwkSet, Instant)>,
    asked_at: Option<Instant>,
    /// Why asking was in vain, if it was.
    trouble: Option<String>,
}

impl Known {
    fn key(&self, id: &str, now: Instant, trusted_for: TimeDelta) -> Option<Jwk> {
        let (keys, read_at) = self.keys.as_ref()?;
        keys.find(id).filter(|_| now < *read_at + trusted_for).cloned()
    }

    fn was_asked_lately(&self, now: Instant) -> bool {
        self.asked_at.is_some_and(|asked_at| now < asked_at + AGAIN_AFTER)
    }
}

impl Keys {
    /// What the issuer publishes at this address.
    pub(super) fn new(fetch: Fetch, address: String, clock: Arc<dyn Clock>) -> Self {
        Self { fetch, address, clock, known: Mutex::default(), turn: AsyncMutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask(&self, now: Instant) {
        let answer: anyhow::Result<JwkSet> = self.fetch.json(&self.address).await;
        let mut known = self.known();
        known.asked_at = Some(now);
        known.trouble = match answer {
            Ok(keys) => {
                known.keys = Some((keys, now));
                None
            }
            Err(error) => {
                tracing::warn!(
                    "the issuer's keys cannot be read, those of before count for a day: {error:#}"
                );
                Some(format!("{error:#}"))
            }
        };
    }
}

#[async_trait]
impl KeySource for Keys {
    async fn key(&self, id: &str) -> Result<Option<Jwk>, Unavailable> {
        let now = self.clock.now();
        let fresh = self.known().key(id, now, KEYS_FOR);
        let old = self.known().key(id, now, AT_MOST);
        if fresh.is_some() {
            return Ok(fresh);
        }
        let _turn = match self.turn.try_lock() {
            Ok(turn) => turn,
            // Somebody is asking already, and the issuer may hang.
            Err(_) if old.is_some() => return Ok(old),
            Err(_) => self.turn.lock().await,
        };
        // Somebody else may have asked meanwhile.
        let now = self.clock.now();
        if !self.known().was_asked_lately(now) {
            self.ask(now).await;
        }
        let known = self.known();
        match (known.key(id, now, AT_MOST), &known.trouble) {
            (None, Some(trouble)) => Err(Unavailable::new("the issuer's keys", trouble.clone())),
            (found, _) => Ok(found),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    use axum::Router;
    use axum::extract::State;
    use axum::http::StatusCode;
    use axum::routing::get;
    use kari_embedded::clock::ManualClock;
    use tokio::net::TcpListener;

    use super::*;

    const PUBLISHED: &str = r#"{"keys": [{"kty": "EC", "crv": "P-256", "x": "x", "y": "y", "kid": "one"}]}"#;

    /// It publishes one key, unless it is down.
    #[derive(Default)]
    struct Issuer {
        is_down: AtomicBool,
        asked: AtomicU64,
    }

    async fn answer(State(issuer): State<Arc<Issuer>>) -> Result<&'static str, StatusCode> {
        issuer.asked.fetch_add(1, Ordering::Relaxed);
        let is_down = issuer.is_down.load(Ordering::Relaxed);
        if is_down { Err(StatusCode::SERVICE_UNAVAILABLE) } else { Ok(PUBLISHED) }
    }

    struct Stage {
        issuer: Arc<Issuer>,
        clock: Arc<ManualClock>,
        keys: Keys,
    }

    impl Stage {
        async fn new() -> Self {
            let issuer = Arc::<Issuer>::default();
            let routes = Router::new().route("/", get(answer)).with_state(Arc::clone(&issuer));
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = format!("http://{}/", listener.local_addr().unwrap());
            tokio::spawn(async move { axum::serve(listener, routes).await });
            let clock = Arc::new(ManualClock::new(Instant::UNIX_EPOCH + TimeDelta::days(20_000)));
            let keys = Keys::new(Fetch::new().unwrap(), address, clock.clone());
            Self { issuer, clock, keys }
        }

        /// Whether there is such a key, unless nobody can tell.
        async fn has(&self, id: &str) -> Option<bool> {
            self.keys.key(id).await.ok().map(|key| key.is_some())
        }

        fn asked(&self) -> u64 {
            self.issuer.asked.load(Ordering::Relaxed)
        }
    }

    #[tokio::test]
    async fn while_the_issuer_fails_a_known_key_counts_for_a_day_and_it_is_asked_twice_a_minute_at_most() {
        let stage = Stage::new().await;
        assert_eq!((stage.has("one").await, stage.asked()), (Some(true), 1));
        stage.issuer.is_down.store(true, Ordering::Relaxed);
        stage.clock.advance_by(TimeDelta::minutes(61));
        for _ in 0..3 {
            assert_eq!((stage.has("one").await, stage.asked()), (Some(true), 2));
            assert_eq!((stage.has("two").await, stage.asked()), (None, 2));
        }
        stage.clock.advance_by(TimeDelta::seconds(30));
        assert_eq!((stage.has("two").await, stage.asked()), (None, 3));
        stage.clock.advance_by(TimeDelta::hours(23));
        assert_eq!((stage.has("one").await, stage.asked()), (None, 4));
        stage.issuer.is_down.store(false, Ordering::Relaxed);
        stage.clock.advance_by(TimeDelta::seconds(30));
        assert_eq!((stage.has("one").await, stage.asked()), (Some(true), 5));
    }

    #[tokio::test]
    async fn for_a_key_that_nobody_knows_the_issuer_is_asked_twice_a_minute_at_most() {
        let stage = Stage::new().await;
        for _ in 0..3 {
            assert_eq!((stage.has("two").await, stage.asked()), (Some(false), 1));
        }
        assert_eq!((stage.has("one").await, stage.asked()), (Some(true), 1));
        stage.clock.advance_by(TimeDelta::seconds(30));
        assert_eq!((stage.has("two").await, stage.asked()), (Some(false), 2));
    }
}
