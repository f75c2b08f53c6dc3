//! What things and people are called now, looked up by id; where they are gone, what they were called.

use kari_domain::directory::Snapshot;
use kari_domain::ids::UserId;
use kari_domain::request::Asked;

/// Names by the read model.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a>(pub &'a Snapshot);

impl Names<'_> {
    /// A person, by the name of that time where they are gone.
    pub fn person(self, id: &UserId, label: &str) -> String {
        self.0.users.get(id).map_or_else(|| label.to_owned(), |user| user.display_name.clone())
    }

    /// A person of whom no name was kept.
    pub fn of(self, id: &UserId) -> String {
        self.person(id, id.as_str())
    }

    /// Who asked.
    pub fn requester(self, asked: &Asked) -> String {
        self.person(&asked.submission.requester, &asked.submission.labels.requester)
    }

    /// What the requester signs in as: unlike the name, nobody else has it. Where they are gone, their id.
    pub fn user_name(self, asked: &Asked) -> String {
        let id = &asked.submission.requester;
        self.0.users.get(id).map_or_else(|| id.to_string(), |user| user.user_name.clone())
    }

    /// The account that is asked for.
    pub fn account(self, asked: &Asked) -> String {
        let account = self.0.accounts.get(&asked.submission.target.account);
        account.map_or_else(|| asked.submission.labels.account.clone(), |account| account.name.clone())
    }

    /// The permission set that is asked for.
    pub fn permission_set(self, asked: &Asked) -> String {
        let set = self.0.permission_sets.get(&asked.submission.target.permission_set);
        set.map_or_else(|| asked.submission.labels.permission_set.clone(), |set| set.name.clone())
    }

    /// The units above the account, from the root.
    pub fn path(self, asked: &Asked) -> String {
        let account = self.0.accounts.get(&asked.submission.target.account);
        account
            .map_or_else(|| asked.submission.labels.path.clone(), |account| self.0.unit_names(account))
            .join(" / ")
    }
}
