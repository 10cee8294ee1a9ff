use anyhow::ensure;
use camino::{Utf8Path, Utf8PathBuf};
use complet_model::{Date, FileStatus, Page, ScannedFile};
use complet_rules::{RequirementList, RuleSet};
use complet_scanner::{EngineChoice, Progress, Scan, ScanError, Settings, Stage};
use indicatif::{ProgressBar, ProgressStyle};

/// Reads a dossier's folder.
///
/// # Errors
/// When the folder cannot be listed or the OCR engine lacks its data.
pub(crate) fn folder(root: &Utf8Path, settings: &Settings) -> Result<Scan, ScanError> {
    with_bar(|progress| complet_scanner::scan(root, settings, progress))
}

/// Reads single files and folders, in the order given. Files of a folder keep the folder in their path.
///
/// # Errors
/// When there is nothing at a path, a folder cannot be listed, or the OCR engine lacks its data.
pub(crate) fn paths(paths: &[Utf8PathBuf], settings: &Settings) -> anyhow::Result<Scan> {
    for path in paths {
        ensure!(path.exists(), "there is no file or folder `{path}`: check the path");
    }
    let mut all = Scan::default();
    for run in paths.chunk_by(|a, b| !a.is_dir() && !b.is_dir()) {
        match run {
            [root] if root.is_dir() => {
                let mut found = folder(root, settings)?;
                for file in &mut found.files {
                    file.path = root.join(&file.path).into_string();
                }
                all.append(found);
            }
            single => {
                all.append(with_bar(|p| complet_scanner::scan_files(single, settings, p))?);
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
    settings: &Settings,
    rules: &RuleSet,
    list: &RequirementList,
    as_of: Date,
) -> Result<(), ScanError> {
    if settings.engine != EngineChoice::Auto || settings.without.contains(&Stage::Second) {
        return Ok(());
    }
    let pages = complet_judge::doubtful_pages(&scan.files, rules, list, as_of);
    if pages.is_empty() {
        return Ok(());
    }
    tracing::info!(pages = pages.len(), "a closer look");
    with_bar(|progress| scan.look_closer(&pages, settings, progress))
}

/// True when anything at all could be read.
pub(crate) fn is_readable(files: &[ScannedFile]) -> bool {
    let read = files.iter().filter(|f| f.status == FileStatus::Read);
    read.flat_map(|f| &f.pages).any(|page| !Page::is_unreadable(page))
}

/// Shows how far the scan is, on a terminal only.
fn with_bar<T>(scan: impl FnOnce(&(dyn Fn(Progress<'_>) + Sync)) -> T) -> T {
    let bar = ProgressBar::new(0);
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
