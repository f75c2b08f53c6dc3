//! What `kari --identity-center aws` is told besides.

use std::ffi::OsString;
use std::fmt;
use std::str::FromStr;

use clap::Args;
use kari_domain::ids::GroupId;

/// The real Identity Center, and how people sign in. Credentials and Region are found as the AWS CLI finds
/// them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "With --identity-center aws")]
pub struct Real {
    /// The ARN of the instance, if your credentials see several
    #[arg(long, value_name = "ARN")]
    pub instance: Option<String>,
    /// The ids of the groups whose members administer Kari, separated by commas
    #[arg(long, value_name = "GROUP IDS", value_delimiter = ',', required_if_eq("identity_center", "aws"))]
    pub administrators: Vec<GroupId>,
    /// The ids of the groups whose members see everything and change nothing
    #[arg(long, value_name = "GROUP IDS", value_delimiter = ',')]
    pub auditors: Vec<GroupId>,
    #[arg(
        long,
        value_name = "URL",
        required_if_eq("identity_center", "aws"),
        help = "Where people sign in: any OpenID Connect issuer, for instance https://login.example.com"
    )]
    pub issuer: Option<String>,
    /// What Kari is called there: a public client with PKCE that returns to ORIGIN/callback
    #[arg(long, value_name = "ID", required_if_eq("identity_center", "aws"))]
    pub client_id: Option<String>,
    /// Which claim of its identity tokens says who it is, and by what of the identity store: CLAIM=id,
    /// CLAIM=user-name or CLAIM=email
    ///
    /// Take a claim that nobody can write themselves. An e-mail address counts only if the issuer says that
    /// it was verified. Whoever signed in once stays linked to the same user.
    #[arg(long, value_name = "CLAIM=ATTRIBUTE", required_if_eq("identity_center", "aws"))]
    pub user_claim: Option<UserClaim>,
}

/// Which claim leads to a user, and by which attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserClaim {
    pub claim: String,
    pub attribute: Attribute,
}

/// By what the identity store is asked for a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribute {
    Id,
    UserName,
    Email,
}

/// A text that is no [`UserClaim`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write CLAIM=id, CLAIM=user-name or CLAIM=email, for instance email=email")]
pub struct MalformedUserClaim;

impl FromStr for UserClaim {
    type Err = MalformedUserClaim;

    fn from_str(text: &str) -> Result<Self, MalformedUserClaim> {
        let (claim, attribute) = text.split_once('=').ok_or(MalformedUserClaim)?;
        let attribute = match attribute {
            "id" => Attribute::Id,
            "user-name" => Attribute::UserName,
            "email" => Attribute::Email,
            _ => return Err(MalformedUserClaim),
        };
        if claim.is_empty() {
            return Err(MalformedUserClaim);
        }
        Ok(Self { claim: claim.to_owned(), attribute })
    }
}

impl fmt::Display for UserClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attribute = match self.attribute {
            Attribute::Id => "id",
            Attribute::UserName => "user-name",
            Attribute::Email => "email",
        };
        write!(f, "{}={attribute}", self.claim)
    }
}

impl Real {
    /// The same as arguments.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let Self { instance, administrators, auditors, issuer, client_id, user_claim } = self;
        let ids = |ids: &[GroupId]| {
            let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
            Some(ids.join(",")).filter(|ids| !ids.is_empty())
        };
        let given = [
            ("--instance", instance.clone()),
            ("--administrators", ids(administrators)),
            ("--auditors", ids(auditors)),
            ("--issuer", issuer.clone()),
            ("--client-id", client_id.clone()),
            ("--user-claim", user_claim.as_ref().map(ToString::to_string)),
        ];
        let given = given.into_iter().filter_map(|(flag, value)| Some([flag.into(), value?.into()]));
        given.flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_mapped_to_an_attribute_by_name() {
        for text in ["sub=id", "preferred_username=user-name", "email=email"] {
            assert_eq!(text.parse::<UserClaim>().unwrap().to_string(), text);
        }
        for text in ["", "email", "=email", "email=phone", "email="] {
            assert_eq!(text.parse::<UserClaim>(), Err(MalformedUserClaim), "{text}");
        }
    }
}
