//! Writing more into one partition than it takes in a second: what DynamoDB has no time for is sent again.

use std::time::Duration;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use tokio::time::Instant;

use super::{DynamoStore, append};

/// For how long it is sent again. NB. Whoever writes so much has two minutes left for it.
const LONGEST: Duration = Duration::from_mins(1);

/// What one more try may mend, as DynamoDB calls it.
const PASSING: [&str; 5] = [
    "InternalServerError",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingException",
];

/// The patience for one saving, however much of it is sent again.
pub(super) struct Patience<'a> {
    store: &'a DynamoStore,
    until: Instant,
}

impl<'a> Patience<'a> {
    /// One that begins now.
    pub(super) fn of(store: &'a DynamoStore) -> Self {
        Self { store, until: Instant::now() + LONGEST }
    }

    /// Sends it, and again if that may help. What the last try said, whether it is an error or not. NB. One that got no
    /// answer may have been carried out, so that it must do no harm twice.
    pub(super) async fn send<T, E, F>(&self, send: impl Fn() -> F) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
        E: ProvideErrorMetadata,
    {
        let mut tries = 0;
        loop {
            let answer = send().await;
            let is_passing = answer.as_ref().is_err_and(passes);
            if !is_passing || !self.wait(tries).await {
                return answer;
            }
            tries += 1;
        }
    }

    /// Waits after so many tries, the longer the more they were; `false` where there is no time left for one more.
    pub(super) async fn wait(&self, tries: u32) -> bool {
        if Instant::now() >= self.until {
            return false;
        }
        append::pause(self.store, tries).await;
        true
    }
}

/// NB. Whatever got no answer has no code: a timeout, a broken connection.
fn passes(error: &impl ProvideErrorMetadata) -> bool {
    error.code().is_none_or(|code| PASSING.contains(&code))
}
