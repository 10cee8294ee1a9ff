//! The program's side of a worker: a process that reads for it, and may die of what it reads.

use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsFd;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use complet_model::{Arg, Message};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::Signal;

use super::serve::{Reply, Setup};
use super::{LOOK_UP, wire};
use crate::ask::{Answer, Ask};
use crate::settings::Limits;

/// How workers are started.
#[derive(Debug, Clone)]
pub struct Workers {
    /// The program: this one.
    pub program: PathBuf,
    /// What makes it a worker: it is to call [`crate::serve`].
    pub args: Vec<OsString>,
    /// Variables of the environment that workers do not get.
    pub secrets: Vec<String>,
    /// Where lines go that workers logged.
    pub log: fn(&str),
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Death {
    /// It ended by itself, by this signal if any.
    Crash(Option<i32>),
    /// It took more time than the limit.
    Time,
    /// It wanted more memory than the limit.
    Memory,
    /// Nobody waits for the answer any more.
    Stopped,
    /// What it said is no answer.
    Nonsense,
}

impl Death {
    /// What is said of the page or file that it died of.
    pub(super) fn message(self, limits: &Limits) -> Message {
        let count = |n: u64| Arg::Count(i64::try_from(n).unwrap_or(i64::MAX));
        match self {
            Self::Time => Message::new("reader-timeout").with("seconds", count(limits.page_seconds)),
            Self::Memory => {
                Message::new("reader-memory").with("megabytes", count(limits.worker_memory / 1_000_000))
            }
            Self::Crash(Some(signal)) => {
                Message::new("reader-crashed").text("detail", format!("signal {signal}"))
            }
            Self::Crash(None) | Self::Nonsense => Message::new("reader-crashed").text("detail", "no answer"),
            Self::Stopped => Message::new("reader-stopped"),
        }
    }

    /// True when a worker that read other pages before may have died of those.
    pub(super) fn may_be_of_earlier_pages(self) -> bool {
        matches!(self, Self::Crash(_) | Self::Memory)
    }
}

/// Bytes of the error stream that are kept to tell why a worker died; they are shown to nobody.
const TAIL: usize = 4096;

/// Bytes of the longest answer in pieces: a dossier put together. More comes from a worker that was taken over.
const MOST_BULK: usize = 1 << 30;

/// What is in force is said once.
static SAID: std::sync::Once = std::sync::Once::new();

pub(super) struct Worker {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    errors: Option<ChildStderr>,
    received: Vec<u8>,
    tail: Vec<u8>,
    log: fn(&str),
    /// Pages it read.
    pub(super) served: usize,
    /// It has to be started before it answers.
    ready: bool,
}

impl Worker {
    pub(super) fn start(how: &Workers, setup: &Setup) -> io::Result<Self> {
        let mut command = Command::new(&how.program);
        command.arg0("complet-worker").args(&how.args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Keys pressed on the terminal are meant for the program: it ends its workers itself.
        command.process_group(0);
        // Read before `main`: Tesseract is to stay on one thread.
        command.env("OMP_THREAD_LIMIT", "1");
        // What a runtime says of its end is to stand at the end.
        command.env_remove("RUST_BACKTRACE").env_remove("RUST_LIB_BACKTRACE");
        for name in &how.secrets {
            command.env_remove(name);
        }
        let mut child = command.spawn()?;
        let (Some(input), Some(output), errors) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(io::Error::other("a worker without its pipes"));
        };
        let mut worker = Self {
            child,
            input,
            output,
            errors,
            received: Vec::new(),
            tail: Vec::new(),
            log: how.log,
            served: 0,
            ready: false,
        };
        // A worker that died at once is told when it is asked.
        let _ = wire::write(&mut worker.input, setup);
        Ok(worker)
    }

    /// Has it do a piece of work. A worker that gave no answer is dead.
    pub(super) fn ask(
        &mut self,
        ask: &Ask,
        time: Duration,
        stop: &dyn Fn() -> bool,
    ) -> Result<Answer, Death> {
        let sent = wire::frame(ask).and_then(|frame| self.input.write_all(&frame));
        let deadline = Instant::now() + time;
        let answer = match sent {
            Ok(()) => self.receive(deadline, stop),
            Err(_) => Err(Death::Crash(None)),
        };
        match answer {
            Ok(answer) if ask.fits(&answer) => {
                self.served += usize::from(matches!(answer, Answer::Page(_)));
                Ok(answer)
            }
            Ok(_) => Err(self.end(Death::Nonsense)),
            Err(death) => Err(self.end(death)),
        }
    }

