//! Where a deployment's configuration comes from: environment variables, read once, at start. Nothing in
//! them is secret.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

use kari_application::RoleGroups;
use kari_domain::directory::LeftOut;
use kari_domain::ids::{AccountId, GroupId};
use kari_mail::Links;

use crate::instance::{IdentityStoreId, InstanceArn, RoleArn};

/// What a deployment is told when it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// `KARI_TABLE`: the table of everything that is kept.
    pub table: String,
    /// `AWS_REGION`, as Lambda sets it.
    pub region: String,
    pub identity_center: IdentityCenterIn,
    /// `KARI_STATE_MACHINE_ARN`: what drives approved requests.
    pub state_machine: String,
    /// `KARI_ADMINISTRATORS` and `KARI_AUDITORS`: group ids, separated by commas. There is at least one group
    /// of administrators.
    pub roles: RoleGroups,
    /// `KARI_ISSUER`: exactly the `iss` of the tokens that are taken.
    pub issuer: String,
    /// `KARI_AUDIENCE`: whom those tokens are for.
    pub audience: String,
    /// `KARI_PORTAL_URL`: Kari's own portal, for links in messages.
    pub portal_url: String,
    /// `KARI_ACCESS_PORTAL_URL`: the AWS access portal, for instance `https://d-1234567890.awsapps.com/start`;
    /// without it no console links are given.
    pub access_portal_url: Option<String>,
    /// `KARI_TOPIC_ARN`: where machines are told by SNS.
    pub topic: String,
    /// `KARI_ACCOUNT`: the account that Kari itself runs in.
    pub account: AccountId,
    /// `AWS_LAMBDA_FUNCTION_NAME`, as Lambda sets it.
    pub function: Option<String>,
    /// `KARI_MAIL_FROM`: the address that letters are from; without it there are none.
    pub mail_from: Option<String>,
    /// Slack, where it is set up.
    pub slack: Option<SlackIn>,
}

/// Slack, as a deployment is told of it. NB. Not its secrets: where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlackIn {
    /// `KARI_SLACK_SECRET`: the ARN of the secret that holds the bot's token and the signing secret.
    pub secret: String,
    /// `KARI_SLACK_WORKSPACES`: the ids of the permitted workspaces, separated by commas. There is at least one.
    pub workspaces: BTreeSet<String>,
    /// `KARI_SLACK_API_URL`: another Slack than the real one, for tests.
    pub api_url: Option<String>,
}

/// Which Identity Center, and as whom it is administered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityCenterIn {
    /// `KARI_INSTANCE_ARN`.
    pub instance: InstanceArn,
    /// `KARI_IDENTITY_STORE_ID`.
    pub identity_store: IdentityStoreId,
    /// `KARI_REGION_OF_IDENTITY_CENTER`; where it is not set, the Region that Kari runs in.
    pub region: String,
    /// The account that administers it: the one that Kari itself runs in.
    pub account: AccountId,
    /// The account that Kari is deployed in, where nobody is given access; none where Kari is one process on
    /// somebody's machine.
    pub karis_own: Option<AccountId>,
    /// `KARI_MANAGEMENT`: the role through which the management account's assignments are changed; without it
    /// they are not, because a delegated administrator must not.
    pub management_role: Option<RoleArn>,
    /// `KARI_IDENTITY_CENTER_KEY`: the ARN of the key of one's own that encrypts it, which Kari's roles may decrypt
    /// with; empty where it is AWS's own, and none where nothing says which.
    pub key: Option<String>,
}

impl IdentityCenterIn {
    /// Why Kari changes no assignments on this account, if so. Its roles are denied what this says; here it is
    /// said before anybody asks.
    pub fn leaves_out(&self, id: &AccountId, management: &AccountId) -> Option<LeftOut> {
        if self.karis_own.as_ref() == Some(id) {
            return Some(LeftOut::KarisOwn);
        }
        (id == management && self.is_delegated_without(management)).then_some(LeftOut::NotDelegated)
    }

    /// Whether Kari cannot change assignments on the management account, which is this one.
    fn is_delegated_without(&self, management: &AccountId) -> bool {
        let role_is_there = self.management_role.as_ref().is_some_and(|role| role.account() == management);
        self.account != *management && !role_is_there
    }
}

