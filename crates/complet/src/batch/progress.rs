use std::io::{self, IsTerminal as _, Write as _};
use std::time::Instant;

use complet_model::{Arg, Message};
use complet_report::Wording;
use indicatif::{ProgressBar, ProgressStyle};

/// How far a batch is: a bar on a terminal, a line now and then elsewhere.
pub(super) struct Progress<'a> {
    bar: Option<ProgressBar>,
    wording: Wording<'a>,
    started: Instant,
    done: usize,
    total: usize,
}

/// Lines that a whole batch says elsewhere.
const LINES: usize = 50;

impl<'a> Progress<'a> {
    pub(super) fn new(total: usize, wording: Wording<'a>) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total as u64);
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {wide_msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, wording, started: Instant::now(), done: 0, total }
    }

    /// One more dossier is finished.
    pub(super) fn step(&mut self) {
        self.done += 1;
        let is_due = self.done == self.total || self.done.is_multiple_of(self.total.div_ceil(LINES).max(1));
        match &self.bar {
            Some(bar) => {
                bar.set_position(self.done as u64);
                bar.set_message(self.words());
            }
            None if is_due => {
                // Nothing is left to be done when the error stream is closed.
                let _ = writeln!(io::stderr().lock(), "{}", self.words());
            }
            None => {}
        }
    }

    fn words(&self) -> String {
        let rate = self.done as f64 / self.started.elapsed().as_secs_f64().max(0.001);
        let left = ((self.total - self.done) as f64 / rate.max(0.001)).round() as u64;
        let message = Message::new("batch-progress")
            .with("done", Arg::Count(self.done as i64))
            .with("total", Arg::Count(self.total as i64))
            .text("rate", format!("{rate:.1}"))
            .text("left", format!("{}:{:02}:{:02}", left / 3600, left / 60 % 60, left % 60));
        self.wording.catalog.message(&message, self.wording.lang)
    }

    pub(super) fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
