//! How AWS is called: the clients of all services, on one HTTP client with one crypto provider.

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::identity::IdentityCache;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_sdk_dynamodb::config::SharedCredentialsProvider;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use kari_domain::ids::AccountId;

use crate::endpoints::Endpoints;
use crate::environment::Environment;
use crate::in_role::InRole;
use crate::instance::RoleArn;

const CONNECTING: Duration = Duration::from_secs(1);
/// What takes longer has an outcome that is not known, and somebody waits for it.
const ONE_CALL: Duration = Duration::from_secs(4);
const ONE_ATTEMPT: Duration = Duration::from_millis(1_800);
const MOST_ATTEMPTS: u32 = 3;

/// The clients that the adapters call. Those of other services than DynamoDB are made when they are asked for,
/// so that a program in which nobody asks for one does not carry it.
#[derive(Debug, Clone)]
pub struct Clients {
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// How the services in Kari's Region are called.
    pub in_own_region: SdkConfig,
    /// How Identity Center and its identity store are called: they may be in another Region.
    pub of_identity_center: SdkConfig,
    /// The role in the management account, if there is one.
    pub management_role: Option<RoleArn>,
}

/// Identity Center, called from the management account.
#[derive(Debug, Clone)]
pub struct InManagement {
    pub account: AccountId,
    pub sso_admin: aws_sdk_ssoadmin::Client,
}

impl Clients {
    /// The clients of a deployment, with the credentials that this process finds where the AWS CLI does.
    pub async fn load(environment: &Environment) -> Self {
        let config = loader().region(Region::new(environment.region.clone())).load().await;
        Self::of(&config, environment)
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
            .retry_config(retries())
            .timeout_config(timeouts())
            .service_config(Endpoints);
        Self::of(&config.build(), environment)
    }

    fn of(config: &SdkConfig, environment: &Environment) -> Self {
        let of = &environment.identity_center;
        Self::new(config, &of.region).with_management_role(of.management_role.clone())
    }

    /// The clients with the credentials and the Region that this process has, and that Region; `None` if
    /// none is set.
    pub async fn found() -> Option<(Self, String)> {
        let config = loader().load().await;
        let region = config.region()?.to_string();
        Some((Self::new(&config, &region), region))
    }

    /// SNS in this Region, with the credentials that this process has.
    pub async fn sns_in(region: &str) -> aws_sdk_sns::Client {
        aws_sdk_sns::Client::new(&loader().region(Region::new(region.to_owned())).load().await)
    }

    /// The clients of one configuration; Identity Center and its identity store may be in another Region.
    pub fn new(config: &SdkConfig, region_of_identity_center: &str) -> Self {
        let region = Region::new(region_of_identity_center.to_owned());
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(config),
            in_own_region: config.clone(),
            of_identity_center: config.to_builder().region(region).build(),
            management_role: None,
        }
    }

    /// The same, and with this role in the management account.
    #[must_use]
    pub fn with_management_role(self, role: Option<RoleArn>) -> Self {
        Self { management_role: role, ..self }
    }

    pub fn identity_store(&self) -> aws_sdk_identitystore::Client {
        aws_sdk_identitystore::Client::new(&self.of_identity_center)
    }

    pub fn organizations(&self) -> aws_sdk_organizations::Client {
        aws_sdk_organizations::Client::new(&self.in_own_region)
    }

    pub fn sso_admin(&self) -> aws_sdk_ssoadmin::Client {
        of_identity_center(&self.of_identity_center)
    }

    pub fn lambda(&self) -> aws_sdk_lambda::Client {
        aws_sdk_lambda::Client::new(&self.in_own_region)
    }

    pub fn step_functions(&self) -> aws_sdk_sfn::Client {
        aws_sdk_sfn::Client::new(&self.in_own_region)
    }

    pub fn sns(&self) -> aws_sdk_sns::Client {
        aws_sdk_sns::Client::new(&self.in_own_region)
    }

    pub fn ses(&self) -> aws_sdk_sesv2::Client {
        aws_sdk_sesv2::Client::new(&self.in_own_region)
    }

    pub fn sts(&self) -> aws_sdk_sts::Client {
        aws_sdk_sts::Client::new(&self.in_own_region)
    }

    /// What is done with the rights of the role in the management account. It is taken on when it is first needed,
    /// and again when its hour is over.
    pub fn in_management(&self) -> Option<InManagement> {
        let role = self.management_role.as_ref()?;
        let credentials = InRole::new(role.clone(), self.in_own_region.clone());
        let config = self.of_identity_center.to_builder();
        let config = config.credentials_provider(SharedCredentialsProvider::new(credentials));
        // NB. A cache of its own: that of the configuration holds other credentials.
        let config = config.identity_cache(IdentityCache::lazy().build()).build();
        let sso_admin = of_identity_center(&config);
        Some(InManagement { account: role.account().clone(), sso_admin })
    }
}

fn loader() -> ConfigLoader {
    let config = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client());
    config.retry_config(retries()).timeout_config(timeouts())
}

/// A connection that died while the function was frozen, or a moment's trouble of a service, is nothing to tell
/// people of: whatever is asked here may be asked twice. Identity Center alone is never asked twice by itself.
fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(MOST_ATTEMPTS)
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECTING)
        .operation_timeout(ONE_CALL)
        .operation_attempt_timeout(ONE_ATTEMPT)
        .build()
}

/// *Architecture invariant:* no call to Identity Center repeats itself; one place decides about repeating.
fn of_identity_center(config: &SdkConfig) -> aws_sdk_ssoadmin::Client {
    let once = TimeoutConfig::builder().connect_timeout(CONNECTING).operation_timeout(ONE_CALL).build();
    let config = aws_sdk_ssoadmin::config::Builder::from(config).retry_config(RetryConfig::disabled());
    aws_sdk_ssoadmin::Client::from_conf(config.timeout_config(once).build())
}

/// The HTTP client that all service clients share. NB. ring is the one crypto provider of the whole
/// program; two of them would panic at run time.
pub fn http_client() -> SharedHttpClient {
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}
