use complet_model::{Evidence, Status, Verdict};
use maud::{Markup, html};

use super::{Writer, class, severity_class, sign};
use crate::telling::Told;
use crate::text::clean;
use crate::ui;

/// The filters of the cards: id, which statuses it shows, and its name.
const FILTERS: [(&str, &[Status], ui::Text); 4] = [
    ("settle", &[Status::Missing, Status::Invalid], ui::FILTER_SETTLE),
    ("check", &[Status::Review], ui::FILTER_CHECK),
    ("met", &[Status::Met], ui::FILTER_MET),
    ("off", &[Status::NotApplicable], ui::FILTER_OFF),
];

/// The fragment that leads to a requirement. Ids of a user's own lists may hold anything.
pub(super) fn anchor(id: &str) -> String {
    let plain: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("r-{plain}")
}

impl Writer<'_> {
    pub(super) fn requirements(self) -> Markup {
        let lang = self.telling.wording.lang;
        let verdicts = &self.telling.report.verdicts;
        html! {
            section.requirements aria-labelledby="requirements" {
                h2 #requirements tabindex="-1" { (ui::REQUIREMENTS.get(lang)) }
                fieldset.filter {
                    legend.hidden { (ui::FILTER.get(lang)) }
                    input #f-all type="radio" name="filter" checked;
                    label for="f-all" { (ui::FILTER_ALL.get(lang)) " " span.count { (verdicts.len()) } }
                    @for (id, statuses, name) in &FILTERS {
                        @let count = self.telling.count(statuses);
                        @let input = format!("f-{id}");
                        input id=(input) type="radio" name="filter" disabled[count == 0];
                        label for=(input) { (name.get(lang)) " " span.count { (count) } }
                    }
                }
                div.cards {
                    @for verdict in verdicts { (self.card(verdict)) }
                }
            }
        }
    }

    fn card(self, verdict: &Verdict) -> Markup {
        let lang = self.telling.wording.lang;
        let documents = self.telling.report.documents.iter().filter(|d| verdict.documents.contains(&d.id));
        let documents: Vec<_> = documents.collect();
        let id = anchor(&verdict.id);
        html! {
            article.card.(class(verdict.status)) id=(id) aria-labelledby=(format!("{id}-h")) tabindex="-1" {
                h3 id=(format!("{id}-h")) {
                    span.chip {
                        span.sign aria-hidden="true" { (sign(verdict.status)) } " "
                        (ui::status(verdict.status, lang))
                    }
                    " " (verdict.label.get(lang))
                }
                @for told in self.telling.findings(verdict) { (self.finding(&told)) }
                @if !documents.is_empty() {
                    p.found {
                        span { (ui::COLUMN_PLACES.get(lang)) (ui::colon(lang)) }
                        @for (i, document) in documents.iter().enumerate() {
                            @if i > 0 { ", " }
                            a href=(format!("#{}", document.id)) { bdi { (clean(&self.telling.place_of(document))) } }
                        }
                    }
                }
            }
        }
    }

    /// A finding with what to do about it and the places where it shows.
    pub(super) fn finding(self, told: &Told<'_>) -> Markup {
        let lang = self.telling.wording.lang;
        let finding = told.finding;
        html! {
            div.note.(severity_class(finding.severity)) {
                p.why { (clean(&told.message)) }
                @if let Some(help) = &told.help {
                    p.help { span aria-hidden="true" { "→ " } (clean(help)) }
                }
                @if !finding.evidence.is_empty() {
                    ul.evidence aria-label=(ui::WHERE.get(lang)) {
                        @for place in &finding.evidence { li { (self.evidence(finding, place)) } }
                    }
                }
            }
        }
    }

    /// A place where a finding shows: the strip of the page, which leads to the whole page.
    fn evidence(self, finding: &complet_model::Finding, place: &Evidence) -> Markup {
        let lang = self.telling.wording.lang;
        let quote = clean(&self.telling.quote(place));
        let shown = self
            .telling
            .document(&place.document)
            .and_then(|document| self.pictures.get(&document.file, place.page));
        html! {
            @match shown {
                Some(shown) => {
                    a.look href=(format!("#{}", self.view_of(finding, place))) {
                        (shown.strip(place, &ui::STRIP.fill(lang, &[&quote])))
                        span.caption { bdi { (quote) } " — " (ui::SHOW_PAGE.get(lang)) }
                    }
                },
                None => span.caption { bdi { (quote) } },
            }
        }
    }
}
