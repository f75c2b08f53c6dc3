//! The state items beside the streams: each is what its events make, and has a due instant while
//! anything is left to do.

use kari_application::ports::Item;
use kari_domain::audit::StreamId;
use kari_domain::ledger::Ledger;
use kari_domain::policy::Versioned;
use kari_domain::request::AccessRequest;
use kari_domain::settings::Settings;
use serde::Deserialize;

use super::Watch;

impl Watch {
    pub(super) fn item_put(&mut self, item: &Item) {
        let stream = StreamId::from_stored(item.key.0.clone());
        if let Some(id) = stream.as_request() {
            let known = self.requests.get(&id).map(|known| known.state.clone());
            if !self.poisoned.contains(&id) && serde_json::from_str::<AccessRequest>(&item.body).ok() != known
            {
                self.violate("the state item is what the events make", item.key.0.clone());
            }
            let open = known.is_some_and(|state| !matches!(state, AccessRequest::Closed(_)));
            if open != item.due_at.is_some() {
                self.violate("every open request has a due instant", item.key.0.clone());
            }
        } else if let Some(tuple) = stream.as_tuple() {
            let known = self.ledgers.get(&tuple);
            let open = known.is_some_and(|known| !known.rests());
            if serde_json::from_str::<Ledger>(&item.body).ok().as_ref() != known.map(|known| &known.ledger) {
                self.violate("the state item is what the events make", item.key.0.clone());
            }
            if open != item.due_at.is_some() {
                self.violate("every ledger that does not rest has a due instant", item.key.0.clone());
            }
        } else {
            self.policy_put(item);
        }
    }

    fn policy_put(&mut self, item: &Item) {
        #[derive(Deserialize)]
        struct Set {
            settings: Settings,
        }
        if item.key.0.starts_with("policies") {
            self.policies_changed_at = self.step;
        }
        let set = &mut self.policies;
        if item.key.0 == "policies" {
            set.version = item.head.version;
            set.settings = serde_json::from_str::<Set>(&item.body).unwrap().settings;
        } else if item.key.0.starts_with("policies/eligibility/") {
            let policy: Versioned<_> = serde_json::from_str(&item.body).unwrap();
            replace(&mut set.eligibility, policy, |p| &p.id);
        } else if item.key.0.starts_with("policies/guardrail/") {
            let policy: Versioned<_> = serde_json::from_str(&item.body).unwrap();
            replace(&mut set.guardrails, policy, |p| &p.id);
        } else if item.key.0.starts_with("policies/approver/") {
            let policy: Versioned<_> = serde_json::from_str(&item.body).unwrap();
            replace(&mut set.approvers, policy, |p| &p.id);
        }
    }

    pub(super) fn policy_deleted(&mut self, key: &str) {
        self.policies_changed_at = self.step;
        let set = &mut self.policies;
        set.eligibility.retain(|p| key != format!("policies/eligibility/{}", p.policy.id));
        set.guardrails.retain(|p| key != format!("policies/guardrail/{}", p.policy.id));
        set.approvers.retain(|p| key != format!("policies/approver/{}", p.policy.id));
    }
}

fn replace<P, I: PartialEq>(policies: &mut Vec<Versioned<P>>, new: Versioned<P>, id: impl Fn(&P) -> &I) {
    policies.retain(|old| id(&old.policy) != id(&new.policy));
    policies.push(new);
}
