//! The laws of the policies hold for those in the store, and each of them fails for policies that break
//! it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures::executor::block_on;
use futures::future::LocalBoxFuture;
use kari_application::contract::policies as law;
use kari_application::ports::{Policies, Unavailable};
use kari_domain::policy::{CompiledPolicies, PolicySet};
use kari_domain::settings::Settings;
use kari_embedded::policies::StoredPolicies;
use kari_embedded::store::SqliteStore;

/// What is wrong with the policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Nothing,
    /// Never asks for the version.
    RemembersForEver,
    /// Of what one append changed, one is missing.
    GivesAPart,
    MiscountsVersions,
    ForgetsSettings,
    /// Before there are any, there is nothing to give.
    FailsWhileEmpty,
    /// Gives what was last read instead of failing.
    GivesTheLastReadable,
    /// What was read last is what was there before anything was.
    ForgetsWhatItRead,
}

struct Broken {
    inner: StoredPolicies,
    fault: Fault,
    last: Mutex<Option<Arc<CompiledPolicies>>>,
}

impl Broken {
    fn changed(&self, mut set: PolicySet) -> PolicySet {
        match self.fault {
            Fault::MiscountsVersions => set.version += 1,
            Fault::ForgetsSettings => set.settings = Settings::default(),
            Fault::GivesAPart => {
                set.guardrails.pop();
            }
            Fault::Nothing
            | Fault::RemembersForEver
            | Fault::FailsWhileEmpty
            | Fault::GivesTheLastReadable
            | Fault::ForgetsWhatItRead => {}
        }
        set
    }
}

#[async_trait]
impl Policies for Broken {
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        let last = self.last.lock().unwrap().clone();
        let current = match (self.fault, self.inner.current().await, last) {
            (Fault::RemembersForEver, _, Some(last)) | (Fault::GivesTheLastReadable, Err(_), Some(last)) => {
                last
            }
            (_, current, _) => current?,
        };
        if self.fault == Fault::FailsWhileEmpty && current.policy_set().version == 0 {
            return Err(Unavailable::new("the policy set", "there is none"));
        }
        *self.last.lock().unwrap() = Some(Arc::clone(&current));
        Ok(Arc::new(CompiledPolicies::new(self.changed(current.policy_set().clone()))))
    }

    async fn last_read(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        match self.fault {
            Fault::ForgetsWhatItRead => Ok(Arc::new(CompiledPolicies::new(PolicySet::default()))),
            Fault::Nothing
            | Fault::RemembersForEver
            | Fault::GivesAPart
            | Fault::MiscountsVersions
            | Fault::ForgetsSettings
            | Fault::FailsWhileEmpty
            | Fault::GivesTheLastReadable => self.current().await,
        }
    }

    async fn settings(&self) -> Result<Settings, Unavailable> {
        self.inner.settings().await
    }
}

type Law = for<'a> fn(&'a SqliteStore, &'a dyn Policies) -> LocalBoxFuture<'a, ()>;

/// Each law with the fault that it finds.
const LAWS: [(Fault, Law); 7] = [
    (Fault::FailsWhileEmpty, |_, policies| {
        Box::pin(law::before_the_first_append_the_set_is_empty_with_default_settings_at_version_0(policies))
    }),
    (Fault::RemembersForEver, |store, policies| {
        Box::pin(law::every_append_is_reflected_by_the_next_call(store, policies))
    }),
    (Fault::GivesAPart, |store, policies| {
        Box::pin(law::what_one_append_changes_is_given_as_a_whole(store, policies))
    }),
    (Fault::MiscountsVersions, |store, policies| {
        Box::pin(law::its_version_is_that_of_the_policies_stream(store, policies))
    }),
    (Fault::ForgetsSettings, |store, policies| {
        Box::pin(law::the_settings_are_those_of_the_last_append(store, policies))
    }),
    (Fault::ForgetsWhatItRead, |store, policies| {
        Box::pin(law::what_was_read_last_is_never_older_than_what_was_given(store, policies))
    }),
    (Fault::GivesTheLastReadable, |store, policies| {
        Box::pin(law::a_set_with_one_unreadable_policy_is_not_given_at_all(store, policies))
    }),
];

fn holds(law: Law, fault: Fault) -> bool {
    let store = Arc::new(SqliteStore::in_memory().unwrap());
    let inner = StoredPolicies::new(Arc::clone(&store));
    let policies = Broken { inner, fault, last: Mutex::default() };
    catch_unwind(AssertUnwindSafe(|| block_on(law(&store, &policies)))).is_ok()
}

#[test]
fn each_law_holds_for_the_stored_policies_and_fails_for_those_that_break_it() {
    for (fault, law) in LAWS {
        let store = Arc::new(SqliteStore::in_memory().unwrap());
        block_on(law(&store, &StoredPolicies::new(Arc::clone(&store))));
        assert!(holds(law, Fault::Nothing), "the law that finds {fault:?} fails for sound policies");
        assert!(!holds(law, fault), "{fault:?} is not found");
    }
}
