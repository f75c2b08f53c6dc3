use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::{join_all, pending};
use serde_json::json;

use super::*;

/// Where the secrets are kept.
#[derive(Clone, Default)]
struct Place {
    /// It never answers where there is none.
    text: Arc<Mutex<Option<String>>>,
    readings: Arc<AtomicUsize>,
}

impl Place {
    fn of(token: &str, secret: &str) -> Self {
        let place = Self::default();
        place.put(token, secret);
        place
    }

    fn put(&self, token: &str, secret: &str) {
        self.put_text(Some(&json!({ "bot_token": token, "signing_secret": secret }).to_string()));
    }

    fn put_text(&self, text: Option<&str>) {
        *self.text.lock().unwrap() = text.map(str::to_owned);
    }

    fn readings(&self) -> usize {
        self.readings.load(Ordering::Relaxed)
    }

    async fn read(self) -> Result<String, Unavailable> {
        self.readings.fetch_add(1, Ordering::Relaxed);
        tokio::task::yield_now().await;
        let text = self.text.lock().unwrap().clone();
        match text {
            Some(text) => Ok(text),
            None => pending().await,
        }
    }

    async fn in_use(&self) -> SecretsInUse {
        let place = self.clone();
        SecretsInUse::of(move || place.clone().read()).await.unwrap()
    }
}

fn now() -> Instant {
    "2026-11-22T04:00:00Z".parse().unwrap()
}

async fn verify(secrets: &SecretsInUse, by: &str) -> Result<Signed, NotSlack> {
    let signature = SigningKey::new(by).unwrap().sign(now(), b"body");
    let timestamp = now().timestamp().to_string();
    secrets.verify(Some(&signature), Some(&timestamp), b"body", now()).await
}

fn token(secrets: Option<&Arc<Secrets>>) -> Option<&str> {
    secrets.map(|secrets| secrets.token.token_value.0.as_str())
}

#[tokio::test(start_paused = true)]
async fn another_token_is_looked_for_once_a_minute() {
    let place = Place::of("xoxb-1", "hush");
    let secrets = place.in_use().await;
    for _ in 0..100 {
        assert!(secrets.with_another_token(&secrets.current()).await.is_none());
    }
    assert_eq!(place.readings(), 2, "at the start and once again");
    place.put("xoxb-2", "hush");
    time::advance(Duration::from_secs(59)).await;
    assert!(secrets.with_another_token(&secrets.current()).await.is_none());
    time::advance(Duration::from_secs(1)).await;
    let refused = secrets.current();
    assert_eq!(token(secrets.with_another_token(&refused).await.as_ref()), Some("xoxb-2"));
    assert_eq!(token(secrets.with_another_token(&refused).await.as_ref()), Some("xoxb-2"), "it is known");
    assert_eq!(place.readings(), 3);
}

