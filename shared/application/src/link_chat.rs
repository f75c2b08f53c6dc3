//! Linking an account in a chat to the user who is signed in to the portal: the portal shows a code, and whoever
//! has the account gives it there.
//!
//! NB. In this direction only. Were the code made in the chat, somebody could have another person confirm it.

use chrono::TimeDelta;
use kari_domain::audit::{Actor, Cause, StreamId};
use kari_domain::ids::UserId;
use kari_domain::time::Instant;
use sha2::{Digest, Sha256};

use crate::caller::Caller;
use crate::channel_event::ChannelEvent;
use crate::chat_links::{StoredLink, link_key, linked_user, put_link};
use crate::load::corrupt;
use crate::ports::{ClaimChange, Conflict};
use crate::transaction::{ATTEMPTS, Committed, State, Transaction, take};
use crate::{Error, Kari, Loaded};

/// How long a code is good for.
const GOOD_FOR: TimeDelta = TimeDelta::minutes(10);
/// What codes are written with: nothing that is taken for something else. There are 32 of them.
const DIGITS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Five bits each.
const LENGTH: usize = 12;
/// So much of an account's name is kept, in characters.
const LONGEST_NAME: usize = 80;

/// A code that links whoever gives it in a chat to the user it was made for.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkCode {
    pub code: String,
    pub until: Instant,
}

impl std::fmt::Debug for LinkCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LinkCode").field("until", &self.until).finish_non_exhaustive()
    }
}

/// What came of giving a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Linked {
    /// The account is this user's now, and stays so.
    To(UserId),
    /// There is no such code, or it is too old or was used.
    NoSuchCode,
    /// NB. Nobody is silently linked to somebody else: it has to be taken from this user first, on the record.
    ToSomebodyElse(UserId),
}

/// Makes a code for the caller.
///
/// # Errors
/// If it cannot be stored.
pub async fn offer_link(kari: &Kari, caller: &Caller) -> Result<LinkCode, Error> {
    let code = code(kari);
    let until = kari.clock.now() + GOOD_FOR;
    match take(kari, code_key(&code), caller.user.id.as_str(), Some(until)).await? {
        Committed::Yes => Ok(LinkCode { code, until }),
        Committed::Conflict(_) => Err(Error::Busy),
    }
}

/// Links an account of a chat by a code. `account` is what the chat gives to nobody else ever, `name` what it is called
/// there. It is recorded with the channel: whoever has the account acts as the user from then on.
///
/// # Errors
/// If it cannot be read or stored.
pub async fn link(
    kari: &Kari,
    channel: &str,
    account: &str,
    name: Option<&str>,
    code: &str,
) -> Result<Linked, Error> {
    let key = code_key(code);
    let Some(value) = kari.store.holder(&key, kari.clock.now()).await? else { return Ok(Linked::NoSuchCode) };
    let user = UserId::parse(value.as_str()).map_err(corrupt)?;
    let name = name.map(|name| name.chars().take(LONGEST_NAME).collect::<String>());
    let stream = StreamId::channel(channel);
    let event = ChannelEvent::Linked { account: account.to_owned(), user: user.clone(), name: name.clone() };
    let spent = format!("{key}/used");
    for _ in 0..ATTEMPTS {
        let now = kari.clock.now();
        let head = kari.store.state(&stream).await?.head;
        if let Some(by) = kari.store.holder(&spent, now).await? {
            return used_before(kari, &user, account, &by).await;
        }
        let actor = Actor::User { id: user.clone(), label: label(kari, &user).await? };
        let mut transaction = Transaction::new(kari, now, actor, Cause::Slack);
        let loaded = Loaded { stream: stream.clone(), head, state: () };
        let head = transaction.record(&loaded, std::slice::from_ref(&event), State::default())?;
        // NB. One code links one account, also where two come at once.
        let until = Some(now + GOOD_FOR);
        transaction.claim(ClaimChange::Take { key: spent.clone(), value: account.to_owned(), until });
        transaction.claim(ClaimChange::Take { key: link_key(account), value: user.to_string(), until: None });
        let (linked_at, unlinked_at) = (now, None);
        let (linked, name) = (user.clone(), name.clone());
        let kept = StoredLink { user: linked, account: account.to_owned(), name, linked_at, unlinked_at };
        transaction.item(put_link(channel, &kept, head)?);
        match transaction.commit().await? {
            Committed::Yes => {
                tracing::info!(user.id = %user, account, "somebody linked an account of a chat");
                return Ok(Linked::To(user));
            }
            Committed::Conflict(Conflict::Claim { key, held_by }) if key == link_key(account) => {
                return Ok(Linked::ToSomebodyElse(UserId::parse(held_by).map_err(corrupt)?));
            }
            Committed::Conflict(Conflict::Claim { .. }) => return Ok(Linked::NoSuchCode),
            Committed::Conflict(Conflict::Version { .. }) => {}
        }
    }
    Err(Error::Busy)
}

/// What a code comes to that was used: the very same again changes nothing. NB. Whoever was unlinked since needs
/// another one, or a code that was seen would undo it.
async fn used_before(kari: &Kari, user: &UserId, account: &str, by: &str) -> Result<Linked, Error> {
    let linked = by == account && linked_user(kari, account).await?.as_ref() == Some(user);
    Ok(if linked { Linked::To(user.clone()) } else { Linked::NoSuchCode })
}

async fn label(kari: &Kari, user: &UserId) -> Result<String, Error> {
    let snapshot = kari.read_model.load().await?;
    Ok(snapshot.users.get(user).map_or_else(|| user.to_string(), |user| user.display_name.clone()))
}

/// NB. Only a hash is kept: whoever reads the store cannot give the code.
fn code_key(code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("link-code/{}", hex::encode(Sha256::digest(plain.to_ascii_uppercase())))
}

/// Sixty random bits, in groups of four digits.
fn code(kari: &Kari) -> String {
    let random = Sha256::digest(kari.ids.fresh().as_bytes());
    let digit = |byte: &u8| DIGITS.get(usize::from(byte % 32)).map_or('A', |digit| char::from(*digit));
    let digits: Vec<char> = random.iter().take(LENGTH).map(digit).collect();
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}
