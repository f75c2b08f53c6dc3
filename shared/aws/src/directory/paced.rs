//! The reading of everything: so many calls that AWS would refuse some of them if they came as fast as they
//! can, and so important to no single person that it can wait, though not for ever.

use std::sync::Arc;

use aws_sdk_organizations::error::ProvideErrorMetadata;
use chrono::TimeDelta;
use kari_application::ports::{Clock, Unavailable};
use kari_domain::time::Instant;
use tokio::sync::Mutex;

use super::unavailable;
use crate::identity_center::{Lane, Limit};

/// From call to call. Identity Store allows 20 a second of each operation; decisions about people and other tools need
/// them too. NB. A reading of more than ten minutes meets the next one; what is too much then is asked again.
const IDENTITY_STORE: TimeDelta = TimeDelta::milliseconds(80);
/// Organizations allows 5 calls a second of those that go from unit to unit; decisions need some of them.
const ORGANIZATIONS: TimeDelta = TimeDelta::milliseconds(300);

/// How long a reading may last. NB. The function that it is done in is cut off after fifteen minutes, and before that
/// it has to keep what was read, or to tell administrators that for long nothing could be.
const LONGEST: TimeDelta = TimeDelta::minutes(13);

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

/// What is called, each at its own pace.
#[derive(Debug, Clone, Copy)]
pub(super) enum Api {
    IdentityStore,
    Organizations,
    /// In the one queue of calls to it, behind whoever waits for access to begin or to end.
    IdentityCenter,
}

/// One reading of everything.
pub(super) struct Reading {
    limiter: Arc<dyn Limit>,
    clock: Arc<dyn Clock>,
    until: Instant,
    identity_store: Pace,
    organizations: Pace,
}

/// Calls that keep a distance, however many are to be made at once.
struct Pace {
    distance: TimeDelta,
    next_at: Mutex<Instant>,
}

impl Pace {
    fn new(distance: TimeDelta, from: Instant) -> Self {
        Self { distance, next_at: Mutex::new(from) }
    }

    /// Waits until it is time for one more call.
    async fn turn(&self, clock: &dyn Clock) {
        // Held while waiting, so that whoever comes meanwhile waits behind.
        let mut next_at = self.next_at.lock().await;
        let left = *next_at - clock.now();
        if left > TimeDelta::zero() {
            clock.sleep(left).await;
        }
        *next_at = clock.now() + self.distance;
    }
}

impl Reading {
    /// One that began at this instant.
    pub(super) fn since(began_at: Instant, limiter: Arc<dyn Limit>, clock: Arc<dyn Clock>) -> Self {
        Self {
            limiter,
            clock,
            until: began_at + LONGEST,
            identity_store: Pace::new(IDENTITY_STORE, began_at),
            organizations: Pace::new(ORGANIZATIONS, began_at),
        }
    }

    /// Everything that a listing tells, page by page. `ask` asks for the page of a token, `parts` takes it apart
    /// into what is on it and the token of the next one.
    ///
    /// # Errors
    /// [`Unavailable`] if a page cannot be had, or not in time, or the listing goes in a circle.
    pub(super) async fn list<P, T, E, F>(
        &self,
        api: Api,
        ask: impl Fn(Option<String>) -> F,
        parts: impl Fn(P) -> (Vec<T>, Option<String>),
    ) -> Result<Vec<T>, Unavailable>
    where
        F: Future<Output = Result<P, E>>,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let listed = self.list_unless_gone(api, ask, parts, |_| false).await?;
        Ok(listed.unwrap_or_default())
    }

    /// The same of what somebody may delete meanwhile: `None` if an answer says that it is gone.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub(super) async fn list_unless_gone<P, T, E, F>(
        &self,
        api: Api,
        ask: impl Fn(Option<String>) -> F,
        parts: impl Fn(P) -> (Vec<T>, Option<String>),
        is_gone: impl Fn(&E) -> bool,
    ) -> Result<Option<Vec<T>>, Unavailable>
    where
        F: Future<Output = Result<P, E>>,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let (mut all, mut token) = (vec![], None);
        loop {
            let page = match self.patiently(api, || ask(token.clone())).await? {
                Err(error) if is_gone(&error) => return Ok(None),
                page => page.map_err(unavailable)?,
            };
            let (found, next) = parts(page);
            all.extend(found);
            match next.filter(|next| !next.is_empty()) {
                None => return Ok(Some(all)),
                next if next == token => return Err(unavailable("a listing goes in a circle")),
                next => token = next,
            }
        }
    }

    /// Calls when it is time to, and again if that may help. What the last try said, whether it is an error or not.
    ///
    /// # Errors
    /// [`Unavailable`] if it could not be called in time.
    pub(super) async fn patiently<T, E, F>(
        &self,
        api: Api,
        call: impl Fn() -> F,
    ) -> Result<Result<T, E>, Unavailable>
    where
        F: Future<Output = Result<T, E>>,
        E: ProvideErrorMetadata,
    {
        let mut longer = FIRST_PAUSE;
        for _ in 1..PATIENCE {
            self.turn(api).await?;
            match call().await {
                Err(error) if passes(&error) => self.clock.sleep(longer).await,
                answer => return Ok(answer),
            }
            longer = LONGEST_PAUSE.min(longer * 2);
        }
        self.turn(api).await?;
        Ok(call().await)
    }

    /// Waits until it is time for one more call.
    async fn turn(&self, api: Api) -> Result<(), Unavailable> {
        match api {
            Api::IdentityStore => self.identity_store.turn(&*self.clock).await,
            Api::Organizations => self.organizations.turn(&*self.clock).await,
            Api::IdentityCenter => self.turn_in_queue().await?,
        }
        self.in_time()
    }

    /// While there is no turn, it asks for one ever more rarely.
    async fn turn_in_queue(&self) -> Result<(), Unavailable> {
        let mut longer = FIRST_PAUSE;
        while self.limiter.pass(Lane::Background).await.is_err() {
            self.in_time()?;
            self.clock.sleep(longer).await;
            longer = LONGEST_PAUSE.min(longer * 2);
        }
        Ok(())
    }

    fn in_time(&self) -> Result<(), Unavailable> {
        if self.clock.now() < self.until {
            return Ok(());
        }
        let minutes = LONGEST.num_minutes();
        Err(unavailable(format!(
            "reading everything takes too long: it is not done within {minutes} minutes"
        )))
    }
}

/// NB. Whatever got no answer has no code: a timeout, a broken connection.
fn passes(error: &impl ProvideErrorMetadata) -> bool {
    error.code().is_none_or(|code| PASSING.contains(&code))
}
