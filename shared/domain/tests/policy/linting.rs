//! What an administrator is told about policies that are well-formed.

use kari_domain::policy::{
    ApproverPolicy, Effect, EligibilityPolicy, Finding, Flaw, Guardrail, PolicyKind, PolicyRef, PolicySet,
    Principals, lint,
};
use kari_domain::time::Minutes;

use crate::organization::*;

fn found(set: &PolicySet) -> Vec<(&'static str, String)> {
    let brief = |finding: Finding| (finding.flaw.code(), finding.policy.id.to_string());
    lint(set, &snapshot()).into_iter().map(brief).collect()
}

#[test]
fn sensible_policies_have_no_findings() {
    let set = policies([with_approval("a")], [guardrail("g", Effect::RequireApproval)], [approver("p")]);
    assert_eq!(lint(&set, &snapshot()), []);
}

#[test]
fn a_disabled_policy_is_named_and_nothing_else_is_said_about_it() {
    let set = policies(
        [EligibilityPolicy { enabled: false, principals: Principals::default(), ..eligible("a") }],
        [],
        [],
    );
    assert_eq!(found(&set), [("disabled", "a".to_owned())]);
}

#[test]
fn a_policy_that_names_what_is_gone_or_that_nobody_can_use_is_named() {
    let lost = EligibilityPolicy { principals: of_group("nobody"), ..eligible("a") };
    let disabled = Principals { users: [user("dan")].into(), ..Principals::default() };
    let set = policies([lost, EligibilityPolicy { principals: disabled, ..eligible("b") }], [], []);
    assert_eq!(
        found(&set),
        [
            ("vanished-reference", "a".to_owned()),
            ("nobody-can-use", "a".to_owned()),
            ("nobody-can-use", "b".to_owned()),
        ]
    );
    let guardrail = Guardrail { targets: units(&["ou-gone"]), ..guardrail("g", Effect::RequireApproval) };
    assert_eq!(found(&policies([], [guardrail], []))[0], ("vanished-reference", "g".to_owned()));
}

#[test]
fn a_policy_without_an_active_account_is_named() {
    let set = policies([EligibilityPolicy { targets: accounts(&[CLOSED]), ..eligible("a") }], [], []);
    assert_eq!(found(&set), [("reaches-no-account", "a".to_owned())]);
}

#[test]
fn a_policy_that_allows_longer_than_the_setting_is_named() {
    let set = policies([EligibilityPolicy { max_duration_minutes: Minutes(1441), ..eligible("a") }], [], []);
    assert_eq!(found(&set), [("longer-than-setting", "a".to_owned())]);
    let as_long = EligibilityPolicy { max_duration_minutes: Minutes(1440), ..eligible("a") };
    assert_eq!(found(&policies([as_long], [], [])), []);
}

#[test]
fn what_the_directory_alone_brings_about_is_told_from_what_administrators_wrote() {
    let vanished = Flaw::VanishedReference { field: "notify.users".into(), id: "zoe".into() };
    let (own_minutes, setting_minutes) = (Minutes(2), Minutes(1));
    let flaws = [
        (vanished, true),
        (Flaw::QuorumCannotBeMet, true),
        (Flaw::Disabled, false),
        (Flaw::NobodyCanUse, false),
        (Flaw::ReachesNoAccount, false),
        (Flaw::LongerThanSetting { own_minutes, setting_minutes }, false),
    ];
    for (flaw, by_itself) in flaws {
        assert_eq!(flaw.comes_by_itself(), by_itself, "{flaw:?}");
    }
}

#[test]
fn a_quorum_that_the_enabled_people_cannot_reach_is_named() {
    let set = policies(
        [],
        [],
        [ApproverPolicy { requirements: vec![requirement(&["leads"], 3)], ..approver("p") }],
    );
    assert_eq!(found(&set), [("quorum-cannot-be-met", "p".to_owned())]);
}

#[test]
fn approval_that_nobody_is_named_to_give_is_found_with_an_example() {
    let production = ApproverPolicy { targets: units(&["ou-production"]), ..approver("p") };
    let set = policies(
        [EligibilityPolicy { permission_sets: sets(&["admin"]), ..with_approval("a") }],
        [],
        [production],
    );
    let findings = lint(&set, &snapshot());
    assert_eq!(findings.len(), 1);
    assert!(matches!(findings[0].flaw, Flaw::NoApproverPolicy { pairs: 2, .. }), "{findings:?}");
}

#[test]
fn approval_that_a_guardrail_forces_is_looked_at_only_where_somebody_is_eligible() {
    let forced = guardrail("g", Effect::RequireApproval);
    let web = EligibilityPolicy { targets: accounts(&[WEB]), ..eligible("a") };
    let reviewed = ApproverPolicy { targets: accounts(&[WEB]), ..approver("p") };
    assert_eq!(found(&policies([web.clone()], [forced.clone()], [reviewed])), []);
    assert_eq!(found(&policies([web], [forced], [])), [("no-approver-policy", "g".to_owned())]);
}

#[test]
fn what_is_forbidden_to_everyone_needs_no_approver() {
    let forbidden = Guardrail { targets: units(&["r-root"]), ..guardrail("g", Effect::Forbid) };
    assert_eq!(found(&policies([with_approval("a")], [forbidden], [])), []);
}

#[test]
fn every_finding_has_a_stable_code_and_a_sentence_that_says_what_to_do() {
    let told: Vec<_> = [
        Flaw::Disabled,
        Flaw::VanishedReference { field: "principals.groups".to_owned(), id: "g-gone".to_owned() },
        Flaw::NobodyCanUse,
        Flaw::ReachesNoAccount,
        Flaw::LongerThanSetting { own_minutes: Minutes(1441), setting_minutes: Minutes(1440) },
        Flaw::QuorumCannotBeMet,
        Flaw::NoApproverPolicy {
            pairs: 2,
            account: "111122223333".parse().unwrap(),
            account_name: "web".to_owned(),
        },
    ]
    .iter()
    .map(|flaw| format!("{}: {} ({:?})", flaw.code(), flaw.sentence(), flaw.severity()))
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_finding_stays_the_same_while_its_policy_is_edited_and_is_another_of_another_policy() {
    let finding = |kind, id: &str, version| Finding {
        flaw: Flaw::QuorumCannotBeMet,
        kind,
        policy: PolicyRef { id: id.parse().unwrap(), version, name: name(id) },
    };
    let first = finding(PolicyKind::Approver, "leads", 3);
    assert!(first.is_same(&finding(PolicyKind::Approver, "leads", 7)));
    assert!(!first.is_same(&finding(PolicyKind::Approver, "others", 3)));
    assert!(!first.is_same(&finding(PolicyKind::Guardrail, "leads", 3)));
    assert!(!first.is_same(&Finding { flaw: Flaw::Disabled, ..first.clone() }));
}

#[test]
fn a_finding_that_was_recorded_is_read_for_ever() {
    let stored = r#"{"flaw":{"code":"vanished-reference","field":"principals.groups","id":"g-gone"},
        "kind":"eligibility","policy":{"id":"a","version":3,"name":"Developers"}}"#;
    let read: Finding = serde_json::from_str(stored).unwrap();
    assert_eq!(read.flaw.code(), "vanished-reference");
    assert_eq!(
        serde_json::to_value(read).unwrap(),
        serde_json::from_str::<serde_json::Value>(stored).unwrap()
    );
}
