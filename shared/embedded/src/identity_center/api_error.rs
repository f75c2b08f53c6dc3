//! What a call can be answered with instead of a result.

use serde::{Deserialize, Serialize};

/// An error answer, in the terms of the AWS APIs; or no answer at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ApiError {
    #[error("{0}")]
    Throttling(String),
    #[error("{0}")]
    Conflict(String),
    #[error("{0}")]
    ResourceNotFound(String),
    #[error("{0}")]
    AccessDenied(String),
    #[error("{0}")]
    Validation(String),
    #[error("{0}")]
    ServiceQuotaExceeded(String),
    #[error("internal server error; whether the call took effect is not known")]
    InternalServer,
    /// The connection broke. The call may have taken effect.
    #[error("no answer arrived; whether the call took effect is not known")]
    NoAnswer,
}

impl ApiError {
    /// The name of the AWS exception.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Throttling(_) => "ThrottlingException",
            Self::Conflict(_) => "ConflictException",
            Self::ResourceNotFound(_) => "ResourceNotFoundException",
            Self::AccessDenied(_) => "AccessDeniedException",
            Self::Validation(_) => "ValidationException",
            Self::ServiceQuotaExceeded(_) => "ServiceQuotaExceededException",
            Self::InternalServer => "InternalServerException",
            Self::NoAnswer => "NoAnswer",
        }
    }

    pub(super) fn rate() -> Self {
        Self::Throttling("Rate exceeded".to_owned())
    }

    pub(super) fn unknown(what: &str, id: impl std::fmt::Display) -> Self {
        Self::ResourceNotFound(format!("{what} {id} was not found"))
    }
}
