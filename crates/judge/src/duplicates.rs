//! The same document sent twice.

use complet_model::{Classified, Document, Field, Finding, Message, ScannedFile, Severity};

use crate::verdict::place;

/// Fields that two documents must share, and none may differ, to be copies of each other.
const SHARED: usize = 3;

/// Says of each document that is a copy of one before it which that is.
pub(crate) fn tell(documents: &mut [Document], files: &[ScannedFile]) {
    for index in 1..documents.len() {
        let (before, rest) = documents.split_at_mut(index);
        let Some(document) = rest.first_mut() else { continue };
        let Some(original) = before.iter().find(|d| is_copy(d, document, files)) else { continue };
        let message = Message::new("sent-twice").text("file", place(document)).text("other", place(original));
        let finding = Finding {
            documents: vec![document.id.clone(), original.id.clone()],
            severity: Severity::Info,
            ..Finding::from(message)
        };
        document.findings.push(finding);
    }
}

fn is_copy(a: &Document, b: &Document, files: &[ScannedFile]) -> bool {
    let hash = |d: &Document| files.iter().find(|f| f.path == d.file).and_then(|f| f.hash.as_deref());
    if a.file != b.file && hash(a).is_some() && hash(a) == hash(b) && a.pages == b.pages {
        return true;
    }
    if a.classified.doc_type != b.classified.doc_type || a.classified.doc_type == Classified::OTHER {
        return false;
    }
    let sure = |f: &&Field| f.is_sure() && f.value.as_bool().is_none();
    let mut shared = 0;
    for (name, field) in a.fields.iter().filter(|(_, f)| sure(f)) {
        let dated = field.value.as_date().is_some() || field.value.as_months().is_some();
        match b.fields.get(name).filter(sure) {
            Some(other) if other.value == field.value => shared += 1,
            // Receipts of one home share all but their month: a day that one of them lacks proves nothing.
            None if !dated => {}
            _ => return false,
        }
    }
    shared >= SHARED
}
