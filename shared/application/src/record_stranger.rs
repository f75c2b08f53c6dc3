//! Commands of those who are nobody here are recorded too: by their account in the channel alone, and in one bounded
//! stream a day for all of them together, so that nobody fills the store from outside.

use kari_domain::audit::{Actor, Cause, StreamId};

use crate::load::{corrupt, load_state};
use crate::one_time::OneTime;
use crate::record_attempt::{AttemptEvent, replay_day};
use crate::transaction::{ATTEMPTS, Committed, State, Transaction};
use crate::{Error, Kari, Loaded};

/// How many attempts of all strangers in a channel are recorded in one day.
pub const MOST_OF_STRANGERS_PER_DAY: u64 = 200;
/// How many of them may be of one account: noise of one must not be able to hide what others try.
pub const MOST_OF_ONE_STRANGER_PER_DAY: u64 = 20;

/// Records that somebody was refused who is nobody here; `account` is theirs in the channel, with its ids, and
/// `one_time` what they came with. Losing one to a race or a bound is no failure, and what comes again is recorded once.
///
/// # Errors
/// If the store fails.
pub async fn record_stranger(
    kari: &Kari,
    channel: &str,
    account: &str,
    cause: Cause,
    attempt: &AttemptEvent,
    one_time: &OneTime,
) -> Result<(), Error> {
    // Each try is a use of its own: also a job that is repeated comes again.
    let one_time = OneTime { use_id: kari.ids.fresh().to_string(), ..one_time.clone() };
    for _ in 0..ATTEMPTS {
        let now = kari.clock.now();
        let stream = StreamId::strangers(channel, now);
        let (head, mut day) = load_state(kari, &stream, replay_day).await?;
        if day.recorded_of(account) >= MOST_OF_ONE_STRANGER_PER_DAY {
            return Ok(());
        }
        // NB. By the version that the append expects: however many come at once, no more than these are recorded.
        let Some(event) = day.one_more(attempt, &head, MOST_OF_STRANGERS_PER_DAY) else { return Ok(()) };
        day.count(account, &event);
        let actor = Actor::Stranger { account: account.to_owned() };
        let mut transaction = Transaction::new(kari, now, actor, cause);
        transaction.once(&one_time);
        let state = State { body: serde_json::to_string(&day).map_err(corrupt)?, ..State::default() };
        transaction.record(&Loaded { stream, head, state: () }, &[event], state)?;
        match transaction.commit().await {
            Ok(Committed::Yes) | Err(Error::Replayed) => return Ok(()),
            Ok(Committed::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    tracing::warn!("a stranger's attempt lost every race to be recorded");
    Ok(())
}
