//! The cover sheet of a dossier that is handed in: what it holds, and what is missing.

use complet_model::{Lang, Report, Status};

use crate::telling::Telling;
use crate::text::clean;
use crate::{Subject, Wording, ui};

/// Letters of a line.
const WIDTH: usize = 88;

/// A file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Id of the requirement it is for.
    pub requirement: String,
    /// Its name.
    pub file: String,
    /// How many pages it has.
    pub pages: usize,
}

/// A line of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Set larger.
    pub heading: bool,
}

/// What the sheet is called.
pub fn title(lang: Lang, whose: &str) -> String {
    ui::COVER.fill(lang, &[whose])
}

/// The sheet: each requirement with the file that is for it, or what is the matter, and what else is to be
/// said of the files.
pub fn lines(
    report: &Report,
    subject: &Subject,
    wording: Wording<'_>,
    parts: &[Part],
    notes: &[String],
) -> Vec<Line> {
    let lang = wording.lang;
    let telling = Telling { report, subject, wording };
    let mut lines = Vec::new();
    let mut add = |text: &str, heading: bool| {
        let options = textwrap::Options::new(WIDTH).subsequent_indent("      ");
        for text in textwrap::wrap(&clean(text), options) {
            lines.push(Line { text: text.into_owned(), heading });
        }
    };
    add(&telling.title(), true);
    add(&telling.as_of(), false);
    add(&telling.outcome().1, false);
    add("", false);
    add(ui::REQUIREMENTS.get(lang), true);
    let concerned = report.verdicts.iter().filter(|v| v.status != Status::NotApplicable);
    for verdict in concerned {
        let part = parts.iter().find(|part| part.requirement == verdict.id);
        let mark = if verdict.status == Status::Met { "[x]" } else { "[  ]" };
        let status = if verdict.status == Status::Met {
            String::new()
        } else {
            format!(" — {}", ui::status(verdict.status, lang))
        };
        add(&format!("{mark} {}{status}", verdict.label.get(lang)), false);
        if let Some(part) = part {
            add(&format!("      {} ({})", part.file, ui::PAGES.get(lang, part.pages)), false);
        }
        if !verdict.status.is_fine() {
            for told in telling.findings(verdict).iter().take(1) {
                add(&format!("      {}", told.message), false);
            }
        }
    }
    for note in notes {
        add("", false);
        add(&format!("! {note}"), false);
    }
    lines
}
