//! Executions of the state machine: one for each approved request, named after it.

use async_trait::async_trait;
use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::start_execution::StartExecutionError;
use kari_application::ports::{Unavailable, Workflow};
use kari_domain::ids::RequestId;

/// The state machine that drives requests.
#[derive(Debug, Clone)]
pub struct StepFunctions {
    client: Client,
    state_machine: String,
}

impl StepFunctions {
    pub fn new(client: Client, state_machine: impl Into<String>) -> Self {
        Self { client, state_machine: state_machine.into() }
    }

    /// Starts an execution. One of that name that exists already is success: it drives the request, or
    /// has handed it over to the reconciler.
    async fn start_named(&self, name: String, request: RequestId) -> Result<(), Unavailable> {
        // NB. The input is the id and nothing else: what is true is read when it is needed.
        let input = serde_json::json!({ "request_id": request }).to_string();
        let start = self.client.start_execution().state_machine_arn(&self.state_machine);
        match start.name(name).input(input).send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error.as_service_error().is_some_and(StartExecutionError::is_execution_already_exists) =>
            {
                Ok(())
            }
            Err(error) => Err(Unavailable::new("the workflow", error)),
        }
    }
}

#[async_trait]
impl Workflow for StepFunctions {
    async fn start(&self, request: RequestId) -> Result<(), Unavailable> {
        self.start_named(request.to_string(), request).await
    }

    async fn start_end(&self, request: RequestId) -> Result<(), Unavailable> {
        self.start_named(format!("{request}-end"), request).await
    }
}
