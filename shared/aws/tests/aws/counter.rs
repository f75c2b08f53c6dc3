//! Counts what is sent to DynamoDB, by operation.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use serde_json::Value;

#[derive(Debug, Default, Clone)]
pub(crate) struct Counter(Arc<Mutex<Sent>>);

#[derive(Debug, Default)]
struct Sent {
    counts: BTreeMap<String, usize>,
    limits: Vec<u64>,
}

impl Counter {
    /// What was sent since this was asked last.
    pub(crate) fn take(&self) -> BTreeMap<String, usize> {
        std::mem::take(&mut self.0.lock().unwrap().counts)
    }

    /// How many rows each query that said so was to look at most, since this was asked last.
    pub(crate) fn limits(&self) -> Vec<u64> {
        std::mem::take(&mut self.0.lock().unwrap().limits)
    }
}

impl Intercept for Counter {
    fn name(&self) -> &'static str {
        "counter"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let target = context.request().headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = context.request().body().bytes().unwrap_or_default();
        let limit = serde_json::from_slice(body).ok().and_then(|body: Value| body["Limit"].as_u64());
        let mut sent = self.0.lock().unwrap();
        *sent.counts.entry(operation).or_default() += 1;
        sent.limits.extend(limit);
        Ok(())
    }
}

/// A client of DynamoDB's own engine of which is counted what it sends.
pub(crate) fn counted_client(counter: &Counter) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::from_conf(crate::support::config().interceptor(counter.clone()).build())
}
