//! `complet check --watch`: checks again as files arrive.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::bail;
use camino::Utf8Path;
use complet_model::Message;
use complet_report::Wording;
use complet_rules::RuleSet;
use complet_scanner::{Limits, folder_state};

use crate::args::{Check, Common};
use crate::dossier::{Desk, requirement_list};
use crate::exit::Exit;
use crate::scan::Show;
use crate::{check, config, output, scan, stop};

/// Between two looks at the folder: files that still arrive differ from one to the next.
const LOOK: Duration = Duration::from_millis(500);
/// So soon the end that somebody asks for is noticed.
const NAP: Duration = Duration::from_millis(50);

/// Checks the dossier whenever it changes, until somebody ends it: then the last report's status counts.
pub(crate) fn run(args: &Check, common: &Common) -> anyhow::Result<Exit> {
    let dossier = args.dossier.as_path();
    let rules = RuleSet::load(args.reading.rules.as_deref())?;
    // What is wrong from the start is told as without watching; what goes wrong later may be mended.
    config::load(dossier, requirement_list(&rules, &args.judging)?)?;
    if let Some(file) = args.reading.output.as_deref().filter(|file| output::lies_within(file, dossier)) {
        bail!(
            "`{file}` lies within the dossier, so that each report would be a change: choose another place"
        );
    }
    let wording = Wording { catalog: &rules.catalog, lang: common.lang() };
    let scanner = scan::scanner(args.reading.settings(), &args.reading, common)?;
    let limits = &scanner.settings().limits;
    let stopped = scanner.stopper();
    stop::by_hand(&stopped)?;

    let mut exit = Exit::Interrupted;
    let mut first = true;
    let mut state = folder_state(dossier, limits);
    loop {
        // Each round has its own desk: the day may have changed.
        let desk = Desk::new(&rules, &scanner, &args.judging, &args.reading, Show::Bar)?;
        let checked = desk.check(dossier);
        // What was being read when the end was asked for is no report.
        if stopped.load(Ordering::Relaxed) {
            return Ok(exit);
        }
        if !first {
            part(args)?;
        }
        exit = match checked {
            Ok(checked) => check::report(checked, args, common, &rules, &scanner)?,
            Err(error) if first => return Err(error),
            Err(error) => {
                say(&output::error(&error));
                Exit::Usage
            }
        };
        first = false;
        say(&wording
            .catalog
            .message(&Message::new("watch-waiting").text("folder", dossier.as_str()), wording.lang));
        if !changed(dossier, limits, &mut state, &stopped) {
            return Ok(exit);
        }
        say(&wording.catalog.message(&Message::new("watch-again"), wording.lang));
    }
}

/// Waits until the folder looks otherwise than `state`, and twice the same; then `state` is what it looks
/// like. False when the end was asked for.
fn changed(folder: &Utf8Path, limits: &Limits, state: &mut Option<String>, stopped: &AtomicBool) -> bool {
    let mut last = state.clone();
    loop {
        let mut waited = Duration::ZERO;
        while waited < LOOK {
            if stopped.load(Ordering::Relaxed) {
                return false;
            }
            std::thread::sleep(NAP);
            waited += NAP;
        }
        let now = folder_state(folder, limits);
        if now == last && now != *state {
            *state = now;
            return true;
        }
        last = now;
    }
}

/// Parts a report from the one before: on a terminal it takes its place.
fn part(args: &Check) -> io::Result<()> {
    if args.reading.output.is_some() {
        return Ok(());
    }
    if io::stdout().is_terminal() {
        return console::Term::stdout().clear_screen();
    }
    // Also allowed between two values of JSON.
    output::print("\n")
}

/// Nothing is left to be done when the error stream is closed.
fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
