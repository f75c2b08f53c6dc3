//! The Lambda function `api`.

use kari_api_lambda::api;
use kari_aws::function;
use lambda_http::{Error, run};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = function::start().await?;
    run(api(&function.environment, function.kari)).await
}
