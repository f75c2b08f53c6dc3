//! The laws of [`ReadModel`](crate::ports::ReadModel). Each needs a new, empty one.

use kari_domain::directory::{Group, Snapshot, User};
use kari_domain::time::Instant;

use super::event_store::sample::second;
use crate::ports::ReadModel;

fn snapshot(at: i64) -> Snapshot {
    let user = User {
        id: "u-1".parse().unwrap(),
        user_name: "hanako".to_owned(),
        display_name: format!("山田 花子 {at}"),
        email: None,
        enabled: true,
    };
    let group = Group { id: "g-1".parse().unwrap(), display_name: "Platform".to_owned() };
    Snapshot {
        members: [(group.id.clone(), [user.id.clone()].into())].into(),
        users: [(user.id.clone(), user)].into(),
        groups: [(group.id.clone(), group)].into(),
        synced_at: second(at),
        ..Snapshot::default()
    }
}

pub async fn before_the_first_save_it_is_empty_and_of_the_epoch(model: &dyn ReadModel) {
    let loaded = model.load().await.unwrap();
    assert_eq!(*loaded, Snapshot::default());
    assert_eq!(loaded.synced_at, Instant::UNIX_EPOCH);
}

pub async fn the_same_directory_of_another_instant_is_loaded_with_that_instant(model: &dyn ReadModel) {
    for at in [1, 3, 2] {
        let saved = Snapshot { synced_at: second(at), ..snapshot(0) };
        model.save(saved.clone()).await.unwrap();
        assert_eq!(*model.load().await.unwrap(), saved);
    }
}

pub async fn what_was_saved_last_is_loaded(model: &dyn ReadModel) {
    for at in [1, 3, 2] {
        model.save(snapshot(at)).await.unwrap();
        for _ in 0..2 {
            assert_eq!(*model.load().await.unwrap(), snapshot(at));
        }
    }
}
