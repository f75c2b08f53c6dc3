use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

const SECRETS: &str = r#"A file that only you can read, with {"smtp_url": "smtps://user:password@host", "from": "Kari <kari@example.com>"}"#;

/// E-mail, by which people are told too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "With e-mail")]
pub struct MailOptions {
    #[arg(long, value_name = "FILE", help = SECRETS)]
    pub mail_secrets: Option<PathBuf>,
}

impl MailOptions {
    /// The same as arguments.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let Self { mail_secrets } = self;
        let given = mail_secrets.clone().map(|file| ["--mail-secrets".into(), file.into()]);
        given.into_iter().flatten().collect()
    }
}
