use std::fmt::Write as _;

use complet_model::{Date, Status, date_words};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{class, policy, sign};
use crate::text::clean;
use crate::{Wording, ui};

/// Sorts the table when a heading is pressed; without it the table stands as it is.
const SCRIPT: &str = include_str!("index.js");

/// A dossier of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'a> {
    /// Name of its folder.
    pub name: &'a str,
    /// How it stands as a whole, shown as for one requirement.
    pub status: Status,
    /// The same in words.
    pub outcome: String,
    /// Names of the requirements to settle.
    pub settle: Vec<&'a str>,
    /// Names of those to check.
    pub check: Vec<&'a str>,
    /// Pages in it.
    pub pages: usize,
    /// Files and pages that could not be read.
    pub unreadable: usize,
    /// Path of its report, with `/`, from where the index lies.
    pub report: Option<String>,
    /// Why it could not be checked.
    pub error: Option<&'a str>,
}

/// The dossiers of a batch as one HTML file, a line each. The gravest come first: `rows` are sorted by it.
pub fn index(root: &str, rows: &[Row<'_>], as_of: Date, wording: Wording<'_>) -> String {
    let lang = wording.lang;
    let title = ui::INDEX_OF.fill(lang, &[&clean(root)]);
    let mut rows: Vec<&Row<'_>> = rows.iter().collect();
    rows.sort_by_key(|row| (rank(row.status), row.name));
    let page = html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head { (super::head(&title, &policy(Some(SCRIPT)))) }
            body {
                main.wide {
                    header {
                        h1 { (title) }
                        p.about { (ui::AS_OF.fill(lang, &[&date_words(as_of, lang)])) " · " (ui::DOSSIERS.get(lang, rows.len())) }
                    }
                    (table(&rows, wording))
                }
                footer { (super::made_by(lang)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// The gravest first.
fn rank(status: Status) -> usize {
    match status {
        Status::Invalid | Status::Missing => 0,
        Status::Review => 1,
        Status::NotApplicable => 2,
        Status::Met => 3,
    }
}

fn table(rows: &[&Row<'_>], wording: Wording<'_>) -> Markup {
    let lang = wording.lang;
    let headings =
        [ui::DOSSIER, ui::COLUMN_STATUS, ui::GAPS, ui::COLUMN_CHECK, ui::COLUMN_PAGES, ui::COLUMN_UNREADABLE];
    html! {
        // A narrow screen scrolls the table, not the page.
        div.across tabindex="0" role="region" aria-label=(ui::INDEX.get(lang)) {
            table.index {
                thead { tr { @for heading in &headings { th scope="col" { (heading.get(lang)) } } } }
                tbody { @for row in rows { (self::row(row)) } }
            }
        }
    }
}

fn row(row: &Row<'_>) -> Markup {
    // How many, and on demand which: a dossier is to take one line.
    let list = |names: &[&str]| {
        html! {
            @if names.is_empty() { "0" } @else {
                details {
                    summary { (names.len()) }
                    ul { @for name in names { li { (name) } } }
                }
            }
        }
    };
    html! {
        tr.(class(row.status)) {
            th scope="row" {
                @match &row.report {
                    Some(report) => a href=(link(report)) { bdi { (clean(row.name)) } },
                    None => bdi { (clean(row.name)) },
                }
            }
            td data-key=(rank(row.status)) {
                span.chip { span.sign aria-hidden="true" { (sign(row.status)) } " " (row.outcome) }
            }
            td data-key=(row.settle.len()) {
                @match row.error {
                    Some(error) => (clean(error)),
                    None => (list(&row.settle)),
                }
            }
            td data-key=(row.check.len()) { (list(&row.check)) }
            td.number { (row.pages) }
            td.number { (row.unreadable) }
        }
    }
}

/// A path as a reference: a name with a colon, a question mark or a hash must not be taken for something else.
fn link(path: &str) -> String {
    let mut out = "./".to_owned();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_file_whatever_its_name() {
        assert_eq!(link("a b.html"), "./a%20b.html");
        assert_eq!(link("javascript:x?y#z.html"), "./javascript%3Ax%3Fy%23z.html");
        assert_eq!(link("../é/x.html"), "./../%C3%A9/x.html");
    }
}
