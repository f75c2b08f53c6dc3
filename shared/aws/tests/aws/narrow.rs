//! DynamoDB's own engine with what it lacks: partitions that take only so much in a second, and calls that are refused.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};

use crate::support;

/// How many write units it takes to delete a row of which nothing else is known: a part of a document.
const A_PART: usize = 341;

/// A partition of DynamoDB. Its clones are the same one.
#[derive(Debug, Clone)]
pub(crate) struct Narrow(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    units_a_second: usize,
    left: usize,
    /// How often it had no time for all of it.
    throttled: usize,
    refused: Option<(&'static str, usize)>,
}

/// What becomes of a call.
enum Verdict {
    Done,
    Refused(&'static str),
    /// As many of a batch are done; the rest is not.
    Partly(usize),
}

impl Narrow {
    /// It takes so many write units a second. NB. A second is over whenever it had no time for something.
    pub(crate) fn taking(units_a_second: usize) -> Self {
        let (left, throttled, refused) = (units_a_second, 0, None);
        Self(Arc::new(Mutex::new(State { units_a_second, left, throttled, refused })))
    }

    /// From now on, so many calls of this operation are carried out, and those that follow are refused for good.
    pub(crate) fn refuse(&self, operation: &'static str, after: usize) {
        self.0.lock().unwrap().refused = Some((operation, after));
    }

    /// From now on, no call is refused any more.
    pub(crate) fn relent(&self) {
        self.0.lock().unwrap().refused = None;
    }

    /// How often it had no time for all of a call.
    pub(crate) fn throttled(&self) -> usize {
        self.0.lock().unwrap().throttled
    }

    pub(crate) fn client(&self) -> aws_sdk_dynamodb::Client {
        let (engine, narrow) = (kari_aws::http_client(), self.clone());
        let before_it = http_client_fn(move |settings, components| {
            let engine = engine.http_connector(settings, components);
            SharedHttpConnector::new(BeforeEngine { narrow: narrow.clone(), engine })
        });
        aws_sdk_dynamodb::Client::from_conf(support::config().http_client(before_it).build())
    }
}

impl State {
    fn judge(&mut self, operation: &str, request: &HttpRequest) -> Verdict {
        if let Some((refused, after)) = &mut self.refused
            && *refused == operation
        {
            if *after == 0 {
                return Verdict::Refused("AccessDeniedException");
            }
            *after -= 1;
        }
        match operation {
            "PutItem" => self.put(request.body().bytes().unwrap().len() / 4 * 3),
            "BatchWriteItem" => self.batch(deletions(&body(request)).len()),
            _ => Verdict::Done,
        }
    }

    fn put(&mut self, bytes: usize) -> Verdict {
        let units = bytes.div_ceil(1024);
        assert!(units <= self.units_a_second, "it never has time for {units} units");
        if units > self.left {
            self.pass_a_second();
            return Verdict::Refused("ThrottlingException");
        }
        self.left -= units;
        Verdict::Done
    }

    fn batch(&mut self, rows: usize) -> Verdict {
        let done = rows.min(self.left / A_PART);
        self.left -= done * A_PART;
        if done == rows {
            return Verdict::Done;
        }
        self.pass_a_second();
        if done == 0 {
            Verdict::Refused("ProvisionedThroughputExceededException")
        } else {
            Verdict::Partly(done)
        }
    }

    fn pass_a_second(&mut self) {
        self.throttled += 1;
        self.left = self.units_a_second;
    }
}

#[derive(Debug)]
struct BeforeEngine {
    narrow: Narrow,
    engine: SharedHttpConnector,
}

impl HttpConnector for BeforeEngine {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let verdict = self.narrow.0.lock().unwrap().judge(&operation, &request);
        match verdict {
            Verdict::Done => self.engine.call(request),
            Verdict::Refused(code) => {
                let said = json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}") });
                HttpConnectorFuture::ready(Ok(answer(400, &said)))
            }
            Verdict::Partly(done) => self.carry_out_partly(request, done),
        }
    }
}

impl BeforeEngine {
    fn carry_out_partly(&self, mut request: HttpRequest, done: usize) -> HttpConnectorFuture {
        let mut asked = body(&request);
        let left = deletions(&asked).split_off(done);
        let (table, rows) = asked["RequestItems"].as_object_mut().unwrap().iter_mut().next().unwrap();
        let undone = json!({ "UnprocessedItems": { table: left } });
        rows.as_array_mut().unwrap().truncate(done);
        let asked = asked.to_string();
        request.headers_mut().insert("content-length", asked.len().to_string());
        *request.body_mut() = SdkBody::from(asked);
        let carried_out = self.engine.call(request);
        HttpConnectorFuture::new(async move {
            let answered = carried_out.await?;
            assert!(answered.status().is_success(), "{answered:?}");
            Ok(answer(200, &undone))
        })
    }
}

fn body(request: &HttpRequest) -> Value {
    serde_json::from_slice(request.body().bytes().unwrap()).unwrap()
}

/// What a batch of one table consists of.
fn deletions(asked: &Value) -> Vec<Value> {
    asked["RequestItems"].as_object().unwrap().values().next().unwrap().as_array().unwrap().clone()
}

fn answer(status: u16, said: &Value) -> HttpResponse {
    HttpResponse::new(status.try_into().unwrap(), SdkBody::from(said.to_string()))
}
