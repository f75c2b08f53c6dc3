//! What the hourly check makes of policies that somebody changed in the table itself, and of what others found.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::TimeDelta;
use kari_application::advance::advance;
use kari_application::apply_policies::{apply, plan};
use kari_application::check_records::{alarm, check_open_until, check_policies_in_force, check_stream};
use kari_application::edit_policies::{Editor, change_settings, create_policy};
use kari_application::ports::{
    Listed, Notification, NotificationKind, Notifier, OperationKind, Policies, Unavailable,
};
use kari_application::{Kari, RoleGroups};
use kari_aws::no_right::NoRight;
use kari_aws::policies::DynamoPolicies;
use kari_domain::audit::{Actor, Cause, StreamId, SystemReason};
use kari_domain::policy::{ApproverPolicy, Versioned};
use kari_domain::request::Why;
use kari_domain::settings::Settings;
use kari_domain::time::Instant;

use crate::journey::{Town, tuple};
use crate::support;

/// Keeps of which streams it was told that they were altered.
#[derive(Default)]
struct Told(Mutex<Vec<StreamId>>);

#[async_trait]
impl Notifier for Told {
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable> {
        assert_eq!(notification.kind, NotificationKind::RecordsUnreadable);
        self.0.lock().unwrap().push(notification.stream.clone());
        Ok(())
    }
}

/// A town in which Rin is an administrator, and what she is told.
async fn town() -> (Town, Kari, Arc<Told>) {
    let (town, told) = (Town::new().await, Arc::new(Told::default()));
    let administrators = ["g-leads".parse().unwrap()].into();
    let roles = RoleGroups { administrators, ..RoleGroups::default() };
    let kari = Kari { notifier: told.clone(), roles, ..town.kari.clone() };
    (town, kari, told)
}

fn editor() -> Editor {
    Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator }
}

/// The policies as those see them who have read nothing yet.
fn anew(town: &Town) -> DynamoPolicies {
    DynamoPolicies::new(support::store(&town.table))
}

type Row = HashMap<String, AttributeValue>;

const LEADS: &str = "policies/approver/leads";
const BACK_DOOR: &str = "policies/approver/back-door";

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// The key of the row that holds this item.
fn place(item: &str) -> Row {
    let group: Vec<_> = item.splitn(3, '/').take(2).collect();
    let group = if item.starts_with("policies") { "policies".to_owned() } else { group.join("/") };
    [("pk", text(&group)), ("sk", text(&format!("state#{item}")))].map(|(k, v)| (k.to_owned(), v)).into()
}

async fn row(town: &Town, item: &str) -> Row {
    let get = support::client().get_item().table_name(&town.table).consistent_read(true);
    get.set_key(Some(place(item))).send().await.unwrap().item.unwrap()
}

async fn put(town: &Town, row: &Row) {
    let put = support::client().put_item().table_name(&town.table);
    put.set_item(Some(row.clone())).send().await.unwrap();
}

async fn take_away(town: &Town, item: &str) {
    let delete = support::client().delete_item().table_name(&town.table);
    delete.set_key(Some(place(item))).send().await.unwrap();
}

#[tokio::test]
async fn policies_as_they_were_recorded_are_told_to_nobody_and_those_that_were_changed_in_the_table_are() {
    let (town, kari, told) = town().await;
    let leads = kari.policies.current().await.unwrap().policy_set().approvers[0].policy.clone();
    for id in ["others", "still-others"] {
        let policy = ApproverPolicy { id: id.parse().unwrap(), ..leads.clone() };
        create_policy(&kari, &editor(), policy).await.unwrap();
    }
    let told_after_a_check = async || {
        check_policies_in_force(&kari).await.unwrap();
        std::mem::take(&mut *told.0.lock().unwrap())
    };
    assert_eq!(told_after_a_check().await, []);

    let (altered, sound) = ([StreamId::policies()], row(&town, LEADS).await);
    let body = sound["body"].as_s().unwrap();
    let eased = body.replace("\"quorum\":1", "\"quorum\":0");
    assert_ne!(eased, *body);
    let mut changed = sound.clone();
    changed.insert("body".to_owned(), text(&eased));
    put(&town, &changed).await;
    assert_eq!(told_after_a_check().await, altered);

    put(&town, &sound).await;
    assert_eq!(told_after_a_check().await, []);
    let mut added = sound.clone();
    added.insert("sk".to_owned(), place(BACK_DOOR)["sk"].clone());
    put(&town, &added).await;
    assert_eq!(told_after_a_check().await, altered);

    take_away(&town, BACK_DOOR).await;
    assert_eq!(told_after_a_check().await, []);
    take_away(&town, LEADS).await;
    assert_eq!(told_after_a_check().await, altered);
}

#[tokio::test]
async fn what_a_function_without_channels_found_is_told_by_the_next_check_and_once() {
    let (town, kari, told) = town().await;
    let workflow = Kari { notifier: Arc::new(NoRight), ..town.kari.clone() };
    let found = StreamId::ledger(&tuple());
    alarm(&workflow, &found, &"its state item is missing").await;
    for expected in [vec![found], vec![]] {
        check_open_until(&kari, Instant::MAX_UTC).await.unwrap();
        assert_eq!(std::mem::take(&mut *told.0.lock().unwrap()), expected);
    }
}

