//! The Lambda function `workflow`.

use kari_aws::{duties, function};
use kari_workflow::{Task, handle};
use lambda_runtime::{Diagnostic, Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = function::start(duties::workflow)?;
    run(service_fn(async |event: LambdaEvent<Task>| {
        // The state machine matches on the name of the error.
        let diagnostic = |error: kari_workflow::TaskError| Diagnostic {
            error_type: error.name().to_owned(),
            error_message: error.to_string(),
        };
        handle(&function.kari, &event.payload).await.map_err(diagnostic)
    }))
    .await
}
