//! `identitystore` on the wire.

use kari_domain::directory::{Group, User};
use kari_domain::ids::{GroupId, UserId};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::exchange::{Answer, Exchange};
use super::failure::{Failure, Sought};
use super::members::{Members, out_of_form, required};
use super::paging::{Page, Paging};
use crate::identity_center::{UniqueAttribute, World};

const STORE: &str = "IdentityStoreId";

/// How many groups `IsMemberInGroups` takes.
const MOST_GROUPS: usize = 100;

/// The call is about our identity store.
pub(super) fn check_store(call: &Exchange<'_>) -> Result<(), Failure> {
    let given = required(STORE, call.members.text(STORE)?)?;
    if given == call.instance()?.identity_store_id {
        return Ok(());
    }
    let message = format!("identity store {given} was not found");
    Err(Failure::Missing { sought: Sought::IdentityStore, message })
}

fn this_user(id: &UserId) -> Sought {
    Sought::User(Some(id.to_string()))
}

fn this_group(id: &GroupId) -> Sought {
    Sought::Group(Some(id.to_string()))
}

pub(super) fn describe_user(call: &Exchange<'_>) -> Answer {
    let (store, id) = (call.instance()?.identity_store_id, call.members.id("UserId")?);
    let found = call.ask(|world, now| world.describe_user(now, &id));
    found.map(|found| user(&store, &found)).map_err(|failure| failure.seeking(this_user(&id)))
}

pub(super) fn list_users(call: &Exchange<'_>) -> Answer {
    let (paging, store) = (Paging::of(call)?, call.instance()?.identity_store_id);
    let filter = filter(&call.members, "UserName")?.map(UniqueAttribute::UserName);
    let mut users = call.ask(World::list_users)?;
    users.retain(|user| filter.as_ref().is_none_or(|name| name.is_of(user)));
    let page = paging.cut(users, |user| user.id.to_string());
    let shown: Vec<Value> = page.items.iter().map(|found| user(&store, found)).collect();
    Ok(json!({ "Users": shown, "NextToken": page.next_token }))
}

pub(super) fn get_user_id(call: &Exchange<'_>) -> Answer {
    let (path, value) = unique_attribute(&call.members)?;
    let attribute = match path.to_ascii_lowercase().as_str() {
        "username" => UniqueAttribute::UserName(value),
        "emails.value" => UniqueAttribute::Email(value),
        _ => return Err(out_of_form("AttributePath", "userName or emails.value")),
    };
    let found = call.ask(|world, now| world.get_user_id(now, &attribute));
    let id = found.map_err(|failure| failure.seeking(Sought::User(None)))?;
    Ok(json!({ STORE: call.instance()?.identity_store_id, "UserId": id }))
}

pub(super) fn describe_group(call: &Exchange<'_>) -> Answer {
    let (store, id) = (call.instance()?.identity_store_id, call.members.id("GroupId")?);
    let found = call.ask(|world, now| world.describe_group(now, &id));
    found.map(|found| group(&store, &found)).map_err(|failure| failure.seeking(this_group(&id)))
}

pub(super) fn get_group_id(call: &Exchange<'_>) -> Answer {
    let (path, name) = unique_attribute(&call.members)?;
    if !path.eq_ignore_ascii_case("displayName") {
        return Err(out_of_form("AttributePath", "displayName"));
    }
    let found = call.ask(|world, now| world.get_group_id(now, &name));
    let id = found.map_err(|failure| failure.seeking(Sought::Group(None)))?;
    Ok(json!({ STORE: call.instance()?.identity_store_id, "GroupId": id }))
}

pub(super) fn list_groups(call: &Exchange<'_>) -> Answer {
    let (paging, store) = (Paging::of(call)?, call.instance()?.identity_store_id);
    let filter = filter(&call.members, "DisplayName")?;
    let mut groups = call.ask(World::list_groups)?;
    groups.retain(|group| filter.as_ref().is_none_or(|name| *name == group.display_name));
    let page = paging.cut(groups, |group| group.id.to_string());
    let shown: Vec<Value> = page.items.iter().map(|found| group(&store, found)).collect();
    Ok(json!({ "Groups": shown, "NextToken": page.next_token }))
}

