use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use camino::Utf8Path;
use complet_model::{FileStatus, Message, Page, ScannedFile};

use crate::error::ScanError;
use crate::folder::{Entry, list, read_file, single};
use crate::kind::{Kind, sniff};
use crate::ocr::{Ppocr, check_languages, ppocr};
use crate::pdf;
use crate::picture;
use crate::problem;
use crate::reader::{Reader, panic_text};
use crate::settings::{EngineChoice, PageRequest, Settings, Stage};

/// How far a scan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// Pages read.
    pub done: usize,
    /// Pages there are.
    pub total: usize,
    /// The file the last page belongs to.
    pub path: &'a str,
}

/// Files that were read, with the way back to them.
#[derive(Debug, Default)]
pub struct Scan {
    /// The files, in order.
    pub files: Vec<ScannedFile>,
    /// Where each of them lies: `ScannedFile::path` need not lead back to a name that is no Unicode.
    sources: Vec<PathBuf>,
}

impl Scan {
    /// Where the file at `index` lies.
    pub fn source(&self, index: usize) -> Option<&Path> {
        self.sources.get(index).map(PathBuf::as_path)
    }

    /// Adds the files of another scan after these.
    pub fn append(&mut self, other: Self) {
        self.files.extend(other.files);
        self.sources.extend(other.sources);
    }

