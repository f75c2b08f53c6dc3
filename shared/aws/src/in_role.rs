//! Credentials of a role that is taken on when it is first needed.

use aws_config::SdkConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::provider::future;
use aws_sdk_dynamodb::config::ProvideCredentials;
use tokio::sync::OnceCell;

use crate::instance::RoleArn;

/// What the trail of the role's account calls whoever took it on.
const SESSION: &str = "kari";

/// Takes on a role with the credentials of a configuration.
#[derive(Debug)]
pub(crate) struct InRole {
    role: RoleArn,
    config: SdkConfig,
    provider: OnceCell<AssumeRoleProvider>,
}

impl InRole {
    pub(crate) fn new(role: RoleArn, config: SdkConfig) -> Self {
        Self { role, config, provider: OnceCell::new() }
    }

    async fn provider(&self) -> &AssumeRoleProvider {
        let make = async || {
            let builder = AssumeRoleProvider::builder(self.role.as_str()).session_name(SESSION);
            builder.configure(&self.config).build().await
        };
        self.provider.get_or_init(make).await
    }
}

impl ProvideCredentials for InRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async { self.provider().await.provide_credentials().await })
    }
}
