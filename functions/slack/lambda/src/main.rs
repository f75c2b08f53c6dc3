//! The Lambda function `slack`.

use std::sync::Arc;

use kari_aws::metrics::Metric;
use kari_aws::{duties, function};
use kari_slack_lambda::{app, handle, routes};
use lambda_http::{Error, Request, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = function::start(duties::slack)?;
    let app = app(&function.environment, function.kari.clone()).await?;
    let (delivery, routes) = (Arc::clone(&app.delivery), routes(app));
    run(service_fn(async |event: Request| {
        let answered = handle(routes.clone(), event).await;
        let given_up = delivery.given_up();
        if given_up > 0 {
            function.measured(&[(Metric::Undeliverable, given_up)]);
        }
        answered
    }))
    .await
}
