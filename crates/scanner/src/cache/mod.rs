//! What was read off a page, kept for the next time.
//!
//! The folder holds text of documents, never a document: it is for its owner alone, and encrypted when
//! there is a secret. An entry is believed when it is whole and was made for exactly what is asked; else it
//! is thrown away and the page is read again.

mod key;
mod seal;

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use camino::Utf8Path;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use self::key::Keys;
use self::seal::{SHORTEST_SECRET, Seal};
use crate::private;

/// The folder within the one that was given: what is there is ours to close and to clear.
const FOLDER: &str = "pages-1";
/// Bytes written, a line for each run, so that only few runs have to add up the sizes of all entries.
const LEDGER: &str = "written";
/// Length at which the ledger is replaced by the sum.
const LONGEST_LEDGER: u64 = 4096;
/// Part of the limit that is left when the oldest entries go.
const KEPT: f64 = 0.8;
/// Part of the limit after which a run that goes on looks at the sizes.
const PORTION: u64 = 50;

/// Why there is no cache.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// The folder is none, or not ours.
    #[error("the cache folder `{path}` cannot be used: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What is the matter with it.
        source: io::Error,
    },
    /// The secret is easily guessed.
    #[error("the cache key has fewer than {SHORTEST_SECRET} bytes: make one with `openssl rand -hex 32`")]
    ShortSecret,
}

/// Results of reading, on the disk.
pub struct Cache {
    folder: PathBuf,
    seal: Seal,
    limit: u64,
    /// Bytes written since the sizes were looked at.
    written: AtomicU64,
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// How large a cache is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheInfo {
    /// The folder with the entries.
    pub folder: PathBuf,
    /// How many there are.
    pub entries: u64,
    /// Bytes they take.
    pub bytes: u64,
    /// Bytes they may take.
    pub limit: u64,
}

