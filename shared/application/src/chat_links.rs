//! Which accounts of a chat speak for which users, and how that is kept.
//!
//! A claim on the account says whose it is, so that it is never two people's; on it alone decisions rest. A state item
//! beside it, by user, is for lists. Both are written with the event that says so, and every one of those is in the
//! channel's stream, whose version settles who was first.

use std::collections::BTreeSet;

use kari_domain::audit::Head;
use kari_domain::ids::UserId;
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use crate::load::corrupt;
use crate::ports::{Item, ItemChange, ItemKey, Page, PageRequest};
use crate::{Error, Kari};

/// The key of every link's state item begins with this.
pub(crate) const LINKS: &str = "links/";
/// So many are read at once.
const AT_ONCE: usize = 200;

/// An account of a chat that speaks for a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatLink {
    pub user: UserId,
    /// As the chat knows it.
    pub account: String,
    /// What the account was called in the chat when it was linked.
    pub name: Option<String>,
    pub linked_at: Instant,
}

/// What the state item of a link holds. It stays when the link ends, so that ending it once more is known for that.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredLink {
    pub user: UserId,
    pub account: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub linked_at: Instant,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlinked_at: Option<Instant>,
}

/// What an account of Slack is kept under: by ids that Slack gives to nobody else.
pub fn slack_account(workspace: &str, id: &str) -> String {
    format!("slack/{workspace}/{id}")
}

/// The workspace and the id in it, of an account of Slack.
pub fn in_slack(account: &str) -> Option<(&str, &str)> {
    account.strip_prefix("slack/")?.split_once('/')
}

/// The user that an account of a chat is linked to.
///
/// # Errors
/// If it cannot be read.
pub async fn linked_user(kari: &Kari, account: &str) -> Result<Option<UserId>, Error> {
    let linked = kari.store.holder(&link_key(account), kari.clock.now()).await?;
    linked.map(UserId::parse).transpose().map_err(corrupt)
}

/// Every account of a channel that is linked to this user, the newest link first.
///
/// # Errors
/// If they cannot be read.
pub async fn links_of(kari: &Kari, channel: &str, user: &UserId) -> Result<Vec<ChatLink>, Error> {
    let (prefix, mut after, mut links) = (format!("{}{user}/", prefix(channel)), None, vec![]);
    loop {
        let page = PageRequest { limit: AT_ONCE, after };
        let found = kari.store.items(&prefix, &page).await?;
        links.extend(in_force(kari, &found.items).await?);
        after = found.next;
        if after.is_none() {
            break;
        }
    }
    links.sort_by(|a, b| (b.linked_at, &a.account).cmp(&(a.linked_at, &b.account)));
    Ok(links)
}

/// Everybody's linked accounts of a channel, by user id. A page may be shorter than asked for though another follows.
///
/// # Errors
/// [`Error::BadCursor`]; or if they cannot be read.
pub async fn all_links(kari: &Kari, channel: &str, page: &PageRequest) -> Result<Page<ChatLink>, Error> {
    let found = kari.store.items(&prefix(channel), page).await?;
    Ok(Page { items: in_force(kari, &found.items).await?, next: found.next })
}

/// NB. Lists may be late: of what they name only those count whose claim says the same at this moment.
async fn in_force(kari: &Kari, items: &[Item]) -> Result<Vec<ChatLink>, Error> {
    let stored: Vec<_> = items.iter().filter_map(read).filter(|link| link.unlinked_at.is_none()).collect();
    let claims: BTreeSet<_> = stored.iter().map(|link| link_key(&link.account)).collect();
    if claims.is_empty() {
        return Ok(vec![]);
    }
    let holders = kari.store.holders(&claims, kari.clock.now()).await?;
    let is_theirs = |link: &StoredLink| {
        holders.get(&link_key(&link.account)).is_some_and(|holder| holder == link.user.as_str())
    };
    let link = |stored: StoredLink| {
        let StoredLink { user, account, name, linked_at, .. } = stored;
        ChatLink { user, account, name, linked_at }
    };
    Ok(stored.into_iter().filter(is_theirs).map(link).collect())
}

/// NB. One that cannot be read hides no other; what it stands for can still be ended by its account.
fn read(item: &Item) -> Option<StoredLink> {
    let read = serde_json::from_str(&item.body);
    read.inspect_err(|error| tracing::error!(key = item.key.0, %error, "a linked account cannot be read"))
        .ok()
}

/// What is kept of an account and a user, who may be linked no more.
///
/// # Errors
/// If it cannot be read.
pub(crate) async fn stored_link(
    kari: &Kari,
    channel: &str,
    user: &UserId,
    account: &str,
) -> Result<Option<StoredLink>, Error> {
    let item = kari.store.item(&item_key(channel, user, account)).await?;
    Ok(item.as_ref().and_then(read))
}

/// Writes what is kept.
pub(crate) fn put_link(channel: &str, link: &StoredLink, head: Head) -> Result<ItemChange, Error> {
    let key = item_key(channel, &link.user, &link.account);
    let body = serde_json::to_string(link).map_err(corrupt)?;
    Ok(ItemChange::Put(Item { key, head, due_at: None, request: None, body }))
}

/// The claim that says whose an account is.
pub(crate) fn link_key(account: &str) -> String {
    format!("linked/{account}")
}

fn item_key(channel: &str, user: &UserId, account: &str) -> ItemKey {
    ItemKey(format!("{}{user}/{account}", prefix(channel)))
}

fn prefix(channel: &str) -> String {
    format!("{LINKS}{channel}/")
}
