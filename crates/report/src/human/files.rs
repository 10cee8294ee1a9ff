use complet_model::{FileStatus, Message, ScannedFile};

use super::places::place;
use super::screen::{Screen, Sign};
use crate::{Wording, ui};

/// What of the files could not be read, or was read badly, and why.
pub(super) fn unread(files: &[ScannedFile], wording: Wording<'_>, screen: &mut Screen) {
    let Wording { catalog, lang } = wording;
    let mut lines = Vec::new();
    let mut aside = Vec::new();
    for file in files {
        let reason = file.reason.as_ref().map(|reason| catalog.message(reason, lang));
        match file.status {
            FileStatus::Read => lines.extend(problems(file, wording)),
            FileStatus::Skipped => {
                aside.push(reason.map_or_else(|| file.path.clone(), |why| format!("{} ({why})", file.path)));
            }
            status => {
                let why = reason.unwrap_or_else(|| ui::file_status(status, lang).to_owned());
                let text = format!("{} — {why}", file.path);
                lines.push(Line { sign: Sign::BAD, text, message: file.reason.as_ref() });
            }
        }
    }
    if !lines.is_empty() {
        screen.heading(ui::UNREAD.get(lang));
    }
    for Line { sign, text, message } in lines {
        screen.item(1, sign, &text);
        if let Some(help) = message.and_then(|message| catalog.help(message, lang)) {
            screen.item(3, Sign::ARROW, &help);
        }
    }
    if !aside.is_empty() {
        screen.blank();
        screen.aside(0, &format!("{}{}{}", ui::LEFT_ASIDE.get(lang), ui::colon(lang), aside.join(", ")));
    }
}

struct Line<'a> {
    sign: Sign,
    text: String,
    message: Option<&'a Message>,
}

/// What is wrong with the pages of a file, each problem once with all its pages.
fn problems<'a>(file: &'a ScannedFile, wording: Wording<'_>) -> Vec<Line<'a>> {
    let mut found: Vec<(bool, String, &Message, Vec<u32>)> = Vec::new();
    for page in &file.pages {
        for problem in &page.problems {
            let text = wording.catalog.message(&problem.message, wording.lang);
            match found.iter_mut().find(|(bad, known, ..)| *bad == problem.unreadable && *known == text) {
                Some((.., pages)) => pages.push(page.number),
                None => found.push((problem.unreadable, text, &problem.message, vec![page.number])),
            }
        }
    }
    let line = |(bad, text, message, pages): (bool, String, &'a Message, Vec<u32>)| {
        let place = place(&file.path, &pages, std::slice::from_ref(file));
        let sign = if bad { Sign::BAD } else { Sign::DOUBT };
        Line { sign, text: format!("{place} — {text}"), message: Some(message) }
    };
    found.into_iter().map(line).collect()
}
