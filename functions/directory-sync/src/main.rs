//! The Lambda function `directory-sync`.

use kari_aws::{duties, function};
use kari_directory_sync::handle;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = function::start(duties::directory_sync)?;
    run(service_fn(async |_: LambdaEvent<Value>| {
        let done = handle(&function.kari).await;
        function.measure_given_up();
        Ok::<_, Error>(done?)
    }))
    .await
}
