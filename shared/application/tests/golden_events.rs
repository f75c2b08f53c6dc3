//! Events are for ever, also those of policies, findings and attempts. Every kind that was ever written has a golden
//! file in `fixtures/events`, as the bytes that were stored.
//!
//! **A new kind:** seal one, and store its bytes in `fixtures/events/<policies, findings or attempts>/<kind>.json`.
//! **Never change a golden file:** what it holds lies in somebody's store.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::fs;
use std::path::Path;

use kari_application::channel_event::ChannelEvent;
use kari_application::edit_policies::{AnyPolicy, PolicyEvent};
use kari_application::policy_findings::FindingEvent;
use kari_application::record_attempt::AttemptEvent;
use kari_domain::audit::{AuditEvent, Envelope, parse};
use kari_domain::policy::{
    ApproverPolicy, Effect, EligibilityPolicy, Finding, Flaw, Guardrail, People, PermissionSets, PolicyKind,
    PolicyRef, Principals, Requirement, Targets,
};
use kari_domain::settings::{Channels, Language, Settings};
use kari_domain::text::{Note, PolicyName};
use kari_domain::time::Minutes;

fn golden(folder: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/events").join(folder);
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap())
    };
    fs::read_dir(folder).unwrap().map(file).collect()
}

/// Every kind the type knows: what it would have expected instead of an unknown one.
fn kinds<E: AuditEvent + Debug>() -> BTreeSet<String> {
    let error = serde_json::from_str::<E>(r#"{"kind":"?","data":{}}"#).unwrap_err().to_string();
    let (_, expected) = error.split_once("expected ").expect("the kinds are listed");
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn every_kind_is_read<E: AuditEvent + Debug + PartialEq>(folder: &str, meant: &BTreeMap<&str, E>) {
    let golden = golden(folder);
    assert_eq!(golden.keys().cloned().collect::<BTreeSet<_>>(), kinds::<E>(), "one file for each kind");
    for (kind, bytes) in &golden {
        let envelope: Envelope = serde_json::from_str(bytes.trim_end()).expect("an envelope");
        assert_eq!((&envelope.kind, envelope.version), (kind, 1));
        assert_eq!(&parse::<E>(&envelope).expect("a golden event is read"), &meant[kind.as_str()]);
    }
}

fn name(text: &str) -> PolicyName {
    PolicyName::parse(text).unwrap()
}

fn eligibility() -> EligibilityPolicy {
    EligibilityPolicy {
        id: "sandbox".parse().unwrap(),
        name: name("開発者のサンドボックス"),
        enabled: true,
        principals: Principals {
            everyone: false,
            users: ["u-alice".parse().unwrap()].into(),
            groups: ["g-developers".parse().unwrap()].into(),
        },
        targets: Targets {
            all: false,
            accounts: ["111122223333".parse().unwrap()].into(),
            units: ["ou-1-sandbox".parse().unwrap()].into(),
            excluded_accounts: ["444455556666".parse().unwrap()].into(),
            excluded_units: ["ou-1-vault".parse().unwrap()].into(),
        },
        permission_sets: PermissionSets::These(
            ["arn:aws:sso:::permissionSet/ssoins-1/ps-admin".parse().unwrap()].into(),
        ),
        max_duration_minutes: Minutes(480),
        approval_required: true,
        ticket_required: true,
        note: Some(Note::parse("Play, but clean up.").unwrap()),
    }
}

fn guardrail(effect: Effect) -> Guardrail {
    Guardrail {
        id: "short".parse().unwrap(),
        name: name("Two hours at most"),
        enabled: true,
        principals: Principals::everyone(),
        targets: Targets::all(),
        permission_sets: PermissionSets::All,
        effect,
    }
}

fn approver() -> ApproverPolicy {
    let leads = People { users: [].into(), groups: ["g-leads".parse().unwrap()].into() };
    ApproverPolicy {
        id: "leads".parse().unwrap(),
        name: name("Two leads"),
        enabled: false,
        targets: Targets::all(),
        permission_sets: PermissionSets::All,
        requirements: vec![Requirement { reviewers: leads, quorum: 2 }],
        notify: People { users: ["u-bob".parse().unwrap()].into(), groups: [].into() },
        in_addition: true,
        slack_channel: None,
        portal_only: false,
    }
}

fn settings() -> Settings {
    Settings {
        requests_accepted: true,
        maximum_duration_minutes: Minutes(600),
        pending_lapses_after_minutes: Minutes(60),
        justification_required: false,
        ticket_required: true,
        expiry_warning_minutes: Minutes(20),
        channels: Channels { slack: true, sns: false, email: true },
        slack_audit_channel: Some("C0123456789".parse().unwrap()),
        slack_channel: None,
        slack_language: Language::En,
        slack_linked_only: false,
    }
}

#[test]
fn every_kind_of_event_of_the_policies_has_a_golden_file_and_is_read_as_it_was_meant() {
    let changed = PolicyEvent::PolicyChanged {
        before: Box::new(AnyPolicy::Guardrail(guardrail(Effect::Cap { minutes: Minutes(120) }))),
        after: Box::new(AnyPolicy::Guardrail(guardrail(Effect::RequireApproval))),
    };
    let meant = BTreeMap::from([
        ("policy-created", PolicyEvent::PolicyCreated { policy: AnyPolicy::Eligibility(eligibility()) }),
        ("policy-changed", changed),
        ("policy-deleted", PolicyEvent::PolicyDeleted { before: AnyPolicy::Approver(approver()) }),
        ("settings-changed", PolicyEvent::SettingsChanged { before: Settings::default(), after: settings() }),
    ]);
    every_kind_is_read("policies", &meant);
}

#[test]
fn every_kind_of_event_of_a_finding_has_a_golden_file_and_is_read_as_it_was_meant() {
    let finding = Finding {
        flaw: Flaw::VanishedReference {
            field: "requirements.reviewers".to_owned(),
            id: "g-leads".to_owned(),
        },
        kind: PolicyKind::Approver,
        policy: PolicyRef { id: "leads".parse().unwrap(), version: 3, name: name("Two leads") },
    };
    let meant = BTreeMap::from([
        ("finding-noted", FindingEvent::FindingNoted { finding: finding.clone() }),
        ("finding-gone", FindingEvent::FindingGone { finding }),
    ]);
    every_kind_is_read("findings", &meant);
}

#[test]
fn every_kind_of_event_of_an_attempt_has_a_golden_file_and_is_read_as_it_was_meant() {
    let refused = AttemptEvent::AttemptRefused {
        command: "approve".to_owned(),
        request: Some("00000000-0000-0000-0000-000000000001".parse().unwrap()),
        code: "self-review".to_owned(),
        detail: "nobody reviews their own request; somebody else has to".to_owned(),
    };
    let meant = BTreeMap::from([
        ("attempt-refused", refused),
        ("more-not-recorded", AttemptEvent::MoreNotRecorded {}),
    ]);
    every_kind_is_read("attempts", &meant);
}

#[test]
fn every_kind_of_event_of_a_channel_has_a_golden_file_and_is_read_as_it_was_meant() {
    let undeliverable = ChannelEvent::Undeliverable {
        destination: "channel/C0123456789".to_owned(),
        code: "channel_not_found".to_owned(),
    };
    let linked = ChannelEvent::Linked {
        account: "slack/T0000000001/U0ALICE".to_owned(),
        user: "u-alice".parse().unwrap(),
        // It is kept since later than this was stored.
        name: None,
    };
    let unlinked = ChannelEvent::Unlinked {
        account: "slack/T0000000001/U0ALICE".to_owned(),
        user: "u-alice".parse().unwrap(),
    };
    let meant =
        BTreeMap::from([("undeliverable", undeliverable), ("linked", linked), ("unlinked", unlinked)]);
    every_kind_is_read("channels", &meant);
}
