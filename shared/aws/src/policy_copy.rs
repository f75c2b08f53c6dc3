//! A copy of all policies in one document, which is read in a fraction of the time that thousands of rows take.
//!
//! NB. It never says which policies there are now. It says of which moment it is, and whoever reads it asks the set's
//! own item whether that is now. Whatever is wrong with it, the rows are read.

use std::fmt;

use kari_application::policy_storage::StoredPolicyItem;
use kari_application::ports::Unavailable;
use kari_domain::audit::Head;

use crate::store::DynamoStore;

const NAME: &str = "policies";

/// The policies as they were read, also those that this version does not understand; the set's own item is not among
/// them.
#[derive(Debug)]
pub(crate) struct PolicyCopy<'a> {
    /// Where the `policies` stream ended then. NB. With the hash: after the table was restored, another change may
    /// have got the same version.
    pub(crate) of: Head,
    pub(crate) policies: Vec<StoredPolicyItem<&'a str>>,
}

/// The text of the copy that is kept, of whatever moment it is; `None` where there is none that can be read.
pub(crate) async fn read(store: &DynamoStore) -> Option<String> {
    let unreadable = |error: &Unavailable| tracing::warn!(%error, "the copy of the policies cannot be read");
    store.document_unless(NAME, None).await.inspect_err(unreadable).ok()??.body
}

/// Keeps this copy, unless it is kept already.
pub(crate) async fn keep(store: &DynamoStore, copy: &PolicyCopy<'_>) -> Result<(), Unavailable> {
    let body = copy.to_string();
    if let Some(kept) = store.document_unless(NAME, None).await?.and_then(|kept| kept.body) {
        if kept == body {
            return Ok(());
        }
        // NB. Nobody who keeps to the rules brings this about.
        if PolicyCopy::parse(&kept).is_some_and(|kept| kept.of == copy.of) {
            tracing::error!("the copy of the policies was not what they are; it is made anew");
        }
    }
    store.save_document(NAME, &body).await.map(|_| ())
}

/// Every text stands behind the number of its bytes: nothing has to be escaped, or looked through for an end.
impl fmt::Display for PolicyCopy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { of, policies } = self;
        writeln!(f, "{} {} {}", of.version, of.hash, policies.len())?;
        policies.iter().try_for_each(|StoredPolicyItem { key, version, body }| {
            writeln!(f, "{version} {} {} {key}{body}", key.len(), body.len())
        })
    }
}

impl<'a> PolicyCopy<'a> {
    /// `None` unless it is whole.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (first, mut rest) = text.split_once('\n')?;
        let mut first = first.split(' ');
        let of = Head { version: first.next()?.parse().ok()?, hash: first.next()?.to_owned() };
        let count: usize = first.next()?.parse().ok()?;
        let mut policies = vec![];
        while !rest.is_empty() {
            let (policy, behind) = policy(rest)?;
            policies.push(policy);
            rest = behind;
        }
        (policies.len() == count).then_some(Self { of, policies })
    }
}

/// The first policy of a text, and what stands behind it.
fn policy(text: &str) -> Option<(StoredPolicyItem<&str>, &str)> {
    let mut parts = text.splitn(4, ' ');
    let version: u64 = parts.next()?.parse().ok()?;
    let bytes_of_key: usize = parts.next()?.parse().ok()?;
    let bytes_of_body: usize = parts.next()?.parse().ok()?;
    let (key, rest) = parts.next()?.split_at_checked(bytes_of_key)?;
    let (body, rest) = rest.split_at_checked(bytes_of_body)?;
    Some((StoredPolicyItem { key, version, body }, rest.strip_prefix('\n')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy() -> PolicyCopy<'static> {
        let policy = |key, version, body| StoredPolicyItem { key, version, body };
        let policies = vec![
            policy("policies/guardrail/a", 2, r#"{"name":"\"a\" b\n"}"#),
            policy("policies/of tomorrow/花", 1, "not even JSON\n7 花"),
            policy("policies/guardrail/empty", 0, ""),
        ];
        PolicyCopy { of: Head { version: 2, hash: "f".repeat(64) }, policies }
    }

    #[test]
    fn what_was_copied_is_read_as_it_was() {
        for copy in [copy(), PolicyCopy { of: Head::empty(), policies: vec![] }] {
            let text = copy.to_string();
            let read = PolicyCopy::parse(&text).unwrap();
            assert_eq!(read.of, copy.of);
            assert_eq!(read.to_string(), text);
            let bodies = |copy: &PolicyCopy<'_>| -> Vec<(String, u64, String)> {
                copy.policies.iter().map(|p| (p.key.to_owned(), p.version, p.body.to_owned())).collect()
            };
            assert_eq!(bodies(&read), bodies(&copy));
        }
    }

    #[test]
    fn what_lacks_anything_or_has_more_is_no_copy() {
        let whole = copy().to_string();
        for (end, _) in whole.char_indices() {
            assert!(PolicyCopy::parse(&whole[..end]).is_none(), "cut at {end}");
        }
        assert!(PolicyCopy::parse(&format!("{whole}\n")).is_none());
        assert!(PolicyCopy::parse(&format!("{whole}1 1 1 ab\n")).is_none(), "one more than there were");
        assert!(PolicyCopy::parse(&whole.replacen("2 ", "two ", 1)).is_none());
    }
}
