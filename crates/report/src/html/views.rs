use complet_model::{Document, Evidence, Finding};
use maud::{Markup, html};

use super::Writer;
use super::cards::anchor;
use super::pictures::{Shown, Size};
use crate::places::place;
use crate::telling::Telling;
use crate::text::clean;
use crate::ui;

/// A place that a finding points at, with where it is told.
struct Look<'a> {
    finding: &'a Finding,
    /// Fragment of what tells it.
    back: String,
}

impl<'a> Writer<'a> {
    /// All findings that point at pages, in the order of the report.
    fn looks(self) -> impl Iterator<Item = Look<'a>> {
        let report = self.telling.report;
        let verdicts = report.verdicts.iter();
        let told =
            verdicts.flat_map(|v| v.findings.iter().map(|finding| Look { finding, back: anchor(&v.id) }));
        let whole = report.findings.iter().map(|finding| Look { finding, back: "remarks".to_owned() });
        let documents = report.documents.iter();
        let own =
            documents.flat_map(|d| d.findings.iter().map(|finding| Look { finding, back: d.id.clone() }));
        told.chain(whole).chain(own)
    }

    /// The fragment that shows the page a finding points at. Findings are told apart by where they are
    /// kept: the same may be said of a document and of a requirement.
    pub(super) fn view_of(self, finding: &Finding, place: &Evidence) -> String {
        let index = self.looks().position(|look| std::ptr::eq(look.finding, finding)).unwrap_or_default();
        format!("e{}-{}-{}", index + 1, place.document, place.page)
    }

    /// The link to a page on which what was read is framed.
    pub(super) fn page_link(self, file: &str, page: u32) -> String {
        self.pictures.get(file, page).map_or_else(String::new, |shown| format!("#p{}", shown.number))
    }

    /// The pages in full, each hidden until a link leads to it.
    pub(super) fn views(self) -> Markup {
        let report = self.telling.report;
        html! {
            @for look in self.looks() { (self.finding_views(&look)) }
            @for file in &report.files {
                @for page in &file.pages { (self.page_view(&file.path, page.number)) }
            }
        }
    }

    fn finding_views(self, look: &Look<'_>) -> Markup {
        let finding = look.finding;
        let mut pages: Vec<(&Document, u32, Vec<&Evidence>)> = Vec::new();
        for place in &finding.evidence {
            let Some(document) = self.telling.document(&place.document) else { continue };
            match pages.iter_mut().find(|(d, page, _)| d.id == document.id && *page == place.page) {
                Some((.., places)) => places.push(place),
                None => pages.push((document, place.page, vec![place])),
            }
        }
        let told = self.telling.told(finding);
        let note = html! {
            p.why { (clean(&told.message)) }
            @if let Some(help) = &told.help { p.help { (clean(help)) } }
        };
        html! {
            @for (document, page, places) in &pages {
                @if let (Some(shown), Some(first)) = (self.pictures.get(&document.file, *page), places.first()) {
                    (self.view(
                        &self.view_of(finding, first), &look.back, (&document.file, *page), Some(document), &note, shown, places
                    ))
                }
            }
        }
    }

    /// A page with what was read framed.
    fn page_view(self, file: &str, page: u32) -> Markup {
        let Some(shown) = self.pictures.get(file, page) else { return Markup::default() };
        let documents = || self.telling.report.documents.iter().filter(move |d| d.file == file);
        let places: Vec<&Evidence> = documents()
            .flat_map(|d| d.fields.values().flat_map(|f| &f.evidence).filter(|e| e.document == d.id))
            .filter(|e| e.page == page)
            .collect();
        let note = match (shown.size, places.is_empty()) {
            (Size::Thumbnail, _) => ui::SHOWN_SMALL,
            (Size::Full, true) => ui::NOTHING_READ,
            (Size::Full, false) => ui::FRAMED,
        };
        let document = documents().find(|d| d.pages.contains(&page));
        let back = document.map_or("unread", |d| d.id.as_str());
        let note = html! { p.why { (note.get(self.telling.wording.lang)) } };
        self.view(&format!("p{}", shown.number), back, (file, page), document, &note, shown, &places)
    }

    #[allow(clippy::too_many_arguments)]
    fn view(
        self,
        id: &str,
        back: &str,
        (file, page): (&str, u32),
        document: Option<&Document>,
        note: &Markup,
        shown: Shown<'_>,
        places: &[&Evidence],
    ) -> Markup {
        let Telling { report, wording, .. } = self.telling;
        let place = clean(&place(file, &[page], &report.files));
        let name = document.map(|d| wording.doc_type(&d.classified));
        let label = match &name {
            Some(name) => ui::PAGE_OF.fill(wording.lang, &[&page.to_string(), &clean(file), name]),
            None => place.clone(),
        };
        html! {
            section.view id=(id) tabindex="-1" aria-label=(place) {
                div.bar {
                    a.close href=(format!("#{back}")) { (ui::BACK.get(wording.lang)) }
                    h2 { bdi { (place) } @if let Some(name) = &name { " " span.quiet { (name) } } }
                    (note)
                }
                (shown.framed(places, &label))
            }
        }
    }
}
