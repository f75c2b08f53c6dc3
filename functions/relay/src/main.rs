//! The Lambda function `relay`.

use kari_aws::metrics::Metric;
use kari_aws::{duties, function};
use kari_relay::{Batch, Relayed, handle};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = function::start(duties::relay)?;
    run(service_fn(async |event: LambdaEvent<Batch>| {
        let Relayed { repeat, dead_letters } = handle(&function.kari, &event.payload).await;
        if dead_letters > 0 {
            function.measured(&[(Metric::DeadLetters, dead_letters)]);
        }
        function.measure_given_up();
        Ok::<_, Error>(repeat)
    }))
    .await
}
