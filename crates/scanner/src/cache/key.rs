//! Everything that what is read off a page depends on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use complet_model::{BBox, FileStatus, Message, ScannedFile};
use serde::Serialize;

use super::Cache;
use crate::ask::Hash;
use crate::folder::{Looks, program_state};
use crate::ocr::{ppocr, tesseract_files, tesseract_version};
use crate::settings::{EngineChoice, Limits, Settings, Stage};

/// What is the same for all pages of a run.
#[derive(Serialize)]
struct Reading<'a> {
    program: Option<(u64, u128)>,
    tesseract: String,
    data: Vec<Option<Hash>>,
    languages: &'a str,
    engine: EngineChoice,
    without: &'a BTreeSet<Stage>,
    pixels: u64,
}

/// Keys of what was found out about files and pages.
#[derive(Debug)]
pub(crate) struct Keys {
    reading: Hash,
    limits: Limits,
}

#[derive(Serialize)]
enum Key<'a> {
    Opened { content: &'a Hash, program: &'a Hash, limits: &'a Limits },
    Page { content: &'a Hash, reading: &'a Hash, page: u32, closer: Option<&'a [BBox]> },
    Conclusion { reading: &'a Hash, files: Vec<File<'a>>, question: &'a str },
    Data(&'a Looks),
}

/// A file as far as conclusions depend on it: its pages depend on its content.
#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    hash: Option<&'a str>,
    status: FileStatus,
    reason: Option<&'a Message>,
}

impl Keys {
    pub(crate) fn new(settings: &Settings, cache: &Cache) -> Self {
        let second = ppocr::folder(settings.models.as_deref());
        let mut data: Vec<PathBuf> = tesseract_files(&settings.languages, settings.tessdata.as_deref());
        data.extend(second.into_iter().flat_map(|folder| ppocr::files(&folder)));
        let reading = Reading {
            program: program_state(),
            tesseract: tesseract_version(),
            data: data.iter().map(|path| data_hash(path, cache)).collect(),
            languages: &settings.languages,
            engine: settings.engine,
            without: &settings.without,
            pixels: settings.limits.pixels_per_page,
        };
        Self { reading: blake3::hash(&bytes(&reading)).into(), limits: settings.limits }
    }

    pub(crate) fn opened(&self, content: &Hash) -> Vec<u8> {
        bytes(&Key::Opened { content, program: &self.reading, limits: &self.limits })
    }

    pub(crate) fn page(&self, content: &Hash, page: u32, closer: Option<&[BBox]>) -> Vec<u8> {
        bytes(&Key::Page { content, reading: &self.reading, page, closer })
    }

    pub(crate) fn conclusion(&self, files: &[ScannedFile], question: &str) -> Vec<u8> {
        let files = files.iter().map(|f| File {
            path: &f.path,
            hash: f.hash.as_deref(),
            status: f.status,
            reason: f.reason.as_ref(),
        });
        bytes(&Key::Conclusion { reading: &self.reading, files: files.collect(), question })
    }
}

/// Hash of a model or of language data, which are large and never change: kept as long as the file seems
/// the same.
fn data_hash(path: &Path, cache: &Cache) -> Option<Hash> {
    let key = bytes(&Key::Data(&Looks::of(path)?));
    cache.get(&key).or_else(|| {
        let hash = Hash::from(blake3::hash(&std::fs::read(path).ok()?));
        cache.put(&key, &hash);
        Some(hash)
    })
}

fn bytes<T: Serialize>(value: &T) -> Vec<u8> {
    // Plain data has a form.
    postcard::to_stdvec(value).unwrap_or_default()
}
