//! What is logged. Alone in its process, because a log is one for all that runs in it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "api/tokens.rs"]
#[allow(dead_code, reason = "other tests need more of it")]
mod tokens;
#[path = "api/world.rs"]
#[allow(dead_code, reason = "other tests need more of it")]
mod world;

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::MakeWriter;

use crate::world::{ADMIN, Call, PAYMENTS, World, wanted};

/// Everything that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn nothing_that_people_write_and_no_token_is_logged() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone());
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    let world = World::new().await;
    let mut body = wanted(PAYMENTS, ADMIN);
    body["justification"] = "swordfish opens the door".into();
    body["ticket"] = "swordfish-1".into();
    world.call("alice", Call::submit("swordfish", &body)).await.ok();
    body["duration_minutes"] = "swordfish".into();
    world.call("alice", Call::submit("swordfish", &body)).await;
    world.call("alice", Call::submit("swordfish", &body).raw("{\"swordfish\":")).await;
    world.get("alice", "/v1/eligibility?search=swordfish").await.ok();
    world.get("alice", "/v1/swordfish").await;
    let token = world.token("alice");
    let forged = format!("{token}swordfish");
    world.send(Call::get("/v1/me").request(Some(&forged))).await;
    let text = log.text();
    assert!(text.contains("a token was not taken") && text.contains("/v1/requests"), "{text}");
    assert!(!text.contains("swordfish"), "{text}");
    assert!(!text.contains(&token[..40]), "{text}");
}
