use complet_model::{Status, Verdict};
use maud::{Markup, html};

use super::{Writer, cards::anchor};
use crate::text::clean;
use crate::ui;
use crate::unread::{Unread, unread};

impl Writer<'_> {
    /// The short answer: what to ask the client for, and what to look at oneself.
    pub(super) fn asks(self) -> Markup {
        let lang = self.telling.wording.lang;
        let with = |wanted: &[Status]| -> Vec<&Verdict> {
            self.telling.report.verdicts.iter().filter(|v| wanted.contains(&v.status)).collect()
        };
        let ask = with(&[Status::Missing, Status::Invalid]);
        let look = with(&[Status::Review]);
        // A file that does not open may be what is missing; when nothing is, it only is remarked below.
        let unread = unread(&self.telling.report.files, self.telling.wording);
        let lost = unread.iter().filter(|u| u.lost && !self.telling.report.is_complete());
        let ask: Vec<Markup> = ask.into_iter().map(|verdict| self.ask(verdict)).collect();
        let look = look.into_iter().map(|verdict| self.ask(verdict));
        let look: Vec<Markup> = look.chain(lost.map(|unread| self.open(unread))).collect();
        html! {
            @if !(ask.is_empty() && look.is_empty()) {
                section.asks aria-label=(ui::GAPS.get(lang)) {
                    (list("ask", "invalid", ui::ASK.get(lang), &ask))
                    (list("look", "review", ui::LOOK.get(lang), &look))
                }
            }
        }
    }

    fn ask(self, verdict: &Verdict) -> Markup {
        let findings = self.telling.findings(verdict);
        // What only is good to know, or a remark beside an error, is told on the card.
        let gravest = findings.first().map(|f| f.finding.severity);
        html! {
            @for told in findings.iter().filter(|f| Some(f.finding.severity) == gravest) {
                @if let Some(help) = &told.help { p.do { (clean(help)) } }
                p.why { (clean(&told.message)) }
            }
            p.quiet { a href=(format!("#{}", anchor(&verdict.id))) { (verdict.label.get(self.telling.wording.lang)) } }
        }
    }

    /// A file or pages that could not be read.
    fn open(self, unread: &Unread<'_>) -> Markup {
        html! {
            @if let Some(help) = &unread.help { p.do { (clean(help)) } }
            p.why { bdi { (clean(&unread.place)) } (ui::colon(self.telling.wording.lang)) (clean(&unread.why)) }
            p.quiet { a href="#unread" { (ui::UNREAD.get(self.telling.wording.lang)) } }
        }
    }
}

fn list(id: &str, class: &str, heading: &str, items: &[Markup]) -> Markup {
    html! {
        @if !items.is_empty() {
            div.panel.(class) {
                h2 id=(id) { (heading) }
                ol {
                    @for item in items { li { (item) } }
                }
            }
        }
    }
}
