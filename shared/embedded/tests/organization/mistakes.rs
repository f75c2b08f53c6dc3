//! Each mistake is told with its line and the name it is about.

use kari_embedded::organization::Organization;

fn told(text: &str) -> String {
    Organization::parse("org.toml", text).expect_err("a mistake").to_string()
}

fn check(text: &str, expected: &str) {
    assert_eq!(told(text), expected, "for\n{text}");
}

const POLICY: &str = "[[group]]\nname = 'all'\n[[eligibility]]\nid = 'p'\nname = 'P'\ngroups = ['all']\n\
    all_accounts = true\nall_permission_sets = true\nmax_duration = '4h'\n";

#[test]
fn text_that_is_not_toml_is_told_with_its_line() {
    assert!(told("access_portal = \"https://a.example\"\n[[user]\n").starts_with("org.toml:2: "));
}

#[test]
fn a_field_that_does_not_exist_is_told_by_name() {
    let message = told("[[user]]\nname = 'alice'\nmail = 'a@example.com'\n");
    assert!(message.starts_with("org.toml:3: unknown field `mail`"), "{message}");
}

#[test]
fn a_field_that_is_missing_is_told_by_name() {
    let message = told("[[account]]\nname = 'ledger'\n");
    assert!(message.starts_with("org.toml:1: missing field `id`"), "{message}");
}

