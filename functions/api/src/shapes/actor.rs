use kari_domain::audit::{Actor, SystemReason};
use serde::Serialize;
use utoipa::ToSchema;

use super::Names;

/// Who did something: a person, or the system with a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[schema(as = Actor)]
pub(crate) enum ActorView {
    User { id: String, display_name: String },
    System { reason: SystemReasonView },
}

/// Why the system acted without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = SystemReason)]
pub(crate) enum SystemReasonView {
    Clock,
    Policy,
    Directory,
    IdentityCenter,
    Reconciler,
    Revocation,
    Channel,
    Setup,
    Operator,
}

impl From<SystemReason> for SystemReasonView {
    fn from(reason: SystemReason) -> Self {
        match reason {
            SystemReason::Clock => Self::Clock,
            SystemReason::Policy => Self::Policy,
            SystemReason::Directory => Self::Directory,
            SystemReason::IdentityCenter => Self::IdentityCenter,
            SystemReason::Reconciler => Self::Reconciler,
            SystemReason::Revocation => Self::Revocation,
            SystemReason::Channel => Self::Channel,
            SystemReason::Setup => Self::Setup,
            SystemReason::Operator => Self::Operator,
        }
    }
}

impl Names<'_> {
    /// An actor, by the name they have now.
    pub(crate) fn actor(self, actor: &Actor) -> ActorView {
        match actor {
            Actor::User { id, label } => {
                let person = self.person(id, Some(label));
                ActorView::User { id: person.id, display_name: person.display_name }
            }
            Actor::System { reason } => ActorView::System { reason: (*reason).into() },
            // Who operates Kari is for those who oversee it.
            Actor::Operator { .. } => ActorView::System { reason: SystemReasonView::Operator },
            // And so is who tried something without being anybody here.
            Actor::Stranger { .. } => ActorView::System { reason: SystemReasonView::Channel },
        }
    }
}
