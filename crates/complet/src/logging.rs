use std::io::{self, Write as _};

#[cfg(unix)]
use complet_scanner::WorkerLog;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::prelude::*;

/// Sends the log of complet's own crates to the error stream. Libraries are left out: what they log of a
/// file may hold its text, which no log must.
pub(crate) fn start(verbose: u8) {
    start_to(BoxMakeWriter::new(io::stderr), verbose);
}

/// The same in a worker: its log travels with what it read.
#[cfg(unix)]
pub(crate) fn start_in_worker(verbose: u8) {
    start_to(BoxMakeWriter::new(WorkerLog::default), verbose);
}

/// What a worker logged, as it stands.
#[cfg(unix)]
pub(crate) fn pass_on(line: &str) {
    // Nothing is left to be done when the error stream is closed.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

fn start_to(writer: BoxMakeWriter, verbose: u8) {
    let level = match verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let own = ["complet", "complet_rules", "complet_scanner", "complet_judge", "complet_report"];
    let targets = Targets::new().with_targets(own.map(|name| (name, level)));
    let layer = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(false).without_time();
    tracing_subscriber::registry().with(layer.with_filter(targets)).init();
    hide_panic_messages();
}

/// The message of a panic may quote a document. The scanner turns a panic on a page into a problem of
/// that page; its place in the code is all that is needed to mend it.
fn hide_panic_messages() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        tracing::warn!("internal error at {place}: please report it");
    }));
}