#[test]
fn unknown_references_are_told_by_kind_and_name() {
    check(
        "[[group]]\nname = 'all'\nmembers = ['alice']\n",
        "org.toml:3: there is no user `alice`; declare it with [[user]] or correct the name",
    );
    check(
        "[administrators]\ngroups = ['admins']\n",
        "org.toml:2: there is no group `admins`; declare it with [[group]] or correct the name",
    );
    check(
        "[[account]]\nid = '111122223333'\nname = 'ledger'\nunit = 'payments'\n",
        "org.toml:4: there is no unit `payments`; declare it with [[unit]] or correct the name",
    );
    check(
        "[[unit]]\nname = 'a'\nparent = 'b'\n",
        "org.toml:3: there is no unit `b`; declare it with [[unit]] or correct the name",
    );
    check(
        &POLICY.replace("all_accounts = true", "accounts = ['ledger']"),
        "org.toml:7: there is no account `ledger`; declare it with [[account]] or correct the name",
    );
    check(
        &POLICY.replace("all_permission_sets = true", "permission_sets = [\n  'Admin',\n]"),
        "org.toml:9: there is no permission set `Admin`; declare it with [[permission_set]] or correct the name",
    );
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_their_lines() {
    let message = told("[auditors]\ngroups = ['x']\n[[group]]\nname = 'all'\nmembers = ['alice', 'bob']\n");
    let lines: Vec<_> = message.lines().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(lines, ["org.toml:2", "org.toml:5", "org.toml:5"]);
}

#[test]
fn duplicates_are_told_with_the_line_of_the_first() {
    check(
        "[[user]]\nname = 'alice'\n\n[[user]]\nname = 'alice'\n",
        "org.toml:5: user `alice` is declared twice, first on line 2; remove or rename one",
    );
    check(
        "[[user]]\nname = 'a'\nemail = 'A@example.com'\n[[user]]\nname = 'b'\nemail = 'a@Example.com'\n",
        "org.toml:6: e-mail address `a@example.com` is declared twice, first on line 3; remove or rename one",
    );
    check(
        &format!("{POLICY}{}", POLICY.split_once("[[elig").map(|(_, rest)| format!("[[elig{rest}")).unwrap()),
        "org.toml:11: eligibility policy `p` is declared twice, first on line 4; remove or rename one",
    );
    check(
        "[[account]]\nid = '111122223333'\nname = 'a'\n[[account]]\nid = '111122223333'\nname = 'b'\n",
        "org.toml:6: `b` is not right here: it has the same id as `a` (111122223333)",
    );
}

#[test]
fn two_user_names_that_differ_in_nothing_but_case_are_a_mistake() {
    check(
        "[[user]]\nname = 'alice'\n\n[[user]]\nname = 'Alice'\n",
        "org.toml:5: `Alice` is not right here: user `alice` on line 2 differs from it in nothing but case",
    );
    let accounts =
        "[[account]]\nid = '111122223333'\nname = 'a'\n[[account]]\nid = '111122223334'\nname = 'A'\n";
    assert!(Organization::parse("org.toml", accounts).is_ok());
}

#[test]
fn a_name_that_reads_as_something_else_is_a_mistake_and_the_message_shows_what_it_is() {
    let expected =
        "expected no characters that turn the direction of text, are not seen, or are heaped on others";
    for c in ["\u{202e}", "\u{2066}", "\u{200b}", "\u{2028}", "\u{ad}"] {
        for kind in ["user", "group", "unit", "account"] {
            let id = if kind == "account" { "id = '111122223333'\n" } else { "" };
            let text = format!("[[{kind}]]\nname = 'ecila{c}'\n{id}");
            let shown = format!("ecila{}", c.escape_unicode());
            check(&text, &format!("org.toml:2: `{shown}` is not right here: {expected}"));
        }
        let message = told(&format!("[[user]]\nname = 'alice'\ndisplay_name = 'Alice{c}'\n"));
        assert!(message.starts_with("org.toml:3: "), "{message}");
    }
    // Families of people and some scripts are written with these.
    assert!(
        Organization::parse(
            "org.toml",
            "[[user]]\nname = 'alice'\ndisplay_name = '\u{1f469}\u{200d}\u{1f467}'\n"
        )
        .is_ok()
    );
}

#[test]
fn a_second_management_account_is_a_mistake() {
    let account = |n: u8| format!("[[account]]\nid = '11112222333{n}'\nname = 'm{n}'\nmanagement = true\n");
    check(
        &format!("{}{}", account(1), account(2)),
        "org.toml:7: management account `m2` is declared twice, first on line 3; remove or rename one",
    );
}

#[test]
fn a_cycle_of_units_is_told_with_its_way() {
    let message = told(
        "[[unit]]\nname = 'a'\nparent = 'c'\n[[unit]]\nname = 'b'\nparent = 'a'\n[[unit]]\nname = 'c'\nparent = 'b'\n",
    );
    let first = message.lines().next().unwrap();
    assert_eq!(first, "org.toml:3: unit `a` lies within itself: a in c in b in a; change one of the parents");
    check(
        "[[unit]]\nname = 'a'\nparent = 'a'\n",
        "org.toml:3: unit `a` lies within itself: a in a; change one of the parents",
    );
}

#[test]
fn units_nest_five_deep_and_no_deeper() {
    let chain = |depth: usize| {
        let unit = |n: usize| match n {
            1 => "[[unit]]\nname = 'u1'\n".to_owned(),
            _ => format!("[[unit]]\nname = 'u{n}'\nparent = 'u{}'\n", n - 1),
        };
        (1..=depth).map(unit).collect::<String>()
    };
    assert!(Organization::parse("org.toml", &chain(5)).is_ok());
    assert!(told(&chain(6)).contains("unit `u6` is nested more than 5 deep"));
}

/// Looking through all of them for each would take minutes.
#[test]
fn very_many_units_within_each_other_are_told_of() {
    let unit = |n: usize| format!("[[unit]]\nname = 'u{n}'\nparent = 'u{}'\n", n + 1);
    let units: String = (0..20_000).map(unit).collect();
    let message = told(&format!("{units}[[unit]]\nname = 'u20000'\n"));
    assert_eq!(message.lines().filter(|line| line.contains("nested more than 5 deep")).count(), 19_996);
}

#[test]
fn the_root_cannot_be_declared_again() {
    assert!(told("[[unit]]\nname = 'root'\n").contains("every organization has its root already"));
}

#[test]
fn bad_durations_are_told_with_what_is_expected() {
    let expected = "expected a length of time such as \"45m\", \"4h\", \"1h 30m\", or a number of minutes";
    check(
        &POLICY.replace("'4h'", "'four hours'"),
        &format!("org.toml:9: `four hours` is not right here: {expected}"),
    );
    check(&POLICY.replace("'4h'", "-1"), &format!("org.toml:9: `-1` is not right here: {expected}"));
    check(
        &POLICY.replace("'4h'", "'5m'"),
        "org.toml:9: `5 minutes` is not right here: `p` must allow at least 15 minutes",
    );
    check(
        "[[permission_set]]\nname = 'Admin'\nsession_duration = '13h'\n",
        "org.toml:3: `780 minutes` is not right here: a session of `Admin` lasts 1 to 12 hours",
    );
    assert!(
        told("[settings]\nmaximum_duration = '10m'\n").starts_with("org.toml:1: maximum_duration_minutes")
    );
}

#[test]
fn a_text_that_names_no_slack_channel_is_told() {
    for setting in ["slack_channel", "slack_audit_channel"] {
        let message = told(&format!("[settings]\n{setting} = 'two words'\n"));
        assert!(message.contains("a Slack channel must be"), "{message}");
    }
}

#[test]
fn malformed_names_and_ids_are_told() {
    for (text, expected) in [
        (
            "[[account]]\nid = '1111'\nname = 'a'\n",
            "org.toml:2: `1111` is not right here: an account's id must be 12 digits",
        ),
        (
            "[[account]]\nid = '111122223333'\nname = '111122223334'\n",
            "org.toml:3: `111122223334` is not right here: an account's name must not look like an account id",
        ),
        (
            "[[permission_set]]\nname = 'My set'\n",
            "org.toml:2: `My set` is not right here: a permission set's name has 1 to 32 letters, digits or _+=,.@-",
        ),
        (
            "[[user]]\nname = ' alice'\n",
            "org.toml:2: ` alice` is not right here: expected 1 to 128 characters, no control characters, no space around them",
        ),
        (
            "[[user]]\nname = 'alice'\nemail = 'nowhere'\n",
            "org.toml:3: `nowhere` is not right here: expected an e-mail address",
        ),
        (
            "access_portal = 'javascript:alert(1)'\n",
            "org.toml:1: `javascript:alert(1)` is not right here: expected an address that begins with https://",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn a_region_is_written_as_aws_writes_it() {
    for region in ["", "Tokyo", "ap-northeast", "northeast-1", "ap--1", "ap-northeast-+1", "AP-NORTHEAST-1"] {
        check(
            &format!("region = '{region}'\n"),
            &format!("org.toml:1: `{region}` is not right here: expected a Region such as ap-northeast-1"),
        );
    }
    for region in ["ap-southeast-7", "us-gov-west-1", "eusc-de-east-1"] {
        let organization = Organization::parse("org.toml", &format!("region = '{region}'\n"));
        assert_eq!(organization.unwrap().region.as_deref(), Some(region));
    }
}

#[test]
fn a_policy_for_nobody_nowhere_or_nothing_is_a_mistake() {
    for (field, instead, expected) in [
        ("groups = ['all']", "", "is for nobody"),
        ("all_accounts = true", "", "is for no account"),
        ("all_permission_sets = true", "", "needs either permission_sets or all_permission_sets = true"),
    ] {
        let message = told(&POLICY.replace(field, instead));
        assert!(message.starts_with("org.toml:4: eligibility policy `p` "), "{message}");
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn an_approver_policy_asks_somebody() {
    let policy = |requirements: &str| {
        format!(
            "[[group]]\nname = 'all'\n[[approver]]\nid = 'p'\nname = 'P'\nall_accounts = true\nrequirements = {requirements}\n"
        )
    };
    assert!(Organization::parse("org.toml", &policy("[{ groups = ['all'] }]")).is_ok());
    assert!(told(&policy("[]")).contains("asks nobody"));
    assert!(told(&policy("[{ quorum = 1 }]")).contains("has a requirement without users or groups"));
    assert!(told(&policy("[{ groups = ['all'], quorum = 0 }]")).contains("it must be at least 1"));
}

#[test]
fn a_cap_goes_with_the_effect_cap_and_only_with_it() {
    let guardrail = |rest: &str| format!("[[guardrail]]\nid = 'g'\nname = 'G'\n{rest}\n");
    assert!(told(&guardrail("effect = 'cap'")).contains("caps nothing"));
    assert!(told(&guardrail("effect = 'forbid'\ncap = '2h'")).contains("goes only with effect = \"cap\""));
}

#[test]
fn what_the_domain_refuses_is_told_at_the_policy() {
    check(
        &POLICY.replace("'4h'", "'30d'"),
        "org.toml:4: policy `p`: max_duration_minutes must be between 15 and 10080",
    );
}
