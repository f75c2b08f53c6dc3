//! Who may ask for what.

use kari_domain::policy::{EligibilityPolicy, Outcome, Principals, Targets};
use kari_domain::time::Minutes;

use crate::organization::*;

#[test]
fn without_any_policy_nobody_may_ask_for_anything() {
    assert_eq!(ASK.answer(&policies([], [], [])), "no-eligibility-policy");
}

#[test]
fn a_policy_lets_in_its_users_and_the_members_of_its_groups_and_nobody_else() {
    let named = Principals { users: [user("eve")].into(), ..of_group("developers") };
    let set = policies([EligibilityPolicy { principals: named, ..eligible("a") }], [], []);
    for (who, expected) in
        [("ann", "free by a"), ("ben", "free by a"), ("eve", "free by a"), ("cat", "no-eligibility-policy")]
    {
        assert_eq!(Ask { who, ..ASK }.answer(&set), expected, "{who}");
    }
}

#[test]
fn a_unit_means_all_its_descendants_and_an_exclusion_beats_it() {
    let excluded = Targets { excluded_units: [unit("ou-payments")].into(), ..units(&["ou-production"]) };
    for (targets, web, cards, playground) in [
        (units(&["ou-production"]), true, true, false),
        (units(&["r-root"]), true, true, true),
        (units(&["ou-payments"]), false, true, false),
        (excluded, true, false, false),
        (Targets { excluded_accounts: [account(WEB)].into(), ..Targets::all() }, false, true, true),
        (Targets { excluded_accounts: [account(WEB)].into(), ..accounts(&[WEB]) }, false, false, false),
        (Targets { excluded_units: [unit("r-root")].into(), ..accounts(&[WEB]) }, false, false, false),
        (accounts(&[PLAYGROUND]), false, false, true),
        (Targets::default(), false, false, false),
    ] {
        let set = policies([EligibilityPolicy { targets: targets.clone(), ..eligible("a") }], [], []);
        for (account, allowed) in [(WEB, web), (CARDS, cards), (PLAYGROUND, playground)] {
            let expected = if allowed { "free by a" } else { "no-eligibility-policy" };
            assert_eq!(Ask { account, ..ASK }.answer(&set), expected, "{account} by {targets:?}");
        }
    }
}

#[test]
fn an_exclusion_binds_only_its_own_policy() {
    let excluding = EligibilityPolicy {
        targets: Targets { excluded_accounts: [account(WEB)].into(), ..Targets::all() },
        ..eligible("a")
    };
    assert_eq!(ASK.answer(&policies([excluding, eligible("b")], [], [])), "free by b");
}

#[test]
fn neither_all_nor_a_unit_opens_the_management_account_but_its_id_does() {
    let ask = Ask { account: MANAGEMENT, ..ASK };
    for (targets, expected) in [
        (Targets::all(), "no-eligibility-policy"),
        (units(&["r-root"]), "no-eligibility-policy"),
        (accounts(&[MANAGEMENT]), "free by a"),
        (Targets { accounts: [account(MANAGEMENT)].into(), ..Targets::all() }, "free by a"),
    ] {
        let set = policies([EligibilityPolicy { targets, ..eligible("a") }], [], []);
        assert_eq!(ask.answer(&set), expected);
    }
}

#[test]
fn the_management_account_is_opened_by_its_id_among_hundreds_of_policies() {
    let other = |at: u32| EligibilityPolicy { targets: accounts(&[WEB]), ..eligible(&format!("p{at:03}")) };
    let named = EligibilityPolicy { targets: accounts(&[MANAGEMENT]), ..eligible("z") };
    let set = policies((0..300).map(other).chain([named]), [], []);
    assert_eq!(Ask { account: MANAGEMENT, ..ASK }.answer(&set), "free by z");
}

#[test]
fn an_account_that_is_not_active_is_refused_with_that_reason_even_if_it_is_named() {
    let named = EligibilityPolicy { targets: accounts(&[CLOSED]), ..eligible("a") };
    let ask = Ask { account: CLOSED, ..ASK };
    assert_eq!(ask.answer(&policies([named], [], [])), "account-not-active");
    assert_eq!(ask.answer(&policies([], [], [])), "account-not-active no-eligibility-policy");
}

#[test]
fn a_management_account_that_was_not_delegated_is_refused_with_that_reason_even_if_it_is_named() {
    let named = EligibilityPolicy { targets: accounts(&[FAR]), ..eligible("a") };
    let ask = Ask { account: FAR, ..ASK };
    assert_eq!(ask.answer(&policies([named], [], [])), "management-account-not-delegated");
    assert_eq!(
        ask.answer(&policies([eligible("all")], [], [])),
        "management-account-not-delegated no-eligibility-policy"
    );
}

#[test]
fn the_account_that_kari_runs_in_is_refused_with_that_reason_whatever_policies_name_it() {
    let named = EligibilityPolicy { targets: accounts(&[KARIS]), ..eligible("a") };
    let ask = Ask { account: KARIS, ..ASK };
    for set in [policies([named], [], []), policies([eligible("all")], [], [])] {
        assert_eq!(ask.answer(&set), "karis-own-account");
    }
}

#[test]
fn a_disabled_requester_is_refused() {
    assert_eq!(Ask { who: "dan", ..ASK }.answer(&policies([eligible("a")], [], [])), "requester-disabled");
}