    fn receive(&mut self, deadline: Instant, stop: &dyn Fn() -> bool) -> Result<Answer, Death> {
        let mut bulk = Vec::new();
        loop {
            match wire::take::<Reply>(&mut self.received) {
                Ok(Some(Reply::Ready(confinement))) if !self.ready => {
                    self.ready = true;
                    tracing::debug!(process = self.child.id(), "a worker is ready");
                    SAID.call_once(|| tracing::info!("workers: {}", confinement.words()));
                }
                Ok(Some(Reply::Piece(piece))) if self.ready && bulk.len() < MOST_BULK => bulk.extend(piece),
                Ok(Some(Reply::Done { mut answer, log })) if self.ready => {
                    // What is read on a page could steer a terminal.
                    log.lines().for_each(|line| (self.log)(&line.replace(char::is_control, "\u{fffd}")));
                    match answer.bulk() {
                        Some(place) => *place = bulk,
                        None if bulk.is_empty() => {}
                        None => return Err(Death::Nonsense),
                    }
                    return Ok(answer);
                }
                Ok(Some(_)) | Err(_) => return Err(Death::Nonsense),
                Ok(None) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Err(Death::Time);
                    }
                    if stop() {
                        return Err(Death::Stopped);
                    }
                    self.listen(left.min(LOOK_UP)).map_err(|_| Death::Crash(None))?;
                }
            }
        }
    }

    /// Waits until the worker says something, and takes it in.
    fn listen(&mut self, time: Duration) -> io::Result<()> {
        let mut fds = vec![PollFd::from_borrowed_fd(self.output.as_fd(), PollFlags::IN)];
        fds.extend(self.errors.as_ref().map(|e| PollFd::from_borrowed_fd(e.as_fd(), PollFlags::IN)));
        let timeout = Timespec::try_from(time).ok();
        match poll(&mut fds, timeout.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let mut spoke = fds.iter().map(|fd| !fd.revents().is_empty());
        let (output, errors) = (spoke.next() == Some(true), spoke.next() == Some(true));
        let mut buffer = [0; 16 * 1024];
        if errors && let Some(stream) = &mut self.errors {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => self.errors = None,
                Ok(n) => self.keep_tail(buffer.get(..n).unwrap_or_default()),
            }
        }
        if output {
            match self.output.read(&mut buffer)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                n => self.received.extend(buffer.get(..n).unwrap_or_default()),
            }
        }
        Ok(())
    }

    fn keep_tail(&mut self, bytes: &[u8]) {
        self.tail.extend(bytes);
        let surplus = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..surplus);
    }

    /// Ends it, and tells what it died of when nobody did.
    fn end(&mut self, death: Death) -> Death {
        if death != Death::Crash(None) {
            let _ = self.child.kill();
            let _ = self.child.wait();
            return death;
        }
        // It closed its output: it is gone or as good as gone.
        let status = wait_shortly(&mut self.child);
        if let Some(stream) = &mut self.errors {
            let mut rest = Vec::new();
            let _ = stream.take(TAIL as u64 * 64).read_to_end(&mut rest);
            self.keep_tail(&rest);
        }
        let signal = status.and_then(|s| s.signal());
        if signal == Some(Signal::XCPU.as_raw()) {
            return Death::Time;
        }
        // The words of Rust's and of C++'s runtime when an allocation fails.
        let swelled = [b"memory allocation of".as_slice(), b"bad_alloc"];
        if swelled.iter().any(|words| crate::kind::find(&self.tail, words).is_some()) {
            return Death::Memory;
        }
        Death::Crash(signal)
    }
}

/// Waits for a process that ends, and ends it when it does not.
fn wait_shortly(child: &mut Child) -> Option<std::process::ExitStatus> {
    for _ in 0..50 {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) => std::thread::sleep(Duration::from_millis(10)),
            Err(_) => break,
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
