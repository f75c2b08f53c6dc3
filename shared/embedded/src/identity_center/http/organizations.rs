//! `organizations` on the wire.

use kari_domain::directory::{AccountStatus, OrganizationalUnit};
use kari_domain::ids::{AccountId, OuId};
use serde_json::{Value, json};

use super::exchange::{Answer, Exchange};
use super::failure::{Failure, Sought};
use super::members::{out_of_form, required};
use super::paging::Paging;
use crate::identity_center::{MemberAccount, World};

/// What the ARNs of an organization's things have in common.
#[derive(Debug)]
struct Arns {
    management: String,
    organization: String,
}

impl Arns {
    fn of(call: &Exchange<'_>) -> Result<Self, Failure> {
        Ok(Self { management: call.management()?, organization: call.instance()?.organization_id })
    }

    fn arn(&self, kind: &str, id: impl std::fmt::Display) -> String {
        let Self { management, organization } = self;
        format!("arn:aws:organizations::{management}:{kind}/{organization}/{id}")
    }
}

pub(super) fn describe_organization(call: &Exchange<'_>) -> Answer {
    let arns = Arns::of(call)?;
    call.ask(World::describe_organization)?;
    let Arns { management, organization } = &arns;
    Ok(json!({ "Organization": {
        "Id": organization,
        "Arn": format!("arn:aws:organizations::{management}:organization/{organization}"),
        "FeatureSet": "ALL",
        "MasterAccountArn": arns.arn("account", management),
        "MasterAccountId": management,
        "MasterAccountEmail": email(management),
    }}))
}

pub(super) fn describe_account(call: &Exchange<'_>) -> Answer {
    let (arns, id) = (Arns::of(call)?, call.members.id::<AccountId>("AccountId")?);
    let found = call.ask(|world, now| world.describe_account(now, &id));
    let found = found.map_err(|failure| failure.seeking(Sought::Account))?;
    Ok(json!({ "Account": account(call, &arns, &found)? }))
}

pub(super) fn list_accounts(call: &Exchange<'_>) -> Answer {
    let (paging, arns) = (Paging::of(call)?, Arns::of(call)?);
    let accounts = call.ask(World::list_accounts)?;
    shown_accounts(call, paging, &arns, accounts)
}

pub(super) fn list_accounts_for_parent(call: &Exchange<'_>) -> Answer {
    let (paging, arns) = (Paging::of(call)?, Arns::of(call)?);
    let parent: OuId = call.members.id("ParentId")?;
    let accounts = call.ask(|world, now| world.list_accounts_for_parent(now, &parent));
    let accounts = accounts.map_err(|failure| failure.seeking(Sought::Parent))?;
    shown_accounts(call, paging, &arns, accounts)
}

pub(super) fn list_parents(call: &Exchange<'_>) -> Answer {
    let paging = Paging::of(call)?;
    let child = required("ChildId", call.members.text("ChildId")?)?;
    let parent = if child.starts_with("ou-") {
        let id: OuId = call.members.id("ChildId")?;
        call.ask(|world, now| world.list_parents_of_unit(now, &id))
    } else {
        let id: AccountId = call.members.id("ChildId")?;
        call.ask(|world, now| world.list_parents_of_account(now, &id))
    };
    let parent = parent.map_err(|failure| failure.seeking(Sought::Child))?;
    let page = paging.cut(parent.into_iter().collect(), OuId::to_string);
    let shown = page.items.iter().map(|id| {
        let kind = if is_root(id) { "ROOT" } else { "ORGANIZATIONAL_UNIT" };
        json!({ "Id": id, "Type": kind })
    });
    Ok(json!({ "Parents": shown.collect::<Vec<_>>(), "NextToken": page.next_token }))
}

pub(super) fn list_roots(call: &Exchange<'_>) -> Answer {
    let (paging, arns) = (Paging::of(call)?, Arns::of(call)?);
    let page = paging.cut(call.ask(World::list_roots)?, |root| root.id.to_string());
    let shown = page.items.iter().map(|root| {
        json!({ "Id": root.id, "Arn": arns.arn("root", &root.id), "Name": root.name, "PolicyTypes": [] })
    });
    Ok(json!({ "Roots": shown.collect::<Vec<_>>(), "NextToken": page.next_token }))
}

pub(super) fn describe_organizational_unit(call: &Exchange<'_>) -> Answer {
    const UNIT: &str = "OrganizationalUnitId";
    let (arns, id) = (Arns::of(call)?, call.members.id::<OuId>(UNIT)?);
    if is_root(&id) {
        return Err(out_of_form(UNIT, "the id of a unit"));
    }
    let found = call.ask(|world, now| world.describe_organizational_unit(now, &id));
    let found = found.map_err(|failure| failure.seeking(Sought::Unit))?;
    Ok(json!({ "OrganizationalUnit": unit(&arns, &found) }))
}

pub(super) fn list_units_for_parent(call: &Exchange<'_>) -> Answer {
    let (paging, arns) = (Paging::of(call)?, Arns::of(call)?);
    let parent: OuId = call.members.id("ParentId")?;
    let units = call.ask(|world, now| world.list_organizational_units_for_parent(now, &parent));
    let units = units.map_err(|failure| failure.seeking(Sought::Parent))?;
    let page = paging.cut(units, |unit| unit.id.to_string());
    let shown: Vec<Value> = page.items.iter().map(|found| unit(&arns, found)).collect();
    Ok(json!({ "OrganizationalUnits": shown, "NextToken": page.next_token }))
}

fn is_root(id: &OuId) -> bool {
    id.as_str().starts_with("r-")
}

/// The simulated accounts have no address of their own.
fn email(account: &str) -> String {
    format!("aws+{account}@example.com")
}

fn unit(arns: &Arns, unit: &OrganizationalUnit) -> Value {
    json!({ "Id": unit.id, "Arn": arns.arn("ou", &unit.id), "Name": unit.name })
}

fn shown_accounts(call: &Exchange<'_>, paging: Paging, arns: &Arns, accounts: Vec<MemberAccount>) -> Answer {
    let page = paging.cut(accounts, |account| account.id.to_string());
    let shown = page.items.iter().map(|found| account(call, arns, found));
    Ok(json!({ "Accounts": shown.collect::<Result<Vec<_>, _>>()?, "NextToken": page.next_token }))
}

fn account(call: &Exchange<'_>, arns: &Arns, account: &MemberAccount) -> Answer {
    // The retired member knew no closed accounts.
    let (state, status) = match account.status {
        AccountStatus::Active => ("ACTIVE", "ACTIVE"),
        AccountStatus::Suspended => ("SUSPENDED", "SUSPENDED"),
        AccountStatus::Closed => ("CLOSED", "SUSPENDED"),
    };
    let path = format!("{}/{}/{}/", arns.organization, call.units_above(account)?, account.id);
    Ok(json!({
        "Id": account.id,
        "Arn": arns.arn("account", &account.id),
        "Email": email(account.id.as_str()),
        "Name": account.name,
        "State": state,
        "Status": call.front.options.account_status.then_some(status),
        "Paths": (!call.front.options.no_account_paths).then_some([path]),
        "JoinedMethod": "CREATED",
    }))
}
