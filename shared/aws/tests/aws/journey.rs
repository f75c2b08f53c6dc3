//! One request from the asking to the closing on the adapters of AWS, with what it costs of DynamoDB.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::TimeDelta;
use kari_application::advance::{Advanced, advance};
use kari_application::browse::surroundings;
use kari_application::caller::{live_caller, reading_caller};
use kari_application::check_records::check_stream;
use kari_application::edit_policies::{Editor, create_policy};
use kari_application::explain::{EligibilityQuery, eligibility};
use kari_application::ports::{AuditFilter, Clock, OperationKind, PageRequest, RequestFilter, RequestScope};
use kari_application::reconcile::sweep;
use kari_application::review_request::review_request;
use kari_application::submit_request::{Wanted, submit_request};
use kari_application::sync_directory::sync_directory;
use kari_application::{Kari, load_request};
use kari_aws::environment::Environment;
use kari_aws::{Clients, Parts, assemble_from};
use kari_domain::audit::{Actor, Cause, Envelope, StreamId, SystemReason};
use kari_domain::ids::{RequestId, Target, Tuple, UserId};
use kari_domain::request::{Decision, RequestState, Why};
use kari_domain::text::Justification;
use kari_domain::time::Minutes;
use kari_embedded::identity_center::http::Options;
use kari_embedded::identity_center::{FaultPlan, SimulatedIdentityCenter, World};
use kari_embedded::organization::Organization;
use kari_machine::SeededIds;

use crate::clock::JumpingClock;
use crate::counter::{Counter, counted_client};
use crate::{front, support};

pub(crate) struct Town {
    pub(crate) kari: Kari,
    pub(crate) table: String,
    pub(crate) clock: Arc<JumpingClock>,
    sent: Counter,
    center: Arc<SimulatedIdentityCenter>,
    /// How often each operation of the others had been called when this was asked last.
    counted: RefCell<BTreeMap<String, u64>>,
}

fn user(id: &str) -> UserId {
    id.parse().unwrap()
}

pub(crate) fn tuple() -> Tuple {
    let account = "111111111111".parse().unwrap();
    let permission_set = "arn:aws:sso:::permissionSet/ssoins-town/ps-admin".parse().unwrap();
    Tuple { principal: user("u-alice"), target: Target { account, permission_set } }
}

pub(crate) fn environment(table: &str, administrators: String) -> Environment {
    let variables = BTreeMap::from([
        ("AWS_REGION", "ap-northeast-1".to_owned()),
        ("KARI_TABLE", table.to_owned()),
        ("KARI_INSTANCE_ARN", "arn:aws:sso:::instance/ssoins-town".to_owned()),
        ("KARI_IDENTITY_STORE_ID", "d-9567a1b2c3".to_owned()),
        ("KARI_STATE_MACHINE_ARN", "arn:aws:states:ap-northeast-1:1:stateMachine:kari".to_owned()),
        ("KARI_ADMINISTRATORS", administrators),
        ("KARI_ISSUER", "https://issuer.example".to_owned()),
        ("KARI_AUDIENCE", "kari".to_owned()),
        ("KARI_PORTAL_URL", "https://kari.example".to_owned()),
        ("KARI_TOPIC_ARN", "arn:aws:sns:ap-northeast-1:1:kari".to_owned()),
        ("KARI_ACCOUNT", "100000000000".to_owned()),
        ("KARI_MAIL_FROM", "kari@example.com".to_owned()),
    ]);
    Environment::read(|name| variables.get(name).cloned()).unwrap()
}

impl Town {
    pub(crate) async fn new() -> Self {
        let organization = Organization::parse("town.toml", include_str!("town.toml")).unwrap();
        let (clock, sent) = (JumpingClock::new(), Counter::default());
        let simulated = World::new(&organization.directory, 1, FaultPlan::calm());
        let of = front::named(simulated.instance());
        let center = Arc::new(SimulatedIdentityCenter::new(simulated, clock.clone()));
        let address = front::serve(Arc::clone(&center), Options::default()).await;
        let table = support::new_table().await;
        let clients = Clients { dynamodb: counted_client(&sent), ..front::clients_of(address).await };
        let parts = Parts { clients, clock: clock.clone(), ids: Arc::new(SeededIds::new(1)) };
        let groups: Vec<_> = organization.roles.administrators.iter().map(ToString::to_string).collect();
        let environment = Environment { identity_center: of, ..environment(&table, groups.join(",")) };
        let town = Self {
            kari: assemble_from(&environment, parts),
            table,
            clock,
            sent,
            center,
            counted: RefCell::default(),
        };
        town.set_up(&organization).await;
        town
    }

