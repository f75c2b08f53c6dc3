//! Identifiers, parsed once at the edge. After that a value of one of these types is known to be
//! well-formed; whether the thing it names exists is another question.
//!
//! NB. Policies and directories name the same few things by the ten thousand: ids are cheap to copy.

use std::fmt;
use std::sync::Arc;

use arrayvec::ArrayString;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A string that is not a well-formed identifier of the kind it was meant to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} must be {expected}")]
pub struct MalformedId {
    /// What it was meant to be, for instance `an account's id`.
    pub kind: &'static str,
    /// The form expected, in words.
    pub expected: &'static str,
}

macro_rules! string_id {
    ($(#[$doc:meta])* $name:ident($text:ty), $kind:literal, $expected:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($text);

        impl $name {
            /// Parses an identifier.
            ///
            /// # Errors
            /// [`MalformedId`] if the text does not have the expected form.
            pub fn parse(text: impl AsRef<str>) -> Result<Self, MalformedId> {
                let text = text.as_ref();
                let valid: fn(&str) -> bool = $valid;
                let parsed = if valid(text) { text.try_into().ok() } else { None };
                parsed.map(Self).ok_or(MalformedId { kind: $kind, expected: $expected })
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = MalformedId;
            fn try_from(text: String) -> Result<Self, MalformedId> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.as_str().to_owned()
            }
        }

        impl std::str::FromStr for $name {
            type Err = MalformedId;
            fn from_str(text: &str) -> Result<Self, MalformedId> {
                Self::parse(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a string")
                    }

                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        $name::parse(text).map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }
    };
}

fn is_token(text: &str, longest: usize) -> bool {
    !text.is_empty() && text.len() <= longest && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn is_slack_channel(text: &str) -> bool {
    let name = text.strip_prefix('#').unwrap_or(text);
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    plain && (1..=80).contains(&name.chars().count())
}

fn is_permission_set_arn(text: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    let head = [parts.next(), parts.next(), parts.next(), parts.next(), parts.next()];
    let [Some("arn"), Some(partition), Some("sso"), Some(""), Some("")] = head else {
        return false;
    };
    let mut resource = parts.next().unwrap_or_default().split('/');
    let resource = [resource.next(), resource.next(), resource.next(), resource.next()];
    let [Some("permissionSet"), Some(instance), Some(id), None] = resource else {
        return false;
    };
    is_token(partition, 16)
        && instance.starts_with("ssoins-")
        && is_token(instance, 64)
        && id.starts_with("ps-")
        && is_token(id, 64)
}

string_id!(
    /// The identity store's immutable id of a user. Never an e-mail address, never a user name.
    UserId(Arc<str>), "a user's id", "1 to 64 letters, digits or hyphens", |t| is_token(t, 64)
);
string_id!(
    /// The identity store's immutable id of a group.
    GroupId(Arc<str>), "a group's id", "1 to 64 letters, digits or hyphens", |t| is_token(t, 64)
);
string_id!(
    /// An AWS account id.
    AccountId(ArrayString<12>), "an account's id", "12 digits",
    |t| t.len() == 12 && t.bytes().all(|b| b.is_ascii_digit())
);
string_id!(
    /// The id of an organizational unit or of the organization's root.
    OuId(Arc<str>), "an organizational unit's id", "`r-` or `ou-` followed by letters, digits or hyphens",
    |t| (t.starts_with("ou-") || t.starts_with("r-")) && is_token(t, 68)
);
string_id!(
    /// The ARN of a permission set. It contains the id of the Identity Center instance, so it also
    /// tells instances apart.
    PermissionSetArn(Arc<str>), "a permission set's ARN", "like `arn:aws:sso:::permissionSet/ssoins-…/ps-…`",
    is_permission_set_arn
);
impl PermissionSetArn {
    /// The id of the instance that has it, `ssoins-…`.
    pub fn instance(&self) -> Option<&str> {
        self.as_str().split('/').nth(1)
    }
}

string_id!(
    /// The id of a policy, chosen by the administrator who creates it, unique within its kind.
    PolicyId(Arc<str>), "a policy's id", "1 to 64 lower-case letters, digits or hyphens",
    |t| is_token(t, 64) && !t.bytes().any(|b| b.is_ascii_uppercase())
);
string_id!(
    /// A Slack channel by its id, `C0123456789`, or by its name, with or without a `#`. The id is better: a
    /// channel that is renamed keeps it.
    SlackChannel(Arc<str>), "a Slack channel", "1 to 80 letters, digits, hyphens or underscores, with or without a `#`",
    is_slack_channel
);
string_id!(
    /// An identifier Identity Center gave to one asynchronous creation or deletion.
    OperationId(Arc<str>), "an operation's id", "1 to 64 letters, digits or hyphens", |t| is_token(t, 64)
);

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = MalformedId;
            fn from_str(text: &str) -> Result<Self, MalformedId> {
                uuid::Uuid::try_parse(text)
                    .map(Self)
                    .map_err(|_| MalformedId { kind: $kind, expected: "a UUID" })
            }
        }
    };
}

