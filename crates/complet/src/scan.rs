use anyhow::ensure;
use camino::{Utf8Path, Utf8PathBuf};
use complet_model::{Date, FileStatus, Page, ScannedFile};
use complet_rules::{RequirementList, RuleSet};
#[cfg(unix)]
use complet_scanner::Workers;
use complet_scanner::{EngineChoice, Isolation, Progress, Scan, ScanError, Scanner, Settings, Stage};
use indicatif::{ProgressBar, ProgressStyle};

use crate::args::{Common, IsolationArg, Reading};
use crate::cache;

/// What reads as the command line asks.
///
/// # Errors
/// When the OCR engine lacks its data, or the cache that was asked for cannot be used.
pub(crate) fn scanner(settings: Settings, reading: &Reading, common: &Common) -> anyhow::Result<Scanner> {
    let cache = cache::open(&reading.cache)?;
    Ok(Scanner::new(settings, isolation(reading, common))?.with_cache(cache))
}

#[cfg(unix)]
fn isolation(reading: &Reading, common: &Common) -> Isolation {
    // On Linux the same program, also when its file was replaced meanwhile.
    let program =
        if cfg!(target_os = "linux") { Ok("/proc/self/exe".into()) } else { std::env::current_exe() };
    match program {
        Ok(program) if reading.isolation == IsolationArg::Processes => Isolation::Workers(Workers {
            program,
            args: std::iter::once("worker".into()).chain((0..common.verbose).map(|_| "-v".into())).collect(),
            secrets: vec![cache::KEY.to_owned()],
            log: crate::logging::pass_on,
        }),
        _ => Isolation::None,
    }
}

#[cfg(not(unix))]
fn isolation(_reading: &Reading, _common: &Common) -> Isolation {
    Isolation::None
}

/// Reads a dossier's folder.
///
/// # Errors
/// When the folder cannot be listed.
pub(crate) fn folder(root: &Utf8Path, scanner: &Scanner, show: Show) -> Result<Scan, ScanError> {
    with_bar(show, |progress| scanner.folder(root, progress))
}

/// Reads single files and folders, in the order given. Files of a folder keep the folder in their path.
///
/// # Errors
/// When there is nothing at a path, a folder cannot be listed.
pub(crate) fn paths(paths: &[Utf8PathBuf], scanner: &Scanner) -> anyhow::Result<Scan> {
    for path in paths {
        ensure!(path.exists(), "there is no file or folder `{path}`: check the path");
    }
    let mut all = Scan::default();
    for run in paths.chunk_by(|a, b| !a.is_dir() && !b.is_dir()) {
        match run {
            [root] if root.is_dir() => {
                let mut found = folder(root, scanner, Show::Bar)?;
                for file in &mut found.files {
                    file.path = root.join(&file.path).into_string();
                }
                all.append(found);
            }
            single => {
                all.append(with_bar(Show::Bar, |p| scanner.files(single, p))?);
            }
        }
    }
    Ok(all)
}

/// Reads the pages again, with both engines, that leave something open that `list` asks about.
///
/// # Errors
/// When no threads can be started.
pub(crate) fn look_closer(
    scan: &mut Scan,
    scanner: &Scanner,
    rules: &RuleSet,
    list: &RequirementList,
    as_of: Date,
    show: Show,
) -> Result<(), ScanError> {
    let settings = scanner.settings();
    if settings.engine != EngineChoice::Auto || settings.without.contains(&Stage::Second) {
        return Ok(());
    }
    let pages = complet_judge::doubtful_pages(&scan.files, rules, list, as_of);
    if pages.is_empty() {
        return Ok(());
    }
    tracing::info!(pages = pages.len(), "a closer look");
    with_bar(show, |progress| scanner.look_closer(scan, &pages, progress))
}

/// True when anything at all could be read.
pub(crate) fn is_readable(files: &[ScannedFile]) -> bool {
    let read = files.iter().filter(|f| f.status == FileStatus::Read);
    read.flat_map(|f| &f.pages).any(|page| !Page::is_unreadable(page))
}

/// Whether to show how far a scan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    Bar,
    Nothing,
}

/// Shows how far the scan is, on a terminal only.
fn with_bar<T>(show: Show, scan: impl FnOnce(&dyn Fn(Progress<'_>)) -> T) -> T {
    let bar = if show == Show::Bar { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}") {
        bar.set_style(style);
    }
    let files = scan(&|progress: Progress<'_>| {
        bar.set_length(progress.total as u64);
        bar.set_position(progress.done as u64);
        // A file name must not steer the terminal.
        bar.set_message(progress.path.replace(char::is_control, "\u{fffd}"));
    });
    bar.finish_and_clear();
    tracing::info!(pages = bar.position(), seconds = bar.elapsed().as_secs_f32(), "read");
    files
}
