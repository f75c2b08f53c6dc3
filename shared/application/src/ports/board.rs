use std::collections::BTreeSet;

use async_trait::async_trait;
use kari_domain::audit::Envelope;
use kari_domain::ids::UserId;
use kari_domain::request::AccessRequest;

use super::{NotificationKind, Unavailable};

/// One recorded event, with what a board shows of it.
#[derive(Debug, Clone)]
pub struct News {
    pub envelope: Envelope,
    /// The request that the event is of, as it is now: later events may have changed it since.
    pub request: Option<Shown>,
    /// Who is told of the event, and as what.
    pub told: Vec<(NotificationKind, BTreeSet<UserId>)>,
}

/// A request as it is after so many events.
#[derive(Debug, Clone)]
pub struct Shown {
    pub state: AccessRequest,
    pub version: u64,
}

/// Where requests are shown as they are, such as a chat in which they are reviewed.
///
/// Laws: showing the same news again changes nothing. What was rendered from fewer events never replaces
/// what was rendered from more. What it puts off it remembers, and does when it is asked to catch up. A board
/// that is out of reach, or wants to be left alone for a while, is an error, and the news comes again; what no
/// repetition could deliver is noted and is none.
#[async_trait]
pub trait Board: Send + Sync {
    /// Shows what the news is about as it is now.
    async fn show(&self, news: &News) -> Result<(), Unavailable>;
    /// Reminds whoever could review this request, once, that it lapses soon.
    async fn remind(&self, pending: &Shown) -> Result<(), Unavailable>;
    /// Shows what was put off because many came at once, as far as that is possible now. A board that puts
    /// nothing off has nothing to do.
    async fn catch_up(&self) -> Result<(), Unavailable> {
        Ok(())
    }
}
