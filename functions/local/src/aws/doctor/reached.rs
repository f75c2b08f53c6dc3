//! What Kari calls: Identity Center, the identity store and Organizations.

use kari_application::ports::{CallError, Unavailable};
use kari_aws::inspect::{self, Key, Told};
use kari_aws::instance::RoleArn;
use kari_domain::directory::{AccountStatus, Snapshot};
use kari_domain::ids::{Target, Tuple};

use super::{Patient, Report};

/// Whether it is an organization's instance, in this Region, with its identity store, and may be administered.
pub(super) async fn identity_center(patient: &Patient, report: &mut Report) {
    let about = "identity center";
    let of = &patient.environment.identity_center;
    let (management, instances) =
        (inspect::management_account(&patient.clients).await, inspect::instances(&patient.clients).await);
    let seen = match &instances {
        Err(words) => {
            let advice = "let your credentials call sso:ListInstances in Kari's account";
            return report.problem(about, words, advice);
        }
        Ok(instances) => instances.iter().find(|instance| instance.arn == of.instance.as_str()),
    };
    let Some(instance) = seen else {
        let found = format!("{} is not seen in {}", of.instance, of.region);
        return report.problem(
            about,
            found,
            "check InstanceArn and IdentityCenterRegion in infra/parameters, and that Kari's account is the \
             delegated administrator (infra/README.md, 1); then make deploy",
        );
    };
    report.ok(about, format!("{} in {}", of.instance, of.region));
    delegation(patient, report).await;
    if instance.identity_store == of.identity_store.as_str() {
        report.ok("identity store", &instance.identity_store);
    } else {
        let found =
            format!("the instance's is {}, not {}", instance.identity_store, of.identity_store.as_str());
        report.problem(
            "identity store",
            found,
            "correct IdentityStoreId in infra/parameters, and make deploy",
        );
    }
    organization(patient, &management, &instance.owner, report);
    if let (Ok(management), Some(role)) = (&management, &of.management_role) {
        management_role(management, role, report);
    }
    match inspect::key(&patient.clients, &of.instance).await {
        Err(words) => report.warn(
            "encryption key",
            format!("not checked: {words}"),
            "let your credentials call sso:DescribeInstance",
        ),
        Ok(key) => encryption(&key, of.key.as_deref(), report),
    }
}

/// Whether Kari's account may administer it. It needs no copy of the directory: without the delegation none is made.
async fn delegation(patient: &Patient, report: &mut Report) {
    let (about, of) = ("delegation", &patient.environment.identity_center);
    match inspect::denial(&patient.clients, &of.instance).await {
        Ok(None) => report.ok(
            about,
            "permission sets can be listed with your credentials, as only an account can that administers it",
        ),
        Ok(Some(words)) => report.problem(
            about,
            words,
            format!(
                "in the management account make Kari's its delegated administrator: aws organizations \
                 register-delegated-administrator --account-id {} --service-principal sso.amazonaws.com \
                 (infra/README.md, 1); if it is that already, let your credentials call sso:ListPermissionSets",
                of.account
            ),
        ),
        Err(words) => report.warn(about, format!("not checked: {words}"), "try again in a minute"),
    }
}

/// Whether what encrypts Identity Center is what Kari's roles were given to decrypt with.
fn encryption(Key { arn, trouble }: &Key, given: Option<&str>, report: &mut Report) {
    let about = "encryption key";
    if let Some(trouble) = trouble {
        return report.problem(
            about,
            format!("{}: {trouble}", arn.as_deref().unwrap_or("AWS's own")),
            "settle it in Identity Center: without the key nobody can be given access, nor be deprived of it",
        );
    }
    match (arn.as_deref(), given) {
        (None, None | Some("")) => report.ok(about, "AWS's own"),
        (Some(arn), None) => report.warn(
            about,
            format!(
                "not checked: Identity Center is encrypted with {arn}, and Kari was deployed by an earlier \
                 version, which does not say with which key"
            ),
            format!("make deploy, with IdentityCenterKeyArn={arn} in infra/parameters"),
        ),
        (Some(arn), Some(given)) if arn == given => report.ok(
            about,
            format!(
                "{arn}, as Kari was deployed with. Whether its own policy lets Kari use it, only use shows"
            ),
        ),
        (Some(arn), Some(given)) => report.problem(
            about,
            format!(
                "Identity Center is encrypted with {arn}, Kari was deployed with {}",
                if given.is_empty() { "none" } else { given }
            ),
            format!(
                "say IdentityCenterKeyArn={arn} in infra/parameters, and make deploy: the roles of Kari's \
                 functions need kms:Decrypt with it. The key's own policy has to let Kari's account, too \
                 (infra/README.md, 2)"
            ),
        ),
        (None, Some(given)) => report.warn(
            about,
            format!("Identity Center is encrypted with AWS's own, Kari was deployed with {given}"),
            "take IdentityCenterKeyArn out of infra/parameters, and make deploy: nothing needs it any more",
        ),
    }
}

