use kari_domain::directory::AccountStatus;
use kari_domain::ids::{AccountId, GroupId, UserId};
use kari_domain::policy::{Effect, PermissionSets};
use kari_domain::settings::Language;
use kari_domain::time::Minutes;
use kari_embedded::organization::Organization;

fn parse(text: &str) -> Organization {
    Organization::parse("test.toml", text).unwrap()
}

#[test]
fn an_empty_file_is_an_organization_with_nothing_but_its_root() {
    let organization = parse("");
    assert_eq!(organization.directory.units.len(), 1);
    assert!(organization.directory.users.is_empty() && organization.policies.eligibility.is_empty());
    assert_eq!((organization.access_portal, organization.region), (None, None));
}

#[test]
fn ids_are_derived_from_names_and_always_the_same() {
    let text = "[[user]]\nname = 'alice'\n[[group]]\nname = 'alice'\n[[permission_set]]\nname = 'Look'\n";
    let first = parse(text).directory;
    assert_eq!(first, parse(text).directory);
    let user = first.users.keys().next().unwrap();
    assert_ne!(user.as_str(), first.groups.keys().next().unwrap().as_str());
    assert_eq!(user.as_str().len(), 36);
    let renamed = parse(&text.replacen("alice", "bob", 1)).directory;
    assert_ne!(renamed.users.keys().next(), Some(user));
}

#[test]
fn ids_that_are_given_are_kept() {
    let directory = parse(
        "instance = 'ssoins-7223a1b2c3d4e5f6'\n\
         [[user]]\nname = 'alice'\nid = 'u-1'\n[[group]]\nname = 'all'\nid = 'g-1'\nmembers = ['alice']\n\
         [[permission_set]]\nname = 'Look'\n",
    )
    .directory;
    let members = &directory.members[&GroupId::parse("g-1").unwrap()];
    assert!(members.contains(&UserId::parse("u-1").unwrap()));
    let arn = directory.permission_sets.keys().next().unwrap();
    assert!(arn.as_str().contains("/ssoins-7223a1b2c3d4e5f6/ps-"), "{arn}");
}

#[test]
fn units_nest_and_an_account_knows_the_whole_path() {
    let organization = parse(
        "[[unit]]\nname = 'payments'\nparent = 'production'\n[[unit]]\nname = 'production'\n\
         [[account]]\nid = '111122223333'\nname = 'ledger'\nunit = 'payments'\nstatus = 'suspended'\n",
    );
    let account = &organization.directory.accounts[&AccountId::parse("111122223333").unwrap()];
    assert_eq!(organization.directory.unit_names(account), ["Root", "production", "payments"]);
    assert_eq!(account.status, AccountStatus::Suspended);
}

#[test]
fn units_of_the_same_name_are_told_apart_by_key() {
    let organization = parse(
        "[[unit]]\nname = 'production'\n[[unit]]\nname = 'staging'\n\
         [[unit]]\nname = 'payments'\nparent = 'production'\n\
         [[unit]]\nname = 'payments'\nkey = 'staging-payments'\nparent = 'staging'\n\
         [[account]]\nid = '111122223333'\nname = 'ledger'\nunit = 'staging-payments'\n",
    );
    let account = organization.directory.accounts.values().next().unwrap();
    assert_eq!(organization.directory.unit_names(account), ["Root", "staging", "payments"]);
}

#[test]
fn an_account_is_referred_to_by_name_or_by_id() {
    let organization = parse(
        "[[group]]\nname = 'all'\n[[account]]\nid = '111122223333'\nname = 'ledger'\n\
         [[eligibility]]\nid = 'one'\nname = 'One'\ngroups = ['all']\naccounts = ['ledger']\n\
         all_permission_sets = true\nmax_duration = 60\n\
         [[eligibility]]\nid = 'two'\nname = 'Two'\ngroups = ['all']\naccounts = ['111122223333']\n\
         all_permission_sets = true\nmax_duration = '1h'\n",
    );
    let [one, two] = organization.policies.eligibility.as_slice() else { panic!("two policies") };
    assert_eq!(one.policy.targets, two.policy.targets);
    assert_eq!(one.policy.max_duration_minutes, two.policy.max_duration_minutes);
    assert!(one.policy.approval_required, "approval is the default");
    assert_eq!(one.policy.permission_sets, PermissionSets::All);
}

#[test]
fn what_a_guardrail_leaves_out_means_everything() {
    let organization = parse("[[guardrail]]\nid = 'g'\nname = 'G'\neffect = 'cap'\ncap = '30m'\n");
    let guardrail = &organization.policies.guardrails[0].policy;
    assert!(guardrail.principals.everyone && guardrail.targets.all);
    assert_eq!(guardrail.permission_sets, PermissionSets::All);
    assert_eq!(guardrail.effect, Effect::Cap { minutes: Minutes(30) });
}

#[test]
fn settings_that_are_left_out_have_their_defaults() {
    let organization = parse("[settings]\nmaximum_duration = '12h'\nchannels = ['slack']\n");
    let settings = organization.policies.settings;
    assert_eq!(settings.maximum_duration_minutes, Minutes(720));
    assert_eq!(settings.pending_lapses_after_minutes, Minutes(480));
    assert!(settings.channels.slack && !settings.channels.email);
}

#[test]
fn slack_channels_and_their_language_are_settings() {
    let organization = parse("[settings]\nslack_channel = '#prod-access'\nslack_language = 'ja'\n");
    let settings = organization.policies.settings;
    assert_eq!(settings.slack_channel, Some("#prod-access".parse().unwrap()));
    assert_eq!(settings.slack_language, Language::Ja);
}
