//! What happens behind Kari's back, and the faults that visitors and tests set off.
//! None of it goes through the API: it is not logged and never fails.

use chrono::TimeDelta;
use kari_domain::directory::{Account, AccountStatus, Snapshot, User};
use kari_domain::ids::{AccountId, GroupId, OuId, PermissionSetArn, UserId};
use kari_domain::time::Instant;

use super::census::Census;
use super::faults::{Once, Windows};
use super::{ActiveFault, Assignment, By, FaultPlan, MemberAccount, Principal, World};

impl World {
    /// Somebody else assigns, at once.
    pub fn assign_outside(&mut self, now: Instant, assignment: &Assignment) {
        let now = self.settle(now);
        let lag = self.listing_lag();
        self.assigned.insert(assignment, By::Outside, now, lag, &mut self.dice);
        self.changed();
    }

    /// Somebody else removes an assignment, at once.
    pub fn remove_outside(&mut self, now: Instant, assignment: &Assignment) {
        let now = self.settle(now);
        let lag = self.listing_lag();
        self.assigned.remove(assignment, By::Outside, now, lag);
        self.changed();
    }

    /// Takes a user into the identity store. Who comes back is somebody new, also under the same id.
    pub fn add_user(&mut self, now: Instant, user: &User) {
        let now = self.settle(now);
        self.forget_departed(now, &user.id);
        self.census.users.insert(user.id.clone(), user.clone());
        self.changed();
    }

    /// Enables or disables a user.
    pub fn set_user_enabled(&mut self, now: Instant, id: &UserId, enabled: bool) {
        self.settle(now);
        if let Some(user) = self.census.users.get_mut(id) {
            user.enabled = enabled;
        }
        self.changed();
    }

    /// Disables a user.
    pub fn disable_user(&mut self, now: Instant, id: &UserId) {
        self.set_user_enabled(now, id, false);
    }

    /// Deletes a user. Their assignments give nothing any more, but listings go on showing them.
    pub fn delete_user(&mut self, now: Instant, id: &UserId) {
        let now = self.settle(now);
        if let Some(user) = self.census.users.remove(id) {
            self.census.departed.insert(id.clone(), user);
            for members in self.census.members.values_mut() {
                members.remove(id);
            }
            self.assigned.orphan(&Principal::User(id.clone()), now);
        }
        self.changed();
    }

    /// Deletes a permission set. Identity Center refuses that while it is assigned anywhere, so whoever
    /// does it removes its assignments first; here both happen at once.
    pub fn delete_permission_set(&mut self, now: Instant, arn: &PermissionSetArn) {
        let now = self.settle(now);
        if self.census.permission_sets.remove(arn).is_some() {
            for assignment in self.assigned.held_with(arn) {
                let lag = self.listing_lag();
                self.assigned.remove(&assignment, By::Outside, now, lag);
            }
        }
        self.changed();
    }

    /// Puts a user into a group or takes them out; synchronous, as in the identity store.
    pub fn set_membership(&mut self, now: Instant, user: &UserId, group: &GroupId, member: bool) {
        self.settle(now);
        if self.census.users.contains_key(user) && self.census.groups.contains_key(group) {
            let members = self.census.members.entry(group.clone()).or_default();
            if member {
                members.insert(user.clone());
            } else {
                members.remove(user);
            }
        }
        self.changed();
    }

    /// Moves an account to another unit.
    pub fn move_account(&mut self, now: Instant, id: &AccountId, parent: &OuId) {
        self.settle(now);
        if let (Some(account), true) =
            (self.census.accounts.get_mut(id), self.census.units.contains_key(parent))
        {
            account.parent = Some(parent.clone());
        }
        self.changed();
    }

    /// Sets whether an account can be used.
    pub fn set_account_status(&mut self, now: Instant, id: &AccountId, status: AccountStatus) {
        self.settle(now);
        if let Some(account) = self.census.accounts.get_mut(id) {
            account.status = status;
        }
        self.changed();
    }

    /// Suspends an account.
    pub fn suspend_account(&mut self, now: Instant, id: &AccountId) {
        self.set_account_status(now, id, AccountStatus::Suspended);
    }

