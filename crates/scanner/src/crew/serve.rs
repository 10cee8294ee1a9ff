//! The worker's side: reads what it is asked from its standard input, and answers on its standard output.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};

use serde::{Deserialize, Serialize};

use super::confine::{Confinement, bound_time, confine};
use super::wire;
use crate::ask::{Answer, Ask};
use crate::reader::Reader;

/// The first frame to a worker.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Setup {
    /// Bytes of address space.
    pub(crate) memory: u64,
    /// Seconds of computing for each piece of work.
    pub(crate) seconds: u64,
    /// The one folder it may write into.
    pub(crate) writes_to: Option<PathBuf>,
}

/// A frame from a worker.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Reply {
    /// It is ready.
    Ready(Confinement),
    /// A piece of what is too long for a frame, before the answer that it belongs to.
    Piece(Vec<u8>),
    /// The answer to what it was asked, and what it logged meanwhile.
    Done { answer: Answer, log: String },
}

/// Bytes of log kept for each answer.
const MOST_LOG: usize = 64 * 1024;
/// Bytes of a piece.
const PIECE: usize = 1 << 20;
/// As in the program: deeply nested PDF objects are parsed by recursion.
const STACK: usize = 16 << 20;

static LOG: Mutex<String> = Mutex::new(String::new());

/// What a worker writes its log to. The log travels with the answers: the error stream of a worker, where
/// libraries may write what they like, is heard by nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct WorkerLog;

impl io::Write for WorkerLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = log();
        if log.len() < MOST_LOG {
            log.push_str(&String::from_utf8_lossy(bytes));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn log() -> MutexGuard<'static, String> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does a worker's work until the standard input ends, then ends the process. The program starts
/// itself with a hidden command for this.
///
/// # Errors
/// When the other side does not speak as it should.
pub fn serve() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let Some(setup) = wire::read::<Setup>(&mut input)? else { return Ok(()) };
    let confinement = confine(&setup);
    wire::write(&mut io::stdout(), &Reply::Ready(confinement))?;

    let (asks, asked) = mpsc::channel::<Ask>();
    std::thread::Builder::new().name("reader".to_owned()).stack_size(STACK).spawn(move || {
        let mut reader = Reader::new();
        for ask in asked {
            bound_time(setup.seconds.saturating_mul(ask.pages().into()));
            let mut answer = ask.answer(&mut reader);
            let bulk = answer.bulk().map(std::mem::take).unwrap_or_default();
            let pieces = bulk.chunks(PIECE).map(|piece| Reply::Piece(piece.to_vec()));
            let log = std::mem::take(&mut *log());
            let mut said = pieces.chain(std::iter::once(Reply::Done { answer, log }));
            if said.any(|reply| wire::write(&mut io::stdout(), &reply).is_err()) {
                end();
            }
        }
    })?;
    // This thread only listens: when the program that asks is gone, whatever is being read ends with it.
    while let Some(ask) = wire::read(&mut input)? {
        if asks.send(ask).is_err() {
            break;
        }
    }
    end();
    Ok(())
}

/// Ends this process at once, in the middle of native code as well.
fn end() {
    let _ = io::stdout().flush();
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
}
