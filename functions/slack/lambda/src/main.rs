//! The Lambda function `slack`.

use kari_aws::{duties, function};
use kari_slack_lambda::{app, routes};
use lambda_http::{Error, run};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = function::start(duties::slack)?;
    run(routes(app(&function.environment, function.kari).await?)).await
}
