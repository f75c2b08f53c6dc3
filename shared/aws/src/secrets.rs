//! Secrets Manager: what must stand nowhere else.

use futures::FutureExt;
use futures::future::BoxFuture;
use kari_application::ports::Unavailable;

use crate::clients::Clients;
use crate::environment::Environment;

/// What reads the text of a secret, as it is there each time. It is for functions, and for nobody's log. It fails if
/// the secret cannot be read, or is no text.
pub fn secret(
    environment: &Environment,
    id: &str,
) -> impl Fn() -> BoxFuture<'static, Result<String, Unavailable>> + Send + Sync + use<> {
    let client = aws_sdk_secretsmanager::Client::new(&Clients::of_function(environment).in_own_region);
    let id = id.to_owned();
    move || {
        let asked = client.get_secret_value().secret_id(&id).send();
        async move {
            let value = asked.await.map_err(|error| Unavailable::new("the secret", error))?;
            value.secret_string.ok_or_else(|| Unavailable::new("the secret", "it is no text"))
        }
        .boxed()
    }
}
