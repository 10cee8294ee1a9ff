//! What is said of pages and files that are not read, or doubtful. The texts stand in
//! `crates/rules/data/messages/scanner.toml`.

use complet_model::{Arg, Message, Page, Problem};

use crate::kind::Kind;
use crate::pdf;
use crate::picture;

/// What makes the whole file unreadable when no page of it could be decoded.
pub(crate) const DAMAGED: &str = "file-damaged";

/// True when it was the reader that failed, not the page that is bad: what the page holds may be read another
/// time.
pub(crate) fn is_readers(page: &Page) -> bool {
    page.problems.iter().any(|p| is_of_reader(&p.message))
}

/// True when a message says that the reader failed.
pub(crate) fn is_of_reader(message: &Message) -> bool {
    message.code.starts_with("reader-") || message.code == "dossier-timeout"
}

/// True when the same would be said of the same content another time.
pub(crate) fn is_lasting(page: &Page) -> bool {
    let passing = ["file-changed", "file-closed", "file-gone", "file-unread", "ocr-failed"];
    !is_readers(page) && !page.problems.iter().any(|p| passing.contains(&p.message.code.as_str()))
}

pub(crate) fn doubtful(message: Message) -> Problem {
    Problem { unreadable: false, message, bbox: None }
}

pub(crate) fn unreadable(message: Message) -> Problem {
    Problem { unreadable: true, message, bbox: None }
}

pub(crate) fn damaged(kind: Kind, detail: impl Into<String>) -> Message {
    Message::new(DAMAGED).text("kind", kind.to_string()).text("detail", detail)
}

pub(crate) fn percent(share: f32) -> Arg {
    Arg::Count((share * 100.0).round() as i64)
}

pub(crate) fn of_pdf(failure: pdf::Failure) -> Message {
    match failure {
        pdf::Failure::Encrypted => Message::new("file-encrypted"),
        pdf::Failure::Protection => Message::new("file-protection"),
        pdf::Failure::Damaged => damaged(Kind::Pdf, "no PDF structure"),
        pdf::Failure::NoPages => Message::new("file-no-pages"),
    }
}

pub(crate) fn of_picture(kind: Kind, failure: picture::Failure) -> Message {
    match failure {
        picture::Failure::TooLarge { width, height, limit } => Message::new("picture-too-large")
            .text("width", width.to_string())
            .text("height", height.to_string())
            .text("limit", (limit / 1_000_000).to_string()),
        picture::Failure::Damaged(detail) => damaged(kind, detail),
        picture::Failure::Variant(detail) => {
            Message::new("picture-variant").text("kind", kind.to_string()).text("detail", detail)
        }
    }
}
