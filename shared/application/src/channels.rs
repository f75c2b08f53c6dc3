//! Several channels as one: each is on or off, works or fails by itself.

use std::sync::Arc;

use async_trait::async_trait;

use crate::ports::{Notification, Notifier, Unavailable};

/// Tells people through every one of these channels.
#[derive(Clone, Default)]
pub struct Channels(pub Vec<Arc<dyn Notifier>>);

impl std::fmt::Debug for Channels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Channels").field(&self.0.len()).finish()
    }
}

#[async_trait]
impl Notifier for Channels {
    /// The first failure is told once all were tried; those that did it recognize the repetition.
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable> {
        let mut outcome = Ok(());
        for channel in &self.0 {
            outcome = outcome.and(channel.deliver(notification).await);
        }
        outcome
    }

    async fn catch_up(&self) -> Result<(), Unavailable> {
        let mut outcome = Ok(());
        for channel in &self.0 {
            outcome = outcome.and(channel.catch_up().await);
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures::executor::block_on;
    use kari_domain::audit::StreamId;
    use kari_domain::time::Instant;

    use super::*;
    use crate::ports::NotificationKind;

    struct Heard(Mutex<usize>, bool);

    #[async_trait]
    impl Notifier for Heard {
        async fn deliver(&self, _: &Notification) -> Result<(), Unavailable> {
            *self.0.lock().unwrap() += 1;
            if self.1 { Ok(()) } else { Err(Unavailable::new("the channel", "it is broken")) }
        }
    }

    #[test]
    fn a_channel_that_fails_holds_up_no_other_and_is_told_of() {
        let heard = [false, true].map(|works| Arc::new(Heard(Mutex::new(0), works)));
        let channels = Channels(heard.iter().map(|channel| channel.clone() as Arc<dyn Notifier>).collect());
        let notification = Notification {
            kind: NotificationKind::Approved,
            recipients: vec![],
            stream: StreamId::policies(),
            sequence: 1,
            request: None,
            at: Instant::UNIX_EPOCH,
        };
        assert!(block_on(channels.deliver(&notification)).is_err());
        assert_eq!(heard.each_ref().map(|channel| *channel.0.lock().unwrap()), [1, 1]);
    }
}
