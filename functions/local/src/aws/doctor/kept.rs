//! What Kari keeps, and how its own work goes.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use kari_application::policy_findings::policy_findings;
use kari_application::reconcile::{late_removals, oldest_due};
use kari_aws::inspect;
use kari_domain::directory::Snapshot;
use kari_domain::ids::GroupId;
use kari_domain::policy::Severity;
use kari_domain::time::Instant;

use super::reached::chain;
use super::{Patient, Report};

/// The directory is read every ten minutes.
const OLD: TimeDelta = TimeDelta::minutes(35);
/// What is due for longer makes the alarm sound.
const LATE: TimeDelta = TimeDelta::minutes(5);
/// What AWS allows; warned of at nine tenths.
const MOST_PERMISSION_SETS: usize = 3_500;
const MOST_ACCOUNTS: usize = 7_000;

/// Whether the table is there, in Kari's account, and protected.
pub(super) async fn table(patient: &Patient, report: &mut Report) {
    let name = &patient.environment.table;
    match inspect::table(&patient.clients, name).await {
        Err(words) => {
            let advice =
                "see that your credentials are good, for Kari's account, and may do dynamodb:DescribeTable";
            return report.problem("table", words, advice);
        }
        Ok(None) => {
            let found = format!("there is no table {name} in {}", patient.environment.region);
            return report.problem(
                "table",
                found,
                "see that your credentials are for Kari's account, and that the file is that of this \
                 deployment: infra/deploy.py --describe writes it anew",
            );
        }
        Ok(Some(table)) if table.account != patient.environment.account.as_str() => report.problem(
            "table",
            format!(
                "your credentials are for account {}, Kari is in {}",
                table.account, patient.environment.account
            ),
            "use credentials for Kari's account, for instance with another AWS_PROFILE",
        ),
        Ok(Some(table)) if !table.deletion_protection => report.problem(
            "table",
            format!("{name} can be deleted by one call"),
            format!("aws dynamodb update-table --table-name {name} --deletion-protection-enabled"),
        ),
        Ok(Some(_)) => report.ok("table", format!("{name}, protected from being deleted")),
    }
    match inspect::point_in_time_recovery(&patient.clients, name).await {
        Ok(true) => report.ok(
            "recovery",
            "any moment of the last weeks can be restored into a new table; infra/README.md says how it comes back",
        ),
        Ok(false) => report.problem(
            "recovery",
            "the table cannot be restored to a moment before something went wrong",
            "make deploy turns it on: point-in-time recovery",
        ),
        Err(words) => {
            report.warn("recovery", words, "let your credentials call dynamodb:DescribeContinuousBackups");
        }
    }
}

/// The copy of the directory, if there is one, and whether it is fresh.
pub(super) async fn directory(patient: &Patient, report: &mut Report) -> Option<Arc<Snapshot>> {
    let about = "directory";
    let advice = "look into the log of directory-sync: aws logs tail /kari/directory-sync --since 1h";
    let snapshot = match patient.kari.read_model.load().await {
        Ok(snapshot) => snapshot,
        Err(error) => {
            report.problem(about, chain(&error), "see that your credentials may read the table");
            return None;
        }
    };
    if snapshot.synced_at <= Instant::UNIX_EPOCH {
        report.problem(
            about,
            "it was never read",
            format!("mend what is wrong above, and wait ten minutes after deploying; else {advice}"),
        );
        return None;
    }
    let (users, accounts) = (snapshot.users.len(), snapshot.accounts.len());
    let age = patient.kari.clock.now() - snapshot.synced_at;
    let found = format!("{users} users, {accounts} accounts, read {} minutes ago", age.num_minutes().max(0));
    if age > OLD {
        report.problem(about, found, advice);
    } else {
        report.ok(about, found);
    }
    Some(snapshot)
}

/// Whether there is anybody who administers Kari.
pub(super) fn roles(patient: &Patient, directory: &Snapshot, report: &mut Report) {
    let roles = &patient.environment.roles;
    groups(report, directory, "administrators", &roles.administrators, true);
    groups(report, directory, "auditors", &roles.auditors, false);
}

