//! The contract of what channels remember, against DynamoDB's own engine.

use kari_application::contract::notes as law;
use kari_aws::notes::DynamoNotes;

async fn new() -> DynamoNotes {
    DynamoNotes::new(crate::support::store(&crate::support::new_table().await))
}

#[tokio::test]
async fn what_channels_remember_in_the_table_obeys_its_laws() {
    law::a_group_has_its_notes_by_key_and_no_others(&new().await).await;
    law::a_note_is_written_only_over_the_revision_that_was_read(&new().await).await;
    law::a_note_is_erased_only_at_the_revision_that_was_read(&new().await).await;
    law::what_is_written_comes_back(&new().await).await;
}