    async fn set_up(&self, organization: &Organization) {
        sync_directory(&self.kari).await.unwrap();
        let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
        for versioned in &organization.policies.eligibility {
            create_policy(&self.kari, &editor, versioned.policy.clone()).await.unwrap();
        }
        for versioned in &organization.policies.approvers {
            create_policy(&self.kari, &editor, versioned.policy.clone()).await.unwrap();
        }
        // Somebody has called since the policies were edited, as nearly always.
        self.kari.policies.current().await.unwrap();
        self.kari.assignments.look(OperationKind::Creation, &tuple()).await.unwrap();
        self.calls();
    }

    pub(crate) async fn ask(&self, who: &str) -> RequestId {
        let wanted = Wanted {
            idempotency_key: format!("{who} {}", self.clock.now()),
            accounts: vec![tuple().target.account],
            permission_set: tuple().target.permission_set,
            start: None,
            duration: Minutes(60),
            justification: Some(Justification::parse("the disk is full again").unwrap()),
            ticket: None,
        };
        let caller = live_caller(&self.kari, &user(who)).await.unwrap();
        let submitted = submit_request(&self.kari, &caller, Cause::Api, &wanted).await.unwrap();
        submitted.answers[0].result.as_ref().unwrap().id().unwrap()
    }

    pub(crate) async fn approve(&self, who: &str, id: RequestId) {
        let caller = live_caller(&self.kari, &user(who)).await.unwrap();
        review_request(&self.kari, &caller, Cause::Api, id, Decision::Approve, None).await.unwrap();
    }

    /// Drives the request until it is over, or waits for this.
    pub(crate) async fn drive(&self, id: RequestId, until: Why) {
        for _ in 0..100 {
            match advance(&self.kari, id).await.unwrap() {
                Advanced::Done => return,
                Advanced::At(_, why) if why == until => return,
                Advanced::At(at, _) => self.clock.jump_to(at),
            }
        }
        panic!("{id} never waits for {until:?}");
    }

    pub(crate) async fn state(&self, id: RequestId) -> &'static str {
        load_request(&self.kari, id).await.unwrap().state.name()
    }

    async fn kinds(&self, id: RequestId) -> Vec<String> {
        let filter = AuditFilter { stream_prefix: Some(format!("request/{id}")), ..AuditFilter::default() };
        let page = PageRequest { limit: 200, after: None };
        let found = self.kari.store.audit(&filter, &page).await.unwrap().items;
        let kind = |bytes: &str| serde_json::from_str::<Envelope>(bytes).unwrap().kind;
        found.iter().rev().map(|record| kind(&record.bytes)).collect()
    }

    /// The calls of DynamoDB and of others since this was asked last.
    fn calls(&self) -> Calls {
        let counts = |world: &mut World| {
            world.counts().iter().map(|(action, count)| (format!("{action:?}"), count.calls)).collect()
        };
        let now: BTreeMap<String, u64> = self.center.with(|world, _| counts(world)).unwrap();
        let before = self.counted.replace(now.clone());
        let since = |(name, calls): (String, u64)| {
            let calls = calls - before.get(&name).copied().unwrap_or_default();
            (calls > 0).then_some((name, calls))
        };
        Calls { dynamodb: self.sent.take(), others: now.into_iter().filter_map(since).collect() }
    }
}

/// How often each operation was called.
struct Calls {
    dynamodb: BTreeMap<String, usize>,
    others: BTreeMap<String, u64>,
}

impl Calls {
    fn counts(&self) -> (usize, u64) {
        (self.dynamodb.values().sum(), self.others.values().sum())
    }
}

impl std::fmt::Display for Calls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (dynamodb, others) = self.counts();
        write!(f, "{dynamodb} + {others} = {}", u64::try_from(dynamodb).unwrap() + others)?;
        for (name, calls) in &self.dynamodb {
            write!(f, "\n    {calls} {name}")?;
        }
        self.others.iter().try_for_each(|(name, calls)| write!(f, "\n    {calls} {name}"))
    }
}

