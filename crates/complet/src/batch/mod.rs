//! `complet batch`: many dossiers, one folder each.

mod journal;
mod line;
mod progress;
mod table;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError, mpsc};

use anyhow::{Context as _, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use complet_model::{Arg, Message};
use complet_report::Wording;
use complet_rules::RuleSet;
use complet_scanner::{Settings, folder_state, program_state};

use self::journal::Journal;
use self::line::{Line, Outcome};
use self::progress::Progress;
use crate::args::{Batch, BatchFormat, Common};
use crate::dossier::{Desk, name, requirement_list};
use crate::exit::Exit;
use crate::scan::Show;
use crate::{output, scan, stop};

/// A dossier to be checked.
struct Task {
    /// What it is called: the name of its folder, or a number.
    dossier: String,
    folder: Utf8PathBuf,
}

/// A dossier that was.
struct Done {
    line: Line,
    state: String,
}

/// Checks the dossiers in a folder; what is done stays done when the run is ended.
pub(crate) fn run(args: &Batch, common: &Common) -> anyhow::Result<Exit> {
    let rules = RuleSet::load(args.reading.rules.as_deref())?;
    let list = requirement_list(&rules, &args.judging)?;
    let wording = Wording { catalog: &rules.catalog, lang: common.lang() };
    let (mut tasks, loose) = tasks(&args.root)?;
    if args.redact {
        // The names of the folders are often those of the clients.
        for (number, task) in (1..).zip(&mut tasks) {
            task.dossier = format!("dossier-{number:05}");
        }
    }
    if loose > 0 {
        let message = Message::new("batch-loose").with("count", Arg::Count(loose));
        tracing::warn!("{}", wording.catalog.message(&message, wording.lang));
    }
    let scanner = scan::scanner(args.reading.settings(), &args.reading, common)?;
    let desk = Desk::new(&rules, &scanner, &args.judging, &args.reading, Show::Nothing)?;

    let question = question(args, &desk)?;
    let folders: HashMap<&str, &Utf8Path> =
        tasks.iter().map(|t| (t.dossier.as_str(), t.folder.as_path())).collect();
    let is_still = |dossier: &str, state: &str| {
        folders
            .get(dossier)
            .is_some_and(|f| folder_state(f, &scanner.settings().limits).as_deref() == Some(state))
    };
    let mut lines = BTreeMap::new();
    let mut journal = None;
    if let Some(folder) = &args.reports {
        std::fs::create_dir_all(folder).with_context(|| format!("the folder `{folder}` cannot be made"))?;
        output::remove_halves(folder);
        let (opened, known) = Journal::open(folder.as_std_path(), &question, args.changed, &is_still)
            .with_context(|| format!("the state of the batch cannot be kept in `{folder}`"))?;
        journal = Some(opened);
        lines.extend(known.into_iter().map(|line| (line.dossier.clone(), line)));
    }
    let known = lines.len();
    for line in lines.values() {
        say(args, line)?;
    }

    let left: VecDeque<Task> = tasks.into_iter().filter(|t| !lines.contains_key(&t.dossier)).collect();
    tracing::info!(known, left = left.len(), "dossiers");
    let stop = scanner.stopper();
    stop::by_hand(&stop)?;
    let mut progress = Progress::new(left.len(), wording);
    let total = left.len();
    let left = Mutex::new(left);
    // Some more than are read at a time, so that workers have something to read while others are judged.
    let threads = (scanner.jobs() + scanner.jobs() / 2).min(total);
    let worked: anyhow::Result<()> = std::thread::scope(|scope| {
        let (finished, arriving) = mpsc::sync_channel::<Done>(threads.max(1));
        for _ in 0..threads {
            let finished = finished.clone();
            let (left, desk, stop) = (&left, &desk, &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let task = left.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    let Some(task) = task else { break };
                    let done = check(&task, args, desk, wording);
                    // What was being read when the run was ended is not finished.
                    if stop.load(Ordering::Relaxed) || finished.send(done).is_err() {
                        break;
                    }
                }
            });
        }
        drop(finished);
        let worked = arriving.into_iter().try_for_each(|done| {
            if let Some(journal) = &mut journal {
                let path = journal.path().to_owned();
                journal.done(done.state, done.line.clone()).with_context(|| format!("{}", path.display()))?;
            }
            progress.step();
            say(args, &done.line)?;
            lines.insert(done.line.dossier.clone(), done.line);
            anyhow::Ok(())
        });
        // Threads that still read have nobody to tell.
        if worked.is_err() {
            stop.store(true, Ordering::Relaxed);
        }
        worked
    });
    progress.end();
    worked?;

    let interrupted = stop.load(Ordering::Relaxed);
    if let (Some(journal), false) = (&mut journal, interrupted) {
        journal.end()?;
    }
    let lines: Vec<Line> = lines.into_values().collect();
    let width = output::look(common.color, args.reading.output.is_some()).width;
    let table = match args.format {
        BatchFormat::Human => Some(table::human(&lines, list, wording, width)),
        BatchFormat::Html => {
            let links = args.reports.as_deref().map(|reports| way(reports, args.reading.output.as_deref()));
            let rows = table::rows(&lines, list, wording, links.as_deref());
            Some(complet_report::html::index(&name(&args.root), &rows, desk.as_of, wording))
        }
        BatchFormat::Csv => Some(table::csv(&lines, list)),
        BatchFormat::Jsonl if args.reading.output.is_some() => {
            let rows: Result<Vec<String>, _> = lines.iter().map(serde_json::to_string).collect();
            Some(rows?.into_iter().map(|row| row + "\n").collect())
        }
        BatchFormat::Jsonl => None,
    };
    if let Some(table) = table {
        output::write(&table, args.reading.output.as_deref(), output::Access::Usual)?;
    }
    Ok(if interrupted {
        let message = Message::new("batch-interrupted").with("done", Arg::Count(lines.len() as i64));
        tracing::warn!("{}", wording.catalog.message(&message, wording.lang));
        Exit::Interrupted
    } else if !lines.is_empty() && lines.iter().all(|l| l.outcome == Outcome::NothingReadable) {
        Exit::NothingReadable
    } else if args.exit_zero || lines.iter().all(|l| l.outcome == Outcome::Complete) {
        Exit::Fine
    } else {
        Exit::Gaps
    })
}

