//! What guardrails take away.

use kari_domain::policy::{Effect, EligibilityPolicy, Guardrail, Outcome, Targets};
use kari_domain::time::Minutes;

use crate::organization::*;

const FORBID: Effect = Effect::Forbid;
const APPROVE: Effect = Effect::RequireApproval;

fn cap(minutes: u32) -> Effect {
    Effect::Cap { minutes: Minutes(minutes) }
}

fn effective(ask: Ask<'_>, set: &kari_domain::policy::PolicySet) -> Vec<String> {
    ask.to(set).guardrails.iter().map(|policy| policy.id.to_string()).collect()
}

#[test]
fn a_guardrail_forbids_whatever_the_policies_say_and_is_named() {
    let set = policies([eligible("a")], [guardrail("no", FORBID)], []);
    assert_eq!(ASK.answer(&set), "forbidden-by-guardrail");
    assert_eq!(effective(ASK, &set), ["no"]);
}

#[test]
fn a_guardrail_binds_only_its_scope() {
    let narrow = Guardrail {
        principals: of_group("leads"),
        targets: units(&["ou-production"]),
        permission_sets: sets(&["admin"]),
        ..guardrail("no", FORBID)
    };
    let set = policies([eligible("a")], [narrow], []);
    let forbidden = Ask { who: "ben", ..ASK };
    assert_eq!(forbidden.answer(&set), "forbidden-by-guardrail");
    assert_eq!(Ask { account: CARDS, ..forbidden }.answer(&set), "forbidden-by-guardrail");
    for free in [
        Ask { who: "ann", ..forbidden },
        Ask { account: PLAYGROUND, ..forbidden },
        Ask { permission_set: "read", ..forbidden },
    ] {
        assert_eq!(free.answer(&set), "free by a");
        assert!(effective(free, &set).is_empty());
    }
}

#[test]
fn a_guardrail_for_everything_binds_the_management_account_too() {
    let opened = EligibilityPolicy { targets: accounts(&[MANAGEMENT]), ..eligible("a") };
    let ask = Ask { account: MANAGEMENT, ..ASK };
    for targets in [Targets::all(), units(&["r-root"])] {
        let set = policies([opened.clone()], [Guardrail { targets, ..guardrail("no", FORBID) }], []);
        assert_eq!(ask.answer(&set), "forbidden-by-guardrail");
    }
}

#[test]
fn a_guardrail_may_force_approval() {
    let set = policies([eligible("a")], [guardrail("ask", APPROVE)], [approver("p")]);
    assert_eq!(ASK.answer(&set), "approval by a");
    assert_eq!(effective(ASK, &set), ["ask"]);
}

#[test]
fn a_guardrail_that_forces_approval_has_no_effect_where_the_policy_asks_for_it_anyway() {
    let set = policies([with_approval("a")], [guardrail("ask", APPROVE)], [approver("p")]);
    assert!(effective(ASK, &set).is_empty());
}

#[test]
fn approval_forced_where_nobody_is_named_to_review_is_a_refusal() {
    let set = policies([eligible("a")], [guardrail("ask", APPROVE)], []);
    assert_eq!(ASK.answer(&set), "no-approver-policy");
}

#[test]
fn the_smallest_cap_holds_and_a_longer_request_is_refused_not_shortened() {
    let set = policies([eligible("a")], [guardrail("one", cap(120)), guardrail("two", cap(30))], []);
    assert_eq!(Ask { minutes: 31, ..ASK }.answer(&set), "capped-by-guardrail");
    let short = Ask { minutes: 30, ..ASK };
    assert_eq!(short.answer(&set), "free by a");
    let Outcome::NoApprovalNeeded { max_duration_minutes, .. } = short.to(&set).outcome else { panic!() };
    assert_eq!(max_duration_minutes, Minutes(30));
    assert_eq!(effective(short, &set), ["two"]);
}

#[test]
fn every_cap_that_refuses_is_named_the_smallest_first() {
    let set = policies([eligible("a")], [guardrail("one", cap(120)), guardrail("two", cap(30))], []);
    let ask = Ask { minutes: 240, ..ASK };
    assert_eq!(ask.answer(&set), "capped-by-guardrail capped-by-guardrail");
    assert!(ask.to(&set).reasons()[0].sentence().contains("at most 30 minutes"));
    assert_eq!(effective(ask, &set), ["one", "two"]);
}

#[test]
fn a_cap_that_is_longer_than_the_policy_allows_has_no_effect() {
    let set = policies([eligible("a")], [guardrail("wide", cap(600))], []);
    assert!(effective(ASK, &set).is_empty());
}

#[test]
fn a_cap_of_just_what_is_allowed_or_asked_for_has_no_effect() {
    let set = policies([eligible("a")], [guardrail("same", cap(240))], []);
    assert!(effective(ASK, &set).is_empty(), "the policy allows no more");
    let set = policies([eligible("a")], [guardrail("asked", cap(60)), guardrail("no", FORBID)], []);
    assert_eq!(effective(ASK, &set), ["no"], "an hour is asked for");
}

#[test]
fn a_disabled_guardrail_is_as_if_it_were_not_there() {
    let set = policies([eligible("a")], [Guardrail { enabled: false, ..guardrail("no", FORBID) }], []);
    assert_eq!(ASK.answer(&set), "free by a");
}
