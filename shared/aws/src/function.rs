//! What every Lambda function begins with: its log, its configuration, and Kari.

use kari_application::Kari;
use kari_application::note_undelivered::GivenUp;
use tracing::Level;

use crate::assemble::{Adapters, Parts};
use crate::clients::Clients;
use crate::duties::Duty;
use crate::environment::{BadVariable, Environment};
use crate::metrics::{Metric, Metrics};

/// A function that may be invoked.
#[derive(Debug)]
pub struct Function {
    pub environment: Environment,
    pub kari: Kari,
    metrics: Metrics,
    given_up: GivenUp,
}

/// Why a function could not start.
#[derive(Debug, thiserror::Error)]
pub enum CannotStart {
    #[error(transparent)]
    BadVariable(#[from] BadVariable),
    #[error(transparent)]
    Unavailable(#[from] kari_application::ports::Unavailable),
}

/// Starts a function with what its duty needs: once, before its first invocation, because clients are dear.
///
/// # Errors
/// [`CannotStart`] if its configuration is not right, or the operating system gives no randomness.
pub fn start(duty: Duty) -> Result<Function, CannotStart> {
    log();
    let environment = Environment::of_this_process()?;
    let parts = Parts::of_machine(Clients::of_function(&environment))?;
    let aws = Adapters::new(&environment, parts);
    let (kari, given_up) = (duty(&aws), aws.given_up());
    let metrics = Metrics::new(environment.table.clone());
    Ok(Function { environment, kari, metrics, given_up })
}

impl Function {
    /// Writes what was measured.
    pub fn measured(&self, values: &[(Metric, u64)]) {
        self.metrics.emit(self.kari.clock.now(), values);
    }

    /// Writes how much the channels gave up meanwhile, if they did.
    pub fn measure_given_up(&self) {
        let given_up = self.given_up.take();
        if given_up > 0 {
            self.measured(&[(Metric::Undeliverable, given_up)]);
        }
    }
}

/// One JSON object a line, as CloudWatch searches it; the runtime adds the id of the invocation.
fn log() {
    tracing_subscriber::fmt()
        .json()
        // A filter that can be told more would bring regular expressions into every program.
        .with_max_level(Level::INFO)
        .with_current_span(true)
        .with_target(false)
        .with_ansi(false)
        .without_time()
        .init();
}
