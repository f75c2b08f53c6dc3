use std::collections::BTreeSet;

use kari_domain::directory::{Account, Snapshot};
use kari_domain::ids::{AccountId, OuId, PermissionSetArn, UserId};
use kari_domain::request::Asked;

use super::{AccountStatusView, AccountView, PermissionSetView, Person, UnitView};

/// How many people are named where there may be any number.
const MOST_PEOPLE_SHOWN: usize = 20;

/// The names things have now, by the read model; where it does not know them any more, the labels
/// of the events.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a>(pub &'a Snapshot);

impl Names<'_> {
    /// A person; `label` is the name they had then.
    pub fn person(self, id: &UserId, label: Option<&str>) -> Person {
        let user = self.0.users.get(id);
        let known_as = label.unwrap_or(id.as_str());
        Person {
            id: id.to_string(),
            display_name: user.map_or(known_as, |user| &user.display_name).to_owned(),
            user_name: user.map_or(id.as_str(), |user| &user.user_name).to_owned(),
        }
    }

    /// As many of these people as an answer has room for, by id.
    pub(crate) fn some_of(self, people: &BTreeSet<UserId>) -> Vec<Person> {
        people.iter().take(MOST_PEOPLE_SHOWN).map(|id| self.person(id, None)).collect()
    }

    pub(crate) fn account(self, account: &Account) -> AccountView {
        AccountView {
            id: account.id.to_string(),
            name: account.name.clone(),
            status: account.status.into(),
            management: account.management,
            path: account.path.iter().map(|unit| self.unit(unit)).collect(),
        }
    }

    fn unit(self, id: &OuId) -> UnitView {
        let name = self.0.units.get(id).map_or_else(|| id.to_string(), |unit| unit.name.clone());
        UnitView { id: id.to_string(), name }
    }

    /// What an account is called now; by its id if it is not known.
    pub fn account_name(self, id: &AccountId) -> String {
        self.0.accounts.get(id).map_or_else(|| id.to_string(), |account| account.name.clone())
    }

    /// What a permission set is called now; by its ARN if it is not known.
    pub fn permission_set_name(self, arn: &PermissionSetArn) -> String {
        self.0.permission_sets.get(arn).map_or_else(|| arn.to_string(), |set| set.name.clone())
    }

    /// The account a request is about. One that is gone is shown as closed, by its name of then.
    pub(crate) fn account_of(self, asked: &Asked) -> AccountView {
        let id = &asked.submission.target.account;
        let gone = || AccountView {
            id: id.to_string(),
            name: asked.submission.labels.account.clone(),
            status: AccountStatusView::Closed,
            management: false,
            path: vec![],
        };
        self.0.accounts.get(id).map_or_else(gone, |account| self.account(account))
    }

    /// The permission set a request is about.
    pub(crate) fn permission_set_of(self, asked: &Asked) -> PermissionSetView {
        let arn = &asked.submission.target.permission_set;
        let gone = || PermissionSetView {
            arn: arn.to_string(),
            name: asked.submission.labels.permission_set.clone(),
            description: String::new(),
            session_duration_minutes: asked.verdict.session_duration_minutes.0,
        };
        self.0.permission_sets.get(arn).map_or_else(gone, PermissionSetView::from)
    }
}
