//! The Lambda function `slack`.

use kari_aws::{duties, function};
use kari_slack_lambda::{app, handle, routes};
use lambda_http::{Error, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = function::start(duties::slack)?;
    let routes = routes(app(&function.environment, function.kari).await?);
    run(service_fn(|event| handle(routes.clone(), event))).await
}
