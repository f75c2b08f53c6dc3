//! What each function is for, and so what it has of AWS besides Kari's records. Its role in
//! `infra/template.yaml` has the same rights; a test compares the two.

use kari_application::Kari;

use crate::assemble::Adapters;

/// One function's Kari.
pub type Duty = fn(&Adapters<'_>) -> Kari;

/// Looks people up before each decision, and hints the workflow that something is due.
pub fn api(aws: &Adapters<'_>) -> Kari {
    Kari { directory: aws.directory(), workflow: aws.workflow(), ..aws.records() }
}

/// Drives requests: NB. with the reconciler the only one that reaches assignments.
pub fn workflow(aws: &Adapters<'_>) -> Kari {
    Kari { directory: aws.directory(), assignments: aws.assignments(), ..aws.records() }
}

/// Tells people what was recorded, and starts the workflow.
pub fn relay(aws: &Adapters<'_>) -> Kari {
    Kari { workflow: aws.workflow(), notifier: aws.notifier(), boards: aws.boards(), ..aws.records() }
}

/// Does in Slack what people may do in the portal.
pub fn slack(aws: &Adapters<'_>) -> Kari {
    api(aws)
}

/// Shows in Slack what was recorded: its records are all that it has of AWS, and Slack's secrets.
pub fn slack_relay(aws: &Adapters<'_>) -> Kari {
    aws.records()
}

/// Does whatever the others have lost. NB. With the workflow the only one that reaches assignments.
pub fn reconciler(aws: &Adapters<'_>) -> Kari {
    Kari {
        directory: aws.directory(),
        assignments: aws.assignments(),
        workflow: aws.workflow(),
        notifier: aws.notifier_of_notices(),
        ..aws.records()
    }
}

/// Reads the whole directory, and tells what follows from it.
pub fn directory_sync(aws: &Adapters<'_>) -> Kari {
    Kari { directory: aws.whole_directory(), notifier: aws.notifier_of_notices(), ..aws.records() }
}