/// As where the table was restored to the middle of a transaction.
#[tokio::test]
async fn access_ends_although_the_record_of_its_ledger_was_put_back_behind_its_events() {
    let (mut town, kari, told) = town().await;
    town.kari = kari;
    let (id, ledger) = (town.ask("u-alice").await, StreamId::ledger(&tuple()));
    town.approve("u-rin", id).await;
    town.drive(id, Why::HoldUntilExpiry).await;
    let as_it_was = row(&town, ledger.as_str()).await;
    town.clock.pass(TimeDelta::minutes(61));
    advance(&town.kari, id).await.unwrap();
    assert_ne!(row(&town, ledger.as_str()).await["version"], as_it_was["version"]);
    put(&town, &as_it_was).await;

    town.drive(id, Why::AwaitReview).await;
    assert_eq!(town.state(id).await, "closed");
    assert_eq!(town.kari.assignments.look(OperationKind::Deletion, &tuple()).await.unwrap(), Listed::No);
    assert!(told.0.lock().unwrap().contains(&ledger));
    assert!(check_stream(&town.kari, &ledger).await.unwrap(), "all is well again");
}

/// As where all rows of an edit are not shown at the same moment.
#[tokio::test]
async fn a_part_of_an_edit_is_never_given_for_the_policies_and_the_rest_is_waited_for() {
    let (town, kari, _) = town().await;
    let before = kari.policies.current().await.unwrap().policy_set().clone();
    let leads_before = row(&town, LEADS).await;
    let mut wanted = before.clone();
    wanted.approvers[0].policy.enabled = false;
    let others = ApproverPolicy { id: "others".parse().unwrap(), ..before.approvers[0].policy.clone() };
    wanted.approvers.push(Versioned { version: 0, policy: others });
    apply(&kari, &editor(), &plan(&before, &wanted)).await.unwrap();
    let leads = row(&town, LEADS).await;

    put(&town, &leads_before).await;
    assert!(anew(&town).current().await.is_err());
    assert!(anew(&town).keep_copy().await.is_err());
    let policies = anew(&town);
    let (read, ()) = tokio::join!(policies.current(), put(&town, &leads));
    let mut enabled: Vec<_> = read.unwrap().policy_set().approvers.iter().map(|a| a.policy.enabled).collect();
    enabled.sort_unstable();
    assert_eq!(enabled, [false, true]);
}

#[tokio::test]
async fn policies_that_an_earlier_version_edited_last_are_read_although_nothing_says_which_there_are() {
    let (town, kari, _) = town().await;
    let mut set = row(&town, "policies").await;
    let mut body: serde_json::Value = serde_json::from_str(set["body"].as_s().unwrap()).unwrap();
    assert!(body.as_object_mut().unwrap().remove("policies").is_some());
    set.insert("body".to_owned(), text(&body.to_string()));
    put(&town, &set).await;
    let expected = kari.policies.current().await.unwrap();
    assert_eq!(anew(&town).current().await.unwrap().policy_set(), expected.policy_set());
}

#[tokio::test]
async fn policies_of_which_one_is_missing_or_too_many_are_not_given_until_they_are_put_right() {
    let (town, kari, _) = town().await;
    let sound = kari.policies.current().await.unwrap();
    let mut back_door = row(&town, LEADS).await;
    back_door.extend(place(BACK_DOOR));
    for is_missing in [true, false] {
        if is_missing {
            take_away(&town, LEADS).await;
        } else {
            put(&town, &back_door).await;
        }
        assert!(anew(&town).current().await.is_err(), "{is_missing}");
        check_policies_in_force(&kari).await.unwrap();
        assert_eq!(anew(&town).current().await.unwrap().policy_set(), sound.policy_set(), "{is_missing}");
    }
}

/// As where the table was restored to the middle of an edit.
#[tokio::test]
async fn policies_are_edited_on_and_nothing_is_lost_although_their_record_was_put_back_behind_its_events() {
    let (town, kari, told) = town().await;
    let leads = kari.policies.current().await.unwrap().policy_set().approvers[0].policy.clone();
    let named = |id: &str| ApproverPolicy { id: id.parse().unwrap(), ..leads.clone() };
    let (before, settings_before) = (row(&town, "policies").await, anew(&town).settings().await.unwrap());
    create_policy(&kari, &editor(), named("others")).await.unwrap();
    put(&town, &before).await;
    let kari = Kari { policies: Arc::new(anew(&town)), ..kari };
    create_policy(&kari, &editor(), named("still-others")).await.unwrap();

    let before = row(&town, "policies").await;
    let settings = Settings { ticket_required: !settings_before.ticket_required, ..settings_before };
    change_settings(&kari, &editor(), settings.clone(), 0).await.unwrap();
    put(&town, &before).await;
    let kari = Kari { policies: Arc::new(anew(&town)), ..kari };
    create_policy(&kari, &editor(), named("all-others")).await.unwrap();

    let read = anew(&town).current().await.unwrap();
    let mut ids: Vec<_> = read.policy_set().approvers.iter().map(|a| a.policy.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(
        (ids, &read.policy_set().settings),
        (vec!["all-others", "leads", "others", "still-others"], &settings)
    );
    let administrators = std::mem::take(&mut *told.0.lock().unwrap());
    assert!(administrators.contains(&StreamId::policies()));
    check_policies_in_force(&kari).await.unwrap();
    assert!(told.0.lock().unwrap().is_empty(), "all is well again");
}