fn groups(
    report: &mut Report,
    directory: &Snapshot,
    about: &'static str,
    groups: &BTreeSet<GroupId>,
    needed: bool,
) {
    let mut people = BTreeSet::new();
    for id in groups {
        let Some(group) = directory.groups.get(id) else {
            let advice = "correct infra/parameters, and make deploy";
            report.problem(about, format!("there is no group {id}"), advice);
            continue;
        };
        let members = directory.members.get(id).into_iter().flatten();
        let enabled: Vec<_> =
            members.filter(|id| directory.users.get(id).is_some_and(|user| user.enabled)).collect();
        if enabled.is_empty() {
            let found = format!("nobody who is enabled is in the group {} ({id})", group.display_name);
            report.warn(about, found, "add somebody, where your groups are kept");
        }
        people.extend(enabled);
    }
    match people.len() {
        0 if needed => report.problem(
            about,
            "there is nobody, so nobody can write policies in the portal",
            "add somebody to one of those groups, or name others in infra/parameters",
        ),
        0 => report.ok(about, "nobody"),
        1 => report.ok(about, "1 person"),
        many => report.ok(about, format!("{many} people")),
    }
}

/// Whether policies can be read, let anybody ask, and name what exists.
pub(super) async fn policies(patient: &Patient, directory: &Snapshot, report: &mut Report) {
    let about = "policies";
    let current = patient.kari.policies.current().await;
    let (set, findings) = match (&current, policy_findings(&patient.kari).await) {
        (Ok(current), Ok(found)) => (current.policy_set(), found.findings),
        (Err(error), _) => {
            let advice = "a newer version may have written them: deploy that version again; what was altered is put \
                          right when an administrator opens portal → Policies";
            return report.problem(about, chain(error), advice);
        }
        (Ok(_), Err(error)) => return report.problem(about, chain(&error), "try again in a minute"),
    };
    for finding in &findings {
        let named = format!("{} ({})", finding.policy.name.as_str(), finding.policy.id);
        let found = format!("{named}: {}", finding.flaw.sentence());
        match finding.flaw.severity() {
            Severity::Error | Severity::Warning => report.warn(about, found, "portal → Policies"),
            Severity::Info => report.ok(about, found),
        }
    }
    let count = set.eligibility.len() + set.guardrails.len() + set.approvers.len();
    if set.eligibility.is_empty() {
        let advice = "make one in the portal, or with kari policies apply FILE";
        report.warn(about, "no policy lets anybody ask for anything", advice);
    } else if !set.settings.requests_accepted {
        report.warn(about, "no requests are accepted: it was drained", "kari drain --undo");
    } else {
        report.ok(
            about,
            format!("{count} policies, read with {} permission sets", directory.permission_sets.len()),
        );
    }
}

/// Whether the organization comes near to what Identity Center allows.
pub(super) fn quotas(directory: &Snapshot, report: &mut Report) {
    let (sets, accounts) = (directory.permission_sets.len(), directory.accounts.len());
    let found =
        format!("{sets} of {MOST_PERMISSION_SETS} permission sets, {accounts} of {MOST_ACCOUNTS} accounts");
    if sets * 10 >= MOST_PERMISSION_SETS * 9 || accounts * 10 >= MOST_ACCOUNTS * 9 {
        report.warn("quotas", found, "ask AWS for more (Service Quotas → IAM Identity Center)");
    } else {
        report.ok("quotas", found);
    }
}

/// Whether what is due is done.
pub(super) async fn work(patient: &Patient, report: &mut Report) {
    let looked = (oldest_due(&patient.kari).await, late_removals(&patient.kari).await);
    let (oldest, removals) = match looked {
        (Ok(oldest), Ok(removals)) => (oldest, removals),
        (Err(error), _) | (_, Err(error)) => {
            return report.problem("work", chain(&error), "see that your credentials may read the table");
        }
    };
    let advice = "look into the logs of reconciler and workflow: aws logs tail /kari/reconciler --since 1h";
    match oldest.map(|since| patient.kari.clock.now() - since) {
        Some(late) if late > LATE => {
            let found = format!("something has been due for {} minutes", late.num_minutes());
            report.problem("reconciler", found, advice);
        }
        // Whether it is invoked when there is nothing to do, only its own metric tells.
        Some(_) | None => report.ok(
            "reconciler",
            "nothing has been due for long; ReconcilerSilentAlarm sounds if it is not invoked",
        ),
    }
    let advice = "portal → ending requests: each says what is in its way";
    match (removals.overdue, removals.blocked.len()) {
        (0, 0) => report.ok("removals", "none is overdue"),
        (0, blocked) => report.warn(
            "removals",
            format!("{blocked} cannot succeed for now: the account is out of reach"),
            advice,
        ),
        (overdue, _) => report.problem("removals", format!("{overdue} should be done and are not"), advice),
    }
}
