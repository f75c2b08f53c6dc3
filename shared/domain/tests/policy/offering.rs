//! What a person may ask for.

use kari_domain::policy::{
    CompiledPolicies, Effect, EligibilityPolicy, Guardrail, Offer, PolicySet, Targets, offers,
};
use kari_domain::text::Note;
use kari_domain::time::Minutes;

use crate::organization::*;

fn offer(set: PolicySet) -> Option<Offer> {
    let (snapshot, person) = (snapshot(), subject("ann"));
    let compiled = CompiledPolicies::new(set);
    offers(&compiled, &person, &snapshot).offer(&account(WEB), &arn("admin"))
}

#[test]
fn offers_list_accounts_with_the_permission_sets_that_may_be_asked_for() {
    let production = EligibilityPolicy {
        targets: units(&["ou-production"]),
        permission_sets: sets(&["read"]),
        ..eligible("a")
    };
    let cards = EligibilityPolicy { targets: accounts(&[CARDS, CLOSED, FAR, KARIS]), ..eligible("b") };
    let forbidden = Guardrail { permission_sets: sets(&["admin"]), ..guardrail("no", Effect::Forbid) };
    let (snapshot, person) = (snapshot(), subject("ann"));
    let compiled = CompiledPolicies::new(policies([production, cards], [forbidden], []));
    let offers = offers(&compiled, &person, &snapshot);
    let mut listed: Vec<_> = offers
        .iter()
        .map(|(account, sets)| {
            (account.id.as_str(), sets.iter().map(|set| set.name.as_str()).collect::<Vec<_>>())
        })
        .collect();
    listed.sort();
    assert_eq!(listed, [(WEB, vec!["read"]), (CARDS, vec!["operate", "read"])]);
    assert_eq!(offers.permission_sets(&account(WEB)).len(), 1);
    assert_eq!(offers.offer(&account(FAR), &arn("read")), None, "what was not delegated is not offered");
    assert_eq!(offers.offer(&account(KARIS), &arn("read")), None, "nor is where Kari runs");
    assert_eq!(offers.count(), 3);
}

#[test]
fn a_ticket_is_needed_only_for_as_long_as_the_deciding_policy_asks_for_one() {
    let short = EligibilityPolicy { max_duration_minutes: Minutes(60), ..eligible("a") };
    let long =
        EligibilityPolicy { ticket_required: true, max_duration_minutes: Minutes(240), ..eligible("b") };
    let offer = offer(policies([short, long], [], [])).unwrap();
    let needed = [15, 60, 61, 240, 241].map(|minutes| offer.needs_ticket(Minutes(minutes)));
    assert_eq!(needed, [false, false, true, true, false]);
}

#[test]
fn an_offer_states_the_longest_with_and_without_approval_and_the_terms_between() {
    let free = EligibilityPolicy { max_duration_minutes: Minutes(60), ..eligible("z") };
    let reviewed =
        EligibilityPolicy { ticket_required: true, note: Note::parse("say why").ok(), ..with_approval("a") };
    let offer = offer(policies([free, reviewed], [], [approver("p")])).unwrap();
    assert_eq!(offer.max_duration_minutes, Minutes(240));
    assert_eq!(offer.longest_without_approval_minutes, Some(Minutes(60)));
    assert_eq!(offer.notes, [Note::parse("say why").unwrap()]);
    let terms: Vec<_> = offer
        .terms
        .iter()
        .map(|term| {
            (term.up_to_minutes.0, term.approval_required, term.ticket_required, term.eligibility.id.as_str())
        })
        .collect();
    assert_eq!(terms, [(60, false, false, "z"), (240, true, true, "a")]);
}

#[test]
fn the_notes_of_an_offer_are_those_of_the_policies_that_decide_and_of_no_others() {
    let note = |text| Note::parse(text).ok();
    let shown = EligibilityPolicy { note: note("for two hours"), ..eligible("a") };
    let shorter = EligibilityPolicy {
        max_duration_minutes: Minutes(60),
        note: note("for one hour"),
        ..with_approval("b")
    };
    let offer = offer(policies([shown, shorter], [], [approver("p")])).unwrap();
    assert_eq!(offer.notes, [Note::parse("for two hours").unwrap()]);
}

#[test]
fn an_offer_is_cut_by_caps_and_by_the_setting() {
    let mut set = policies([eligible("a")], [guardrail("cap", Effect::Cap { minutes: Minutes(90) })], []);
    assert_eq!(offer(set.clone()).unwrap().max_duration_minutes, Minutes(90));
    set.settings.maximum_duration_minutes = Minutes(30);
    assert_eq!(offer(set).unwrap().max_duration_minutes, Minutes(30));
}

