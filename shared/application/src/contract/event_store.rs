//! The laws of [`EventStore`](crate::ports::EventStore). Each is a function that needs a new, empty
//! store and has the law for its name.

mod appends;
mod claims;
mod items;
mod lists;
mod pages;
mod race;
pub(crate) mod sample;

pub use appends::*;
pub use claims::*;
pub use items::*;
pub use lists::*;
pub use pages::*;
pub use race::*;

/// One test for every law. `make` gives a new, empty store each time (anything that dereferences to
/// an `EventStore`), `block_on` runs a future to its end.
///
/// What survives a restart needs two stores: see [`what_was_appended_survives`] beside.
#[macro_export]
macro_rules! event_store_contract {
    (block_on: $block_on:path, make: $make:expr) => {
        $crate::event_store_contract! { @each $block_on, $make;
            events_come_back_byte_for_byte_and_in_order
            a_stream_without_events_is_empty
            an_append_at_another_version_conflicts_and_changes_nothing
            an_append_on_another_hash_conflicts_and_changes_nothing
            a_conflict_in_one_stream_stops_the_whole_append
            a_stream_that_must_be_unchanged_stops_the_append_if_it_moved
            an_append_never_happens_twice
            an_append_that_happened_is_known_by_id_and_stream
            a_claim_has_one_holder
            a_claim_may_be_taken_again_by_its_holder
            a_claim_is_free_again_at_its_instant_and_not_before
            taking_a_claim_again_replaces_its_instant
            a_claim_is_released_only_by_its_holder
            who_holds_a_claim_is_known_as_long_as_it_is_held
            a_claim_in_conflict_stops_the_whole_append
            an_item_comes_back_as_it_was_put
            a_stream_comes_with_its_end_and_its_item
            a_stream_comes_without_the_items_that_lie_beside_it
            an_item_is_replaced_and_deleted
            an_item_is_put_where_its_stream_is_unchanged_and_not_where_it_moved_on
            what_is_due_comes_the_longest_overdue_first
            what_is_no_longer_due_is_not_listed
            items_are_listed_by_prefix_and_key
            requests_are_listed_the_newest_submission_first
            requests_are_narrowed_by_scope_and_filter
            events_are_listed_the_newest_first
            events_are_narrowed_by_every_filter
            pages_of_items_neither_repeat_nor_skip
            pages_of_requests_neither_repeat_nor_skip_when_instants_are_equal
            pages_of_events_neither_repeat_nor_skip_when_instants_are_equal
            what_is_added_between_two_pages_disturbs_neither
            a_cursor_that_the_list_did_not_make_is_refused
        }
        $crate::event_store_contract! { @race $block_on, $make;
            of_many_racing_appends_to_a_stream_exactly_one_wins
            of_many_racing_claims_exactly_one_wins
        }
    };
    (@each $block_on:path, $make:expr; $($law:ident)*) => {
        $(
            #[test]
            fn $law() {
                $block_on(async {
                    let made = ($make)().await;
                    $crate::contract::event_store::$law(&*made).await;
                });
            }
        )*
    };
    (@race $block_on:path, $make:expr; $($law:ident)*) => {
        $(
            #[test]
            fn $law() {
                let made = $block_on(async { ($make)().await });
                $crate::contract::event_store::$law(&*made, |future| $block_on(future));
            }
        )*
    };
}
