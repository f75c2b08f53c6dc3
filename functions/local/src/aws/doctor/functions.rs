//! What the deployed functions may do to assignments, and how many of them run at once.

use kari_aws::inspect;
use kari_aws::simulate::{Answer, Decision, Simulator};
use kari_domain::directory::Snapshot;

use super::{Patient, Report};

/// What changes assignments.
const CHANGES: [&str; 2] = ["sso:CreateAccountAssignment", "sso:DeleteAccountAssignment"];
/// What sees them, and what became of a change.
const READS: [&str; 4] = [
    "sso:DescribeAccountAssignmentCreationStatus",
    "sso:DescribeAccountAssignmentDeletionStatus",
    "sso:ListAccountAssignmentCreationStatus",
    "sso:ListAccountAssignments",
];
/// What the one that looks through accounts needs besides.
const SEARCHES: [&str; 1] = ["sso:ListPermissionSetsProvisionedToAccount"];
const SEARCHER: &str = "reconciler";
/// An account and a permission set that nobody has, so that no policy is about them alone.
const SOME_ACCOUNT: &str = "123456789012";
const SOME_PERMISSION_SET: &str = "ps-0000000000000000";
/// New accounts have 10, which a few people at once use up; others have 1,000.
const ENOUGH: i32 = 100;

const ABOUT: &str = "rights of functions";
const LET_SIMULATE: &str =
    "let your credentials call iam:SimulatePrincipalPolicy; if it was throttled, try again in a minute";

/// A function whose role is looked at.
struct Function {
    about: &'static str,
    name: &'static str,
    /// Whether it changes assignments. NB. No other may.
    changes: bool,
}

const FUNCTIONS: [Function; 7] = [
    Function { about: "rights of workflow", name: "workflow", changes: true },
    Function { about: "rights of reconciler", name: SEARCHER, changes: true },
    Function { about: "rights of api", name: "api", changes: false },
    Function { about: "rights of relay", name: "relay", changes: false },
    Function { about: "rights of directory-sync", name: "directory-sync", changes: false },
    Function { about: "rights of slack", name: "slack", changes: false },
    Function { about: "rights of slack-relay", name: "slack-relay", changes: false },
];

/// What the template's roles are asked about.
struct Places {
    /// The instance, a permission set and an account: what a change needs a right to, all three.
    elsewhere: Vec<String>,
    /// The same, with a permission set and an account that are there, if any were seen.
    anywhere: Vec<String>,
    /// What accounts those are.
    told: String,
    /// Kari's own account.
    here: Vec<String>,
}

/// Whether the functions that change assignments may, by what IAM says of their roles, and the others may not.
pub(super) async fn rights(patient: &Patient, directory: Option<&Snapshot>, report: &mut Report) {
    let Some((places, stack)) = places(patient, directory).zip(stack(patient)) else {
        let found =
            "not checked: KARI_INSTANCE_ARN or KARI_STATE_MACHINE_ARN is not as the template makes it";
        return report.warn(ABOUT, found, "infra/deploy.py --describe writes the file anew");
    };
    let partition = patient.environment.state_machine.split(':').nth(1).unwrap_or_default();
    let simulator = match Simulator::new(&patient.clients, partition, patient.kari.clock.now()).await {
        Ok(simulator) => simulator,
        Err(words) => return report.warn(ABOUT, format!("not checked: {words}"), LET_SIMULATE),
    };
    for Function { about, name, changes } in FUNCTIONS {
        if name.starts_with("slack") && patient.environment.slack.is_none() {
            continue;
        }
        let Some(role) = role(patient, about, &format!("{stack}-{name}"), report).await else { continue };
        let asked = Asked { simulator: &simulator, role: &role };
        let outcome = if changes {
            may_change(&asked, &places, about, name == SEARCHER, report).await
        } else {
            may_not_change(&asked, &places, about, report).await
        };
        if let Err(words) = outcome {
            // NB. Never as good.
            report.warn(about, format!("not checked: {words}"), LET_SIMULATE);
        }
    }
}

/// The name of the stack, which the state machine's begins with.
fn stack(patient: &Patient) -> Option<&str> {
    patient.environment.state_machine.rsplit(':').next()?.strip_suffix("-access")
}

fn places(patient: &Patient, directory: Option<&Snapshot>) -> Option<Places> {
    let instance = patient.environment.identity_center.instance.as_str();
    let (head, id) = instance.split_once(":instance/")?;
    let account = |id: &str| format!("{head}:account/{id}");
    let permission_set = format!("{head}:permissionSet/{id}/{SOME_PERMISSION_SET}");
    let elsewhere = vec![instance.to_owned(), permission_set, account(SOME_ACCOUNT)];
    let (mut anywhere, mut told) = (elsewhere.clone(), "an account that no policy names".to_owned());
    let there = directory.and_then(|directory| {
        let account = directory.accounts.values().find(|account| !account.management)?;
        directory.permission_sets.keys().next().map(|set| (&account.id, set))
    });
    if let Some((id, set)) = there {
        anywhere.extend([set.as_str().to_owned(), account(id.as_str())]);
        told = format!("{id} with {set} and for {told}");
    }
    let here = vec![account(patient.environment.account.as_str())];
    Some(Places { elsewhere, anywhere, told, here })
}