impl Cache {
    /// A cache below `folder` of at most `limit` bytes, encrypted when there is a secret. The folder is made
    /// when there is something to keep.
    ///
    /// # Errors
    /// When the folder is not ours, or the secret too short.
    pub fn open(folder: &Utf8Path, secret: Option<&[u8]>, limit: u64) -> Result<Self, CacheError> {
        if secret.is_some_and(|s| s.len() < SHORTEST_SECRET) {
            return Err(CacheError::ShortSecret);
        }
        let folder = folder.as_std_path().join(FOLDER);
        match private::close(&folder) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(CacheError::Folder { path: folder, source });
            }
            _ => {}
        }
        Ok(Self { folder, seal: Seal::new(secret), limit, written: AtomicU64::new(0) })
    }

    /// What was kept under a key.
    pub(crate) fn get<T: DeserializeOwned>(&self, key: &[u8]) -> Option<T> {
        let name = self.seal.name(key);
        let path = self.path(&name)?;
        let bytes = fs::read(&path).ok()?;
        let value = self.seal.open(&name, &bytes).and_then(|value| postcard::from_bytes(&value).ok());
        if value.is_none() {
            tracing::info!(entry = name, "a spoilt entry of the cache is thrown away");
            let _ = fs::remove_file(&path);
        }
        value
    }

    /// Keeps a value. A cache that cannot be written to is no reason to stop.
    pub(crate) fn put<T: Serialize>(&self, key: &[u8], value: &T) {
        let name = self.seal.name(key);
        let closed = postcard::to_stdvec(value).ok().and_then(|value| self.seal.close(&name, &value));
        let (Some(path), Some(bytes)) = (self.path(&name), closed) else { return };
        match write(&path, &bytes) {
            Ok(()) => {
                let length = bytes.len() as u64;
                if self.written.fetch_add(length, Ordering::Relaxed) + length > self.limit / PORTION {
                    self.settle();
                }
            }
            Err(error) => tracing::info!(%error, "an entry of the cache could not be written"),
        }
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        Some(self.folder.join(name.get(..2)?).join(name.get(2..)?))
    }

    /// Enters what was written, and removes the oldest entries when there are too many.
    fn settle(&self) {
        let written = self.written.swap(0, Ordering::Relaxed);
        if written == 0 {
            return;
        }
        let ledger = self.folder.join(LEDGER);
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        // Lines are short: those of several runs do not mix.
        let entered = options.open(&ledger).and_then(|mut f| f.write_all(format!("{written}\n").as_bytes()));
        let text = fs::read_to_string(&ledger).unwrap_or_default();
        let sum = text.lines().map(|l| l.parse::<u64>().ok()).sum::<Option<u64>>();
        let is_known = entered.is_ok() && (text.len() as u64) < LONGEST_LEDGER;
        if is_known && sum.is_some_and(|sum| sum <= self.limit) {
            return;
        }
        let left = self.trim();
        let _ = fs::remove_file(&ledger);
        let _ = options.open(&ledger).and_then(|mut f| f.write_all(format!("{left}\n").as_bytes()));
    }

    /// Removes the oldest entries until the rest is well under the limit; returns the bytes left.
    fn trim(&self) -> u64 {
        let mut entries = self.entries();
        let mut total: u64 = entries.iter().map(|e| e.bytes).sum();
        if total <= self.limit {
            return total;
        }
        entries.sort_by_key(|e| e.modified);
        for entry in entries {
            if total as f64 <= self.limit as f64 * KEPT {
                break;
            }
            if fs::remove_file(&entry.path).is_ok() {
                total -= entry.bytes;
            }
        }
        total
    }

    fn entries(&self) -> Vec<Entry> {
        let walk = walkdir::WalkDir::new(&self.folder).min_depth(2).max_depth(2).follow_links(false);
        walk.into_iter()
            .flatten()
            .filter(|e| e.file_type().is_file())
            .filter_map(|e| {
                let metadata = e.metadata().ok()?;
                let modified = metadata.modified().ok()?;
                Some(Entry { path: e.into_path(), bytes: metadata.len(), modified })
            })
            .collect()
    }

    /// How large it is.
    pub fn info(&self) -> CacheInfo {
        let entries = self.entries();
        CacheInfo {
            folder: self.folder.clone(),
            entries: entries.len() as u64,
            bytes: entries.iter().map(|e| e.bytes).sum(),
            limit: self.limit,
        }
    }

    /// Removes all entries, whatever secret they were made with, and tells how much that was.
    ///
    /// # Errors
    /// When the folder cannot be removed.
    pub fn clear(&self) -> Result<CacheInfo, CacheError> {
        let info = self.info();
        match fs::remove_dir_all(&self.folder) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(CacheError::Folder { path: self.folder.clone(), source })
            }
            _ => Ok(info),
        }
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        self.settle();
    }
}

/// The name under which fuzzers keep an entry.
const FUZZED: &str = "fuzzed";

/// What a file of the cache holds, when it is to be believed.
pub(crate) fn believed(bytes: &[u8]) -> Option<Vec<u8>> {
    Seal::new(None).open(FUZZED, bytes)
}

/// A value as a file of the cache.
pub(crate) fn entry<T: Serialize>(value: &T) -> Option<Vec<u8>> {
    Seal::new(None).close(FUZZED, &postcard::to_stdvec(value).ok()?)
}

struct Entry {
    path: PathBuf,
    bytes: u64,
    modified: SystemTime,
}