    /// Takes an account out of the organization. Nobody reaches it from here any more; what is assigned
    /// there stays, and is there again if the account comes back.
    pub fn remove_account(&mut self, now: Instant, id: &AccountId) {
        self.settle(now);
        self.census.accounts.remove(id);
        self.changed();
    }

    /// Takes an account into the organization: a new one, or one that was there before.
    pub fn add_account(&mut self, now: Instant, account: &Account) {
        self.settle(now);
        self.census.accounts.insert(account.id.clone(), MemberAccount::from(account));
        self.changed();
    }

    /// Takes over another organization file; assignments stay. Users and permission sets it no longer
    /// has count as deleted. The one that it has already changes nothing.
    pub fn adopt(&mut self, now: Instant, organization: &Snapshot) {
        let before = self.census.clone();
        let users: Vec<UserId> = self.census.users.keys().cloned().collect();
        for id in users.iter().filter(|id| !organization.users.contains_key(*id)) {
            self.delete_user(now, id);
        }
        let sets: Vec<PermissionSetArn> = self.census.permission_sets.keys().cloned().collect();
        for arn in sets.iter().filter(|arn| !organization.permission_sets.contains_key(*arn)) {
            self.delete_permission_set(now, arn);
        }
        // Who comes back is somebody new, also under the same name.
        for id in organization.users.keys() {
            self.forget_departed(now, id);
        }
        let departed = std::mem::take(&mut self.census.departed);
        self.census = Census { departed, ..Census::from(organization) };
        if self.census != before {
            self.changed();
        }
    }

    /// Leaves nothing of what a user of this id held before they were deleted.
    fn forget_departed(&mut self, now: Instant, id: &UserId) {
        if self.census.departed.remove(id).is_some() {
            for assignment in self.assigned.held_by(&Principal::User(id.clone())) {
                self.assigned.remove(&assignment, By::Outside, now, TimeDelta::zero());
            }
        }
    }

    /// Answers every call of `sso-admin` *throttled* for so long.
    pub fn throttle_for(&mut self, now: Instant, length: TimeDelta) {
        let until = self.settle(now) + length;
        self.faults.windows.throttling = Some(until);
        self.changed();
    }

    /// Answers every call of `sso-admin` *access denied* for so long.
    pub fn deny_for(&mut self, now: Instant, length: TimeDelta) {
        let until = self.settle(now) + length;
        self.faults.windows.denying = Some(until);
        self.changed();
    }

    /// Answers no call of `sso-admin` for so long; operations in progress go on.
    pub fn identity_center_down_for(&mut self, now: Instant, length: TimeDelta) {
        let until = self.settle(now) + length;
        self.faults.windows.identity_center_down = Some(until);
        self.changed();
    }

    /// Answers no call of the directory for so long.
    pub fn directory_down_for(&mut self, now: Instant, length: TimeDelta) {
        let until = self.settle(now) + length;
        self.faults.windows.directory_down = Some(until);
        self.changed();
    }

    /// The next write that is accepted takes effect, but its answer is lost.
    pub fn lose_next_response(&mut self) {
        self.faults.once.lose_response += 1;
        self.changed();
    }

    /// The next write never arrives.
    pub fn lose_next_request(&mut self) {
        self.faults.once.lose_request += 1;
        self.changed();
    }

    /// The next write is accepted and fails afterwards.
    pub fn fail_next_after_accepting(&mut self) {
        self.faults.once.fail_after_accepting += 1;
        self.changed();
    }

    /// The next creation lands late, as late as the plan says.
    pub fn delay_next_creation(&mut self) {
        self.faults.once.delay_creation += 1;
        self.changed();
    }

    /// What goes wrong by itself from now on.
    pub fn set_fault_plan(&mut self, plan: FaultPlan) {
        self.faults.plan = plan;
        self.changed();
    }

    /// What goes wrong by itself.
    pub fn fault_plan(&self) -> &FaultPlan {
        &self.faults.plan
    }

    /// Ends every fault that was asked for; the plan stays, and what was accepted runs its course.
    pub fn clear_faults(&mut self) {
        self.faults.windows = Windows::default();
        self.faults.once = Once::default();
        self.changed();
    }

    /// The faults asked for that are still to come or still going on.
    pub fn active_faults(&self, now: Instant) -> Vec<ActiveFault> {
        self.faults.active(now)
    }
}
