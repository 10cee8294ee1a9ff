//! Doors for those who throw bytes at what reads strangers' files: the fuzz targets and the test that does
//! the same with a seed. Whatever the bytes, nothing may panic, hang or swell.

use std::sync::Arc;

use complet_model::Page;

use crate::ask::{Opened, count};
use crate::cache;
use crate::crew;
use crate::kind::{Kind, sniff};
use crate::layout::{into_words, join_close, reading_order, split_wide};
use crate::pdf::content::content;
use crate::pdf::fields::{add_to, fields};
use crate::pdf::trust::trust;
use crate::pdf::{self, annotations, hidden, words};
use crate::settings::Limits;

/// Pages of a PDF that are read.
const PAGES: usize = 8;

/// Tells the kind of a file, and how many pages it has when it is a picture.
pub fn kind(bytes: &[u8]) {
    let kind = sniff(bytes);
    if kind != Kind::Pdf {
        // A file of many pages is refused like any other.
        let _ = count(kind, bytes.to_vec(), &Limits::default());
    }
}

/// Reads the text of a PDF, its forms and its notes, without drawing it.
pub fn pdf_text(bytes: &[u8]) -> Vec<Page> {
    let Ok(file) = pdf::File::open(Arc::new(bytes.to_vec())) else { return Vec::new() };
    (1..=file.pages().min(PAGES) as u32)
        .filter_map(|number| {
            let page = file.page(number)?;
            let content = content(page);
            let mut found = fields(page, &content);
            found.extend(annotations::notes(page));
            let visible: Vec<_> = content.glyphs.iter().filter(|g| g.visible).cloned().collect();
            let mut lines = words::lines(&visible);
            let _ = (trust(&content, &lines), hidden::layer(&content), annotations::marks(page));
            add_to(&mut lines, &found);
            let lines = reading_order(split_wide(join_close(lines)));
            let words = into_words(lines, content.width, content.height);
            Some(Page { words, ..Page::empty(number, content.width, content.height) })
        })
        .collect()
}

/// Reads an entry of the cache, as it lies on the disk and as it is when its checksum was right.
pub fn cache_entry(bytes: &[u8]) {
    let opened = cache::believed(bytes);
    for bytes in opened.as_deref().into_iter().chain([bytes]) {
        let _ = postcard::from_bytes::<Page>(bytes);
        let _ = postcard::from_bytes::<Opened>(bytes);
    }
}

/// Takes answers of a worker apart, one after another.
#[cfg(unix)]
pub fn worker_answers(bytes: &[u8]) {
    crew::take_replies(bytes.to_vec());
}

/// A page in the form that workers and the cache have.
pub fn page(bytes: &[u8]) -> Option<Page> {
    postcard::from_bytes(bytes).ok()
}

/// A page as an entry of the cache, and as a worker's answer after the one that says that it is ready: what
/// to begin with.
#[cfg(unix)]
pub fn samples(page: &Page) -> [Vec<u8>; 3] {
    [
        postcard::to_stdvec(page).unwrap_or_default(),
        cache::entry(page).unwrap_or_default(),
        crew::replies(page).unwrap_or_default(),
    ]
}
