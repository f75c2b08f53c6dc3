//! What each function reaches, against the rights that its role has in the template.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use aws_smithy_types::error::display::DisplayErrorContext;
use chrono::DateTime;
use kari_application::Kari;
use kari_application::ports::{ItemKey, Notification, NotificationKind};
use kari_aws::duties::{self, Duty};
use kari_aws::no_right::NO_RIGHT;
use kari_aws::{Adapters, Parts};
use kari_domain::audit::StreamId;
use kari_domain::ids::{RequestId, Target, Tuple};
use kari_machine::SeededIds;
use uuid::Uuid;

use crate::clock::JumpingClock;
use crate::front::clients_of;

/// Who may do what, as it is held against the template by another test.
const RIGHTS: &str = include_str!("../../../../tests/local-cloud/rights.txt");
/// One action that stands for all that a port does, as IAM calls it.
const ACTIONS: [&str; 9] = [
    "dynamodb:GetItem",
    "identitystore:DescribeUser",
    "organizations:DescribeAccount",
    "sso:DescribePermissionSet",
    "identitystore:ListUsers",
    "sso:CreateAccountAssignment",
    "states:StartExecution",
    "sns:Publish",
    "ses:SendEmail",
];

/// What a role may do, of those actions.
fn allowed(role: &str) -> BTreeSet<&'static str> {
    let title = format!("template.yaml {role}");
    let of_role = RIGHTS.split("\n\n").find(|part| part.lines().next() == Some(&title)).unwrap();
    let denied = of_role.find("  deny").unwrap_or(of_role.len());
    let lines: BTreeSet<_> = of_role[..denied].lines().map(str::trim).collect();
    ACTIONS.into_iter().filter(|action| lines.contains(action)).collect()
}

/// What a function tries to do, of those actions: nothing answers, but what it has no right to it does not try.
async fn tried(duty: Duty) -> BTreeSet<&'static str> {
    let nowhere: SocketAddr = "127.0.0.1:9".parse().unwrap();
    let ids = Arc::new(SeededIds::new(1));
    let parts = Parts { clients: clients_of(nowhere).await, clock: JumpingClock::new(), ids };
    let environment = crate::journey::environment("kari", "g-admins".to_owned());
    let kari = duty(&Adapters::new(&environment, parts));
    let mut tried = BTreeSet::new();
    for action in ACTIONS {
        if !failure(&kari, action).await.contains(NO_RIGHT) {
            tried.insert(action);
        }
    }
    tried
}

/// The words with which an action fails.
async fn failure(kari: &Kari, action: &str) -> String {
    let request = RequestId(Uuid::nil());
    let permission_set = "arn:aws:sso:::permissionSet/ssoins-town/ps-admin".parse().unwrap();
    let target = Target { account: "111111111111".parse().unwrap(), permission_set };
    let user = "u-alice".parse().unwrap();
    match action {
        "dynamodb:GetItem" => words(kari.store.item(&ItemKey::from(&StreamId::request(request))).await),
        "identitystore:DescribeUser" => words(kari.directory.user(&user).await),
        "organizations:DescribeAccount" => words(kari.directory.account(&target.account).await),
        "sso:DescribePermissionSet" => words(kari.directory.permission_set(&target.permission_set).await),
        "identitystore:ListUsers" => words(kari.directory.read_all().await),
        "sso:CreateAccountAssignment" => {
            words(kari.assignments.create(&Tuple { principal: user, target }).await)
        }
        "states:StartExecution" => words(kari.workflow.start(request).await),
        // NB. One port tells by all channels.
        "sns:Publish" | "ses:SendEmail" => {
            let notification = Notification {
                kind: NotificationKind::DirectoryTooOld,
                recipients: vec![user],
                stream: StreamId::directory(),
                sequence: 1,
                request: None,
                at: DateTime::UNIX_EPOCH,
            };
            words(kari.notifier.deliver(&notification).await)
        }
        _ => panic!("{action} is not tried"),
    }
}

fn words<T, E: std::error::Error>(answer: Result<T, E>) -> String {
    DisplayErrorContext(answer.err().expect("nothing answers")).to_string()
}

async fn tries_what_its_role_allows(duty: Duty, role: &str) {
    assert_eq!(tried(duty).await, allowed(role), "{role}");
}

#[tokio::test]
async fn each_function_has_what_its_role_in_the_template_allows_and_nothing_else() {
    tries_what_its_role_allows(duties::api, "ApiRole").await;
    tries_what_its_role_allows(duties::slack, "SlackRole").await;
    tries_what_its_role_allows(duties::workflow, "WorkflowRole").await;
    tries_what_its_role_allows(duties::relay, "RelayRole").await;
    tries_what_its_role_allows(duties::slack_relay, "SlackRelayRole").await;
    tries_what_its_role_allows(duties::reconciler, "ReconcilerRole").await;
    tries_what_its_role_allows(duties::directory_sync, "DirectorySyncRole").await;
}
