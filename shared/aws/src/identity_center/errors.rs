//! What an error of `sso-admin` means.

use aws_sdk_ssoadmin::error::{ProvideErrorMetadata, SdkError};
use kari_application::ports::{CallError, TheirWords, Unavailable};

use crate::inspect::words;

/// The error of a call, by the code AWS names it by.
pub(super) fn call_error<E>(error: SdkError<E>) -> CallError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let SdkError::ServiceError(service) = &error else {
        // NB. Whatever got no answer may have been accepted.
        return unknown(error);
    };
    let message = TheirWords::from(service.err().message().unwrap_or_default());
    match service.err().code() {
        Some("ThrottlingException" | "TooManyRequestsException") => CallError::Throttled,
        Some("ConflictException") => CallError::Conflict,
        Some("ResourceNotFoundException") => CallError::NotFound,
        Some("AccessDeniedException") => CallError::Denied(message),
        Some("ValidationException") => CallError::Invalid(message),
        Some("ServiceQuotaExceededException") => CallError::QuotaExceeded,
        _ => unknown(error),
    }
}

/// It is logged here: nobody records or tells more of it than that there was no usable answer.
fn unknown<E>(error: SdkError<E>) -> CallError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    tracing::warn!(cause = %words(&error), "no usable answer of identity center");
    CallError::Unknown(Unavailable::new("identity center", error))
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use aws_sdk_ssoadmin::error::ErrorMetadata;
    use aws_sdk_ssoadmin::operation::create_account_assignment::CreateAccountAssignmentError;
    use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
    use aws_smithy_types::body::SdkBody;

    use super::*;

    /// Everything that is logged.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What a call comes to that is answered so, and what is logged of it.
    fn answered(code: &str, message: &str) -> (CallError, String) {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        let answer = ErrorMetadata::builder().code(code).message(message).build();
        let response = HttpResponse::new(400_u16.try_into().unwrap(), SdkBody::empty());
        let error = SdkError::service_error(CreateAccountAssignmentError::generic(answer), response);
        let error = tracing::subscriber::with_default(subscriber, || call_error(error));
        let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        (error, logged)
    }

    #[test]
    fn an_answer_that_means_nothing_here_is_logged_with_its_code_and_all_others_say_it_themselves() {
        let (error, logged) = answered("ExpiredTokenException", "the token has expired");
        assert!(matches!(error, CallError::Unknown(_)), "{error}");
        assert!(logged.contains("WARN"), "{logged}");
        assert!(logged.contains("ExpiredTokenException: the token has expired"), "{logged}");
        let (error, logged) = answered("ConflictException", "not yet");
        assert!(matches!(error, CallError::Conflict), "{error}");
        assert_eq!(logged, "");
    }
}
