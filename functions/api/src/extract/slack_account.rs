use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use kari_application::chat_links::slack_account;
use kari_domain::ids::{MalformedId, UserId};
use serde::Deserialize;

use crate::Problem;

/// Slack's own ids are a dozen characters.
const LONGEST: usize = 64;

/// An account of Slack by the ids in a path, as links know it.
#[derive(Debug, Clone)]
pub(crate) struct SlackAccount(pub(crate) String);

/// A user and an account of Slack, by the ids in a path.
#[derive(Debug, Clone)]
pub(crate) struct SlackAccountOf(pub(crate) UserId, pub(crate) String);

#[derive(Deserialize)]
struct InSlack {
    workspace: String,
    account: String,
}

#[derive(Deserialize)]
struct OfUser {
    user: String,
}

impl<S: Send + Sync> FromRequestParts<S> for SlackAccount {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let ids = Path::<InSlack>::from_request_parts(parts, state).await;
        let Path(InSlack { workspace, account }) = ids.map_err(|_| malformed())?;
        if !(is_id(&workspace) && is_id(&account)) {
            return Err(malformed());
        }
        Ok(Self(slack_account(&workspace, &account)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SlackAccountOf {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let SlackAccount(account) = SlackAccount::from_request_parts(parts, state).await?;
        let user = Path::<OfUser>::from_request_parts(parts, state).await;
        let Path(OfUser { user }) = user.map_err(|_| malformed())?;
        let user = user
            .parse()
            .map_err(|error: MalformedId| Problem::malformed("malformed-id", &error.to_string()))?;
        Ok(Self(user, account))
    }
}

fn is_id(text: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=LONGEST).contains(&text.len()) && text.chars().all(letters)
}

fn malformed() -> Problem {
    Problem::malformed("malformed-id", "the ids of the Slack account in the path cannot be read")
}
