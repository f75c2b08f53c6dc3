//! What an administrator is told about policies that are well-formed.

use kari_domain::policy::{
    ApproverPolicy, Effect, EligibilityPolicy, FindingCode, Guardrail, PolicySet, Principals, lint,
};
use kari_domain::time::Minutes;

use crate::organization::*;

fn found(set: &PolicySet) -> Vec<(FindingCode, String)> {
    lint(set, &snapshot()).into_iter().map(|finding| (finding.code, finding.policy.id.to_string())).collect()
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
    assert_eq!(found(&set), [(FindingCode::Disabled, "a".to_owned())]);
}

#[test]
fn a_policy_that_names_what_is_gone_or_that_nobody_can_use_is_named() {
    let lost = EligibilityPolicy { principals: of_group("nobody"), ..eligible("a") };
    let disabled = Principals { users: [user("dan")].into(), ..Principals::default() };
    let set = policies([lost, EligibilityPolicy { principals: disabled, ..eligible("b") }], [], []);
    assert_eq!(
        found(&set),
        [
            (FindingCode::VanishedReference, "a".to_owned()),
            (FindingCode::NobodyCanUse, "a".to_owned()),
            (FindingCode::NobodyCanUse, "b".to_owned()),
        ]
    );
}

#[test]
fn a_policy_without_an_active_account_is_named() {
    let set = policies([EligibilityPolicy { targets: accounts(&[CLOSED]), ..eligible("a") }], [], []);
    assert_eq!(found(&set), [(FindingCode::ReachesNoAccount, "a".to_owned())]);
}

#[test]
fn a_policy_that_allows_longer_than_the_setting_is_named() {
    let set = policies([EligibilityPolicy { max_duration_minutes: Minutes(1441), ..eligible("a") }], [], []);
    assert_eq!(found(&set), [(FindingCode::LongerThanSetting, "a".to_owned())]);
}

#[test]
fn a_quorum_that_the_enabled_people_cannot_reach_is_named() {
    let set = policies(
        [],
        [],
        [ApproverPolicy { requirements: vec![requirement(&["leads"], 3)], ..approver("p") }],
    );
    assert_eq!(found(&set), [(FindingCode::QuorumCannotBeMet, "p".to_owned())]);
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
    assert_eq!(findings[0].code, FindingCode::NoApproverPolicy);
    assert!(findings[0].sentence.contains("for 2 pairs"), "{}", findings[0].sentence);
}

#[test]
fn approval_that_a_guardrail_forces_is_looked_at_only_where_somebody_is_eligible() {
    let forced = guardrail("g", Effect::RequireApproval);
    let web = EligibilityPolicy { targets: accounts(&[WEB]), ..eligible("a") };
    let reviewed = ApproverPolicy { targets: accounts(&[WEB]), ..approver("p") };
    assert_eq!(found(&policies([web.clone()], [forced.clone()], [reviewed])), []);
    assert_eq!(found(&policies([web], [forced], [])), [(FindingCode::NoApproverPolicy, "g".to_owned())]);
}

#[test]
fn what_is_forbidden_to_everyone_needs_no_approver() {
    let forbidden = Guardrail { targets: units(&["r-root"]), ..guardrail("g", Effect::Forbid) };
    assert_eq!(found(&policies([with_approval("a")], [forbidden], [])), []);
}
