//! What takes the processor long is done apart from everything else and little of it at once: whoever asks for
//! much of it waits, and holds up nobody who asks for less.

use std::panic::resume_unwind;

use kari_application::Error;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::Problem;

/// How many such things are done at once; others wait for their turn.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Does it on a thread of its own when it is its turn. NB. What is begun keeps its turn to its end, also when nobody
/// waits for it any more: or whoever asks and goes away could have any number of them done at once.
pub(crate) async fn apart<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Problem> {
    // Never an error: nobody closes it.
    let turn = TURNS.acquire().await.ok();
    let done = spawn_blocking(move || {
        let result = Handle::current().block_on(work);
        drop(turn);
        result
    });
    match done.await {
        Ok(result) => Ok(result?),
        // What panics there panics here.
        Err(error) => resume_unwind(error.into_panic()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Barrier};

    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn what_is_begun_holds_up_nobody_and_keeps_its_turn_when_nobody_waits_for_it_any_more() {
        let (tell, mut told) = mpsc::unbounded_channel();
        let go_on = Arc::new(Barrier::new(3));
        let asked = [(); 2].map(|()| {
            let (tell, go_on) = (tell.clone(), Arc::clone(&go_on));
            tokio::spawn(apart(async move {
                tell.send(()).ok();
                go_on.wait();
                Ok(())
            }))
        });
        told.recv().await.unwrap();
        told.recv().await.unwrap();
        for work in asked {
            work.abort();
            assert!(work.await.unwrap_err().is_cancelled());
        }
        assert_eq!(TURNS.available_permits(), 0);
        go_on.wait();
        assert_eq!(apart(async { Ok("its turn") }).await.unwrap(), "its turn");
    }
}
