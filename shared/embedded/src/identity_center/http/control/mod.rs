//! The control API under `/_kari`: what was called and how hard, what is assigned, and what goes wrong.
//! For tests that drive the whole product from outside. None of it is an AWS call.
//!
//! | what | does |
//! |---|---|
//! | `GET /_kari/instance` | the ids to call with |
//! | `GET /_kari/calls?limit=N` | the last calls, the newest first |
//! | `GET /_kari/counts` | how often and how hard all was called, and how much was under way |
//! | `DELETE /_kari/peaks` | forgets how hard, and how much was under way |
//! | `GET /_kari/assignments` | as AWS lists them; as they really are; operations in progress |
//! | `GET`, `POST`, `DELETE /_kari/faults` | faults asked for: which, one more, none |
//! | `GET`, `PATCH /_kari/plan` | the fault plan: all of it, or some of its fields anew |
//! | `POST /_kari/changes` | something happens behind Kari's back |

mod changes;
mod complaint;
mod counts;
mod faults;
mod loopback;
mod plan;
mod views;

use std::sync::Arc;

use axum::routing::{delete, get, post};
use axum::{Router, middleware};

use super::Front;

pub(super) fn routes() -> Router<Arc<Front>> {
    Router::new()
        .route("/instance", get(views::instance))
        .route("/calls", get(views::calls))
        .route("/assignments", get(views::assignments))
        .route("/counts", get(counts::counts))
        .route("/peaks", delete(counts::forget_peaks))
        .route("/faults", get(faults::active).post(faults::set_off).delete(faults::clear))
        .route("/plan", get(plan::plan).patch(plan::amend))
        .route("/changes", post(changes::change))
        .layer(middleware::from_fn(loopback::only_from_here))
}
