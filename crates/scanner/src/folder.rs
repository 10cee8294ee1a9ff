use std::fs::Metadata;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use camino::Utf8Path;
use complet_model::{FileStatus, Message};
use serde::{Deserialize, Serialize};
use walkdir::{DirEntry, WalkDir};

use crate::ask::Hash;
use crate::error::ScanError;
use crate::settings::Limits;

/// A file of the dossier.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// How it is called in the report.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Why it is not read, when that is known without opening it.
    pub(crate) verdict: Option<(FileStatus, Message)>,
}

/// Files that are no documents, whatever folder they lie in.
const NOT_DOCUMENTS: [&str; 5] = ["dossier.toml", "expected.toml", "thumbs.db", "desktop.ini", "ehthumbs.db"];

/// Lists the files of a folder by their names, folders included in the name. Links are not followed.
pub(crate) fn list(root: &Utf8Path, limits: &Limits) -> Result<Vec<Entry>, ScanError> {
    let metadata = std::fs::metadata(root).map_err(|source| match source.kind() {
        ErrorKind::NotFound => ScanError::NotFound(root.to_owned()),
        _ => ScanError::Folder { path: root.to_owned(), source },
    })?;
    if !metadata.is_dir() {
        return Err(ScanError::NotAFolder(root.to_owned()));
    }
    std::fs::read_dir(root).map_err(|source| ScanError::Folder { path: root.to_owned(), source })?;

    let mut entries = Vec::new();
    let mut walk = WalkDir::new(root).follow_links(false).max_depth(limits.depth).into_iter();
    let mut seen = 0usize;
    while let Some(item) = walk.next() {
        seen += 1;
        if seen > limits.files {
            return Err(ScanError::TooManyFiles { path: root.to_owned(), limit: limits.files });
        }
        match item {
            Ok(entry) if entry.depth() == 0 => {}
            Ok(entry) => {
                let is_folder = entry.file_type().is_dir();
                let mut verdict = skipped(&entry).map(|m| (FileStatus::Skipped, m));
                if is_folder && verdict.is_some() {
                    walk.skip_current_dir();
                } else if is_folder && entry.depth() == limits.depth {
                    let message = Message::new("folder-too-deep").text("limit", limits.depth.to_string());
                    verdict = Some((FileStatus::Unreadable, message));
                }
                if !is_folder || verdict.is_some() {
                    entries.push(Entry {
                        name: name(root.as_std_path(), entry.path()),
                        path: entry.path().to_owned(),
                        verdict,
                    });
                }
            }
            Err(error) => {
                let path = error.path().unwrap_or(root.as_std_path()).to_owned();
                let detail = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                let message = Message::new("folder-closed").text("detail", detail);
                entries.push(Entry {
                    name: name(root.as_std_path(), &path),
                    path,
                    verdict: Some((FileStatus::Unreadable, message)),
                });
            }
        }
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.path.cmp(&b.path)));
    Ok(entries)
}

/// A single file that was asked for by its path: hidden or not, it is read.
pub(crate) fn single(path: &Path) -> Entry {
    let verdict = match std::fs::metadata(path) {
        Ok(metadata) => special(&metadata).map(|m| (FileStatus::Skipped, m)),
        Err(error) => Some((FileStatus::Unreadable, closed(&error))),
    };
    Entry { name: path.to_string_lossy().into_owned(), path: path.to_owned(), verdict }
}