uuid_id!(
    /// The id of an access request.
    RequestId, "a request's id"
);
uuid_id!(
    /// The id shared by the access requests that were submitted together.
    BatchId, "a batch's id"
);
uuid_id!(
    /// The id of one append to the store; it is stored in the events, so that after an unknown
    /// outcome one reads back and knows.
    AppendId, "an append's id"
);

/// What is asked for: a permission set in an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    pub account: AccountId,
    pub permission_set: PermissionSetArn,
}

/// The identity of an account assignment in Identity Center. The instance is part of the
/// permission set's ARN. Grants are for the requester only, so the principal is a user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tuple {
    pub principal: UserId,
    #[serde(flatten)]
    pub target: Target,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_ids_are_twelve_digits() {
        assert!(AccountId::parse("111122223333").is_ok());
        for bad in ["", "11112222333", "1111222233334", "11112222333a", "１１１１２２２２３３３３"]
        {
            assert!(AccountId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn permission_set_arns_name_an_instance_and_a_set_in_any_partition() {
        for good in [
            "arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-a1b2c3d4e5f6a7b8",
            "arn:aws-cn:sso:::permissionSet/ssoins-1/ps-2",
        ] {
            assert!(PermissionSetArn::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "arn:aws:sso:::permissionSet/ssoins-1",
            "arn:aws:sso:::permissionSet/ssoins-1/ps-2/more",
            "arn:aws:sso::111122223333:permissionSet/ssoins-1/ps-2",
            "arn:aws:iam:::permissionSet/ssoins-1/ps-2",
            "AdministratorAccess",
        ] {
            assert!(PermissionSetArn::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ids_are_checked_when_they_are_read() {
        assert!(serde_json::from_str::<UserId>("\"a b\"").is_err());
        assert!(serde_json::from_str::<PolicyId>("\"Upper\"").is_err());
    }

    #[test]
    fn ids_are_letters_digits_and_hyphens_of_a_bounded_length() {
        assert!(UserId::parse("a").is_ok() && UserId::parse("A-1".repeat(21)).is_ok());
        assert!(UserId::parse("a".repeat(64)).is_ok());
        for bad in ["", "a b", "a_b", "a/b", "ü", &"a".repeat(65)] {
            assert!(UserId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn units_and_roots_are_told_by_their_prefix() {
        assert!(OuId::parse("r-ab12").is_ok() && OuId::parse("ou-ab12-cd34").is_ok());
        for bad in ["", "ab12", "xou-1", "ou-a/b", &format!("r-{}", "a".repeat(67))] {
            assert!(OuId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn slack_channels_are_ids_or_names() {
        for good in ["C0123456789", "#prod-access", "prod_access", "障害対応", &"a".repeat(80)] {
            assert!(SlackChannel::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "#", "two words", "##a", "<!channel>", &"a".repeat(81)] {
            assert!(SlackChannel::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn policy_ids_are_lower_case() {
        assert!(PolicyId::parse("on-call-2").is_ok());
        for bad in ["On-call", "", "on call"] {
            assert!(PolicyId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn each_part_of_a_permission_sets_arn_is_checked() {
        for bad in [
            "xarn:aws:sso:::permissionSet/ssoins-1/ps-2",
            "arn::sso:::permissionSet/ssoins-1/ps-2",
            "arn:aws:sso:eu-west-1::permissionSet/ssoins-1/ps-2",
            "arn:aws:sso:::permissionset/ssoins-1/ps-2",
            "arn:aws:sso:::permissionSet/ins-1/ps-2",
            "arn:aws:sso:::permissionSet/ssoins-1/2",
            "arn:aws:sso:::permissionSet/ssoins_1/ps-2",
            "arn:aws:sso:::permissionSet/ssoins-1/ps_2",
        ] {
            assert!(PermissionSetArn::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_id_is_shown_as_it_is_written() {
        let (user, request) = (UserId::parse("u-1").unwrap(), RequestId(uuid::Uuid::from_u128(1)));
        assert_eq!(format!("{user} {user:?} {}", user.as_str()), "u-1 u-1 u-1");
        assert_eq!("u-1".parse(), Ok(user));
        let text = "00000000-0000-0000-0000-000000000001";
        assert_eq!(format!("{request} {request:?}"), format!("{text} {text}"));
        assert_eq!(text.parse(), Ok(request));
    }

    #[test]
    fn what_is_no_id_is_told_in_words_what_one_is() {
        let told = |error: MalformedId| error.to_string();
        assert_eq!(told("one".parse::<RequestId>().unwrap_err()), "a request's id must be a UUID");
        assert_eq!(told(AccountId::parse("payments").unwrap_err()), "an account's id must be 12 digits");
        assert_eq!(
            told(PermissionSetArn::parse("AdministratorAccess").unwrap_err()),
            "a permission set's ARN must be like `arn:aws:sso:::permissionSet/ssoins-…/ps-…`"
        );
    }
}
