//! `complet`: is this dossier complete, and if not, what exactly is missing?
//!
//! This crate joins the others: it reads the command line and the dossier's settings, has the files
//! scanned and judged, and hands the report to a renderer.

mod args;
mod batch;
mod cache;
mod check;
mod config;
mod dossier;
mod exit;
mod export;
#[doc(hidden)]
pub mod fuzzing;
mod help;
mod init;
mod inspect;
mod lang;
mod letter;
mod logging;
mod output;
mod pictures;
mod rules;
mod scan;
mod schema;
mod shell;
mod stop;
mod verify;
mod watch;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::FromArgMatches as _;

use crate::args::{Args, Command};
use crate::exit::Exit;

/// Does what the command line says.
pub fn main() -> ExitCode {
    // Prints usage errors and ends with status 2; help and version end with 0.
    let matches = help::command(lang::asked()).get_matches();
    let args = Args::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    if matches!(args.command, Command::Worker) {
        return worker(args.common.verbose);
    }
    logging::start(args.common.verbose);
    match run(&args) {
        Ok(exit) => exit.into(),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to be done when the error stream is closed as well.
            let _ = writeln!(io::stderr().lock(), "{}", output::error(&error));
            Exit::Usage.into()
        }
    }
}

/// Reads pages for the process that started this one, on the standard streams.
#[cfg(unix)]
fn worker(verbose: u8) -> ExitCode {
    logging::start_in_worker(verbose);
    match complet_scanner::serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => Exit::Usage.into(),
    }
}

#[cfg(not(unix))]
fn worker(_verbose: u8) -> ExitCode {
    Exit::Usage.into()
}

fn run(args: &Args) -> anyhow::Result<Exit> {
    let common = &args.common;
    match &args.command {
        Command::Check(check) => check::run(check, common),
        Command::Init(init) => init::run(init, common),
        Command::Letter(letter) => letter::run(letter, common),
        Command::Export(export) => export::run(export, common),
        Command::Verify(verify) => verify::run(verify, common),
        Command::Inspect(inspect) => inspect::run(inspect, common),
        Command::Rules { command } => rules::run(command, common),
        Command::Batch(batch) => batch::run(batch, common),
        Command::Cache { command } => cache::run(command, common),
        // Ended before it came here.
        Command::Worker => Ok(Exit::Usage),
        Command::Schema { which } => schema::run(*which),
        Command::Completions { shell } => shell::completions(*shell, common),
        Command::Man { command } => shell::man(command.as_deref(), common),
    }
}
