//! The Lambda function `api`.

use kari_api_lambda::{Answer, api};
use kari_aws::{duties, function};
use lambda_http::tower::ServiceExt;
use lambda_http::{Error, Request, run};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = function::start(duties::api)?;
    let api = api(&function.environment, function.kari);
    run(ServiceExt::<Request>::map_response(api, Answer)).await
}