/// The folders in a folder, and how many files lie beside them.
fn tasks(root: &Utf8Path) -> anyhow::Result<(Vec<Task>, i64)> {
    ensure!(root.is_dir(), "`{root}` is not a folder: give the folder that holds the dossiers' folders");
    let entries = root.read_dir().with_context(|| format!("the folder `{root}` cannot be read"))?;
    let (mut tasks, mut loose) = (Vec::new(), 0);
    for entry in entries {
        let entry = entry.with_context(|| format!("the folder `{root}` cannot be read"))?;
        let name = entry.file_name();
        let is_folder = entry.file_type().is_ok_and(|t| t.is_dir());
        match name.to_str() {
            Some(name) if name.starts_with('.') => {}
            Some(name) if is_folder => {
                tasks.push(Task { dossier: name.to_owned(), folder: root.join(name) });
            }
            None if is_folder => {
                let name = name.to_string_lossy();
                ensure!(false, "the name of the folder `{name}` in `{root}` is no Unicode: rename it");
            }
            _ => loose += 1,
        }
    }
    tasks.sort_by(|a, b| a.dossier.cmp(&b.dossier));
    Ok((tasks, loose))
}

/// Everything that a finished line depends on besides the dossier.
fn question(args: &Batch, desk: &Desk<'_>) -> anyhow::Result<String> {
    let settings = Settings { jobs: None, ..desk.scanner.settings().clone() };
    let rules = args.reading.rules.as_ref().map(|r| folder_state(r, &settings.limits));
    let asked = (
        program_state(),
        desk.as_of.to_string(),
        &desk.list.id,
        desk.profile,
        settings,
        rules,
        format!("{:?}", args.report_format),
        args.redact,
    );
    Ok(serde_json::to_string(&asked)?)
}

/// Checks a dossier and writes its report.
fn check(task: &Task, args: &Batch, desk: &Desk<'_>, wording: Wording<'_>) -> Done {
    // As it was before it was read: what changes meanwhile counts as changed.
    let state = folder_state(&task.folder, &desk.scanner.settings().limits).unwrap_or_default();
    let line = desk.check(&task.folder).and_then(|checked| {
        let checked = checked.redacted_if(args.redact, wording.catalog);
        let mut line = Line::of(task.dossier.clone(), &checked.report, checked.is_readable());
        if let Some(folder) = &args.reports {
            let name = report_name(&task.dossier, args.report_format.extension());
            let look = complet_report::human::Look { color: false, width: output::USUAL_WIDTH };
            let text = checked.render(args.report_format, wording, look, desk.scanner)?;
            output::write(&text, Some(&folder.join(&name)), args.report_format.access())?;
            line.report = Some(name);
        }
        Ok(line)
    });
    let line = line.unwrap_or_else(|error| {
        // An error shows the place in a file, and the path of the folder.
        let masked = || wording.catalog.message(&Message::new("batch-error-masked"), wording.lang);
        let error = if args.redact { masked() } else { format!("{error:#}") };
        Line::failed(task.dossier.clone(), error)
    });
    Done { line, state }
}

/// The way from where the index lies to the folder of reports; where the index goes to the standard output it
/// is taken to be put beside them.
fn way(reports: &Utf8Path, index: Option<&Utf8Path>) -> String {
    let whole =
        |path: &Utf8Path| std::path::absolute(path).ok().and_then(|p| Utf8PathBuf::from_path_buf(p).ok());
    let real = |path: &Utf8Path| path.canonicalize_utf8().ok().or_else(|| whole(path)).unwrap_or_default();
    let Some(index) = index.and_then(whole) else { return String::new() };
    let from = real(index.parent().unwrap_or(Utf8Path::new("/")));
    let to = real(reports);
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| "..");
    let parts = up.chain(to.components().skip(shared).map(|part| part.as_str()));
    parts.flat_map(|part| [part, "/"]).collect()
}

/// A folder's name and an ending may be longer than a file's name can be.
fn report_name(dossier: &str, extension: &str) -> String {
    const LONGEST: usize = 255;
    let name = format!("{dossier}.{extension}");
    if name.len() <= LONGEST {
        return name;
    }
    let start: String = dossier.chars().take(40).collect();
    format!("{start}-{}.{extension}", blake3::hash(dossier.as_bytes()).to_hex())
}

/// The line of a dossier that is finished, where lines are wanted at once.
fn say(args: &Batch, line: &Line) -> anyhow::Result<()> {
    if args.format == BatchFormat::Jsonl && args.reading.output.is_none() {
        output::print(&(serde_json::to_string(line)? + "\n"))?;
    }
    Ok(())
}