    /// Reads pages again, each given as the index of its file and its number, with both engines.
    ///
    /// # Errors
    /// When no threads can be started.
    pub fn look_closer(
        &mut self,
        pages: &[(usize, u32)],
        settings: &Settings,
        progress: &(dyn Fn(Progress<'_>) + Sync),
    ) -> Result<(), ScanError> {
        let requests: Vec<Job> = pages
            .iter()
            .filter_map(|&(file, page)| {
                let path = self.sources.get(file)?.clone();
                let name = &self.files.get(file)?.path;
                Some(Job {
                    file,
                    name,
                    request: PageRequest { path, page, settings: settings.clone(), closer: true },
                })
            })
            .collect();
        let read = read_pages(&pool(settings)?, &requests, progress);
        let files: Vec<usize> = requests.iter().map(|j| j.file).collect();
        for (file, page) in files.into_iter().zip(read) {
            let old =
                self.files.get_mut(file).and_then(|f| f.pages.iter_mut().find(|p| p.number == page.number));
            if let Some(old) = old {
                *old = page;
            }
        }
        Ok(())
    }
}

/// A page to be read.
struct Job<'a> {
    /// Index of its file.
    file: usize,
    /// Name of the file for people.
    name: &'a str,
    request: PageRequest,
}

pub(crate) fn pool(settings: &Settings) -> Result<rayon::ThreadPool, ScanError> {
    let jobs = settings.jobs.or_else(|| std::thread::available_parallelism().ok().map(Into::into));
    Ok(rayon::ThreadPoolBuilder::new()
        .num_threads(jobs.unwrap_or(1).max(1))
        .thread_name(|i| format!("reader-{i}"))
        // Deeply nested PDF objects are parsed by recursion.
        .stack_size(16 << 20)
        .build()?)
}

/// Reads pages on all threads of the pool; they come in the order of the jobs.
fn read_pages(pool: &rayon::ThreadPool, jobs: &[Job], progress: &(dyn Fn(Progress<'_>) + Sync)) -> Vec<Page> {
    let done = AtomicUsize::new(0);
    let pages = run(pool, jobs.len(), |reader: &mut Reader, i| {
        let job = jobs.get(i)?;
        let read = reader.read(&job.request);
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        progress(Progress { done, total: jobs.len(), path: job.name });
        Some(read)
    });
    pages.into_iter().flatten().collect()
}

/// Reads every file under `root`, in the order of their paths. `progress` is called after each page,
/// from several threads.
///
/// # Errors
/// When the folder cannot be listed, holds too many files, or the OCR engine lacks its data. What is
/// wrong with a file stands in its [`ScannedFile`].
pub fn scan(
    root: &Utf8Path,
    settings: &Settings,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Scan, ScanError> {
    read_all(&list(root, &settings.limits)?, settings, progress)
}

/// Reads single files, in the order given.
///
/// # Errors
/// When the OCR engine lacks its data. What is wrong with a file stands in its [`ScannedFile`].
pub fn scan_files<P: AsRef<Path>>(
    paths: &[P],
    settings: &Settings,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Scan, ScanError> {
    let entries: Vec<Entry> = paths.iter().map(|p| single(p.as_ref())).collect();
    read_all(&entries, settings, progress)
}

fn read_all(
    entries: &[Entry],
    settings: &Settings,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Scan, ScanError> {
    check_engines(settings)?;
    let pool = pool(settings)?;
    let opened = run(&pool, entries.len(), |(): &mut (), i| entries.get(i).map(|e| look(e, settings)));
    let opened: Vec<Opened> = opened.into_iter().flatten().collect();

    let mut jobs = Vec::new();
    for (file, (entry, opened)) in entries.iter().zip(&opened).enumerate() {
        for page in 1..=u32::try_from(opened.pages).unwrap_or(0) {
            let request =
                PageRequest { path: entry.path.clone(), page, settings: settings.clone(), closer: false };
            jobs.push(Job { file, name: &entry.name, request });
        }
    }
    let pages = read_pages(&pool, &jobs, progress);

    let mut files: Vec<ScannedFile> = opened.into_iter().map(|o| o.file).collect();
    for (job, page) in jobs.iter().zip(pages) {
        if let Some(file) = files.get_mut(job.file) {
            file.pages.push(page);
        }
    }
    files.iter_mut().for_each(settle);
    Ok(Scan { files, sources: entries.iter().map(|e| e.path.clone()).collect() })
}

/// Makes sure that the engines asked for have what they need, and says what is lacking of the others.
fn check_engines(settings: &Settings) -> Result<(), ScanError> {
    let models = settings.models.as_deref();
    match settings.engine {
        EngineChoice::Ppocr => Ppocr::new(models).map(|_| ()),
        EngineChoice::Tesseract | EngineChoice::Auto => {
            check_languages(&settings.languages, settings.tessdata.as_deref())?;
            let missing = settings.engine == EngineChoice::Auto
                && settings.has(Stage::Second)
                && ppocr::folder(models).is_none();
            if missing {
                static SAID: std::sync::Once = std::sync::Once::new();
                SAID.call_once(|| {
                    tracing::warn!(
                        "the second OCR engine has no models: photos and poor scans are read less well; \
                         fetch them: {}",
                        ppocr::COMMAND
                    );
                });
            }
            Ok(())
        }
    }
}

/// Runs jobs 0 to `count` on all threads of the pool, each with a state of its own that lasts from job
/// to job. Results come in the order of the jobs.
///
/// A parallel iterator would make a new state for every few jobs, and a thread that waits within one job
/// could be handed another: each thread takes the next job itself instead.
pub(crate) fn run<S: Default, T: Send>(
    pool: &rayon::ThreadPool,
    count: usize,
    job: impl Fn(&mut S, usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(count));
    pool.broadcast(|_| {
        let mut state = S::default();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            let result = job(&mut state, index);
            if let Ok(mut results) = results.lock() {
                results.push((index, result));
            }
        }
    });
    let mut results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// A file before its pages are read.
struct Opened {
    file: ScannedFile,
    pages: usize,
}

/// Opens a file to learn its kind, its hash and how many pages it has.
fn look(entry: &Entry, settings: &Settings) -> Opened {
    let mut file = ScannedFile {
        path: entry.name.clone(),
        hash: None,
        status: FileStatus::Read,
        reason: None,
        pages: Vec::new(),
    };
    if let Some((status, message)) = &entry.verdict {
        (file.status, file.reason) = (*status, Some(message.clone()));
        return Opened { file, pages: 0 };
    }
    let bytes = match read_file(&entry.path, &settings.limits) {
        Ok(bytes) => bytes,
        Err(message) => {
            let skipped = message.code == "skipped-special";
            file.status = if skipped { FileStatus::Skipped } else { FileStatus::Unreadable };
            file.reason = Some(message);
            return Opened { file, pages: 0 };
        }
    };
    file.hash = Some(blake3::hash(&bytes).to_hex().to_string());
    let kind = sniff(&bytes);
    let counted = catch_unwind(AssertUnwindSafe(|| count(kind, bytes, settings))).unwrap_or_else(|panic| {
        Err((FileStatus::Unreadable, problem::damaged(kind, panic_text(panic.as_ref()))))
    });
    let pages = match counted {
        Ok(pages) => pages,
        Err((status, message)) => {
            (file.status, file.reason) = (status, Some(message));
            0
        }
    };
    Opened { file, pages }
}

/// Counts the pages of a file, or tells why it is not read.
fn count(kind: Kind, bytes: Vec<u8>, settings: &Settings) -> Result<usize, (FileStatus, Message)> {
    let limits = &settings.limits;
    let pages = match kind {
        Kind::Other(code) => return Err((FileStatus::Unsupported, Message::new(code))),
        Kind::Pdf => match pdf::File::open(Arc::new(bytes)) {
            Ok(file) => file.pages(),
            Err(pdf::Failure::Encrypted) => {
                return Err((FileStatus::Encrypted, problem::of_pdf(pdf::Failure::Encrypted)));
            }
            Err(failure) => return Err((FileStatus::Unreadable, problem::of_pdf(failure))),
        },
        _ => picture::pages(kind, &bytes, limits).map_err(|failure| {
            let status = match failure {
                picture::Failure::Variant(_) => FileStatus::Unsupported,
                _ => FileStatus::Unreadable,
            };
            (status, problem::of_picture(kind, failure))
        })?,
    };
    if pages > limits.pages_per_file {
        let message = Message::new("file-too-many-pages").text("limit", limits.pages_per_file.to_string());
        return Err((FileStatus::Unreadable, message));
    }
    Ok(pages)
}

/// A file none of whose pages could be decoded was not read after all.
fn settle(file: &mut ScannedFile) {
    let damage = |page: &Page| {
        page.problems
            .iter()
            .find(|p| p.unreadable && matches!(p.message.code.as_str(), problem::DAMAGED | "picture-variant"))
            .map(|p| p.message.clone())
    };
    let damages: Vec<Option<Message>> = file.pages.iter().map(damage).collect();
    if file.status == FileStatus::Read
        && !damages.is_empty()
        && damages.iter().all(Option::is_some)
        && let Some(message) = damages.into_iter().flatten().next()
    {
        let variant = message.code != problem::DAMAGED;
        file.status = if variant { FileStatus::Unsupported } else { FileStatus::Unreadable };
        file.reason = Some(message);
        file.pages.clear();
    }
}