/// Whether the instance is the organization's, and Kari runs elsewhere than in its management account.
fn organization(patient: &Patient, management: &Told<String>, owner: &str, report: &mut Report) {
    match management {
        Err(words) => report.problem(
            "organization",
            words,
            "let your credentials call organizations:DescribeOrganization; Kari needs an organization",
        ),
        Ok(management) if owner != management => report.problem(
            "organization",
            format!("the instance belongs to account {owner}, not to the organization"),
            "an account instance cannot assign accounts: enable Identity Center for the organization",
        ),
        Ok(management) if *management == patient.environment.account.as_str() => report.warn(
            "organization",
            "Kari runs in the management account",
            "whoever administers that account could change Kari: give it an account of its own",
        ),
        Ok(management) => report.ok("organization", format!("an organization's instance, of {management}")),
    }
}

/// Whether the role is in the account that it is for. Whether it can be taken on, only Kari's functions learn.
fn management_role(management: &str, role: &RoleArn, report: &mut Report) {
    let about = "role in the management account";
    if role.account().as_str() == management {
        return report.ok(about, role.as_str());
    }
    report.problem(
        about,
        format!("{} is in another account than {management}", role.as_str()),
        "deploy infra/management-role.yaml in the management account, correct ManagementRoleArn in \
         infra/parameters, and make deploy",
    );
}

/// Each read that functions need, once. The credentials are those of whoever asks.
pub(super) async fn rights(patient: &Patient, directory: &Snapshot, report: &mut Report) {
    let kari = &patient.kari;
    if let Some(user) = directory.users.keys().next() {
        tried(report, "right: identitystore:DescribeUser", &kari.directory.user(user).await);
        let memberships = kari.directory.memberships(user).await;
        tried(report, "right: identitystore:ListGroupMembershipsForMember", &memberships);
    }
    let usable = |account: &&kari_domain::directory::Account| {
        account.status == AccountStatus::Active && !account.management
    };
    let account = directory.accounts.values().find(usable);
    if let Some(account) = account {
        let described = kari.directory.account(&account.id).await;
        tried(report, "right: organizations:DescribeAccount, ListParents", &described);
        let provisioned = kari.assignments.provisioned(&account.id).await;
        called(report, "right: sso:ListPermissionSetsProvisionedToAccount", &provisioned);
    }
    if let Some(set) = directory.permission_sets.keys().next() {
        tried(report, "right: sso:DescribePermissionSet", &kari.directory.permission_set(set).await);
    }
    if let (Some(account), Some(set), Some(user)) =
        (account, directory.permission_sets.keys().next(), directory.users.keys().next())
    {
        let assigned = kari.assignments.assignees(&account.id, set).await;
        called(report, "right: sso:ListAccountAssignments", &assigned);
        let target = Target { account: account.id.clone(), permission_set: set.clone() };
        let flying = kari.assignments.creation_in_flight(&Tuple { principal: user.clone(), target }).await;
        called(report, "right: sso:ListAccountAssignmentCreationStatus", &flying);
    }
}

const ADVICE: &str = "register Kari's account as delegated administrator (infra/README.md, 1), and see that your \
                      credentials and Kari's roles may do this";

fn tried<T>(report: &mut Report, about: &'static str, outcome: &Result<T, Unavailable>) {
    match outcome {
        Ok(_) => report.ok(about, "with your credentials"),
        Err(error) => report.problem(about, chain(error), ADVICE),
    }
}

fn called<T>(report: &mut Report, about: &'static str, outcome: &Result<T, CallError>) {
    match outcome {
        Ok(_) => report.ok(about, "with your credentials"),
        Err(CallError::Throttled) => report.warn(
            about,
            "it was throttled",
            "many calls are made at the moment, by Kari or by others: try again in a minute",
        ),
        Err(error) => report.problem(about, chain(error), ADVICE),
    }
}

/// An error with what led to it.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let reasons = std::iter::successors(Some(error), |error| error.source());
    reasons.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