/// A variable that is not as it has to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadVariable {
    #[error("the environment variable {0} is not set: set it and start again")]
    Missing(&'static str),
    #[error("the environment variable {name} cannot be used: {why}")]
    Malformed { name: &'static str, why: String },
}

impl Environment {
    /// Reads the variables of this process.
    ///
    /// # Errors
    /// The first [`BadVariable`].
    pub fn of_this_process() -> Result<Self, BadVariable> {
        Self::read(variable)
    }

    /// Reads the variables that `variable` gives.
    ///
    /// # Errors
    /// The first [`BadVariable`].
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadVariable> {
        let from = Variables(variable);
        let region: String = from.required("AWS_REGION")?;
        let table = from.required("KARI_TABLE")?;
        let account: AccountId = from.required("KARI_ACCOUNT")?;
        Ok(Self {
            table,
            identity_center: IdentityCenterIn {
                instance: from.required("KARI_INSTANCE_ARN")?,
                identity_store: from.required("KARI_IDENTITY_STORE_ID")?,
                region: from.optional("KARI_REGION_OF_IDENTITY_CENTER")?.unwrap_or_else(|| region.clone()),
                karis_own: Some(account.clone()),
                account: account.clone(),
                management_role: from.optional("KARI_MANAGEMENT")?,
                key: (from.0)("KARI_IDENTITY_CENTER_KEY"),
            },
            region,
            state_machine: from.required("KARI_STATE_MACHINE_ARN")?,
            roles: RoleGroups {
                administrators: from.some_groups("KARI_ADMINISTRATORS")?,
                auditors: from.groups("KARI_AUDITORS")?,
            },
            issuer: from.required("KARI_ISSUER")?,
            audience: from.required("KARI_AUDIENCE")?,
            portal_url: from.required("KARI_PORTAL_URL")?,
            access_portal_url: from.optional("KARI_ACCESS_PORTAL_URL")?,
            topic: from.required("KARI_TOPIC_ARN")?,
            account,
            function: from.optional("AWS_LAMBDA_FUNCTION_NAME")?,
            mail_from: from.optional("KARI_MAIL_FROM")?,
            slack: from.slack()?,
        })
    }

    /// Where links in messages lead.
    pub fn links(&self) -> Links {
        let portal = self.portal_url.trim_end_matches('/').to_owned();
        Links { portal, access_portal: self.access_portal_url.clone() }
    }
}

/// A variable of this process.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads variables")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Variables by name. One that is empty counts as not set: templates cannot leave one out.
struct Variables<F>(F);

impl<F: Fn(&str) -> Option<String>> Variables<F> {
    fn optional<T: FromStr<Err: Display>>(&self, name: &'static str) -> Result<Option<T>, BadVariable> {
        let text = (self.0)(name).filter(|text| !text.is_empty());
        text.map(|text| parsed(name, &text)).transpose()
    }

    fn required<T: FromStr<Err: Display>>(&self, name: &'static str) -> Result<T, BadVariable> {
        self.optional(name)?.ok_or(BadVariable::Missing(name))
    }

    fn groups(&self, name: &'static str) -> Result<BTreeSet<GroupId>, BadVariable> {
        let text: String = self.optional(name)?.unwrap_or_default();
        text.split(',').map(str::trim).filter(|id| !id.is_empty()).map(|id| parsed(name, id)).collect()
    }

    fn slack(&self) -> Result<Option<SlackIn>, BadVariable> {
        let Some(secret) = self.optional("KARI_SLACK_SECRET")? else { return Ok(None) };
        let workspaces: String = self.required("KARI_SLACK_WORKSPACES")?;
        let workspaces = workspaces.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned);
        let api_url = self.optional("KARI_SLACK_API_URL")?;
        Ok(Some(SlackIn { secret, workspaces: workspaces.collect(), api_url }))
    }

    fn some_groups(&self, name: &'static str) -> Result<BTreeSet<GroupId>, BadVariable> {
        let groups = self.groups(name)?;
        if groups.is_empty() { Err(BadVariable::Missing(name)) } else { Ok(groups) }
    }
}

