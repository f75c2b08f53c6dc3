//! The Lambda function `slack-relay`. The stream of the table invokes it, and every minute a schedule, without
//! records: then reviewers are reminded, and what was left for Slack is told.

use std::sync::Arc;

use kari_application::notices::Notices;
use kari_application::remind_reviewers::remind_reviewers;
use kari_aws::metrics::Metric;
use kari_aws::notes::DynamoNotes;
use kari_aws::{duties, function};
use kari_relay::slack::{catch_up, delivery, only_slack};
use kari_relay::{Batch, Relayed, handle};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = function::start(duties::slack_relay)?;
    let notes = DynamoNotes::of(&function.environment)?;
    let notices = Notices { notes: Arc::new(notes.clone()), clock: Arc::clone(&function.kari.clock) };
    let slack = delivery(&function.kari, &function.environment, notes).await?;
    let kari = only_slack(&function.kari, &slack);
    run(service_fn(async |event: LambdaEvent<Batch>| {
        let Relayed { repeat, .. } = handle(&kari, &event.payload).await;
        catch_up(&kari).await;
        if event.payload.records.is_empty() {
            let told = notices.fetch_for(&*slack).await;
            remind_reviewers(&kari).await?;
            told?;
        }
        let given_up = slack.given_up();
        if given_up > 0 {
            function.measured(&[(Metric::Undeliverable, given_up)]);
        }
        Ok::<_, Error>(repeat)
    }))
    .await
}
