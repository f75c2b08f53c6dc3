//! A function that invokes itself, so that whoever called it has an answer before the work is done.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use kari_application::ports::Unavailable;

use crate::clients::Clients;
use crate::environment::{BadVariable, Environment};

/// This function, to be invoked.
#[derive(Debug, Clone)]
pub struct Itself {
    client: Client,
    name: String,
}

impl Itself {
    /// The function that this process is.
    ///
    /// # Errors
    /// [`BadVariable`] if it is none.
    pub fn of(environment: &Environment) -> Result<Self, BadVariable> {
        let name = environment.function.clone().ok_or(BadVariable::Missing("AWS_LAMBDA_FUNCTION_NAME"))?;
        Ok(Self { client: Client::new(&Clients::of_function(environment).in_own_region), name })
    }

    /// Has an invocation begin with this JSON text, and does not wait for it. Lambda repeats one that fails.
    ///
    /// # Errors
    /// [`Unavailable`] if Lambda did not take it.
    pub async fn invoke_later(&self, event: String) -> Result<(), Unavailable> {
        let invoke = self.client.invoke().function_name(&self.name).invocation_type(InvocationType::Event);
        let taken = invoke.payload(Blob::new(event)).send().await;
        taken.map(drop).map_err(|error| Unavailable::new("lambda", error))
    }
}
