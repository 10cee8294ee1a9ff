use anstyle::Style;
use complet_model::{Document, Lang, ScannedFile};

use super::screen::{Screen, Sign, UNBROKEN, at_most, cell, signed_cell};
use super::{Look, files};
use crate::places::place;
use crate::telling::percent;
use crate::{Wording, ui};

/// What was recognised in some files: each document with its type and what was read off it.
pub fn inspection(documents: &[Document], files: &[ScannedFile], wording: Wording<'_>, look: Look) -> String {
    let Wording { catalog, lang } = wording;
    let mut screen = Screen::new(look);
    for (i, document) in documents.iter().enumerate() {
        if i > 0 {
            screen.blank();
        }
        let place = place(&document.file, &document.pages, files);
        let name = wording.doc_type(&document.classified);
        let sure = percent(document.classified.confidence);
        screen.line(Style::new().bold(), &format!("{place} — {name}, {sure}"));
        if document.fields.is_empty() {
            continue;
        }
        let mut table = screen.new_table();
        for (id, field) in &document.fields {
            let pages = field.evidence.first().map_or(String::new(), |e| format!("p. {}", e.page));
            let value = wording.value(&field.value);
            table.add_row([
                cell(catalog.field(id, lang)),
                if field.valid { cell(&value) } else { failed(&value, lang) },
                if field.is_sure() {
                    cell(&percent(field.confidence))
                } else {
                    signed_cell(Sign::DOUBT, &percent(field.confidence))
                },
                cell(&pages),
            ]);
        }
        table.set_constraints([at_most(35), at_most(60), UNBROKEN, UNBROKEN]);
        screen.table(&table);
    }
    files::write(files, wording, &mut screen);
    screen.finish()
}

fn failed(value: &str, lang: Lang) -> comfy_table::Cell {
    signed_cell(Sign::BAD, &format!("{value} ({})", ui::FAILS_CHECK.get(lang)))
}
