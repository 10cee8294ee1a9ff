//! Those who read: threads, each with a reader of its own here or in a process of its own.

#[cfg(unix)]
mod confine;
#[cfg(unix)]
mod serve;
#[cfg(unix)]
mod wire;
#[cfg(unix)]
mod worker;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

#[cfg(unix)]
pub use self::serve::{WorkerLog, serve};
#[cfg(unix)]
pub use self::worker::Workers;
use crate::ask::{Answer, Ask};
use crate::error::ScanError;
use crate::reader::Reader;
use crate::settings::{Limits, Settings};

/// Where files are opened and pages read.
#[derive(Debug, Clone)]
pub enum Isolation {
    /// In this process: a page that crashes, hangs or swells takes everything with it.
    None,
    /// In processes of their own, which are ended and replaced.
    #[cfg(unix)]
    Workers(Workers),
}

/// Deeply nested PDF objects are parsed by recursion.
const STACK: usize = 16 << 20;
/// How long all but the first wait with starting a process of their own: a dossier whose pages have their
/// own text is read by then.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_millis(25);

/// How often somebody who waits looks whether he still has to.
const LOOK_UP: Duration = Duration::from_millis(200);

/// The threads that read for everybody, page by page in turn.
#[derive(Debug)]
pub(crate) struct Crew {
    queue: Arc<Queue>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    count: usize,
    plan: Plan,
    /// Set from outside, by a signal say: nobody waits any more.
    stop: Arc<AtomicBool>,
}

/// How the threads are to read.
#[derive(Debug, Clone)]
struct Plan {
    isolation: Isolation,
    limits: Limits,
    /// The one folder that is written into.
    writes_to: Option<std::path::PathBuf>,
}

/// Pieces of work that somebody waits for.
#[derive(Debug)]
struct Lot {
    asks: Vec<Ask>,
    answers: mpsc::Sender<(usize, Answer)>,
    /// Nobody waits any more.
    stopped: AtomicBool,
}

#[derive(Debug, Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    closed: AtomicBool,
}

/// Lots in turn, each with the index of its next piece of work.
#[derive(Debug, Default)]
struct State {
    lots: VecDeque<(Arc<Lot>, usize)>,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// The next piece of work, from another lot than the last one: a large lot does not hold up the others.
    fn next(&self, patience: Duration) -> Option<(Arc<Lot>, usize)> {
        let mut state = self.state();
        let mut waited = patience.is_zero();
        loop {
            if self.is_closed() {
                return None;
            }
            state.lots.retain(|(lot, next)| *next < lot.asks.len() && !lot.stopped.load(Ordering::Relaxed));
            if state.lots.is_empty() {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            } else if !waited {
                // Others may be done with all of it by then.
                waited = true;
                let until = Instant::now() + patience;
                while let Some(left) = until.checked_duration_since(Instant::now())
                    && !left.is_zero()
                    && !self.is_closed()
                {
                    state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
                }
            } else if let Some((lot, next)) = state.lots.pop_front() {
                state.lots.push_back((Arc::clone(&lot), next + 1));
                return Some((lot, next));
            }
        }
    }
}

impl Crew {
    pub(crate) fn new(count: usize, isolation: Isolation, settings: &Settings) -> Self {
        Self {
            queue: Arc::default(),
            threads: Mutex::default(),
            count: count.max(1),
            stop: Arc::default(),
            plan: Plan {
                isolation,
                limits: settings.limits,
                writes_to: settings.debug_images.as_ref().map(|p| p.clone().into()),
            },
        }
    }

