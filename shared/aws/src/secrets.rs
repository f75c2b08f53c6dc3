//! Secrets Manager: what must stand nowhere else.

use kari_application::ports::Unavailable;

use crate::clients::Clients;
use crate::environment::Environment;

/// The text of a secret. It is for the start of a function, and for nobody's log.
///
/// # Errors
/// [`Unavailable`] if it cannot be read, or is no text.
pub async fn secret(environment: &Environment, id: &str) -> Result<String, Unavailable> {
    let client = aws_sdk_secretsmanager::Client::new(&Clients::of_function(environment).in_own_region);
    let read = client.get_secret_value().secret_id(id).send().await;
    let value = read.map_err(|error| Unavailable::new("the secret", error))?;
    value.secret_string.ok_or_else(|| Unavailable::new("the secret", "it is no text"))
}
