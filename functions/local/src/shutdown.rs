//! When to stop.

use std::io::Read;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Completes when somebody asks this process to stop: SIGINT, SIGTERM or, for a supervised worker,
/// the end of standard input, which comes even if the supervisor was killed.
///
/// # Errors
/// If the operating system does not let us listen.
pub async fn requested(supervised: bool) -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let orphaned = async {
        if supervised {
            end_of_input().await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        () = orphaned => {}
    }
    Ok(())
}

/// A thread of its own reads standard input: a runtime would wait for such a read when it stops.
async fn end_of_input() {
    let (ended, mut end) = watch::channel(false);
    std::thread::spawn(move || {
        let mut input = std::io::stdin().lock();
        while input.read(&mut [0; 64]).is_ok_and(|read| read > 0) {}
        ended.send_replace(true);
    });
    // An error means that the thread is gone, which means the same.
    end.wait_for(|ended| *ended).await.ok();
}
