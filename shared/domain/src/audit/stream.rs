//! The names of streams. An event belongs to exactly one stream; order is kept within a stream.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, MalformedId, PermissionSetArn, RequestId, Target, Tuple, UserId};
use crate::time::Instant;

/// The name of a stream of events.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamId(String);

impl StreamId {
    /// The life of one access request.
    pub fn request(id: RequestId) -> Self {
        Self(format!("request/{id}"))
    }

    /// The ledger of one account assignment.
    pub fn ledger(tuple: &Tuple) -> Self {
        let Target { account, permission_set } = &tuple.target;
        Self(format!("assignment/{account}/{}/{permission_set}", tuple.principal))
    }

    /// What the names of all ledgers of an account begin with. No stream has this name.
    pub fn ledgers_of(account: &AccountId) -> Self {
        Self(format!("assignment/{account}/"))
    }

    /// All policies and the settings. Its version is the policy-set version.
    pub fn policies() -> Self {
        Self("policies".to_owned())
    }

    /// What was found about the policies when the directory was read.
    pub fn findings() -> Self {
        Self("findings".to_owned())
    }

    /// What one person tried and was refused, on one day (UTC).
    pub fn attempts(actor: &UserId, at: Instant) -> Self {
        Self(format!("attempts/{actor}/{}", at.format("%Y-%m-%d")))
    }

    /// What those tried in a channel who are nobody here, all of them together, on one day (UTC). No person's attempts
    /// have such a name.
    pub fn strangers(channel: &str, at: Instant) -> Self {
        Self(format!("attempts/strangers/{channel}/{}", at.format("%Y-%m-%d")))
    }

    /// What a channel that tells people could not deliver.
    pub fn channel(name: &str) -> Self {
        Self(format!("channels/{name}"))
    }

    /// The directory as a whole. Nothing is recorded there: notifications are about it.
    pub fn directory() -> Self {
        Self("directory".to_owned())
    }

    /// A stream's name as read from the store.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The stream's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The request whose life this stream is, if it is one.
    pub fn as_request(&self) -> Option<RequestId> {
        self.0.strip_prefix("request/")?.parse().ok()
    }

    /// The tuple whose ledger this stream is, if it is one.
    pub fn as_tuple(&self) -> Option<Tuple> {
        let mut parts = self.0.strip_prefix("assignment/")?.splitn(3, '/');
        let parse = |account: &str, principal: &str, arn: &str| -> Result<Tuple, MalformedId> {
            let target = Target { account: account.parse()?, permission_set: PermissionSetArn::parse(arn)? };
            Ok(Tuple { principal: principal.parse()?, target })
        };
        parse(parts.next()?, parts.next()?, parts.next()?).ok()
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_streams_name_leads_back_to_its_tuple() {
        let tuple = Tuple {
            principal: "u-1".parse().unwrap(),
            target: Target {
                account: "111122223333".parse().unwrap(),
                permission_set: "arn:aws:sso:::permissionSet/ssoins-1/ps-1".parse().unwrap(),
            },
        };
        let stream = StreamId::ledger(&tuple);
        assert!(stream.as_str().starts_with(StreamId::ledgers_of(&tuple.target.account).as_str()));
        assert_eq!(StreamId::ledgers_of(&tuple.target.account).as_tuple(), None);
        assert_eq!(stream.as_tuple(), Some(tuple));
        assert_eq!(stream.as_request(), None);
        assert_eq!(StreamId::policies().as_tuple(), None);
    }
}
