//! The form in which policies and verdicts are stored, exported and sent. It is for ever.

use kari_domain::policy::{ApproverPolicy, Effect, EligibilityPolicy, Guardrail, People};
use kari_domain::text::Note;
use kari_domain::time::Minutes;

use crate::organization::*;

#[test]
fn policies_have_one_stable_form() {
    let eligibility = EligibilityPolicy {
        permission_sets: sets(&["admin"]),
        note: Note::parse("be careful").ok(),
        ..eligible("a")
    };
    let capped = Guardrail {
        targets: units(&["ou-production"]),
        ..guardrail("cap", Effect::Cap { minutes: Minutes(60) })
    };
    let set = policies([eligibility], [guardrail("no", Effect::Forbid), capped], [approver("p")]);
    insta::assert_json_snapshot!(set);
}

#[test]
fn verdicts_have_one_stable_form() {
    let more = ApproverPolicy {
        in_addition: true,
        notify: People { users: [user("eve")].into(), ..People::default() },
        ..approver("q")
    };
    let set = policies([eligible("a")], [guardrail("ask", Effect::RequireApproval)], [approver("p"), more]);
    let verdicts = [
        ASK.to(&policies([eligible("a")], [], [])),
        ASK.to(&set),
        Ask { who: "dan", minutes: 300, ..ASK }.to(&set),
    ];
    insta::assert_json_snapshot!(verdicts);
}

#[test]
fn a_field_that_is_not_known_is_refused_rather_than_ignored() {
    for (kind, json) in [
        ("effect", r#"{"id":"a","name":"a","enabled":true,"effect":{"cap":{"minutes":60,"minute":6}}}"#),
        ("targets", r#"{"id":"a","name":"a","enabled":true,"targets":{"al":true},"effect":"forbid"}"#),
        ("policy", r#"{"id":"a","name":"a","enabled":true,"efect":"forbid","effect":"forbid"}"#),
    ] {
        assert!(serde_json::from_str::<Guardrail>(json).is_err(), "{kind}");
    }
}

#[test]
fn a_guardrail_is_for_everything_unless_it_says_otherwise() {
    let json = r#"{"id":"a","name":"policy a","enabled":true,"effect":"forbid"}"#;
    assert_eq!(serde_json::from_str::<Guardrail>(json).unwrap(), guardrail("a", Effect::Forbid));
}
