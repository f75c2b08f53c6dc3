//! The adapter: one world behind a lock, a clock beside it, and a hook that saves it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use kari_application::ports::{CallError, Clock, Unavailable};
use kari_domain::time::Instant;

use super::{ApiError, World};

/// Saves the world; called after every change and before the call is answered.
pub type Saver = Arc<dyn Fn(&World) -> Result<(), Unavailable> + Send + Sync>;

/// The ports `Assignments` and `Directory` on a simulated world.
pub struct SimulatedIdentityCenter {
    world: Mutex<World>,
    pub(super) clock: Arc<dyn Clock>,
    saver: Option<Saver>,
}

impl fmt::Debug for SimulatedIdentityCenter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedIdentityCenter").finish_non_exhaustive()
    }
}

impl SimulatedIdentityCenter {
    /// A world that lives as long as the process.
    pub fn new(world: World, clock: Arc<dyn Clock>) -> Self {
        Self { world: Mutex::new(world), clock, saver: None }
    }

    /// Saves the world after every change from now on.
    #[must_use]
    pub fn saved_by(self, saver: Saver) -> Self {
        Self { saver: Some(saver), ..self }
    }

    /// Looks at the world, or changes it behind Kari's back; changes are saved.
    ///
    /// # Errors
    /// [`Unavailable`] if the change could not be saved.
    pub fn with<T>(&self, act: impl FnOnce(&mut World, Instant) -> T) -> Result<T, Unavailable> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let before = world.changes();
        let result = act(&mut world, self.clock.now());
        if let (true, Some(save)) = (world.changes() != before, &self.saver) {
            save(&world)?;
        }
        Ok(result)
    }

    /// A call of `sso-admin`.
    pub(super) fn call<T>(
        &self,
        act: impl FnOnce(&mut World, Instant) -> Result<T, ApiError>,
    ) -> Result<T, CallError> {
        self.with(act).map_err(CallError::Unknown)?.map_err(call_error)
    }

    /// A call of the directory. What does not exist is `None`.
    pub(super) fn find<T>(
        &self,
        act: impl FnOnce(&mut World, Instant) -> Result<T, ApiError>,
    ) -> Result<Option<T>, Unavailable> {
        match self.with(act)? {
            Ok(found) => Ok(Some(found)),
            Err(ApiError::ResourceNotFound(_)) => Ok(None),
            Err(error) => Err(Unavailable::new("the directory", error)),
        }
    }
}

fn call_error(error: ApiError) -> CallError {
    match error {
        ApiError::Throttling(_) => CallError::Throttled,
        ApiError::Conflict(_) => CallError::Conflict,
        ApiError::ResourceNotFound(_) => CallError::NotFound,
        ApiError::AccessDenied(message) => CallError::Denied(message.into()),
        ApiError::Validation(message) => CallError::Invalid(message.into()),
        ApiError::ServiceQuotaExceeded(_) => CallError::QuotaExceeded,
        ApiError::InternalServer | ApiError::NoAnswer => {
            CallError::Unknown(Unavailable::new("identity center", error))
        }
    }
}
