//! What of the files could not be read, or was read badly.

use complet_model::{FileStatus, Message, ScannedFile};

use crate::places::place;
use crate::{Wording, ui};

/// A file or some of its pages, and what is wrong with them.
pub(crate) struct Unread<'a> {
    /// True when what they hold is not known.
    pub(crate) lost: bool,
    pub(crate) file: &'a str,
    /// Numbers of the pages; empty for the file as a whole.
    pub(crate) pages: Vec<u32>,
    /// The file with the pages, for people.
    pub(crate) place: String,
    pub(crate) why: String,
    pub(crate) help: Option<String>,
}

/// What could not be read, or was read badly, and why.
pub(crate) fn unread<'a>(files: &'a [ScannedFile], wording: Wording<'_>) -> Vec<Unread<'a>> {
    let mut found = Vec::new();
    for file in files {
        match file.status {
            FileStatus::Read => found.extend(problems(file, wording)),
            FileStatus::Skipped => {}
            status => found.push(Unread {
                lost: true,
                file: &file.path,
                pages: Vec::new(),
                place: file.path.clone(),
                why: reason(file, wording)
                    .unwrap_or_else(|| ui::file_status(status, wording.lang).to_owned()),
                help: file.reason.as_ref().and_then(|r| wording.catalog.help(r, wording.lang)),
            }),
        }
    }
    found
}

/// The files that were left aside on purpose, each with the reason; `None` when there are none.
pub(crate) fn left_aside(files: &[ScannedFile], wording: Wording<'_>) -> Option<String> {
    let skipped = files.iter().filter(|f| f.status == FileStatus::Skipped);
    let names: Vec<String> = skipped
        .map(|file| match reason(file, wording) {
            Some(why) => format!("{} ({why})", file.path),
            None => file.path.clone(),
        })
        .collect();
    let lang = wording.lang;
    (!names.is_empty())
        .then(|| format!("{}{}{}", ui::LEFT_ASIDE.get(lang), ui::colon(lang), names.join(", ")))
}

fn reason(file: &ScannedFile, wording: Wording<'_>) -> Option<String> {
    file.reason.as_ref().map(|reason| wording.catalog.message(reason, wording.lang))
}

/// What is wrong with the pages of a file, each problem once with all its pages.
fn problems<'a>(file: &'a ScannedFile, wording: Wording<'_>) -> Vec<Unread<'a>> {
    let mut found: Vec<(bool, String, &Message, Vec<u32>)> = Vec::new();
    for page in &file.pages {
        for problem in &page.problems {
            let text = wording.catalog.message(&problem.message, wording.lang);
            match found.iter_mut().find(|(lost, known, ..)| *lost == problem.unreadable && *known == text) {
                Some((.., pages)) => pages.push(page.number),
                None => found.push((problem.unreadable, text, &problem.message, vec![page.number])),
            }
        }
    }
    let unread = |(lost, why, message, pages): (bool, String, &Message, Vec<u32>)| Unread {
        lost,
        file: &file.path,
        place: place(&file.path, &pages, std::slice::from_ref(file)),
        pages,
        why,
        help: wording.catalog.help(message, wording.lang),
    };
    found.into_iter().map(unread).collect()
}