    /// Has all of it done. `each` gets the answers with their indices as they come. What is not done at the
    /// deadline, or when `each` returns false, is left.
    pub(crate) fn work(
        &self,
        asks: Vec<Ask>,
        deadline: Option<Instant>,
        each: &mut dyn FnMut(usize, Answer) -> bool,
    ) -> Result<(), ScanError> {
        if asks.is_empty() {
            return Ok(());
        }
        self.start()?;
        let (answers, answered) = mpsc::channel();
        let count = asks.len();
        let lot = Arc::new(Lot { asks, answers, stopped: AtomicBool::new(false) });
        self.queue.state().lots.push_back((Arc::clone(&lot), 0));
        self.queue.changed.notify_all();
        for _ in 0..count {
            let answer = self.wait(&answered, deadline);
            let Some((index, answer)) = answer else { break };
            if !each(index, answer) {
                break;
            }
        }
        lot.stopped.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// The next answer; `None` when it is not to be waited for.
    fn wait(
        &self,
        answered: &mpsc::Receiver<(usize, Answer)>,
        deadline: Option<Instant>,
    ) -> Option<(usize, Answer)> {
        while !self.stop.load(Ordering::Relaxed) {
            let left = deadline.map_or(LOOK_UP, |d| d.saturating_duration_since(Instant::now()));
            match answered.recv_timeout(left.min(LOOK_UP)) {
                Ok(answer) => return Some(answer),
                Err(mpsc::RecvTimeoutError::Timeout) if left > LOOK_UP || deadline.is_none() => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// How many pages it reads at the same time.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// What ends all waiting when it becomes true.
    pub(crate) fn stopper(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// Starts the threads when there is something to do for the first time.
    fn start(&self) -> Result<(), ScanError> {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        for i in threads.len()..self.count {
            let queue = Arc::clone(&self.queue);
            let plan = self.plan.clone();
            let builder = std::thread::Builder::new().name(format!("reader-{i}")).stack_size(STACK);
            let thread = builder.spawn(move || {
                let mut hands = Hands::new(plan, i > 0);
                while let Some((lot, index)) = queue.next(hands.patience()) {
                    let Some(ask) = lot.asks.get(index) else { continue };
                    let stopped = || queue.is_closed() || lot.stopped.load(Ordering::Relaxed);
                    let answer = hands.answer(ask, &stopped);
                    // Whoever asked may have gone.
                    let _ = lot.answers.send((index, answer));
                }
            });
            match thread {
                Ok(thread) => threads.push(thread),
                Err(error) if threads.is_empty() => return Err(ScanError::Workers(error)),
                // Fewer do as well.
                Err(_) => break,
            }
        }
        Ok(())
    }
}

/// Takes answers of a worker apart until one is none.
#[cfg(unix)]
pub(crate) fn take_replies(mut bytes: Vec<u8>) {
    while let Ok(Some(_)) = wire::take::<serve::Reply>(&mut bytes) {}
}

/// What a worker says of itself, then of a page.
#[cfg(unix)]
pub(crate) fn replies(page: &complet_model::Page) -> std::io::Result<Vec<u8>> {
    let answer = Answer::Page(Box::new(page.clone()));
    let mut bytes = wire::frame(&serve::Reply::Ready(confine::Confinement::default()))?;
    bytes.extend(wire::frame(&serve::Reply::Done { answer, log: "a page is read\n".to_owned() })?);
    Ok(bytes)
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.queue.closed.store(true, Ordering::Relaxed);
        // Whoever is about to wait has seen the flag or gets the call.
        drop(self.queue.state());
        self.queue.changed.notify_all();
        let threads = std::mem::take(self.threads.get_mut().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            let _ = thread.join();
        }
    }
}

/// What a thread reads with.
enum Hands {
    Here(Box<Reader>),
    #[cfg(unix)]
    Away(Box<Away>),
}

impl Hands {
    /// A patient one leaves small work to others.
    fn new(plan: Plan, patient: bool) -> Self {
        match plan.isolation {
            Isolation::None => Self::Here(Box::default()),
            #[cfg(unix)]
            Isolation::Workers(how) => {
                let setup = serve::Setup {
                    memory: plan.limits.worker_memory,
                    seconds: plan.limits.page_seconds,
                    writes_to: plan.writes_to,
                };
                Self::Away(Box::new(Away { how, setup, limits: plan.limits, worker: None, patient }))
            }
        }
    }

    /// How long to leave work to others before taking some.
    fn patience(&self) -> Duration {
        match self {
            Self::Here(_) => Duration::ZERO,
            #[cfg(unix)]
            Self::Away(away) if away.worker.is_none() && away.patient => PATIENCE,
            #[cfg(unix)]
            Self::Away(_) => Duration::ZERO,
        }
    }

    fn answer(&mut self, ask: &Ask, stopped: &dyn Fn() -> bool) -> Answer {
        match self {
            Self::Here(reader) => ask.answer(reader),
            #[cfg(unix)]
            Self::Away(away) => away.answer(ask, stopped),
        }
    }
}

/// A worker that is started when it is needed, and replaced when it died.
#[cfg(unix)]
struct Away {
    how: Workers,
    setup: serve::Setup,
    limits: Limits,
    worker: Option<worker::Worker>,
    patient: bool,
}

#[cfg(unix)]
impl Away {
    fn answer(&mut self, ask: &Ask, stopped: &dyn Fn() -> bool) -> Answer {
        // Computing may have to share the processor with others.
        let time =
            Duration::from_secs(self.limits.page_seconds.saturating_mul(2)).saturating_mul(ask.pages());
        let mut tries = 0;
        loop {
            tries += 1;
            let mut worker = match self.worker.take() {
                Some(worker) => worker,
                None => match worker::Worker::start(&self.how, &self.setup) {
                    Ok(worker) => worker,
                    Err(error) => {
                        tracing::error!(%error, "a worker could not be started");
                        let message = complet_model::Message::new("reader-not-started");
                        return ask.failed(message.text("detail", error.to_string()));
                    }
                },
            };
            let fresh = worker.served == 0;
            match worker.ask(ask, time, stopped) {
                Ok(answer) => {
                    self.worker = Some(worker);
                    return answer;
                }
                // Once more with one that has nothing else on it; what crashes that one stays unread.
                Err(death) if tries == 1 && !fresh && death.may_be_of_earlier_pages() => {
                    tracing::info!(?death, "a worker died and is replaced; its page is tried once more");
                }
                Err(death) => {
                    if death != worker::Death::Stopped {
                        tracing::info!(?death, "a worker died of what it read and is replaced");
                    }
                    return ask.failed(death.message(&self.limits));
                }
            }
        }
    }
}