#[test]
fn a_policy_opens_only_the_permission_sets_it_lists() {
    let set = policies([EligibilityPolicy { permission_sets: sets(&["read"]), ..eligible("a") }], [], []);
    assert_eq!(Ask { permission_set: "read", ..ASK }.answer(&set), "free by a");
    assert_eq!(ASK.answer(&set), "no-eligibility-policy");
}

#[test]
fn the_longest_duration_of_one_policy_never_leaks_to_the_accounts_of_another() {
    let long_sandbox = EligibilityPolicy {
        targets: units(&["ou-sandbox"]),
        max_duration_minutes: Minutes(480),
        ..eligible("long")
    };
    let short_web = EligibilityPolicy {
        targets: accounts(&[WEB]),
        max_duration_minutes: Minutes(60),
        ..eligible("short")
    };
    let set = policies([long_sandbox, short_web], [], []);
    assert_eq!(Ask { minutes: 61, ..ASK }.answer(&set), "duration-too-long");
    assert_eq!(Ask { minutes: 60, ..ASK }.answer(&set), "free by short");
    assert_eq!(Ask { minutes: 480, account: PLAYGROUND, ..ASK }.answer(&set), "free by long");
}

#[test]
fn durations_are_allowed_up_to_and_including_the_limits() {
    let set = policies([eligible("a")], [], []);
    for (minutes, expected) in [
        (0, "duration-too-short"),
        (14, "duration-too-short"),
        (15, "free by a"),
        (240, "free by a"),
        (241, "duration-too-long"),
        (1441, "duration-too-long maximum-duration-setting"),
    ] {
        assert_eq!(Ask { minutes, ..ASK }.answer(&set), expected, "{minutes}");
    }
}

#[test]
fn no_policy_allows_more_than_the_setting() {
    let mut set =
        policies([EligibilityPolicy { max_duration_minutes: Minutes(9000), ..eligible("a") }], [], []);
    set.settings.maximum_duration_minutes = Minutes(120);
    assert_eq!(Ask { minutes: 121, ..ASK }.answer(&set), "maximum-duration-setting");
    let verdict = ASK.to(&set);
    assert!(matches!(verdict.outcome, Outcome::NoApprovalNeeded { max_duration_minutes: Minutes(120), .. }));
}

#[test]
fn among_covering_policies_one_without_approval_decides_then_the_lowest_id() {
    let for_leads = EligibilityPolicy { principals: of_group("leads"), ..eligible("z-leads") };
    let set = policies([with_approval("b"), for_leads, with_approval("a")], [], [approver("p")]);
    assert_eq!(ASK.answer(&set), "approval by a");
    assert_eq!(Ask { who: "ben", ..ASK }.answer(&set), "free by z-leads");
}

#[test]
fn a_longer_request_may_need_approval_where_a_shorter_one_does_not() {
    let short = EligibilityPolicy { max_duration_minutes: Minutes(60), ..eligible("z") };
    let set = policies([with_approval("a"), short], [], [approver("p")]);
    assert_eq!(Ask { minutes: 60, ..ASK }.answer(&set), "free by z");
    assert_eq!(Ask { minutes: 61, ..ASK }.answer(&set), "approval by a");
}

#[test]
fn a_disabled_policy_is_as_if_it_were_not_there() {
    let set = policies([EligibilityPolicy { enabled: false, ..eligible("a") }], [], []);
    assert_eq!(ASK.answer(&set), "no-eligibility-policy");
}

#[test]
fn the_ticket_rule_is_the_deciding_policys() {
    let strict = EligibilityPolicy { ticket_required: true, ..with_approval("a") };
    let set = policies([strict.clone(), eligible("b")], [], [approver("p")]);
    assert_eq!(ASK.answer(&set), "free by b");
    let set = policies([strict], [], [approver("p")]);
    assert_eq!(ASK.answer(&set), "ticket-required");
    assert_eq!(Ask { ticket: true, ..ASK }.answer(&set), "approval by a");
}

#[test]
fn the_setting_may_ask_everyone_for_a_ticket() {
    let mut set = policies([eligible("a")], [], []);
    set.settings.ticket_required = true;
    assert_eq!(ASK.answer(&set), "ticket-required");
    assert_eq!(Ask { ticket: true, ..ASK }.answer(&set), "free by a");
}

#[test]
fn a_verdict_names_the_policy_set_and_the_deciding_policy_with_their_versions() {
    let verdict = ASK.to(&policies([with_approval("b"), eligible("a")], [], []));
    assert_eq!(verdict.policy_set_version, 7);
    let Outcome::NoApprovalNeeded { eligibility, max_duration_minutes } = verdict.outcome else { panic!() };
    assert_eq!((eligibility.id.as_str(), eligibility.version), ("a", 2));
    assert_eq!(max_duration_minutes, Minutes(240));
}

#[test]
fn open_sessions_may_outlive_the_grant_by_the_session_duration() {
    let verdict = Ask { permission_set: "operate", ..ASK }.to(&policies([eligible("a")], [], []));
    let end = "2026-01-01T10:00:00Z".parse().unwrap();
    assert_eq!(
        verdict.open_sessions_until(end),
        "2026-01-01T12:00:00Z".parse::<kari_domain::time::Instant>().unwrap()
    );
}