async fn role(patient: &Patient, about: &'static str, function: &str, report: &mut Report) -> Option<String> {
    match inspect::role(&patient.clients, function).await {
        Ok(Some(role)) => return Some(role),
        Ok(None) => {
            let found = format!("there is no function {function} in {}", patient.environment.region);
            report.problem(
                about,
                found,
                "make deploy makes it; see also that your credentials are for Kari's account",
            );
        }
        Err(words) => report.warn(
            about,
            format!("not checked: {words}"),
            "let your credentials call lambda:GetFunctionConfiguration",
        ),
    }
    None
}

/// Whose rights are asked about.
struct Asked<'a> {
    simulator: &'a Simulator,
    role: &'a str,
}

type Decisions = Vec<(&'static str, Decision)>;

impl Asked<'_> {
    async fn about(
        &self,
        actions: &[&'static str],
        resources: &[String],
        counts: fn(Answer) -> Decision,
    ) -> inspect::Told<Decisions> {
        let mut decisions = vec![];
        for &action in actions {
            decisions.push((action, counts(self.simulator.answer(self.role, action, resources).await?)));
        }
        Ok(decisions)
    }
}

async fn may_change(
    asked: &Asked<'_>,
    places: &Places,
    about: &'static str,
    searches: bool,
    report: &mut Report,
) -> inspect::Told<()> {
    let strictest = |answer: Answer| answer.strictest;
    let mut decisions = asked.about(&CHANGES, &places.elsewhere, strictest).await?;
    decisions.extend(asked.about(&READS, &places.elsewhere, strictest).await?);
    if searches {
        decisions.extend(asked.about(&SEARCHES, &places.elsewhere, strictest).await?);
    }
    let here = asked.about(&CHANGES, &places.here, |answer| answer.mildest).await?;
    let lacking: Decisions =
        decisions.into_iter().filter(|(_, decision)| *decision != Decision::Allowed).collect();
    if lacking.iter().any(|(_, decision)| *decision == Decision::ExplicitDeny) {
        report.problem(
            about,
            listed(&lacking),
            "a policy denies it, whatever infra/template.yaml allows: look at the organization's service \
             control policies, and at what the role has that make deploy did not give it",
        );
    } else if !lacking.is_empty() {
        report.problem(
            about,
            listed(&lacking),
            "make deploy gives the role what infra/template.yaml says; if it stays so, a service control \
             policy or a permissions boundary leaves it out",
        );
    } else if allows(&here) {
        report.problem(
            about,
            format!("in Kari's own account: {}", listed(&here)),
            "whoever is given access there could change Kari: make deploy denies it again",
        );
    } else if here.iter().any(|(_, decision)| *decision != Decision::ExplicitDeny) {
        report.warn(
            about,
            format!("in Kari's own account: {}", listed(&here)),
            "nothing allows it now, but nothing denies it to whatever might: make deploy; if it stays so, see \
             that the role has the stack's AssignmentsPolicy as infra/template.yaml says it",
        );
    } else {
        let found = format!("assignments: allowed; in Kari's own account: {}", listed(&here));
        report.ok(about, found);
    }
    Ok(())
}

async fn may_not_change(
    asked: &Asked<'_>,
    places: &Places,
    about: &'static str,
    report: &mut Report,
) -> inspect::Told<()> {
    let decisions = asked.about(&CHANGES, &places.anywhere, |answer| answer.mildest).await?;
    if allows(&decisions) {
        report.problem(
            about,
            listed(&decisions),
            "take that right from its role: whoever gets this function to do what they want could give \
             access that nobody approved. infra/template.yaml gives it to workflow and reconciler alone",
        );
    } else {
        let found = format!(
            "{}, asked for {}; a right to other accounts by name would not show",
            listed(&decisions),
            places.told
        );
        report.ok(about, found);
    }
    Ok(())
}

fn allows(decisions: &[(&'static str, Decision)]) -> bool {
    decisions.iter().any(|(_, decision)| *decision == Decision::Allowed)
}

fn listed(decisions: &[(&'static str, Decision)]) -> String {
    let each = decisions.iter().map(|(action, decision)| format!("{action} {}", decision.as_str()));
    each.collect::<Vec<_>>().join(", ")
}

/// Whether Lambda runs enough of them at once.
pub(super) async fn concurrency(patient: &Patient, report: &mut Report) {
    let about = "concurrency";
    let found = match inspect::concurrency(&patient.clients).await {
        Ok(found) => found,
        Err(words) => {
            let advice = "let your credentials call lambda:GetAccountSettings";
            return report.warn(about, format!("not checked: {words}"), advice);
        }
    };
    let (whole, unreserved) = (found.whole, found.unreserved);
    let told =
        format!("Lambda runs {whole} functions of the account at once, {unreserved} of them unreserved");
    if whole < ENOUGH {
        let region = &patient.environment.region;
        report.warn(
            about,
            told,
            format!(
                "when many people come at once, they are told to try again, and what ends access waits its \
                 turn. Ask for 1,000: Service Quotas → AWS Lambda → Concurrent executions, or aws \
                 service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 \
                 --desired-value 1000 --region {region}"
            ),
        );
    } else if unreserved < ENOUGH {
        let advice = "reserve less for other functions of the account, or give Kari an account of its own";
        report.warn(about, told, advice);
    } else {
        report.ok(about, told);
    }
}
