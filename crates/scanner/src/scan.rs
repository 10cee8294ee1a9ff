use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use camino::Utf8Path;
use complet_model::{Arg, FileStatus, Message, Page, PageInDoubt, ScannedFile};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ask::{Answer, Ask, Hash, Opened};
use crate::cache::{Cache, Keys};
use crate::crew::{Crew, Isolation};
use crate::error::ScanError;
use crate::folder::{Entry, hash_file, list, single};
use crate::ocr::{Ppocr, ppocr, tesseract_data, tesseract_package};
use crate::preview::{PageShape, Preview, PreviewRequest};
use crate::private;
use crate::problem;
use crate::settings::{Closer, EngineChoice, PageRequest, Settings, Stage};

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
    /// Where each of them lies, and what it held: `ScannedFile::path` need not lead back to a name that is no
    /// Unicode.
    sources: Vec<Source>,
    /// When reading it is given up.
    deadline: Option<Instant>,
    /// Another time more may be read: something failed that is not the files' fault.
    passing: bool,
}

/// A file as it was when it was opened.
#[derive(Debug)]
struct Source {
    path: PathBuf,
    content: Option<Hash>,
}

impl Scan {
    /// Where the file at `index` lies, and the hash of what it held.
    pub(crate) fn original(&self, index: usize) -> Option<(PathBuf, Hash)> {
        let source = self.sources.get(index)?;
        Some((source.path.clone(), source.content?))
    }

    /// Adds the files of another scan after these.
    pub fn append(&mut self, other: Self) {
        self.files.extend(other.files);
        self.sources.extend(other.sources);
        self.deadline = self.deadline.max(other.deadline);
        self.passing |= other.passing;
    }
}

/// What reads files: engines and processes that last from dossier to dossier. Several threads may use it
/// at the same time; their pages are read in turn.
#[derive(Debug)]
pub struct Scanner {
    settings: Settings,
    crew: Crew,
    cache: Option<(Cache, Keys)>,
}

impl Scanner {
    /// Makes sure that what the settings ask for is there. Nothing is started before it is needed.
    ///
    /// # Errors
    /// When the OCR engine lacks its data.
    pub fn new(settings: Settings, isolation: Isolation) -> Result<Self, ScanError> {
        check_engines(&settings)?;
        if let Some(folder) = &settings.debug_images {
            // Workers write into it when it is there; what is wrong with it they say.
            let _ = private::create(folder.as_std_path());
        }
        let jobs = settings.jobs.or_else(|| std::thread::available_parallelism().ok().map(Into::into));
        let crew = Crew::new(jobs.unwrap_or(1), isolation, &settings);
        Ok(Self { settings, crew, cache: None })
    }

    /// The same with a cache: what is known of a page is not read again. Pictures of the steps are of pages
    /// that are read.
    #[must_use]
    pub fn with_cache(mut self, cache: Option<Cache>) -> Self {
        self.cache = cache.filter(|_| self.settings.debug_images.is_none()).map(|cache| {
            let keys = Keys::new(&self.settings, &cache);
            (cache, keys)
        });
        self
    }

