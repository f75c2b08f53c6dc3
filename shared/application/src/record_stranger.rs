//! Commands of those who are nobody here are recorded too: by their account in the channel alone, and in one bounded
//! stream a day for all of them together, so that nobody fills the store from outside.

use kari_domain::audit::{Actor, Cause, StreamId};

use crate::load::{corrupt, load_state};
use crate::record_attempt::{AttemptEvent, replay_day};
use crate::transaction::{ATTEMPTS, Committed, State, Transaction};
use crate::{Error, Kari, Loaded};

/// How many attempts of all strangers in a channel are recorded in one day.
pub const MOST_OF_STRANGERS_PER_DAY: u64 = 200;

/// Records that somebody was refused who is nobody here; `account` is theirs in the channel, with its ids. Losing one to
/// a race or the bound is no failure. One that comes twice may be recorded twice.
///
/// # Errors
/// If the store fails.
pub async fn record_stranger(
    kari: &Kari,
    channel: &str,
    account: &str,
    cause: Cause,
    attempt: &AttemptEvent,
) -> Result<(), Error> {
    for _ in 0..ATTEMPTS {
        let now = kari.clock.now();
        let stream = StreamId::strangers(channel, now);
        let (head, mut day) = load_state(kari, &stream, replay_day).await?;
        // NB. By the version that the append expects: however many come at once, no more than these are recorded.
        let Some(event) = day.one_more(attempt, &head, MOST_OF_STRANGERS_PER_DAY) else { return Ok(()) };
        let actor = Actor::Stranger { account: account.to_owned() };
        let mut transaction = Transaction::new(kari, now, actor, cause);
        let state = State { body: serde_json::to_string(&day).map_err(corrupt)?, ..State::default() };
        transaction.record(&Loaded { stream, head, state: () }, &[event], state)?;
        match transaction.commit().await? {
            Committed::Yes => return Ok(()),
            Committed::Conflict(_) => {}
        }
    }
    tracing::warn!("a stranger's attempt lost every race to be recorded");
    Ok(())
}
