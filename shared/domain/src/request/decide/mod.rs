//! One function per command. Each looks at the state with a `match` that names every state.

mod activation;
mod ending;
mod pending;
mod review;
mod revoke;
mod submit;

pub use activation::{activation_deadline, activation_due_at, no_longer_allowed, over_for_certain_at};
pub use submit::{MOST_PENDING, check_start, prospect};

use super::command::Command;
use super::event::{Outcome, RequestEvent};
use super::refusal::Refusal;
use super::state::AccessRequest;

/// What a command makes happen.
///
/// # Errors
/// [`Refusal`] if the request, the policies or the clock do not allow it.
pub fn decide(request: &AccessRequest, command: &Command) -> Result<Vec<RequestEvent>, Refusal> {
    match command {
        Command::Submit(submit) => submit::submit(request, submit),
        Command::Review(facts) => review::review(request, facts),
        Command::Withdraw { by, now } => pending::withdraw(request, by, *now),
        Command::Lapse { now } => pending::lapse(request, *now),
        Command::Revoke { by, comment } => revoke::revoke(request, by, comment.as_ref()),
        Command::StartActivation(facts) => activation::start(request, facts),
        Command::ObserveActive { now } => activation::observe(request, *now),
        Command::WarnOfExpiry { now } => activation::warn(request, *now),
        Command::StartEnd { cause, now } => ending::start(request, cause, *now),
        Command::MarkBlocked { code, detail } => ending::block(request, *code, detail),
        Command::AlarmOverdue { now } => ending::alarm(request, *now),
        Command::Close { evidence, gone_at } => ending::close(request, evidence, *gone_at),
    }
}

fn wrong_state(request: &AccessRequest, wanted: &'static str) -> Refusal {
    Refusal::WrongState { state: request.name(), wanted }
}

/// A closing before any access.
fn closed(outcome: Outcome) -> RequestEvent {
    RequestEvent::Closed { outcome, reason: None, evidence: None, open_sessions_until: None }
}