#[tokio::test]
async fn a_request_is_asked_for_approved_granted_and_ended_for_a_bounded_number_of_calls() {
    let town = Town::new().await;
    let id = town.ask("u-alice").await;
    let asked = town.calls();
    town.approve("u-rin", id).await;
    let approved = town.calls();
    town.drive(id, Why::HoldUntilExpiry).await;
    let granted = town.calls();
    assert_eq!(town.state(id).await, "active");
    town.clock.pass(TimeDelta::minutes(61));
    town.calls();
    town.drive(id, Why::AwaitReview).await;
    let ended = town.calls();
    assert_eq!(town.state(id).await, "closed");
    let kinds =
        ["requested", "reviewed", "approved", "activation-started", "activated", "end-started", "closed"];
    assert_eq!(town.kinds(id).await, kinds);
    let calls = format!(
        "calls of DynamoDB, and of others
asked: {asked}
approved: {approved}
granted: {granted}
ended: {ended}"
    );
    insta::assert_snapshot!(calls);
}

#[tokio::test]
async fn what_one_may_ask_for_is_told_by_what_was_read_to_know_who_asks() {
    let town = Town::new().await;
    let around = surroundings(&town.kari).await.unwrap();
    let caller = reading_caller(&town.kari, &around.snapshot, &user("u-alice")).await.unwrap();
    town.calls();
    let query = EligibilityQuery { limit: 200, ..EligibilityQuery::default() };
    let found = eligibility(&town.kari, &caller, &around, &query).await.unwrap();
    assert!(found.accounts.iter().any(|offered| offered.account.id == tuple().target.account));
    assert_eq!(town.calls().counts(), (0, 0));
}

#[tokio::test]
async fn a_page_of_a_list_is_read_with_one_query_and_a_sweep_with_one_for_each_shard() {
    let town = Town::new().await;
    town.ask("u-alice").await;
    town.calls();
    let page = PageRequest { limit: 20, after: None };
    let (everybodys, none) = (RequestScope::All, RequestFilter::default());
    let found = town.kari.store.requests(&everybodys, &none, &page).await.unwrap();
    assert_eq!((found.items.len(), town.calls().counts()), (1, (1, 0)));
    let found = town.kari.store.audit(&AuditFilter::default(), &page).await.unwrap();
    assert_eq!((found.items.len(), town.calls().counts()), (3, (1, 0)));
    sweep(&town.kari, town.clock.now() + TimeDelta::minutes(1)).await.unwrap();
    assert_eq!(town.calls().counts(), (4, 0));
}

#[tokio::test]
async fn of_requests_in_a_whole_phase_no_more_are_read_than_a_page_and_what_tells_whether_another_follows() {
    use RequestState::{Activating, Active, Approved, Closed, Ending, Pending};

    let town = Town::new().await;
    town.ask("u-alice").await;
    town.sent.limits();
    let cases: [(&[RequestState], usize, &[u64]); 6] = [
        (&[Pending], 1, &[3]),
        (&[Closed], 0, &[3]),
        (&[Approved, Activating, Active, Ending], 0, &[3]),
        (&[Closed, Pending], 1, &[3, 3]),
        (&[Active, Pending], 1, &[3, 500]),
        (&[Active], 0, &[500]),
    ];
    for (states, expected, looked_through) in cases {
        let filter = RequestFilter { states: states.to_vec(), ..RequestFilter::default() };
        let page = PageRequest { limit: 1, after: None };
        let found = town.kari.store.requests(&RequestScope::All, &filter, &page).await.unwrap();
        let mut limits = town.sent.limits();
        limits.sort_unstable();
        assert_eq!((found.items.len(), limits.as_slice()), (expected, looked_through), "{states:?}");
    }
}

#[tokio::test]
async fn a_state_item_that_was_changed_or_taken_away_is_made_anew_from_its_events() {
    let town = Town::new().await;
    let stream = StreamId::request(town.ask("u-alice").await);
    let sound = town.kari.store.state(&stream).await.unwrap();
    assert!(sound.item.is_some() && check_stream(&town.kari, &stream).await.unwrap());
    let text = AttributeValue::S;
    for taken_away in [false, true] {
        let client = support::client();
        let (pk, sk) = (text(stream.to_string()), text(format!("state#{stream}")));
        if taken_away {
            client.delete_item().table_name(&town.table).key("pk", pk).key("sk", sk).send().await.unwrap();
        } else {
            let update = client.update_item().table_name(&town.table).key("pk", pk).key("sk", sk);
            let update = update.update_expression("SET body = :body");
            update.expression_attribute_values(":body", text("{".to_owned())).send().await.unwrap();
        }
        assert!(!check_stream(&town.kari, &stream).await.unwrap(), "{taken_away}");
        assert_eq!(town.kari.store.state(&stream).await.unwrap(), sound, "{taken_away}");
        assert!(check_stream(&town.kari, &stream).await.unwrap(), "{taken_away}");
    }
}