pub(super) fn list_group_memberships(call: &Exchange<'_>) -> Answer {
    let (paging, store) = (Paging::of(call)?, call.instance()?.identity_store_id);
    let group: GroupId = call.members.id("GroupId")?;
    let found = call.ask(|world, now| world.list_group_memberships(now, &group));
    let members = found.map_err(|failure| failure.seeking(this_group(&group)))?;
    let page = paging.cut(members.into_iter().collect(), UserId::to_string);
    Ok(memberships(&page, |user| membership(&store, &group, user)))
}

pub(super) fn list_group_memberships_for_member(call: &Exchange<'_>) -> Answer {
    let (paging, store) = (Paging::of(call)?, call.instance()?.identity_store_id);
    let user = member(&call.members)?;
    let found = call.ask(|world, now| world.list_group_memberships_for_member(now, &user));
    let groups = found.map_err(|failure| failure.seeking(this_user(&user)))?;
    let page = paging.cut(groups.into_iter().collect(), GroupId::to_string);
    Ok(memberships(&page, |group| membership(&store, group, &user)))
}

pub(super) fn is_member_in_groups(call: &Exchange<'_>) -> Answer {
    let user = member(&call.members)?;
    let groups: Vec<GroupId> = call.members.ids("GroupIds", 1..=MOST_GROUPS)?;
    let found = call.ask(|world, now| world.is_member_in_groups(now, &user, &groups));
    let exist = found.map_err(|failure| failure.seeking(this_user(&user)))?;
    let results = groups.iter().zip(exist).map(|(group, exists)| {
        json!({ "GroupId": group, "MemberId": { "UserId": user }, "MembershipExists": exists })
    });
    Ok(json!({ "Results": results.collect::<Vec<_>>() }))
}

fn member(members: &Members) -> Result<UserId, Failure> {
    required("MemberId", members.inner("MemberId")?)?.id("UserId")
}

/// The path and the value of the unique attribute to look by. External ids are not simulated.
fn unique_attribute(members: &Members) -> Result<(String, String), Failure> {
    let identifier = required("AlternateIdentifier", members.inner("AlternateIdentifier")?)?;
    let attribute = required("UniqueAttribute", identifier.inner("UniqueAttribute")?)?;
    let path = required("AttributePath", attribute.text("AttributePath")?)?;
    let value = required("AttributeValue", attribute.text("AttributeValue")?)?;
    Ok((path.to_owned(), value.to_owned()))
}

/// The value of the one filter a list takes. AWS calls filters deprecated and heeds them.
fn filter(members: &Members, path: &str) -> Result<Option<String>, Failure> {
    let filters = members.inners("Filters")?;
    let Some(filter) = filters.first() else { return Ok(None) };
    if filters.len() > 1 {
        return Err(out_of_form("Filters", "at most one filter"));
    }
    if required("AttributePath", filter.text("AttributePath")?)? != path {
        return Err(out_of_form("AttributePath", path));
    }
    Ok(Some(required("AttributeValue", filter.text("AttributeValue")?)?.to_owned()))
}

fn user(store: &str, user: &User) -> Value {
    let email = user.email.as_ref();
    json!({
        STORE: store,
        "UserId": user.id,
        "UserName": user.user_name,
        "DisplayName": user.display_name,
        "Emails": email.map(|address| json!([{ "Value": address, "Type": "work", "Primary": true }])),
        "UserStatus": if user.enabled { "ENABLED" } else { "DISABLED" },
    })
}

fn group(store: &str, group: &Group) -> Value {
    json!({ STORE: store, "GroupId": group.id, "DisplayName": group.display_name })
}

fn memberships<T>(page: &Page<T>, shown: impl Fn(&T) -> Value) -> Value {
    let entries: Vec<Value> = page.items.iter().map(shown).collect();
    json!({ "GroupMemberships": entries, "NextToken": page.next_token })
}

fn membership(store: &str, group: &GroupId, user: &UserId) -> Value {
    json!({
        STORE: store,
        "MembershipId": membership_id(group, user),
        "GroupId": group,
        "MemberId": { "UserId": user },
    })
}

/// The same for the same membership, and for no other.
fn membership_id(group: &GroupId, user: &UserId) -> uuid::Uuid {
    let digest = Sha256::digest(format!("{group} {user}"));
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
