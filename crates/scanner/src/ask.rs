//! What is asked of whoever reads, as plain data: it may sit in another process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use complet_model::{FileStatus, Message, Page};
use serde::{Deserialize, Serialize};

use crate::bundle::{BundlePage, put_together};
use crate::folder::read_file;
use crate::kind::{Kind, sniff};
use crate::pdf;
use crate::picture;
use crate::preview::{PageShape, Preview};
use crate::problem;
use crate::reader::{Reader, panic_text};
use crate::settings::{Limits, PageRequest, os_path};

/// Hash of a file's content.
pub(crate) type Hash = [u8; blake3::OUT_LEN];

/// One piece of work.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Ask {
    /// Open a file, and count its pages.
    Open {
        #[serde(with = "os_path")]
        path: PathBuf,
        limits: Limits,
    },
    /// Read a page of the file that has this content.
    Page { request: PageRequest, content: Option<Hash> },
    /// Draw a page of the file that has this content.
    Preview {
        #[serde(with = "os_path")]
        path: PathBuf,
        content: Hash,
        limits: Limits,
        shape: PageShape,
        long_edge: u32,
        /// JPEG's quality.
        quality: u8,
    },
    /// Put pages of files together as one PDF.
    Bundle { pages: Vec<BundlePage>, limits: Limits },
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Answer {
    Opened(Opened),
    Page(Box<Page>),
    /// `None` for a page that cannot be shown.
    Preview(Option<Preview>),
    /// `None` when they cannot be put together.
    Bundle(Option<Vec<u8>>),
}

impl Answer {
    /// What may be longer than a frame, for it to travel on its own.
    #[cfg(unix)]
    pub(crate) fn bulk(&mut self) -> Option<&mut Vec<u8>> {
        match self {
            Self::Bundle(Some(pdf)) => Some(pdf),
            _ => None,
        }
    }
}

/// A file before its pages are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Opened {
    /// Hash of its content; `None` when it could not be read.
    pub(crate) content: Option<Hash>,
    pub(crate) pages: u32,
    /// Why its pages are not read.
    pub(crate) refused: Option<(FileStatus, Message)>,
}

impl Opened {
    /// A file that is not read.
    pub(crate) fn refused(content: Option<Hash>, status: FileStatus, message: Message) -> Self {
        Self { content, pages: 0, refused: Some((status, message)) }
    }

    /// True when it was the reader that failed.
    pub(crate) fn is_readers(&self) -> bool {
        self.refused.as_ref().is_some_and(|(_, message)| problem::is_of_reader(message))
    }
}

impl Ask {
    /// Carries it out. Nothing that a file holds makes it fail.
    pub(crate) fn answer(&self, reader: &mut Reader) -> Answer {
        match self {
            Self::Open { path, limits } => Answer::Opened(open(path, limits)),
            Self::Page { request, content } => {
                tracing::debug!(page = request.page, closer = request.closer.is_some(), "a page is read");
                Answer::Page(Box::new(reader.read_version(request, content.as_ref())))
            }
            Self::Preview { path, content, limits, shape, long_edge, quality } => {
                Answer::Preview(reader.preview(path, content, limits, shape, (*long_edge, *quality)))
            }
            Self::Bundle { pages, limits } => Answer::Bundle(put_together(reader, pages, limits)),
        }
    }

    /// The answer when there is none: it could not be carried out, for this reason.
    pub(crate) fn failed(&self, message: Message) -> Answer {
        match self {
            Self::Open { .. } => Answer::Opened(Opened::refused(None, FileStatus::Unreadable, message)),
            Self::Page { request, .. } => Answer::Page(Box::new(Page::unreadable(request.page, message))),
            Self::Preview { .. } => Answer::Preview(None),
            Self::Bundle { .. } => Answer::Bundle(None),
        }
    }

    /// How many pages it is about: so many times the time for a page it may take.
    #[cfg(unix)]
    pub(crate) fn pages(&self) -> u32 {
        match self {
            Self::Bundle { pages, .. } => u32::try_from(pages.len()).unwrap_or(u32::MAX).max(1),
            Self::Open { .. } | Self::Page { .. } | Self::Preview { .. } => 1,
        }
    }

    /// True when the answer is one to this.
    pub(crate) fn fits(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (Self::Open { .. }, Answer::Opened(_))
            | (Self::Preview { .. }, Answer::Preview(_))
            | (Self::Bundle { .. }, Answer::Bundle(_)) => true,
            (Self::Page { request, .. }, Answer::Page(page)) => page.number == request.page,
            _ => false,
        }
    }
}

/// Opens a file to learn its kind, its hash and how many pages it has.
fn open(path: &Path, limits: &Limits) -> Opened {
    let bytes = match read_file(path, limits) {
        Ok(bytes) => bytes,
        Err(message) => {
            let skipped = message.code == "skipped-special";
            let status = if skipped { FileStatus::Skipped } else { FileStatus::Unreadable };
            return Opened::refused(None, status, message);
        }
    };
    let content = Some(blake3::hash(&bytes).into());
    let kind = sniff(&bytes);
    let counted = catch_unwind(AssertUnwindSafe(|| count(kind, bytes, limits))).unwrap_or_else(|panic| {
        Err((FileStatus::Unreadable, problem::damaged(kind, panic_text(panic.as_ref()))))
    });
    match counted {
        Ok(pages) => Opened { content, pages, refused: None },
        Err((status, message)) => Opened::refused(content, status, message),
    }
}

/// Counts the pages of a file, or tells why it is not read.
pub(crate) fn count(kind: Kind, bytes: Vec<u8>, limits: &Limits) -> Result<u32, (FileStatus, Message)> {
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
    match u32::try_from(pages) {
        Ok(pages) if pages as usize <= limits.pages_per_file => Ok(pages),
        _ => {
            let message =
                Message::new("file-too-many-pages").text("limit", limits.pages_per_file.to_string());
            Err((FileStatus::Unreadable, message))
        }
    }
}
