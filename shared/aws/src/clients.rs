//! How AWS is called: the clients of all services, on one HTTP client with one crypto provider.

use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_sdk_ssoadmin::config::SharedCredentialsProvider;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use kari_domain::ids::AccountId;

use crate::environment::Environment;
use crate::instance::RoleArn;

/// What the management account's trail calls whoever took on the role.
const SESSION: &str = "kari";
const CONNECTING: Duration = Duration::from_secs(1);
/// What takes longer has an outcome that is not known, and somebody waits for it.
const ONE_CALL: Duration = Duration::from_secs(4);

/// The clients that the adapters call.
#[derive(Debug, Clone)]
pub struct Clients {
    pub dynamodb: aws_sdk_dynamodb::Client,
    pub identity_store: aws_sdk_identitystore::Client,
    pub organizations: aws_sdk_organizations::Client,
    pub sso_admin: aws_sdk_ssoadmin::Client,
    pub step_functions: aws_sdk_sfn::Client,
    pub sns: aws_sdk_sns::Client,
    pub sts: aws_sdk_sts::Client,
    /// What is done with the rights of a role in the management account, if there is one.
    pub management: Option<InManagement>,
}

/// Identity Center, called from the management account.
#[derive(Debug, Clone)]
pub struct InManagement {
    pub account: AccountId,
    pub sso_admin: aws_sdk_ssoadmin::Client,
}

impl Clients {
    /// The clients of a deployment, with the credentials that this process has.
    pub async fn load(environment: &Environment) -> Self {
        let config = loader().region(Region::new(environment.region.clone())).load().await;
        let of = &environment.identity_center;
        let clients = Self::new(&config, &of.region);
        match &of.management_role {
            Some(role) => clients.taking_on(role, &config, &of.region).await,
            None => clients,
        }
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
        let of_identity_center = config.to_builder().region(region).build();
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(config),
            identity_store: aws_sdk_identitystore::Client::new(&of_identity_center),
            organizations: aws_sdk_organizations::Client::new(config),
            sso_admin: aws_sdk_ssoadmin::Client::new(&of_identity_center),
            step_functions: aws_sdk_sfn::Client::new(config),
            sns: aws_sdk_sns::Client::new(config),
            sts: aws_sdk_sts::Client::new(config),
            management: None,
        }
    }

    /// The same clients, and those that take on this role in the management account. It is taken on when it is
    /// first needed, and again when its hour is over.
    pub async fn taking_on(
        self,
        role: &RoleArn,
        config: &SdkConfig,
        region_of_identity_center: &str,
    ) -> Self {
        let credentials = AssumeRoleProvider::builder(role.as_str()).session_name(SESSION).configure(config);
        let config = config.to_builder().region(Region::new(region_of_identity_center.to_owned()));
        let config = config.credentials_provider(SharedCredentialsProvider::new(credentials.build().await));
        // NB. A cache of its own: that of the configuration holds other credentials.
        let config = config.identity_cache(IdentityCache::lazy().build()).build();
        let sso_admin = aws_sdk_ssoadmin::Client::new(&config);
        let account = role.account().clone();
        Self { management: Some(InManagement { account, sso_admin }), ..self }
    }
}

fn loader() -> ConfigLoader {
    let config = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client());
    config.retry_config(RetryConfig::disabled()).timeout_config(timeouts())
}

/// *Architecture invariant:* no client repeats a call by itself; one place decides about repeating.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECTING).operation_timeout(ONE_CALL).build()
}

/// The HTTP client that all service clients share. NB. ring is the one crypto provider of the whole
/// program; two of them would panic at run time.
pub fn http_client() -> SharedHttpClient {
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}
