//! The Lambda function `reconciler`.

use kari_aws::{duties, function};
use kari_reconciler::{Task, handle};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = function::start(duties::reconciler)?;
    let started_at = function.kari.clock.now();
    run(service_fn(async |event: LambdaEvent<Task>| {
        let done = handle(&function.kari, started_at, event.payload).await;
        function.measure_given_up();
        function.measured(&done?);
        Ok::<_, Error>(())
    }))
    .await
}