fn parsed<T: FromStr<Err: Display>>(name: &'static str, text: &str) -> Result<T, BadVariable> {
    text.parse().map_err(|error: T::Err| BadVariable::Malformed { name, why: error.to_string() })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn complete() -> BTreeMap<&'static str, &'static str> {
        BTreeMap::from([
            ("AWS_REGION", "ap-northeast-1"),
            ("KARI_TABLE", "kari"),
            ("KARI_INSTANCE_ARN", "arn:aws:sso:::instance/ssoins-7223a1b2"),
            ("KARI_IDENTITY_STORE_ID", "d-9567a1b2c3"),
            ("KARI_STATE_MACHINE_ARN", "arn:aws:states:ap-northeast-1:111122223333:stateMachine:kari"),
            ("KARI_ADMINISTRATORS", "g-admins, g-platform"),
            ("KARI_AUDITORS", ""),
            ("KARI_ISSUER", "https://issuer.example"),
            ("KARI_AUDIENCE", "kari"),
            ("KARI_PORTAL_URL", "https://kari.example"),
            ("KARI_ACCESS_PORTAL_URL", "https://d-9567a1b2c3.awsapps.com/start"),
            ("KARI_TOPIC_ARN", "arn:aws:sns:ap-northeast-1:111122223333:kari"),
            ("KARI_ACCOUNT", "111122223333"),
            ("KARI_MANAGEMENT", "arn:aws:iam::999988887777:role/kari-management"),
            ("KARI_REGION_OF_IDENTITY_CENTER", "us-east-1"),
            ("KARI_IDENTITY_CENTER_KEY", "arn:aws:kms:us-east-1:999988887777:key/1234abcd"),
            ("AWS_LAMBDA_FUNCTION_NAME", "kari-slack"),
            (
                "KARI_SLACK_SECRET",
                "arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:kari-slack-a1b2c3",
            ),
            ("KARI_MAIL_FROM", "kari@example.com"),
            ("KARI_SLACK_WORKSPACES", "T0001, T0002"),
            ("KARI_SLACK_API_URL", ""),
        ])
    }

    const OPTIONAL: [&str; 9] = [
        "KARI_AUDITORS",
        "KARI_ACCESS_PORTAL_URL",
        "KARI_MANAGEMENT",
        "KARI_REGION_OF_IDENTITY_CENTER",
        "KARI_IDENTITY_CENTER_KEY",
        "AWS_LAMBDA_FUNCTION_NAME",
        "KARI_MAIL_FROM",
        "KARI_SLACK_SECRET",
        "KARI_SLACK_API_URL",
    ];

    fn read(variables: &BTreeMap<&str, &str>) -> Result<Environment, BadVariable> {
        Environment::read(|name| variables.get(name).map(|text| (*text).to_owned()))
    }

    #[test]
    fn everything_is_read_into_what_it_means() {
        let read = read(&complete()).unwrap();
        let ids = ["g-admins", "g-platform"].map(|id| id.parse().unwrap());
        assert_eq!(read.roles, RoleGroups { administrators: ids.into(), auditors: BTreeSet::new() });
        assert_eq!(read.identity_center.region, "us-east-1");
        let key = "arn:aws:kms:us-east-1:999988887777:key/1234abcd";
        assert_eq!(read.identity_center.key.as_deref(), Some(key));
        assert_eq!(read.identity_center.management_role.unwrap().account().as_str(), "999988887777");
        assert_eq!(read.account.as_str(), "111122223333");
        assert_eq!(read.function.as_deref(), Some("kari-slack"));
        assert_eq!(read.mail_from.as_deref(), Some("kari@example.com"));
        let slack = read.slack.unwrap();
        assert_eq!(slack.workspaces, ["T0001", "T0002"].map(str::to_owned).into());
        assert!(slack.secret.ends_with("kari-slack-a1b2c3") && slack.api_url.is_none());
    }

    #[test]
    fn the_management_account_is_left_out_unless_kari_runs_in_it_or_has_a_role_in_it() {
        let mut variables = complete();
        let left_out = |variables: &BTreeMap<&str, &str>, management: &str| {
            let (of, management) = (read(variables).unwrap().identity_center, management.parse().unwrap());
            of.leaves_out(&management, &management) == Some(LeftOut::NotDelegated)
        };
        assert!(!left_out(&variables, "999988887777"), "the role is there");
        assert!(left_out(&variables, "444455556666"), "the role is somewhere else");
        variables.remove("KARI_MANAGEMENT");
        assert!(left_out(&variables, "999988887777"), "there is no role");
        let karis = IdentityCenterIn { karis_own: None, ..read(&variables).unwrap().identity_center };
        assert_eq!(karis.leaves_out(&karis.account, &karis.account), None, "it was not delegated");
    }

    #[test]
    fn the_account_that_kari_is_deployed_in_is_left_out_also_where_it_is_the_management_account() {
        let of = read(&complete()).unwrap().identity_center;
        let (other, management) = ("444455556666".parse().unwrap(), "999988887777".parse().unwrap());
        for management in [&management, &of.account] {
            assert_eq!(of.leaves_out(&of.account, management), Some(LeftOut::KarisOwn));
            assert_eq!(of.leaves_out(&other, management), None);
        }
    }

    #[test]
    fn what_may_be_left_out_has_a_cautious_meaning() {
        let mut variables = complete();
        for name in OPTIONAL {
            variables.remove(name);
        }
        let read = read(&variables).unwrap();
        assert_eq!(read.identity_center.region, "ap-northeast-1");
        assert!(read.identity_center.management_role.is_none() && read.identity_center.key.is_none());
        assert!(read.access_portal_url.is_none());
        variables.insert("KARI_IDENTITY_CENTER_KEY", "");
        let said = self::read(&variables).unwrap().identity_center.key;
        assert_eq!(said.as_deref(), Some(""), "that there is none is said");
        assert!(read.slack.is_none() && read.function.is_none() && read.mail_from.is_none());
    }

    #[test]
    fn a_variable_that_is_missing_or_empty_is_named() {
        for name in complete().into_keys().filter(|name| !OPTIONAL.contains(name)) {
            for text in [None, Some("")] {
                let mut variables = complete();
                variables.remove(name);
                variables.extend(text.map(|text| (name, text)));
                assert_eq!(read(&variables), Err(BadVariable::Missing(name)));
            }
        }
    }

    #[test]
    fn a_variable_that_cannot_be_used_is_named_with_the_reason() {
        for (name, text, why) in [
            ("KARI_ACCOUNT", "kari", "an account's id must be 12 digits"),
            ("KARI_ADMINISTRATORS", "the admins", "a group's id must be"),
            ("KARI_INSTANCE_ARN", "ssoins-1", "expected arn:<partition>:sso:::instance/ssoins-…"),
            ("KARI_MANAGEMENT", "true", "expected arn:<partition>:iam::<account>:role/…"),
        ] {
            let mut variables = complete();
            variables.insert(name, text);
            let error = read(&variables).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains(why), "{error}");
        }
    }
}
