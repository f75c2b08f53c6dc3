//! Where links in messages lead.

use kari_domain::request::Asked;

use crate::Names;

/// The portals that links lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// The portal, without a slash at its end.
    pub portal: String,
    /// The AWS access portal; without it there are no links to consoles.
    pub access_portal: Option<String>,
}

impl Links {
    /// Where a request is shown.
    pub fn request(&self, asked: &Asked) -> String {
        format!("{}/requests/{}", self.portal, asked.submission.id)
    }

    /// Where all of one's active access is shown.
    pub fn active(&self) -> String {
        format!("{}/active", self.portal)
    }

    /// The form, filled in as it was. NB. It names the request and says nothing of it: addresses get into logs, and
    /// what was written in the request is for those only who may see it.
    pub fn again(&self, asked: &Asked) -> String {
        format!("{}/request?again={}", self.portal, asked.submission.id)
    }

    /// Where the console opens, by one link.
    pub fn console(&self, asked: &Asked, names: Names<'_>) -> Option<String> {
        let portal = self.access_portal.as_ref()?.trim_end_matches(['/', '#']);
        let account = &asked.submission.target.account;
        // A permission set's name has letters, digits and `+=,.@-_`: all but those are escaped.
        let set = names.permission_set(asked);
        let role: String = set.bytes().map(percent).collect();
        Some(format!("{portal}/#/console?account_id={account}&role_name={role}"))
    }
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

/// What to type; the portal shows what belongs into the configuration, and calls the profile the same.
pub fn shell(asked: &Asked, names: Names<'_>) -> String {
    let plain = |name: &str| -> String {
        let kept = name.chars().map(|c| if c.is_ascii_alphanumeric() || "_.-".contains(c) { c } else { '-' });
        kept.collect()
    };
    let (account, set) = (plain(&names.account(asked)), plain(&names.permission_set(asked)));
    // Names of accounts may be shared.
    let id = &asked.submission.target.account;
    format!("aws sso login --sso-session kari\nexport AWS_PROFILE={account}-{set}-{id}")
}
