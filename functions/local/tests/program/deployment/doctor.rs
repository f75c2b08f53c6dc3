//! `kari doctor`: that it finds nothing wrong with what is right, and says what to do about the rest.

use kari_aws::store::table;
use kari_domain::directory::{Account, PermissionSet, Snapshot};
use kari_embedded::identity_center::http::Options;

use super::center::{self, Center};
use super::cloud::Cloud;
use super::{KARIS_ACCOUNT, REGION, Town, said};

/// The first of the sample's accounts but for the management account.
const ACCOUNT: &str = "210000000011";
const MANAGEMENT: &str = "210000000001";
const KEY: &str = "arn:aws:kms:ap-northeast-1:999988887777:key/12345678-1234-1234-1234-123456789012";

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_finds_nothing_wrong_with_what_is_right_and_says_what_to_do_about_the_rest() {
    let town = Town::new().await;
    let file = town.policies();
    assert_eq!(town.said(&["policies", "apply", &file], &[]).await.0, 0);
    let (code, text) = town.said(&["doctor"], &[]).await;
    assert!(code == 0 && text.contains(" 0 problems"), "{text}");
    for about in ["table", "identity center", "organization", "encryption key", "rights of workflow"]
        .into_iter()
        .chain(["rights of reconciler", "rights of api", "rights of relay", "rights of directory-sync"])
        .chain(["delegation", "concurrency", "administrators", "quotas", "removals"])
    {
        assert!(text.contains(&format!("ok       {about}: ")), "{about}\n{text}");
    }
    assert!(!text.contains("rights of slack"), "{text}");
    let asked = format!("asked for {ACCOUNT} with arn:aws:sso:::permissionSet/");
    assert!(text.contains(&asked) && text.contains("and for an account that no policy names"), "{text}");

    for (name, value, found, advice) in [
        ("KARI_TABLE", "nothing", "problem  table: there is no table nothing", "--describe"),
        ("KARI_ACCOUNT", "111122223333", "your credentials are for account 000000000000", "AWS_PROFILE"),
        ("KARI_IDENTITY_STORE_ID", "d-0000000000", "problem  identity store", "IdentityStoreId"),
        (
            "KARI_INSTANCE_ARN",
            "arn:aws:sso:::instance/ssoins-other",
            "is not seen in",
            "delegated administrator",
        ),
        (
            "KARI_ADMINISTRATORS",
            "nobody",
            "problem  administrators: there is no group nobody",
            "infra/parameters",
        ),
        (
            "KARI_MANAGEMENT",
            "arn:aws:iam::999988887777:role/kari-management",
            "problem  role in the management account: arn:aws:iam::999988887777:role/kari-management is in",
            "ManagementRoleArn",
        ),
    ] {
        let (code, text) = town.said(&["doctor"], &[(name, value)]).await;
        assert!(code == 1 && text.contains(found) && text.contains(advice), "{name}\n{text}");
    }
    let unprotect = town.clients.dynamodb.update_table().table_name(&town.variables["KARI_TABLE"]);
    unprotect.deletion_protection_enabled(false).send().await.unwrap();
    let (code, text) = town.said(&["doctor"], &[]).await;
    assert!(code == 1 && text.contains("aws dynamodb update-table"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_says_what_the_functions_may_not_do_and_should_and_what_they_may_and_should_not() {
    let town = Town::new().await;
    let create = "sso:CreateAccountAssignment";
    let slack =
        [("KARI_SLACK_SECRET", "arn:aws:secretsmanager:x:y:secret:z"), ("KARI_SLACK_WORKSPACES", "T1")];
    for (instead, only, found, advice) in [
        (
            ("workflow", create, "implicitDeny"),
            "",
            "workflow: sso:CreateAccountAssignment implicitDeny",
            "make deploy",
        ),
        (
            ("workflow", create, "implicitDeny"),
            "arn:aws:sso:::account/123456789012",
            "workflow: sso:CreateAccountAssignment implicitDeny",
            "make deploy",
        ),
        (
            ("reconciler", "sso:ListAccountAssignments", "explicitDeny"),
            "",
            "reconciler: sso:ListAccountAssignments explicitDeny",
            "service control policies",
        ),
        (
            ("reconciler", "sso:ListPermissionSetsProvisionedToAccount", "implicitDeny"),
            "",
            "reconciler: sso:ListPermissionSetsProvisionedToAccount implicitDeny",
            "make deploy",
        ),
        (
            ("reconciler", create, "allowed"),
            "",
            "reconciler: in Kari's own account: sso:CreateAccount",
            "make deploy",
        ),
        (
            ("api", "sso:DeleteAccountAssignment", "allowed"),
            "",
            "sso:DeleteAccountAssignment allowed",
            "take that right from its role",
        ),
        (
            ("directory-sync", create, "allowed"),
            "arn:aws:sso:::account/210000000011",
            "directory-sync: sso:CreateAccountAssignment allowed",
            "take that right from its role",
        ),
        (
            ("slack-relay", create, "allowed"),
            "",
            "slack-relay: sso:CreateAccountAssignment allowed",
            "take that right from its role",
        ),
    ] {
        *town.cloud.lock().unwrap() = Cloud { instead: Some(instead), only, ..Cloud::default() };
        let (code, text) = town.said(&["doctor"], &slack).await;
        let problem = format!("problem  rights of {}: ", instead.0);
        assert!(code == 1 && text.contains(&problem), "{instead:?}\n{text}");
        assert!(text.contains(found) && text.contains(advice), "{instead:?}\n{text}");
    }
    *town.cloud.lock().unwrap() = Cloud { gone: "kari-reconciler", ..Cloud::default() };
    let (code, text) = town.said(&["doctor"], &[]).await;
    let found = "problem  rights of reconciler: there is no function kari-reconciler";
    assert!(code == 1 && text.contains(found), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_warns_where_nothing_denies_access_to_karis_own_account() {
    let town = Town::new().await;
    let instead = Some(("workflow", "sso:DeleteAccountAssignment", "implicitDeny"));
    let only = "arn:aws:sso:::account/000000000000";
    *town.cloud.lock().unwrap() = Cloud { instead, only, ..Cloud::default() };
    let (_, text) = town.said(&["doctor"], &[]).await;
    let found = "warning  rights of workflow: in Kari's own account: sso:CreateAccountAssignment explicitDeny, \
                 sso:DeleteAccountAssignment implicitDeny";
    assert!(text.contains(found) && text.contains("AssignmentsPolicy"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_doctor_may_not_look_at_is_not_checked_and_never_good() {
    let town = Town::new().await;
    *town.cloud.lock().unwrap() = Cloud { may_simulate: false, ..Cloud::default() };
    let (_, text) = town.said(&["doctor"], &[]).await;
    for name in ["workflow", "reconciler", "api", "relay", "directory-sync"] {
        let found = format!("warning  rights of {name}: not checked: AccessDenied: not you");
        assert!(text.contains(&found), "{text}");
    }
    assert!(text.contains("iam:SimulatePrincipalPolicy") && !text.contains("ok       rights of"), "{text}");
    *town.cloud.lock().unwrap() = Cloud { truncated: true, ..Cloud::default() };
    let (_, text) = town.said(&["doctor"], &[]).await;
    let found = "warning  rights of api: not checked: IAM answers what is not understood here";
    assert!(text.contains(found) && !text.contains("ok       rights of"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_warns_where_lambda_runs_few_functions_at_once() {
    let town = Town::new().await;
    for (concurrency, unreserved, advice) in [(10, 10, "L-B99A9384"), (1_000, 20, "reserve less")] {
        *town.cloud.lock().unwrap() = Cloud { concurrency, unreserved, ..Cloud::default() };
        let (_, text) = town.said(&["doctor"], &[]).await;
        let found =
            format!("warning  concurrency: Lambda runs {concurrency} functions of the account at once");
        assert!(text.contains(&found) && text.contains(advice), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_compares_the_key_of_identity_center_with_the_one_that_kari_was_deployed_with() {
    let town = Town::with(Options { key: Some(KEY), ..Options::default() }).await;
    let other = KEY.replace("12345678-", "87654321-");
    for given in ["", other.as_str()] {
        let (code, text) = town.said(&["doctor"], &[("KARI_IDENTITY_CENTER_KEY", given)]).await;
        assert!(code == 1 && text.contains("problem  encryption key: "), "{text}");
        assert!(
            text.contains(&format!("IdentityCenterKeyArn={KEY}")) && text.contains("kms:Decrypt"),
            "{text}"
        );
    }
    let (_, text) = town.said(&["doctor"], &[("KARI_IDENTITY_CENTER_KEY", KEY)]).await;
    assert!(text.contains(&format!("ok       encryption key: {KEY}")), "{text}");
    let (_, text) = town.said(&["doctor"], &[]).await;
    let found = "warning  encryption key: not checked: ";
    assert!(text.contains(found) && text.contains("deployed by an earlier version"), "{text}");

    let town = Town::new().await;
    let (_, text) = town.said(&["doctor"], &[("KARI_IDENTITY_CENTER_KEY", KEY)]).await;
    assert!(
        text.contains("warning  encryption key: ") && text.contains("IdentityCenterKeyArn out of"),
        "{text}"
    );
}

/// The Identity Center of the town, as an account sees it that does not administer it.
fn undelegated(town: &Town) -> Center {
    Center {
        instance: town.variables["KARI_INSTANCE_ARN"].clone(),
        identity_store: town.variables["KARI_IDENTITY_STORE_ID"].clone(),
        owner: MANAGEMENT.to_owned(),
        region: REGION,
    }
}

/// What a doctor says to whom Identity Center is this one.
async fn examined(town: &Town, center: Center, instead: &[(&'static str, &str)]) -> String {
    let address = center::serve(center).await;
    let mut command = town.command(&["doctor"], instead);
    command.env("AWS_ENDPOINT_URL_SSO_ADMIN", format!("http://{address}"));
    let (code, text) = said(command).await;
    assert_eq!(code, 1, "{text}");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_finds_that_nothing_is_delegated_although_no_directory_was_read_yet() {
    let town = Town::new().await;
    let new = format!("{}-new", town.variables["KARI_TABLE"]);
    table::create(&town.clients.dynamodb, &new).await.unwrap();
    let text = examined(&town, undelegated(&town), &[("KARI_TABLE", new.as_str())]).await;
    assert!(text.contains("ok       identity center: "), "{text}");
    assert!(text.contains("problem  directory: it was never read"), "{text}");
    assert!(text.contains("problem  delegation: AccessDeniedException: not you"), "{text}");
    let advice = format!("register-delegated-administrator --account-id {KARIS_ACCOUNT} ");
    assert!(text.contains(&advice) && text.contains("infra/README.md, 1"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_tells_an_instance_of_one_account_from_the_organizations() {
    let town = Town::new().await;
    let text = examined(&town, Center { owner: KARIS_ACCOUNT.to_owned(), ..undelegated(&town) }, &[]).await;
    let found = format!("problem  organization: the instance belongs to account {KARIS_ACCOUNT}, not to the");
    assert!(text.contains(&found) && text.contains("an account instance cannot assign accounts"), "{text}");
    let text = examined(&town, undelegated(&town), &[]).await;
    assert!(
        text.contains(&format!("ok       organization: an organization's instance, of {MANAGEMENT}")),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_looks_for_identity_center_in_the_region_that_kari_was_told() {
    let town = Town::new().await;
    let elsewhere = [("KARI_REGION_OF_IDENTITY_CENTER", "eu-west-1")];
    let instance = &town.variables["KARI_INSTANCE_ARN"];
    let text = examined(&town, undelegated(&town), &elsewhere).await;
    let found = format!("problem  identity center: {instance} is not seen in eu-west-1");
    assert!(text.contains(&found) && text.contains("IdentityCenterRegion"), "{text}");
    let text = examined(&town, Center { region: "eu-west-1", ..undelegated(&town) }, &elsewhere).await;
    assert!(text.contains(&format!("ok       identity center: {instance} in eu-west-1")), "{text}");
}

/// The directory with so many permission sets and accounts.
fn grown(directory: &Snapshot, sets: usize, accounts: usize) -> Snapshot {
    let mut grown = directory.clone();
    let set = directory.permission_sets.values().next().unwrap();
    for number in grown.permission_sets.len()..sets {
        let set = PermissionSet { arn: format!("{}-{number}", set.arn).parse().unwrap(), ..set.clone() };
        grown.permission_sets.insert(set.arn.clone(), set);
    }
    let account = directory.accounts.values().next().unwrap();
    for number in grown.accounts.len()..accounts {
        let id = (900_000_000_000 + number).to_string().parse().unwrap();
        let account = Account { id, management: false, ..account.clone() };
        grown.accounts.insert(account.id.clone(), account);
    }
    grown
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_says_how_much_there_is_of_what_aws_allows_and_warns_at_nine_tenths() {
    let town = Town::new().await;
    let directory = town.kari.read_model.load().await.unwrap();
    for (sets, accounts, verdict) in
        [(3_149, 6_299, "ok      "), (3_150, 100, "warning "), (100, 6_300, "warning ")]
    {
        town.kari.read_model.save(grown(&directory, sets, accounts)).await.unwrap();
        let (_, text) = town.said(&["doctor"], &[]).await;
        let found = format!("{verdict} quotas: {sets} of 3500 permission sets, {accounts} of 7000 accounts");
        assert!(text.contains(&found), "{text}");
        assert_eq!(text.contains("Service Quotas → IAM Identity Center"), verdict == "warning ", "{text}");
    }
}
