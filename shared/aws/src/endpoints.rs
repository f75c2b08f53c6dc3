//! Where services answer, if not where they do by themselves.

use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use crate::environment::variable;

/// What the environment says of one service, for instance `AWS_ENDPOINT_URL_SSO_ADMIN`, or else of all of
/// them, `AWS_ENDPOINT_URL`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Endpoints;

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        variable(&name_for(&key)).or_else(|| variable(key.env()))
    }
}

fn name_for(key: &ServiceConfigKey<'_>) -> String {
    let service = key.service_id().to_uppercase().replace(' ', "_");
    format!("{}_{service}", key.env())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_of_one_service_ends_in_what_the_service_is_called() {
        let key = |service| {
            ServiceConfigKey::builder().service_id(service).env("AWS_ENDPOINT_URL").profile("endpoint_url")
        };
        assert_eq!(name_for(&key("SSO Admin").build().unwrap()), "AWS_ENDPOINT_URL_SSO_ADMIN");
        assert_eq!(name_for(&key("identitystore").build().unwrap()), "AWS_ENDPOINT_URL_IDENTITYSTORE");
        assert_eq!(name_for(&key("DynamoDB").build().unwrap()), "AWS_ENDPOINT_URL_DYNAMODB");
    }
}
