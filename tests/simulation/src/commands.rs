//! What people do, as the HTTP API would carry it out: the caller as the identity store knows them,
//! the use case, and a record of what was refused.

use chrono::TimeDelta;
use kari_application::caller::live_caller;
use kari_application::record_attempt::record_attempt;
use kari_application::review_request::review_request;
use kari_application::revoke_grant::revoke_grant;
use kari_application::submit_request::{Wanted, submit_request};
use kari_application::withdraw_request::withdraw_request;
use kari_application::{Error, Kari};
use kari_domain::audit::Cause;
use kari_domain::ids::{AccountId, RequestId, Target, Tuple, UserId};
use kari_domain::request::{AccessRequest, Decision};
use kari_domain::text::{Justification, Ticket};
use kari_domain::time::{Instant, Minutes, whole_seconds};

use crate::dice::Dice;
use crate::organization::{
    ACCOUNTS, BUSY_ACCOUNTS, PEOPLE, PERMISSION_SETS, account, permission_set, some_account, user,
};

/// Something a person does.
#[derive(Debug, Clone, strum::EnumDiscriminants)]
#[strum_discriminants(
    name(DeedKind),
    doc = "What people do, by name alone.",
    derive(PartialOrd, Ord, strum::IntoStaticStr, strum::VariantArray),
    strum(serialize_all = "kebab-case")
)]
pub enum Deed {
    Submit(Wanted),
    Approve(RequestId),
    Deny(RequestId),
    Withdraw(RequestId),
    Revoke(RequestId),
}

impl Deed {
    /// In one word.
    pub fn name(&self) -> &'static str {
        DeedKind::from(self).into()
    }

    /// The request it is about, if it is about one.
    pub fn request(&self) -> Option<RequestId> {
        match self {
            Self::Submit(_) => None,
            Self::Approve(id) | Self::Deny(id) | Self::Withdraw(id) | Self::Revoke(id) => Some(*id),
        }
    }
}

/// What a submission is about, one for each account.
pub(crate) fn tuples(who: &UserId, wanted: &Wanted) -> impl Iterator<Item = Tuple> {
    let target = |account: &AccountId| Target {
        account: account.clone(),
        permission_set: wanted.permission_set.clone(),
    };
    wanted.accounts.iter().map(move |account| Tuple { principal: who.clone(), target: target(account) })
}

/// Carries a deed out.
///
/// # Errors
/// As the use cases; for a submission one for each account.
pub async fn carry_out(
    kari: &Kari,
    who: &UserId,
    deed: &Deed,
    record: bool,
) -> Vec<Result<RequestId, Error>> {
    let caller = match live_caller(kari, who).await {
        Ok(caller) => caller,
        Err(error) => return vec![Err(error)],
    };
    let answers = match deed {
        Deed::Submit(wanted) => match submit_request(kari, &caller, Cause::Api, wanted).await {
            Ok(submitted) => submitted
                .answers
                .into_iter()
                .map(|answer| answer.result.map(|request| id(&request)))
                .collect(),
            Err(error) => vec![Err(error)],
        },
        Deed::Approve(id) => {
            let reviewed = review_request(kari, &caller, Cause::Api, *id, Decision::Approve, None).await;
            vec![reviewed.map(|_| *id)]
        }
        Deed::Deny(id) => {
            let reviewed = review_request(kari, &caller, Cause::Slack, *id, Decision::Deny, None).await;
            vec![reviewed.map(|_| *id)]
        }
        Deed::Withdraw(id) => {
            vec![withdraw_request(kari, &caller, Cause::Api, *id).await.map(|_| *id)]
        }
        Deed::Revoke(id) => vec![revoke_grant(kari, &caller, Cause::Api, *id, None).await.map(|_| *id)],
    };
    for error in answers.iter().filter_map(|answer| answer.as_ref().err()).filter(|_| record) {
        let _ = record_attempt(kari, &caller, Cause::Api, deed.name(), deed.request(), error).await;
    }
    answers
}

fn id(request: &AccessRequest) -> RequestId {
    request.id().expect("it was submitted")
}

/// Something that somebody might want.
pub fn random_wish(dice: &mut Dice, now: Instant, key: u64) -> (UserId, Wanted) {
    let who = user(dice.pick(&PEOPLE[..]).0);
    let mut accounts = vec![some_account(dice)];
    if dice.chance(150) {
        let most = *dice.pick(&[BUSY_ACCOUNTS, BUSY_ACCOUNTS, ACCOUNTS.len()]);
        accounts = ACCOUNTS.iter().take(most).map(|(id, _)| account(id)).collect();
    }
    let later = dice.between(TimeDelta::minutes(1), TimeDelta::minutes(90));
    let minutes = *dice.pick(&[15, 15, 20, 30, 45, 60, 90, 120]);
    let wanted = Wanted {
        idempotency_key: format!("key-{key}"),
        accounts,
        permission_set: permission_set(dice.pick(&PERMISSION_SETS).0),
        start: dice.chance(250).then(|| whole_seconds(now + later)),
        duration: Minutes(minutes),
        justification: dice.chance(970).then(|| Justification::parse("the disk is full again").unwrap()),
        ticket: dice.chance(500).then(|| Ticket::parse("INC-1").unwrap()),
    };
    (who, wanted)
}
