//! What takes the processor long is done apart from everything else, and little of it at once: whoever asks for
//! it waits, and nobody else does.

use std::panic::resume_unwind;

use kari_application::Error;
use kari_application::ports::Unavailable;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::Problem;

/// How many such things are done at once; others wait for their turn.
pub(crate) type Turns = Semaphore;
/// Of what anybody asks for: what they may have.
pub(crate) static OFFERS: Turns = Turns::const_new(2);
/// Of what takes longer, and only overseers ask for: what policies come to.
pub(crate) static ANALYSES: Turns = Turns::const_new(1);

/// Does it on a thread of its own when it is its turn. NB. What is begun keeps its turn to its end, also when nobody
/// waits for it any more: or whoever asks and goes away could have any number of them done at once.
pub(crate) async fn apart<T: Send + 'static>(
    turns: &'static Turns,
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Problem> {
    // Never an error: nobody closes it.
    let turn = turns.acquire().await.ok();
    let done = spawn_blocking(move || {
        let result = Handle::current().block_on(work);
        drop(turn);
        result
    });
    match done.await {
        Ok(result) => Ok(result?),
        // What panics there panics here; else the program is being stopped.
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(error) => Err(Error::from(Unavailable::new("the program", error)).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Barrier};

    use tokio::sync::mpsc;

    use super::*;

    static TURNS: Turns = Turns::const_new(2);

    #[tokio::test]
    async fn what_is_begun_holds_up_nobody_and_keeps_its_turn_when_nobody_waits_for_it_any_more() {
        let (tell, mut told) = mpsc::unbounded_channel();
        let go_on = Arc::new(Barrier::new(3));
        let asked = [(); 2].map(|()| {
            let (tell, go_on) = (tell.clone(), Arc::clone(&go_on));
            tokio::spawn(apart(&TURNS, async move {
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
        assert_eq!(apart(&TURNS, async { Ok("its turn") }).await.unwrap(), "its turn");
    }
}
