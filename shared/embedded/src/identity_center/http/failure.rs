//! What a call can end with instead of a result, and what each service calls that.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::identity_center::{ApiError, Service};

/// Why a call has no result.
#[derive(Debug)]
pub(super) enum Failure {
    /// The world answers so, or not at all.
    Api(ApiError),
    /// What the call is about does not exist.
    Missing {
        sought: Sought,
        message: String,
    },
    /// A member is missing or out of bounds.
    Invalid {
        reason: Reason,
        message: String,
    },
    /// It is not JSON, or a member has another type.
    Malformed(String),
    UnknownOperation,
}

/// What a call looked for; the services name its absence differently.
#[derive(Debug, Clone)]
pub(super) enum Sought {
    Account,
    Child,
    Parent,
    Unit,
    /// With the id it was looked for by, if it was.
    User(Option<String>),
    Group(Option<String>),
    IdentityStore,
    Instance,
}

/// What is wrong with a member, as `organizations` calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    InputRequired,
    InvalidPattern,
    InvalidEnum,
    InvalidNextToken,
    MinValueExceeded,
    MaxValueExceeded,
    MaxLengthExceeded,
}

impl Failure {
    /// The same; if something was not found, it is what was sought.
    pub(super) fn seeking(self, sought: Sought) -> Self {
        if let Self::Api(ApiError::ResourceNotFound(message)) = self {
            return Self::Missing { sought, message };
        }
        self
    }

    /// No answer arrives at all.
    pub(super) fn is_silence(&self) -> bool {
        matches!(self, Self::Api(ApiError::NoAnswer))
    }

    /// It is the service's fault and not the caller's.
    pub(super) fn is_ours(&self) -> bool {
        matches!(self, Self::Api(ApiError::InternalServer))
    }

    /// The name of the exception.
    pub(super) fn code(&self, service: Option<Service>) -> &'static str {
        let organizations = service == Some(Service::Organizations);
        match self {
            Self::Api(error) if organizations => organizations_code(error),
            Self::Api(error) => error.code(),
            Self::Missing { sought, .. } => sought.code(),
            Self::Invalid { .. } if organizations => "InvalidInputException",
            Self::Invalid { .. } => "ValidationException",
            Self::Malformed(_) => "SerializationException",
            Self::UnknownOperation => "UnknownOperationException",
        }
    }

    /// The members of the exception. The models spell `Message` with a capital letter.
    pub(super) fn members(&self, service: Option<Service>, request: Uuid) -> Value {
        let (resource, id) = self.resource().unzip();
        json!({
            "__type": self.code(service),
            "Message": self.message(),
            "RequestId": (service == Some(Service::IdentityStore)).then_some(request),
            "ResourceType": resource,
            "ResourceId": id.flatten(),
            "Reason": (service == Some(Service::Organizations)).then(|| self.reason()).flatten(),
            "Type": (self.code(service) == "TooManyRequestsException").then_some("RATE_LIMIT"),
        })
    }

    fn message(&self) -> String {
        match self {
            Self::Api(error) => error.to_string(),
            Self::Missing { message, .. } | Self::Invalid { message, .. } | Self::Malformed(message) => {
                message.clone()
            }
            Self::UnknownOperation => "there is no such operation".to_owned(),
        }
    }

    /// What `identitystore` says of what it did not find.
    fn resource(&self) -> Option<(&'static str, Option<&str>)> {
        let Self::Missing { sought, .. } = self else { return None };
        match sought {
            Sought::User(id) => Some(("USER", id.as_deref())),
            Sought::Group(id) => Some(("GROUP", id.as_deref())),
            Sought::IdentityStore => Some(("IDENTITY_STORE", None)),
            Sought::Account | Sought::Child | Sought::Parent | Sought::Unit | Sought::Instance => None,
        }
    }

    fn reason(&self) -> Option<&'static str> {
        let Self::Invalid { reason, .. } = self else { return None };
        Some(match reason {
            Reason::InputRequired => "INPUT_REQUIRED",
            Reason::InvalidPattern => "INVALID_PATTERN",
            Reason::InvalidEnum => "INVALID_ENUM",
            Reason::InvalidNextToken => "INVALID_NEXT_TOKEN",
            Reason::MinValueExceeded => "MIN_VALUE_EXCEEDED",
            Reason::MaxValueExceeded => "MAX_VALUE_EXCEEDED",
            Reason::MaxLengthExceeded => "MAX_LENGTH_EXCEEDED",
        })
    }
}

impl Sought {
    fn code(&self) -> &'static str {
        match self {
            Self::Account => "AccountNotFoundException",
            Self::Child => "ChildNotFoundException",
            Self::Parent => "ParentNotFoundException",
            Self::Unit => "OrganizationalUnitNotFoundException",
            Self::User(_) | Self::Group(_) | Self::IdentityStore | Self::Instance => {
                "ResourceNotFoundException"
            }
        }
    }
}

fn organizations_code(error: &ApiError) -> &'static str {
    match error {
        ApiError::Throttling(_) => "TooManyRequestsException",
        ApiError::Conflict(_) => "ConcurrentModificationException",
        ApiError::ServiceQuotaExceeded(_) => "ConstraintViolationException",
        ApiError::Validation(_) => "InvalidInputException",
        ApiError::InternalServer => "ServiceException",
        ApiError::ResourceNotFound(_) | ApiError::AccessDenied(_) | ApiError::NoAnswer => error.code(),
    }
}