/// Writes an entry that is there as a whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::NotFound)?;
    private::create(folder)?;
    #[cfg(target_os = "linux")]
    if write_unnamed(folder, path, bytes).is_ok() {
        return Ok(());
    }
    let mut file = tempfile::Builder::new().prefix("new-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A file that gets its name when it is whole: nothing of it is left after a crash.
#[cfg(target_os = "linux")]
fn write_unnamed(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::os::fd::AsRawFd as _;

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open};
    let file = open(folder, OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC, Mode::RUSR | Mode::WUSR)?;
    let mut file = fs::File::from(file);
    file.write_all(bytes)?;
    let unnamed = format!("/proc/self/fd/{}", file.as_raw_fd());
    match linkat(CWD, unnamed, CWD, path, AtFlags::SYMLINK_FOLLOW) {
        // Another run was faster.
        Err(rustix::io::Errno::EXIST) => Ok(()),
        other => Ok(other?),
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use camino::Utf8PathBuf;

    use super::*;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(dir.path().join("cache")).unwrap();
        (dir, path)
    }

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn values_come_back_and_the_folder_is_private() {
        let (_dir, path) = folder();
        let cache = Cache::open(&path, None, 1 << 20).unwrap();
        assert_eq!(cache.get::<String>(b"k"), None);
        assert!(!path.exists(), "nothing is made before there is something to keep");
        cache.put(b"k", &"v");
        assert_eq!(Cache::open(&path, None, 1 << 20).unwrap().get::<String>(b"k").as_deref(), Some("v"));
        for entry in walkdir::WalkDir::new(&path) {
            let entry = entry.unwrap();
            let wanted = if entry.file_type().is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode(entry.path()), wanted, "{}", entry.path().display());
        }
        assert_eq!(cache.info().entries, 1);
        assert_eq!(cache.clear().unwrap().entries, 1);
        assert_eq!(cache.info().entries, 0);
        assert_eq!(cache.clear().unwrap().entries, 0);
    }

    #[test]
    fn a_spoilt_entry_is_thrown_away() {
        let (_dir, path) = folder();
        let cache = Cache::open(&path, None, 1 << 20).unwrap();
        for spoilt in [b"".as_slice(), b"complet1", &[7; 200]] {
            cache.put(b"k", &"v");
            let entry = cache.entries().remove(0).path;
            fs::write(&entry, spoilt).unwrap();
            assert_eq!(cache.get::<String>(b"k"), None);
            assert!(!entry.exists());
        }
        // Whole, but of another kind.
        cache.put(b"k", &7_u8);
        assert_eq!(cache.get::<(String, String)>(b"k"), None);
    }

    #[test]
    fn a_folder_that_others_see_is_closed_and_a_link_is_refused() {
        let (dir, path) = folder();
        let inner = path.join(FOLDER);
        fs::create_dir_all(&inner).unwrap();
        fs::set_permissions(&inner, fs::Permissions::from_mode(0o755)).unwrap();
        Cache::open(&path, None, 1).unwrap();
        assert_eq!(mode(inner.as_std_path()), 0o700);
        fs::remove_dir(&inner).unwrap();
        symlink(dir.path(), &inner).unwrap();
        assert!(matches!(Cache::open(&path, None, 1), Err(CacheError::Folder { .. })));
    }

    #[test]
    fn the_oldest_entries_go_first() {
        let (_dir, path) = folder();
        let value = vec![0_u8; 1000];
        for i in 0..20_u8 {
            let cache = Cache::open(&path, None, 10_000).unwrap();
            cache.put(&[i], &value);
            let entry = cache.path(&cache.seal.name(&[i])).unwrap();
            let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(u64::from(i));
            fs::File::options().write(true).open(entry).unwrap().set_modified(time).unwrap();
        }
        let cache = Cache::open(&path, None, 10_000).unwrap();
        assert!(cache.info().bytes <= 10_000, "{:?}", cache.info());
        assert_eq!(cache.get::<Vec<u8>>(&[0]), None);
        assert_eq!(cache.get::<Vec<u8>>(&[19]), Some(value));
    }

    #[test]
    fn a_secret_that_is_guessed_is_refused() {
        let (_dir, path) = folder();
        assert!(matches!(Cache::open(&path, Some(b"1234"), 1), Err(CacheError::ShortSecret)));
    }
}