#[test]
fn what_nobody_could_review_is_not_offered() {
    let free = EligibilityPolicy { max_duration_minutes: Minutes(60), ..eligible("z") };
    let offered = offer(policies([free, with_approval("a")], [], [])).unwrap();
    assert_eq!(offered.max_duration_minutes, Minutes(60));
    assert_eq!(offer(policies([with_approval("a")], [], [])), None);
}

#[test]
fn more_permission_sets_than_fit_into_a_word_are_offered_too() {
    let mut snapshot = snapshot();
    for at in 0..200 {
        let mut set = snapshot.permission_sets[&arn("read")].clone();
        set.arn = arn(&format!("more{at}"));
        snapshot.permission_sets.insert(set.arn.clone(), set);
    }
    let person = subject("ann");
    let some = EligibilityPolicy { permission_sets: sets(&["more0", "more77", "more199"]), ..eligible("a") };
    let compiled = CompiledPolicies::new(policies([some], [], []));
    assert_eq!(offers(&compiled, &person, &snapshot).permission_sets(&account(WEB)).len(), 3);
    let compiled = CompiledPolicies::new(policies([eligible("a")], [], []));
    assert_eq!(offers(&compiled, &person, &snapshot).permission_sets(&account(WEB)).len(), 203);
}

#[test]
fn a_disabled_person_is_offered_nothing() {
    let (snapshot, person) = (snapshot(), subject("dan"));
    let targets = Targets::all();
    let compiled = CompiledPolicies::new(policies([EligibilityPolicy { targets, ..eligible("a") }], [], []));
    let offers = offers(&compiled, &person, &snapshot);
    assert_eq!((offers.count(), offers.iter().count()), (0, 0));
    assert_eq!(offers.offer(&account(WEB), &arn("admin")), None);
}

#[test]
fn a_policy_that_decides_over_several_limits_is_one_term() {
    let shorter = EligibilityPolicy { max_duration_minutes: Minutes(60), ..eligible("b") };
    let offer = offer(policies([eligible("a"), shorter], [], [])).unwrap();
    assert_eq!(offer.terms.len(), 1);
    assert_eq!(offer.terms[0].up_to_minutes, Minutes(240));
}

#[test]
fn where_less_than_the_shortest_grant_is_left_nothing_is_offered() {
    let (snapshot, person) = (snapshot(), subject("ann"));
    let nothing = |set: PolicySet| {
        let compiled = CompiledPolicies::new(set);
        let offers = offers(&compiled, &person, &snapshot);
        assert_eq!(offers.count(), 0);
        assert_eq!(offers.offer(&account(WEB), &arn("admin")), None);
    };
    let mut set = policies([eligible("a")], [], []);
    set.settings.maximum_duration_minutes = Minutes(14);
    nothing(set);
    nothing(policies([eligible("a")], [guardrail("cap", Effect::Cap { minutes: Minutes(14) })], []));
    nothing(policies([EligibilityPolicy { max_duration_minutes: Minutes(14), ..eligible("a") }], [], []));
}

#[test]
fn a_unit_that_stale_paths_place_twice_opens_only_the_accounts_below_it() {
    let mut snapshot = snapshot();
    let between = [["ou-a", "ou-twice"], ["ou-b", "ou-other"], ["ou-c", "ou-twice"]];
    for (id, path) in [WEB, CARDS, PLAYGROUND].into_iter().zip(between) {
        snapshot.accounts.get_mut(&account(id)).unwrap().path = path.map(unit).to_vec();
    }
    let person = subject("ann");
    let set = policies([EligibilityPolicy { targets: units(&["ou-twice"]), ..eligible("a") }], [], []);
    let compiled = CompiledPolicies::new(set);
    let offers = offers(&compiled, &person, &snapshot);
    let listed: Vec<_> = offers.iter().map(|(account, _)| account.id.as_str()).collect();
    assert_eq!(listed, [WEB, PLAYGROUND]);
}

#[test]
fn an_account_that_is_not_active_is_not_offered_even_when_it_is_asked_for_by_itself() {
    let snapshot = snapshot();
    let compiled = CompiledPolicies::new(policies(
        [EligibilityPolicy { targets: units(&["r-root"]), ..eligible("a") }],
        [],
        [],
    ));
    let one = |id| {
        let place = &snapshot.accounts[&account(id)];
        kari_domain::policy::offer(
            &compiled,
            &subject("ann"),
            place,
            &snapshot.permission_sets[&arn("admin")],
        )
    };
    assert!(one(PLAYGROUND).is_some());
    assert_eq!(one(CLOSED), None);
}
