//! Where everything goes that is logged: the standard error output. NB. Nobody may be reading it, or its disk may be
//! full; access must end all the same. So a thread of its own writes it, nobody waits for that, and what cannot be
//! written is lost.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::mem;
use std::panic::{PanicHookInfo, set_hook};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// So many bytes wait at most to be written.
const MOST: usize = 1024 * 1024;
/// How long the end of the program waits for what is still to be written.
const LAST_LINES: Duration = Duration::from_secs(2);

/// Lines on their way. Clones are the same.
#[derive(Debug, Clone)]
pub struct Log(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    text: Vec<u8>,
    /// How many lines found no room behind that.
    lost: u64,
    /// Whether what waited before is being written.
    is_busy: bool,
}

impl Waiting {
    fn is_left(&self) -> bool {
        self.is_busy || !self.text.is_empty()
    }
}

/// Waits when it is dropped, for a moment, until everything is written.
#[derive(Debug)]
pub struct LastLines(Log);

impl Drop for LastLines {
    fn drop(&mut self) {
        let log = &self.0.0;
        let left = |waiting: &mut Waiting| waiting.is_left();
        drop(log.changed.wait_timeout_while(self.0.waiting(), LAST_LINES, left));
    }
}

impl Log {
    /// From now on panics are logged too: whoever panics waits for nobody either.
    pub fn on_standard_error() -> (Self, LastLines) {
        let (log, last_lines) = Self::on(io::stderr());
        let of_panics = log.clone();
        set_hook(Box::new(move |panic| of_panics.say(&told(panic))));
        (log, last_lines)
    }

    /// Lines that another output gets in the same way.
    pub(crate) fn on(mut output: impl Write + Send + 'static) -> (Self, LastLines) {
        let log = Self(Arc::default());
        let of_thread = log.clone();
        thread::spawn(move || {
            loop {
                let (text, lost) = of_thread.take();
                output.write_all(&text).ok();
                if lost > 0 {
                    writeln!(output, "kari: nobody read the log in time, and {lost} lines of it are lost")
                        .ok();
                }
                of_thread.waiting().is_busy = false;
                of_thread.0.changed.notify_all();
            }
        });
        let last_lines = LastLines(log.clone());
        (log, last_lines)
    }

    /// Logs one line.
    pub fn say(&self, line: &str) {
        self.add(format!("{line}\n").as_bytes());
    }

    fn add(&self, line: &[u8]) {
        let mut waiting = self.waiting();
        if waiting.text.len() + line.len() > MOST {
            waiting.lost += 1;
        } else {
            waiting.text.extend_from_slice(line);
            self.0.changed.notify_all();
        }
    }

    /// Everything that waits, as soon as something does, and how much was lost behind it.
    fn take(&self) -> (Vec<u8>, u64) {
        let idle = |waiting: &mut Waiting| waiting.text.is_empty();
        let waiting = self.0.changed.wait_while(self.waiting(), idle);
        let mut waiting = waiting.unwrap_or_else(PoisonError::into_inner);
        waiting.is_busy = true;
        (mem::take(&mut waiting.text), mem::take(&mut waiting.lost))
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// NB. It never fails: nobody has to fail for what cannot be logged.
impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.add(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn told(panic: &PanicHookInfo<'_>) -> String {
    let thread = thread::current();
    let said = format!("thread '{}' {panic}", thread.name().unwrap_or("<unnamed>"));
    // Only where the environment asks for it.
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured { format!("{said}\n{backtrace}") } else { said }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    /// Takes nothing until the other end says so, or is gone.
    struct Stuck {
        go_on: Receiver<()>,
        taken: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.go_on.recv().ok();
            self.taken.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn whoever_logs_waits_for_nobody_and_what_finds_no_room_is_counted() {
        let (reads, go_on) = channel();
        let taken = Arc::<Mutex<Vec<u8>>>::default();
        let (log, last_lines) = Log::on(Stuck { go_on, taken: Arc::clone(&taken) });
        let line = "x".repeat(1023);
        // What is under way and what waits behind it are two thirds of it at most.
        let said = 3 * MOST / 1024;
        for _ in 0..said {
            log.say(&line);
        }
        drop(reads);
        drop(last_lines);
        let taken = String::from_utf8(taken.lock().unwrap().clone()).unwrap();
        let written = taken.lines().filter(|written| **written == line).count();
        let lost = taken.lines().filter(|line| line.ends_with("lines of it are lost"));
        let lost =
            lost.map(|line| line.split_whitespace().find_map(|word| word.parse::<usize>().ok()).unwrap());
        let lost: usize = lost.sum();
        assert!(lost >= said / 3 && written + lost == said, "{written} and {lost} of {said}");
    }

    #[test]
    fn what_is_logged_last_is_written_before_the_end() {
        let (reads, go_on) = channel();
        drop(reads);
        let taken = Arc::<Mutex<Vec<u8>>>::default();
        let (mut log, last_lines) = Log::on(Stuck { go_on, taken: Arc::clone(&taken) });
        let words = "words";
        writeln!(log, "the last {words}").unwrap();
        drop(last_lines);
        assert_eq!(*taken.lock().unwrap(), b"the last words\n");
    }
}