/// The path within the dossier, with `/` between folders.
fn name(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = relative.components().map(|c| c.as_os_str().to_string_lossy()).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

fn skipped(entry: &DirEntry) -> Option<Message> {
    let name = entry.file_name().to_string_lossy().to_lowercase();
    if entry.path_is_symlink() {
        return Some(Message::new("skipped-link"));
    }
    if name.starts_with('.') || name == "__macosx" {
        return Some(Message::new("skipped-hidden"));
    }
    if NOT_DOCUMENTS.contains(&name.as_str()) {
        return Some(Message::new("skipped-settings"));
    }
    let kind = entry.file_type();
    (!kind.is_file() && !kind.is_dir()).then(|| Message::new("skipped-special"))
}

fn special(metadata: &Metadata) -> Option<Message> {
    (!metadata.is_file()).then(|| Message::new("skipped-special"))
}

fn closed(error: &std::io::Error) -> Message {
    match error.kind() {
        ErrorKind::PermissionDenied => Message::new("file-closed"),
        ErrorKind::NotFound => Message::new("file-gone"),
        _ => Message::new("file-unread").text("detail", error.to_string()),
    }
}

/// Opens a file to read it. A file may have become a pipe since it was listed: opening that would wait for a
/// writer.
fn open(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        rustix::fs::OFlags::NONBLOCK.bits().cast_signed(),
    );
    options.open(path)
}

/// The bytes of a file, unless it is empty, too large or not to be opened.
pub(crate) fn read_file(path: &Path, limits: &Limits) -> Result<Vec<u8>, Message> {
    let file = open(path).map_err(|e| closed(&e))?;
    let metadata = file.metadata().map_err(|e| closed(&e))?;
    // A pipe may never end.
    if let Some(message) = special(&metadata) {
        return Err(message);
    }
    let too_large = || {
        let megabytes = limits.bytes_per_file / 1_000_000;
        Message::new("file-too-large").text("megabytes", megabytes.to_string())
    };
    if metadata.len() > limits.bytes_per_file {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    file.take(limits.bytes_per_file.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| closed(&e))?;
    if bytes.len() as u64 > limits.bytes_per_file {
        return Err(too_large());
    }
    if bytes.is_empty() { Err(Message::new("file-empty")) } else { Ok(bytes) }
}

/// Hash of the content of a file, unless it is one that [`read_file`] refuses.
pub(crate) fn hash_file(path: &Path, limits: &Limits) -> Option<Hash> {
    let file = open(path).ok()?;
    let metadata = file.metadata().ok()?;
    if !metadata.is_file() || metadata.len() > limits.bytes_per_file {
        return None;
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file.take(limits.bytes_per_file.saturating_add(1))).ok()?;
    Some(hasher.finalize().into())
}

/// A file as far as the system tells without reading it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Looks {
    path: Vec<u8>,
    pub(crate) bytes: u64,
    pub(crate) modified: u128,
    changed: (i64, i64),
}

impl Looks {
    /// `None` when there is nothing at the path. Links are followed.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        Some(Self::with(path, &path.metadata().ok()?))
    }

    fn with(path: &Path, metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        #[cfg(unix)]
        let changed = {
            use std::os::unix::fs::MetadataExt as _;
            (metadata.ctime(), metadata.ctime_nsec())
        };
        #[cfg(not(unix))]
        let changed = (0, 0);
        Self {
            path: path.as_os_str().as_encoded_bytes().to_vec(),
            bytes: metadata.len(),
            modified: modified.unwrap_or_default().as_nanos(),
            changed,
        }
    }
}

/// This build of the program: another one reads and judges otherwise, whatever its version says.
pub fn program_state() -> Option<(u64, u128)> {
    let looks = Looks::of(&std::env::current_exe().ok()?)?;
    Some((looks.bytes, looks.modified))
}

/// What a folder looks like without opening its files: another text when something in it has changed. `None`
/// when it cannot be listed.
pub fn folder_state(root: &Utf8Path, limits: &Limits) -> Option<String> {
    let looks: Option<Vec<Looks>> = list(root, limits)
        .ok()?
        .iter()
        .map(|entry| Some(Looks::with(&entry.path, &std::fs::symlink_metadata(&entry.path).ok()?)))
        .collect();
    Some(blake3::hash(&postcard::to_stdvec(&looks?).ok()?).to_hex().to_string())
}
