//! The reading of everything: so many calls that AWS would refuse some of them if they came as fast as they
//! can, and so important to no single person that it can wait.

use std::sync::Arc;

use aws_sdk_organizations::error::ProvideErrorMetadata;
use aws_sdk_ssoadmin::error::SdkError;
use chrono::TimeDelta;
use kari_application::ports::{Clock, Unavailable};
use kari_domain::time::Instant;

use super::unavailable;
use crate::identity_center::{Lane, Limit};

/// How much of an API the reading of everything takes: the pause before each call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace(TimeDelta);

/// Identity Store allows 20 calls a second of each operation; decisions about people need them too.
pub(super) const IDENTITY_STORE: Pace = Pace(TimeDelta::milliseconds(150));
/// Organizations allows 5 calls a second of those that go from unit to unit; decisions need some of them.
pub(super) const ORGANIZATIONS: Pace = Pace(TimeDelta::milliseconds(250));
/// Calls to Identity Center wait for their turn instead.
pub(super) const IN_TURN: Pace = Pace(TimeDelta::zero());

/// For how long after it began the reading of everything waits for a turn. The function that it is done in lasts for
/// fifteen minutes, and has to keep what was read.
const TURNS_FOR: TimeDelta = TimeDelta::minutes(12);

/// How often a call is made that is throttled or gets no answer.
const PATIENCE: u32 = 8;
/// The pause before the second try; it doubles with each.
const FIRST_PAUSE: TimeDelta = TimeDelta::milliseconds(500);
const LONGEST_PAUSE: TimeDelta = TimeDelta::seconds(8);

/// What one more try may mend, as the services call it.
const PASSING: [&str; 7] = [
    "ThrottlingException",
    "TooManyRequestsException",
    "ConflictException",
    "ConcurrentModificationException",
    "InternalServerException",
    "ServiceException",
    "ServiceUnavailableException",
];

/// Turns in the one queue of calls to Identity Center, behind whoever waits for access to begin or to end.
pub(super) struct Turns {
    limiter: Arc<dyn Limit>,
    clock: Arc<dyn Clock>,
    until: Instant,
}

impl Turns {
    /// Turns for a reading that began at this instant.
    pub(super) fn since(began_at: Instant, limiter: Arc<dyn Limit>, clock: Arc<dyn Clock>) -> Self {
        Self { limiter, clock, until: began_at + TURNS_FOR }
    }

    /// Makes this call when its turn has come. While there is none, it asks for one ever more rarely.
    ///
    /// # Errors
    /// The call's; or that there was no turn in time, and nothing was sent.
    pub(super) fn take<T, E>(
        &self,
        call: impl Future<Output = Result<T, SdkError<E>>> + Send,
    ) -> impl Future<Output = Result<T, SdkError<E>>> + Send {
        // What the SDK makes of a call is large, and stays where it is while others go first.
        let call = Box::pin(call);
        async move {
            let mut longer = FIRST_PAUSE;
            while let Err(busy) = self.limiter.pass(Lane::Background).await {
                if self.clock.now() >= self.until {
                    return Err(SdkError::construction_failure(busy));
                }
                self.clock.sleep(longer).await;
                longer = LONGEST_PAUSE.min(longer * 2);
            }
            call.await
        }
    }
}

/// Calls when it is time to, and again if that may help.
///
/// # Errors
/// That of the last try.
pub(super) async fn patiently<T, E, F>(
    clock: &dyn Clock,
    Pace(pause): Pace,
    call: impl Fn() -> F,
) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    E: ProvideErrorMetadata,
{
    let mut longer = FIRST_PAUSE;
    clock.sleep(pause).await;
    for _ in 1..PATIENCE {
        match call().await {
            Err(error) if passes(&error) => clock.sleep(longer).await,
            answer => return answer,
        }
        longer = LONGEST_PAUSE.min(longer * 2);
    }
    call().await
}

/// NB. Whatever got no answer has no code: a timeout, a broken connection.
fn passes(error: &impl ProvideErrorMetadata) -> bool {
    error.code().is_none_or(|code| PASSING.contains(&code))
}

/// Everything that a listing tells, page by page. `ask` asks for the page of a token, `parts` takes it apart
/// into what is on it and the token of the next one.
///
/// # Errors
/// [`Unavailable`] if a page cannot be had, or the listing goes in a circle.
pub(super) async fn all_of<P, T, E, F>(
    clock: &dyn Clock,
    pace: Pace,
    ask: impl Fn(Option<String>) -> F,
    parts: impl Fn(P) -> (Vec<T>, Option<String>),
) -> Result<Vec<T>, Unavailable>
where
    F: Future<Output = Result<P, E>>,
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let (mut all, mut token) = (vec![], None);
    loop {
        let asked = patiently(clock, pace, || ask(token.clone())).await;
        let (found, next) = parts(asked.map_err(unavailable)?);
        all.extend(found);
        match next.filter(|next| !next.is_empty()) {
            None => return Ok(all),
            next if next == token => return Err(unavailable("a listing goes in a circle")),
            next => token = next,
        }
    }
}
