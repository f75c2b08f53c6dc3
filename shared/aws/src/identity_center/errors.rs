//! What an error of `sso-admin` means.

use aws_sdk_ssoadmin::error::{ProvideErrorMetadata, SdkError};
use kari_application::ports::{CallError, TheirWords, Unavailable};

/// The error of a call, by the code AWS names it by.
pub(super) fn call_error<E>(error: SdkError<E>) -> CallError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let SdkError::ServiceError(service) = &error else {
        // NB. Whatever got no answer may have been accepted.
        return CallError::Unknown(Unavailable::new("identity center", error));
    };
    let message = TheirWords::from(service.err().message().unwrap_or_default());
    match service.err().code() {
        Some("ThrottlingException" | "TooManyRequestsException") => CallError::Throttled,
        Some("ConflictException") => CallError::Conflict,
        Some("ResourceNotFoundException") => CallError::NotFound,
        Some("AccessDeniedException") => CallError::Denied(message),
        Some("ValidationException") => CallError::Invalid(message),
        Some("ServiceQuotaExceededException") => CallError::QuotaExceeded,
        _ => CallError::Unknown(Unavailable::new("identity center", error)),
    }
}