    /// How it reads.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn crew(&self) -> &Crew {
        &self.crew
    }

    /// How many pages it reads at the same time.
    pub fn jobs(&self) -> usize {
        self.crew.count()
    }

    /// What ends all reading when it becomes true, for a handler of signals. What was not read by then is not
    /// told from what took too long: whoever sets it is to throw it away.
    pub fn stopper(&self) -> Arc<AtomicBool> {
        self.crew.stopper()
    }

    /// Reads every file under `root`, in the order of their paths. `progress` is called after each page.
    ///
    /// # Errors
    /// When the folder cannot be listed or holds too many files. What is wrong with a file stands in its
    /// [`ScannedFile`].
    pub fn folder(&self, root: &Utf8Path, progress: &dyn Fn(Progress<'_>)) -> Result<Scan, ScanError> {
        self.read_all(list(root, &self.settings.limits)?, progress)
    }

    /// Reads single files, in the order given.
    ///
    /// # Errors
    /// When no threads can be started. What is wrong with a file stands in its [`ScannedFile`].
    pub fn files<P: AsRef<Path>>(
        &self,
        paths: &[P],
        progress: &dyn Fn(Progress<'_>),
    ) -> Result<Scan, ScanError> {
        self.read_all(paths.iter().map(|p| single(p.as_ref())).collect(), progress)
    }

    /// Reads pages again, with both engines.
    ///
    /// # Errors
    /// When no threads can be started.
    pub fn look_closer(
        &self,
        scan: &mut Scan,
        pages: &[PageInDoubt],
        progress: &dyn Fn(Progress<'_>),
    ) -> Result<(), ScanError> {
        let Scan { files, sources, deadline, passing } = scan;
        let closer = |doubt: &PageInDoubt| {
            let page = files.get(doubt.file)?.pages.iter().find(|p| p.number == doubt.page)?;
            let closer = Closer { earlier: Some(Box::new(page.clone())), places: doubt.places.clone() };
            self.job(doubt.file, sources.get(doubt.file)?, doubt.page, Some(closer))
        };
        let jobs: Vec<Job> = pages.iter().filter_map(closer).collect();
        let names: Vec<String> = files.iter().map(|f| f.path.clone()).collect();
        self.read_pages(jobs, &names, *deadline, progress, &mut |file, page| {
            *passing |= !problem::is_lasting(&page);
            let file = files.get_mut(file);
            let old = file.and_then(|f| f.pages.iter_mut().find(|p| p.number == page.number));
            // What a closer look breaks on was read before all the same.
            if let Some(old) = old.filter(|_| !problem::is_readers(&page)) {
                *old = page;
            }
        })
    }

    /// A question about a scan as it is now; `None` without a cache. The text holds everything that the answer
    /// depends on besides the files and this program.
    pub fn question(&self, scan: &Scan, text: &str) -> Option<Question> {
        let (_, keys) = self.cache.as_ref()?;
        Some(Question(keys.conclusion(&scan.files, text)))
    }

    /// What was concluded before.
    pub fn recall<T: DeserializeOwned>(&self, question: &Question) -> Option<T> {
        self.cache.as_ref()?.0.get(&question.0)
    }

    /// Keeps what was concluded from a scan, unless more may be read another time.
    pub fn remember<T: Serialize>(&self, scan: &Scan, question: &Question, conclusion: &T) {
        if let (Some((cache, _)), false) = (&self.cache, scan.passing) {
            cache.put(&question.0, conclusion);
        }
    }

    /// Draws pages of the files that were scanned. `files` are the scan's own, which the judge may have been
    /// given meanwhile. A page that cannot be shown is `None`.
    ///
    /// # Errors
    /// When no threads can be started.
    pub fn previews(
        &self,
        scan: &Scan,
        files: &[ScannedFile],
        wanted: &[PreviewRequest],
    ) -> Result<Vec<Option<Preview>>, ScanError> {
        let limits = self.settings.limits;
        let mut drawn: Vec<Option<Preview>> = wanted.iter().map(|_| None).collect();
        let mut places = Vec::new();
        let mut asks = Vec::new();
        for (place, request) in wanted.iter().enumerate() {
            let file = files.get(request.file);
            let page = file.and_then(|f| f.pages.iter().find(|p| p.number == request.page));
            let source = scan.sources.get(request.file);
            let Some((page, source, content)) = page.zip(source).and_then(|(p, s)| Some((p, s, s.content?)))
            else {
                continue;
            };
            places.push(place);
            let (path, shape) = (source.path.clone(), PageShape::of(page));
            let PreviewRequest { long_edge, quality, .. } = *request;
            asks.push(Ask::Preview { path, content, limits, shape, long_edge, quality });
        }
        // What is drawn was read in time: the report is worth the little that it takes.
        self.crew.work(asks, None, &mut |index, answer| {
            if let (Some(place), Answer::Preview(preview)) =
                (places.get(index).and_then(|&place| drawn.get_mut(place)), answer)
            {
                *place = preview;
            }
            true
        })?;
        Ok(drawn)
    }

    /// The work of reading a page, for the second time when it was read before.
    fn job(&self, file: usize, source: &Source, page: u32, closer: Option<Closer>) -> Option<Job> {
        let content = source.content?;
        let places = closer.as_ref().map(|c| c.places.as_slice());
        let key = self.cache.as_ref().map(|(_, keys)| keys.page(&content, page, places));
        let request = PageRequest { closer, ..PageRequest::new(&source.path, page, self.settings.clone()) };
        Some(Job { file, page, key, ask: Ask::Page { request, content: Some(content) } })
    }

    /// Reads pages and hands each over with the index of its file.
    fn read_pages(
        &self,
        jobs: Vec<Job>,
        names: &[String],
        deadline: Option<Instant>,
        progress: &dyn Fn(Progress<'_>),
        take: &mut dyn FnMut(usize, Page),
    ) -> Result<(), ScanError> {
        let total = jobs.len();
        let mut done = 0;
        let mut take = |file: usize, page: Page| {
            take(file, page);
            done += 1;
            progress(Progress { done, total, path: names.get(file).map_or("", String::as_str) });
        };
        let mut places = Vec::new();
        let mut asks = Vec::new();
        for job in jobs {
            if let Some(page) = self.known_page(&job) {
                take(job.file, page);
            } else {
                places.push(Some((job.file, job.page, job.key)));
                asks.push(job.ask);
            }
        }
        self.crew.work(asks, deadline, &mut |index, answer| {
            if let (Some((file, _, key)), Answer::Page(page)) =
                (places.get_mut(index).and_then(Option::take), answer)
            {
                if let (Some((cache, _)), Some(key)) = (&self.cache, key)
                    && problem::is_lasting(&page)
                {
                    cache.put(&key, &page);
                }
                take(file, *page);
            }
            true
        })?;
        for (file, page, _) in places.into_iter().flatten() {
            take(file, Page::unreadable(page, self.late()));
        }
        Ok(())
    }

    /// Why something was not read that was not come to before the deadline.
    fn late(&self) -> Message {
        let seconds = i64::try_from(self.settings.limits.dossier_seconds).unwrap_or(i64::MAX);
        Message::new("dossier-timeout").with("seconds", Arg::Count(seconds))
    }

    fn known_page(&self, job: &Job) -> Option<Page> {
        let ((cache, _), key) = (self.cache.as_ref()?, job.key.as_ref()?);
        cache.get::<Page>(key).filter(|page| page.number == job.page)
    }

    /// What is known of a file with the content that it has now.
    fn known_file(&self, entry: &Entry) -> Option<Opened> {
        let (cache, keys) = self.cache.as_ref()?;
        let content = hash_file(&entry.path, &self.settings.limits)?;
        cache.get::<Opened>(&keys.opened(&content)).filter(|o| o.content == Some(content))
    }

    fn read_all(&self, entries: Vec<Entry>, progress: &dyn Fn(Progress<'_>)) -> Result<Scan, ScanError> {
        let limits = &self.settings.limits;
        let deadline = Instant::now().checked_add(Duration::from_secs(limits.dossier_seconds));
        let opened = self.open(&entries, deadline)?;

        let mut sources = Vec::new();
        let mut files = Vec::new();
        let mut jobs = Vec::new();
        for (file, (entry, opened)) in entries.into_iter().zip(opened).enumerate() {
            let source = Source { path: entry.path, content: opened.content };
            jobs.extend((1..=opened.pages).filter_map(|page| self.job(file, &source, page, None)));
            sources.push(source);
            let (status, reason) = match opened.refused {
                Some((status, message)) => (status, Some(message)),
                None => (FileStatus::Read, None),
            };
            let hash = opened.content.map(|c| blake3::Hash::from(c).to_hex().to_string());
            files.push(ScannedFile { path: entry.name, hash, status, reason, pages: Vec::new() });
        }
        let names: Vec<String> = files.iter().map(|f| f.path.clone()).collect();
        let is_passing = |file: &ScannedFile| {
            let reason = file.reason.as_ref();
            file.status == FileStatus::Unreadable
                && (file.hash.is_none() || reason.is_some_and(problem::is_of_reader))
        };
        let mut passing = files.iter().any(is_passing);
        tell_copies(&mut files);
        self.read_pages(jobs, &names, deadline, progress, &mut |file, page| {
            passing |= !problem::is_lasting(&page);
            if let Some(file) = files.get_mut(file) {
                file.pages.push(page);
            }
        })?;
        for file in &mut files {
            file.pages.sort_by_key(|page| page.number);
            settle(file);
        }
        Ok(Scan { files, sources, deadline, passing })
    }

    /// Opens files to learn what they are and how many pages they have.
    fn open(&self, entries: &[Entry], deadline: Option<Instant>) -> Result<Vec<Opened>, ScanError> {
        let limits = self.settings.limits;
        let mut opened: Vec<Option<Opened>> = entries
            .iter()
            .map(|entry| match &entry.verdict {
                Some((status, message)) => Some(Opened::refused(None, *status, message.clone())),
                None => self.known_file(entry),
            })
            .collect();
        let unknown: Vec<usize> = (0..).zip(&opened).filter(|(_, o)| o.is_none()).map(|(i, _)| i).collect();
        let asks = unknown.iter().filter_map(|&i| entries.get(i));
        let asks = asks.map(|e| Ask::Open { path: e.path.clone(), limits }).collect();
        self.crew.work(asks, deadline, &mut |index, answer| {
            let place = unknown.get(index).and_then(|&i| opened.get_mut(i));
            if let (Some(place), Answer::Opened(mut found)) = (place, answer) {
                // Without a hash it was the reader that failed, or the file could not be opened.
                if let (Some((cache, keys)), Some(content)) = (&self.cache, &found.content) {
                    cache.put(&keys.opened(content), &found);
                }
                if found.is_readers()
                    && let Some(entry) = unknown.get(index).and_then(|&i| entries.get(i))
                {
                    found.content = hash_file(&entry.path, &limits);
                }
                *place = Some(found);
            }
            true
        })?;
        let late = || Opened::refused(None, FileStatus::Unreadable, self.late());
        Ok(opened.into_iter().map(|o| o.unwrap_or_else(late)).collect())
    }
}

/// What is asked about a dossier, with all that the answer depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question(Vec<u8>);

/// A page to be read.
struct Job {
    /// Index of its file.
    file: usize,
    page: u32,
    /// Under which its page is kept.
    key: Option<Vec<u8>>,
    ask: Ask,
}

/// Reads every file under `root` in this process, in the order of their paths.
///
/// # Errors
/// As [`Scanner::new`] and [`Scanner::folder`].
pub fn scan(
    root: &Utf8Path,
    settings: &Settings,
    progress: &dyn Fn(Progress<'_>),
) -> Result<Scan, ScanError> {
    // A folder that is not there is told before an engine that is not there.
    let entries = list(root, &settings.limits)?;
    Scanner::new(settings.clone(), Isolation::None)?.read_all(entries, progress)
}

/// Reads single files in this process, in the order given.
///
/// # Errors
/// As [`Scanner::new`] and [`Scanner::files`].
pub fn scan_files<P: AsRef<Path>>(
    paths: &[P],
    settings: &Settings,
    progress: &dyn Fn(Progress<'_>),
) -> Result<Scan, ScanError> {
    Scanner::new(settings.clone(), Isolation::None)?.files(paths, progress)
}

/// Makes sure that the engines asked for have what they need, and says what is lacking of the others.
fn check_engines(settings: &Settings) -> Result<(), ScanError> {
    static SAID: std::sync::Once = std::sync::Once::new();
    let models = settings.models.as_deref();
    match settings.engine {
        EngineChoice::Ppocr => Ppocr::new(models, true).map(|_| ()),
        EngineChoice::Tesseract | EngineChoice::Auto => {
            let missing = tesseract_data(&settings.languages, settings.tessdata.as_deref())?.missing;
            let no_models = settings.engine == EngineChoice::Auto
                && settings.has(Stage::Second)
                && ppocr::folder(models).is_none();
            if no_models || !missing.is_empty() {
                SAID.call_once(|| tell_lacking(&missing, no_models));
            }
            Ok(())
        }
    }
}

fn tell_lacking(languages: &[String], models: bool) {
    for language in languages {
        let package = tesseract_package(language);
        tracing::warn!(
            "the OCR engine has no data for {language}: accents of foreign names are read less well; install \
             {package}"
        );
    }
    if models {
        tracing::warn!(
            "the second OCR engine has no models: photos and poor scans are read less well; fetch them: {}",
            ppocr::COMMAND
        );
    }
}

/// Says of each file that cannot be read, and is the same as one before it, which that is: both are mended at
/// once.
fn tell_copies(files: &mut [ScannedFile]) {
    for index in 1..files.len() {
        let (before, rest) = files.split_at_mut(index);
        let Some(file) = rest.first_mut().filter(|f| is_closed(f)) else { continue };
        let original = before.iter().find(|f| is_closed(f) && f.hash.is_some() && f.hash == file.hash);
        if let Some(original) = original {
            file.reason = Some(Message::new("file-twice").text("other", &original.path));
        }
    }
}

fn is_closed(file: &ScannedFile) -> bool {
    matches!(file.status, FileStatus::Unreadable | FileStatus::Encrypted)
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
