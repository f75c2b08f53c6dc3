//! The contract of the workflow, against a Step Functions that does what its API documents of starting
//! executions, and nothing else.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use kari_application::contract::workflow;
use kari_application::ports::Workflow;
use kari_aws::workflow::StepFunctions;
use kari_domain::ids::RequestId;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

const MACHINE: &str = "arn:aws:states:ap-northeast-1:111122223333:stateMachine:kari";

#[derive(Debug)]
struct Execution {
    input: String,
    /// It waits for an instant that is far away.
    sleeps: bool,
}

/// The executions of one state machine, by name.
#[derive(Debug, Default)]
struct Executions(Mutex<BTreeMap<String, Execution>>);

impl Executions {
    fn start(&self, name: &str, input: &str) -> Result<(), &'static str> {
        let mut all = self.0.lock().unwrap();
        match all.get(name) {
            Some(same) if same.input == input => Ok(()),
            Some(_) => Err("ExecutionAlreadyExists"),
            None => {
                all.insert(name.to_owned(), Execution { input: input.to_owned(), sleeps: false });
                Ok(())
            }
        }
    }

    fn of(&self, request: RequestId) -> Vec<bool> {
        let all = self.0.lock().unwrap();
        let input = input(request);
        all.values().filter(|execution| execution.input == input).map(|execution| execution.sleeps).collect()
    }

    /// Whatever drives the request waits for an instant that is far away.
    fn put_to_sleep(&self, request: RequestId) {
        let mut all = self.0.lock().unwrap();
        let input = input(request);
        all.values_mut().filter(|execution| execution.input == input).for_each(|one| one.sleeps = true);
    }
}

fn input(request: RequestId) -> String {
    json!({ "request_id": request }).to_string()
}

async fn answer(State(all): State<Arc<Executions>>, asked: Bytes) -> (StatusCode, Json<Value>) {
    let asked: Value = serde_json::from_slice(&asked).unwrap();
    assert_eq!(asked["stateMachineArn"], MACHINE);
    let (name, input) = (asked["name"].as_str().unwrap(), asked["input"].as_str().unwrap());
    match all.start(name, input) {
        Ok(()) => {
            let arn = format!("{}:{name}", MACHINE.replace("stateMachine", "execution"));
            (StatusCode::OK, Json(json!({ "executionArn": arn, "startDate": 1_800_000_000.0 })))
        }
        Err(kind) => (StatusCode::BAD_REQUEST, Json(json!({ "__type": kind, "message": "no" }))),
    }
}

async fn step_functions(executions: Arc<Executions>) -> StepFunctions {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().route("/", post(answer)).with_state(executions);
    tokio::spawn(async move { axum::serve(listener, app).await });
    client_of(address).await
}

async fn client_of(address: SocketAddr) -> StepFunctions {
    StepFunctions::new(crate::front::clients_of(address).await.step_functions(), MACHINE)
}

#[tokio::test]
async fn the_state_machine_keeps_the_laws_of_the_workflow() {
    let executions = Arc::new(Executions::default());
    let workflow = step_functions(Arc::clone(&executions)).await;
    // The third one of the laws sleeps when its early end begins.
    workflow.start(RequestId(Uuid::from_u128(3))).await.unwrap();
    workflow::all(workflow::Subject {
        workflow: &workflow,
        put_to_sleep: &|request| executions.put_to_sleep(request),
        is_awake: &|request| executions.of(request).contains(&false),
    })
    .await;
}

#[tokio::test]
async fn an_execution_of_that_name_that_exists_is_success_and_no_answer_is_none() {
    let executions = Arc::new(Executions::default());
    let request = RequestId(Uuid::from_u128(9));
    let other = Execution { input: "another".to_owned(), sleeps: false };
    executions.0.lock().unwrap().insert(request.to_string(), other);
    step_functions(Arc::clone(&executions)).await.start(request).await.unwrap();
    assert_eq!(executions.0.lock().unwrap().len(), 1);

    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert!(client_of(closed).await.start(request).await.is_err());
}