#[tokio::test(start_paused = true)]
async fn all_whose_token_is_refused_at_once_share_one_reading() {
    let place = Place::of("xoxb-1", "hush");
    let secrets = place.in_use().await;
    place.put("xoxb-2", "hush");
    let refused = secrets.current();
    let others = join_all((0..20).map(|_| secrets.with_another_token(&refused))).await;
    assert!(others.iter().all(|others| token(others.as_ref()) == Some("xoxb-2")));
    assert_eq!(place.readings(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_signed_by_another_secret_is_taken_once_that_one_is_in_place_and_the_old_one_is_not() {
    let place = Place::of("xoxb-1", "old");
    let secrets = place.in_use().await;
    assert!(verify(&secrets, "old").await.is_ok());
    assert_eq!(place.readings(), 1, "what is right has nothing read");
    place.put("xoxb-1", "new");
    assert!(verify(&secrets, "new").await.is_ok());
    assert_eq!(verify(&secrets, "old").await, Err(NotSlack::WrongSignature));
    assert_eq!(place.readings(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_forged_messages_has_the_secrets_read_once_a_minute_and_delays_nothing_of_slacks() {
    let place = Place::of("xoxb-1", "hush");
    let secrets = place.in_use().await;
    for _ in 0..100 {
        assert_eq!(verify(&secrets, "forged").await, Err(NotSlack::WrongSignature));
        time::advance(Duration::from_secs(1)).await;
    }
    assert_eq!(place.readings(), 3);
    time::advance(Duration::from_mins(1)).await;
    place.put_text(None);
    let began = time::Instant::now();
    let (forged, right) = tokio::join!(verify(&secrets, "forged"), async {
        let right = verify(&secrets, "hush").await;
        (right, began.elapsed())
    });
    assert_eq!(forged, Err(NotSlack::WrongSignature));
    assert!(right.0.is_ok() && right.1.is_zero(), "{right:?}");
    assert!(began.elapsed() < Duration::from_secs(3), "it is given up");
}

#[tokio::test(start_paused = true)]
async fn a_signing_secret_that_was_replaced_counts_for_five_minutes_at_most() {
    let place = Place::of("xoxb-1", "old");
    let secrets = place.in_use().await;
    place.put("xoxb-1", "new");
    time::advance(Duration::from_secs(299)).await;
    assert!(verify(&secrets, "old").await.is_ok());
    time::advance(Duration::from_secs(1)).await;
    assert_eq!(verify(&secrets, "old").await, Err(NotSlack::WrongSignature));
    assert!(verify(&secrets, "new").await.is_ok());
    assert_eq!(place.readings(), 2);
}

#[tokio::test(start_paused = true)]
async fn of_all_messages_one_in_five_minutes_has_the_secrets_read() {
    let place = Place::of("xoxb-1", "hush");
    let secrets = place.in_use().await;
    for _ in 0..3_000 {
        assert!(verify(&secrets, "hush").await.is_ok());
        time::advance(Duration::from_secs(1)).await;
    }
    assert_eq!(place.readings(), 1 + 9, "at the start, and after each five minutes of fifty");
    time::advance(Duration::from_mins(5)).await;
    let at_once = join_all((0..20).map(|_| verify(&secrets, "hush"))).await;
    assert!(at_once.iter().all(Result::is_ok));
    assert_eq!(place.readings(), 1 + 9 + 1);
}

#[tokio::test(start_paused = true)]
async fn while_secrets_cannot_be_read_the_known_ones_count_and_hardly_anybody_waits() {
    let place = Place::of("xoxb-1", "hush");
    let secrets = place.in_use().await;
    place.put_text(None);
    time::advance(Duration::from_mins(5)).await;
    let began = time::Instant::now();
    assert!(verify(&secrets, "hush").await.is_ok());
    let waited = began.elapsed();
    assert!(waited < Duration::from_secs(2), "{waited:?}");
    for _ in 0..3 {
        assert!(verify(&secrets, "hush").await.is_ok());
    }
    assert_eq!((began.elapsed(), place.readings()), (waited, 2));
}

#[tokio::test(start_paused = true)]
async fn what_is_unsigned_or_stale_has_nothing_read() {
    let place = Place::of("xoxb-1", "hush");
    let secrets = place.in_use().await;
    assert_eq!(secrets.verify(None, None, b"body", now()).await, Err(NotSlack::Unsigned));
    let signature = SigningKey::new("hush").unwrap().sign(now(), b"body");
    let timestamp = now().timestamp().to_string();
    let later = now() + chrono::TimeDelta::minutes(6);
    let stale = secrets.verify(Some(&signature), Some(&timestamp), b"body", later).await;
    assert_eq!((stale, place.readings()), (Err(NotSlack::Stale), 1));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_or_used_replaces_nothing() {
    let place = Place::of("xoxb-1", "hush");
    let secrets = place.in_use().await;
    let texts = [
        None,
        Some("xoxb-2"),
        Some(r#"{"bot_token": "xoxb-2", "signing_secret": ""}"#),
        Some(r#"{"bot_token": "xoxp-2", "signing_secret": "hush"}"#),
        Some(r#"{"bot_token": "xoxb-2\n", "signing_secret": "hush"}"#),
    ];
    for text in texts {
        place.put_text(text);
        assert!(secrets.with_another_token(&secrets.current()).await.is_none(), "{text:?}");
        assert!(verify(&secrets, "hush").await.is_ok(), "{text:?}");
        time::advance(Duration::from_secs(5)).await;
    }
    place.put("xoxb-2", "hush");
    assert_eq!(token(secrets.with_another_token(&secrets.current()).await.as_ref()), Some("xoxb-2"));
}

#[tokio::test(start_paused = true)]
async fn a_reading_that_was_cut_off_is_repeated_after_five_seconds() {
    let place = Place::of("xoxb-1", "hush");
    let secrets = place.in_use().await;
    let refused = secrets.current();
    place.put("xoxb-2", "hush");
    assert!(secrets.with_another_token(&refused).now_or_never().is_none());
    assert!(secrets.with_another_token(&refused).await.is_none());
    assert_eq!(place.readings(), 2);
    time::advance(Duration::from_secs(5)).await;
    assert_eq!(token(secrets.with_another_token(&refused).await.as_ref()), Some("xoxb-2"));
}

#[tokio::test]
async fn without_secrets_that_can_be_used_nothing_begins_and_they_are_not_told() {
    for text in [
        r#"{"bot_token": "xoxb-hush"}"#,
        r#"{"bot_token": "xoxb-hush", "signing_secret": ""}"#,
        r#"{"bot_token": "xapp-hush", "signing_secret": "hush"}"#,
        r#"{"bot_token": "xoxb-hush ", "signing_secret": "hush"}"#,
        r#"{"bot_token": "xoxb-hush…", "signing_secret": "hush"}"#,
    ] {
        let error = SecretsInUse::of(move || std::future::ready(Ok(text.to_owned()))).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hush"), "{error}");
    }
}
