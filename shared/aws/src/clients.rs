//! How AWS is called: the clients of all services, on one HTTP client with one crypto provider.

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_sdk_dynamodb::config::SharedCredentialsProvider;

use crate::endpoints::Endpoints;
use crate::environment::Environment;
use crate::http::http_client;

/// What takes longer has an outcome that is not known, and somebody waits for it.
const ONE_CALL: Duration = Duration::from_secs(4);

/// The clients that the adapters call. Those of other services than DynamoDB are made when they are asked for,
/// so that a program in which nobody asks for one does not carry it.
#[derive(Debug, Clone)]
pub struct Clients {
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// How the services in Kari's Region are called.
    pub in_own_region: SdkConfig,
    /// How Identity Center and its identity store are called: they may be in another Region.
    pub of_identity_center: SdkConfig,
}

impl Clients {
    /// The clients of a deployment, with the credentials that this process finds where the AWS CLI does.
    pub async fn load(environment: &Environment) -> Self {
        let config = loader().region(Region::new(environment.region.clone()));
        Self::new(&config.load().await, &environment.identity_center.region)
    }

    /// The clients of a Lambda function. Its credentials are in its environment, where Lambda put them:
    /// looking anywhere else would make its program bigger by what it looks with.
    pub fn of_function(environment: &Environment) -> Self {
        let credentials = SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new());
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(environment.region.clone()))
            .credentials_provider(credentials)
            .http_client(http_client())
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts())
            .service_config(Endpoints);
        Self::new(&config.build(), &environment.identity_center.region)
    }

    /// The clients with the credentials and the Region that this process has, and that Region; `None` if
    /// none is set.
    pub async fn found() -> Option<(Self, String)> {
        let config = loader().load().await;
        let region = config.region()?.to_string();
        Some((Self::new(&config, &region), region))
    }

    /// The clients of one configuration; Identity Center and its identity store may be in another Region.
    pub fn new(config: &SdkConfig, region_of_identity_center: &str) -> Self {
        let region = Region::new(region_of_identity_center.to_owned());
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(config),
            in_own_region: config.clone(),
            of_identity_center: config.to_builder().region(region).build(),
        }
    }

    pub fn identity_store(&self) -> aws_sdk_identitystore::Client {
        aws_sdk_identitystore::Client::new(&self.of_identity_center)
    }

    pub fn organizations(&self) -> aws_sdk_organizations::Client {
        aws_sdk_organizations::Client::new(&self.in_own_region)
    }

    pub fn sso_admin(&self) -> aws_sdk_ssoadmin::Client {
        aws_sdk_ssoadmin::Client::new(&self.of_identity_center)
    }

    pub fn step_functions(&self) -> aws_sdk_sfn::Client {
        aws_sdk_sfn::Client::new(&self.in_own_region)
    }

    pub fn sns(&self) -> aws_sdk_sns::Client {
        aws_sdk_sns::Client::new(&self.in_own_region)
    }
}

fn loader() -> ConfigLoader {
    let config = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client());
    config.retry_config(RetryConfig::disabled()).timeout_config(timeouts())
}

/// *Architecture invariant:* no client repeats a call by itself; one place decides about repeating.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().operation_timeout(ONE_CALL).build()
}
