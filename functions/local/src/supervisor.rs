//! Keeps Kari alive: starts itself as a worker and starts it again when it dies.
//!
//! A worker's standard input is a pipe that only the supervisor holds. Closing it asks the worker to
//! stop, and it closes by itself if the supervisor dies: no orphan stays.

use std::path::Path;
use std::process::{ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cli::{IdentityCenter, Options};
use crate::log::Log;
use crate::serve::READY;

/// A worker that ran this long before it died is started again at once.
const GOOD_RUN: Duration = Duration::from_secs(30);
const FIRST_DELAY: Duration = Duration::from_millis(50);
const LONGEST_DELAY: Duration = Duration::from_secs(10);
/// How long a worker may take to stop when asked; it needs less by itself.
const STOP_LIMIT: Duration = Duration::from_secs(15);

/// Runs workers until asked to stop.
///
/// # Errors
/// If a worker cannot be started at all.
pub fn run(program: &Path, options: &Options) -> anyhow::Result<ExitCode> {
    // NB. Nobody may be reading; a worker's death and whoever asks to stop are noticed all the same.
    let (output, _last_lines) = Log::on(std::io::stdout());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(supervise(program, options, &output))
}

/// How a worker ended.
enum Ending {
    Asked(ExitStatus),
    Died(ExitStatus),
}

async fn supervise(program: &Path, options: &Options, output: &Log) -> anyhow::Result<ExitCode> {
    let mut stops = Stops::listen()?;
    let mut port = options.port;
    let mut delay = Delay::default();
    let mut ever_ready = false;
    loop {
        #[expect(clippy::disallowed_methods, reason = "the supervisor watches a process, in real time")]
        let started = Instant::now();
        let mut worker = start(program, options, port)?;
        let words = worker.stdout.take().context("the worker has no output")?;
        let hint = (!ever_ready).then(|| hint(options));
        let relay = tokio::spawn(relay_output(words, output.clone(), hint));
        let ending = ended(&mut worker, &mut stops).await?;
        if let Some(ready_on) = relay.await? {
            ever_ready = true;
            // A free port that was found is kept, so that open pages find the next worker.
            port = if port == 0 { ready_on } else { port };
        }
        match ending {
            Ending::Asked(status) => return Ok(exit_code(status)),
            Ending::Died(status) if status.success() => return Ok(ExitCode::SUCCESS),
            // Its own message said why; trying again would only repeat it.
            Ending::Died(status) if !ever_ready => return Ok(exit_code(status)),
            Ending::Died(status) => {
                let wait = delay.after(started.elapsed());
                tracing::warn!("kari died ({status}); starting it again");
                if stops.came_within(wait).await {
                    return Ok(ExitCode::SUCCESS);
                }
            }
        }
    }
}

fn start(program: &Path, options: &Options, port: u16) -> anyhow::Result<Child> {
    let mut command = Command::new(program);
    command
        .args(options.worker_arguments(port))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    command.spawn().with_context(|| format!("{} cannot be started", program.display()))
}

async fn ended(worker: &mut Child, stops: &mut Stops) -> anyhow::Result<Ending> {
    // Taken out, because waiting for a child closes its input.
    let input = worker.stdin.take();
    tokio::select! {
        status = worker.wait() => return Ok(Ending::Died(status?)),
        () = stops.next() => {}
    }
    drop(input);
    #[expect(clippy::disallowed_methods, reason = "the supervisor watches a process, in real time")]
    let stopped = tokio::time::timeout(STOP_LIMIT, worker.wait());
    if let Ok(status) = stopped.await {
        return Ok(Ending::Asked(status?));
    }
    tracing::warn!("kari did not stop in time; nothing is lost by ending it now");
    worker.kill().await?;
    Ok(Ending::Asked(worker.wait().await?))
}

/// What somebody who just started it wants to know next.
fn hint(options: &Options) -> String {
    let sign_in = match options.identity_center {
        IdentityCenter::Simulated => "Sign in as anybody. ",
        IdentityCenter::Aws => "",
    };
    format!("{sign_in}Ctrl-C stops it; its data is in {}", options.data.data_dir.display())
}

/// Passes the worker's words on, the address only the first time, and then the hint with it. The port it was ready on,
/// if it ever was.
async fn relay_output(words: ChildStdout, output: Log, hint: Option<String>) -> Option<u16> {
    let mut lines = BufReader::new(words).lines();
    let mut port = None;
    while let Ok(Some(line)) = lines.next_line().await {
        let ready_on = line.strip_prefix(READY).and_then(port_in);
        port = port.or(ready_on);
        if ready_on.is_none() {
            output.say(&line);
        } else if let Some(hint) = &hint {
            output.say(&line);
            output.say(hint);
        } else {
            tracing::info!("kari is back");
        }
    }
    port
}

/// The port listened on, which the worker says in brackets if it is not part of the address.
fn port_in(address: &str) -> Option<u16> {
    let digits = address.trim().rsplit(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty())?;
    digits.parse().ok()
}

fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}

/// The growing delay between a death and the next start.
#[derive(Debug, Default)]
struct Delay {
    deaths: u32,
}

impl Delay {
    fn after(&mut self, run: Duration) -> Duration {
        self.deaths = if run >= GOOD_RUN { 0 } else { self.deaths };
        let delay = FIRST_DELAY.saturating_mul(2_u32.saturating_pow(self.deaths)).min(LONGEST_DELAY);
        self.deaths = self.deaths.saturating_add(1);
        delay
    }
}

/// The signals that ask to stop.
struct Stops {
    interrupt: Signal,
    terminate: Signal,
}

impl Stops {
    fn listen() -> anyhow::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the supervisor watches a process, in real time")]
    async fn came_within(&mut self, limit: Duration) -> bool {
        tokio::time::timeout(limit, self.next()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_grows_with_every_early_death_and_a_good_run_resets_it() {
        let mut delay = Delay::default();
        let early = Duration::from_secs(1);
        let delays: Vec<_> = (0..9).map(|_| delay.after(early).as_millis()).collect();
        assert_eq!(delays, [50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000]);
        assert_eq!(delay.after(GOOD_RUN), FIRST_DELAY);
        assert_eq!(delay.after(early), FIRST_DELAY * 2);
    }

    #[test]
    fn the_port_is_read_from_the_address_line() {
        assert_eq!(port_in(" http://127.0.0.1:41234"), Some(41_234));
        assert_eq!(port_in(" https://kari.example (listening on port 8080)"), Some(8080));
        assert_eq!(port_in(""), None);
    }
}
