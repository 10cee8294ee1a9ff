use std::cmp::Ordering;

use complet_model::{Classified, Document, Evidence, Field, FieldValue, date_words};
use maud::{Markup, html};

use super::Writer;
use crate::telling::percent;
use crate::text::clean;
use crate::ui;

/// How far down its document a field stands; what was seen nowhere comes last.
fn height(field: &Field) -> (u32, f32, f32) {
    let place = field.evidence.first();
    place.map_or((u32::MAX, 0.0, 0.0), |e| (e.page, e.bbox.top, e.bbox.left))
}

fn same_place(a: &Field, b: &Field) -> bool {
    let places = |field: &Field| field.evidence.iter().map(|e| (e.page, e.bbox)).collect::<Vec<_>>();
    !a.evidence.is_empty() && places(a) == places(b)
}

impl Writer<'_> {
    /// Each document with its pages, what it was taken for and what was read off it.
    pub(super) fn documents(self) -> Markup {
        let lang = self.telling.wording.lang;
        let documents = &self.telling.report.documents;
        html! {
            @if !documents.is_empty() {
                section.documents aria-labelledby="documents" {
                    h2 #documents { (ui::DOCUMENTS.get(lang)) }
                    @for document in documents { (self.document(document)) }
                }
            }
        }
    }

    fn document(self, document: &Document) -> Markup {
        let lang = self.telling.wording.lang;
        let is_unused = self.telling.unused().any(|d| d.id == document.id);
        let heading = format!("{}-h", document.id);
        html! {
            article.document id=(document.id) aria-labelledby=(heading) tabindex="-1" {
                div.pages {
                    @for page in &document.pages {
                        @if let Some(shown) = self.pictures.get(&document.file, *page) {
                            a href=(self.page_link(&document.file, *page))
                                aria-label=(ui::PAGE.fill(lang, &[&page.to_string()])) { (shown.thumbnail()) }
                        }
                    }
                }
                div.read {
                    h3 id=(heading) { (self.telling.wording.doc_type(&document.classified)) }
                    p.quiet {
                        bdi { (clean(&self.telling.place_of(document))) }
                        @if document.classified.doc_type != Classified::OTHER {
                            " · " (ui::SURE.fill(lang, &[&percent(document.classified.confidence)]))
                        }
                        @if is_unused { " · " (ui::UNUSED_ONE.get(lang)) }
                    }
                    @for finding in &document.findings { (self.finding(&self.telling.told(finding))) }
                    (self.fields(document))
                }
            }
        }
    }

    fn fields(self, document: &Document) -> Markup {
        let lang = self.telling.wording.lang;
        let mut fields: Vec<(&String, &Field)> = document.fields.iter().collect();
        fields.sort_by(|(_, a), (_, b)| height(a).partial_cmp(&height(b)).unwrap_or(Ordering::Equal));
        let fields: Vec<_> = fields.chunk_by(|(_, a), (_, b)| same_place(a, b)).collect();
        html! {
            @if !document.fields.is_empty() {
                table {
                    thead.hidden {
                        tr { @for name in [ui::COLUMN_FIELD, ui::COLUMN_VALUE, ui::COLUMN_SURE, ui::COLUMN_SEEN] {
                            th scope="col" { (name.get(lang)) }
                        } }
                    }
                    tbody {
                        @for group in &fields {
                            @for (i, (name, field)) in group.iter().enumerate() {
                                // What was read from one place shows it once.
                                @let rows = (i == 0).then_some(group.len());
                                (self.field(document, name, field, rows))
                            }
                        }
                    }
                }
            }
        }
    }

    fn field(self, document: &Document, name: &str, field: &Field, rows: Option<usize>) -> Markup {
        let (catalog, lang) = (self.telling.wording.catalog, self.telling.wording.lang);
        let label = catalog.field(name, lang);
        let class = if !field.valid {
            "invalid"
        } else if field.is_sure() {
            "sure"
        } else {
            "review"
        };
        html! {
            tr.(class) {
                th scope="row" { (label) }
                td.value {
                    bdi { (clean(&self.value(&field.value))) }
                    @if !field.valid { " " span.flag { (ui::FAILS_CHECK.get(lang)) } }
                }
                td.sure { (percent(field.confidence)) @if !field.is_sure() { " " span.flag { (ui::UNSURE.get(lang)) } } }
                @if let Some(rows) = rows {
                    td.seen rowspan=[(rows > 1).then_some(rows)] {
                        @for place in &field.evidence { (self.crop(document, label, place)) }
                    }
                }
            }
        }
    }

    fn crop(self, document: &Document, label: &str, place: &Evidence) -> Markup {
        let lang = self.telling.wording.lang;
        let file = self.telling.document(&place.document).map_or(&document.file, |d| &d.file);
        html! {
            @if let Some(shown) = self.pictures.get(file, place.page) {
                a href=(self.page_link(file, place.page)) {
                    (shown.crop(place, &ui::CROP.fill(lang, &[label, &clean(&place.text)])))
                }
            }
        }
    }

    fn value(self, value: &FieldValue) -> String {
        let wording = self.telling.wording;
        match value {
            FieldValue::Date(date) => date_words(*date, wording.lang),
            // Some fields hold the id of a document type.
            FieldValue::Text(text) => wording.catalog.doc_type(text, wording.lang).to_owned(),
            _ => wording.value(value),
        }
    }
}
