//! The contract of the event store, against DynamoDB's own engine.

use std::sync::LazyLock;

use kari_application::contract::event_store::what_was_appended_survives;
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

fn block_on<T>(future: impl Future<Output = T>) -> T {
    RUNTIME.block_on(future)
}

kari_application::event_store_contract! {
    block_on: block_on,
    make: async || crate::support::new_store().await
}

#[test]
fn what_was_appended_survives_the_process_that_appended_it() {
    block_on(async {
        let table = crate::support::new_table().await;
        let reopen = async |before| {
            drop(before);
            std::sync::Arc::new(crate::support::store(&table))
        };
        what_was_appended_survives(std::sync::Arc::new(crate::support::store(&table)), reopen).await;
    });
}
