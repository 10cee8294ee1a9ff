use complet_model::{Status, Verdict};
use maud::{Markup, html};

use super::{Writer, cards::anchor};
use crate::text::clean;
use crate::ui;

impl Writer<'_> {
    /// The short answer: what to ask the client for, and what to look at oneself.
    pub(super) fn asks(self) -> Markup {
        let lang = self.telling.wording.lang;
        let with = |wanted: &[Status]| -> Vec<&Verdict> {
            self.telling.report.verdicts.iter().filter(|v| wanted.contains(&v.status)).collect()
        };
        let ask = with(&[Status::Missing, Status::Invalid]);
        let look = with(&[Status::Review]);
        html! {
            @if !(ask.is_empty() && look.is_empty()) {
                section.asks aria-label=(ui::GAPS.get(lang)) {
                    (self.list("ask", "invalid", ui::ASK.get(lang), &ask))
                    (self.list("look", "review", ui::LOOK.get(lang), &look))
                }
            }
        }
    }

    fn list(self, id: &str, class: &str, heading: &str, verdicts: &[&Verdict]) -> Markup {
        html! {
            @if !verdicts.is_empty() {
                div.panel.(class) {
                    h2 id=(id) { (heading) }
                    ol {
                        @for verdict in verdicts { li { (self.ask(verdict)) } }
                    }
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
}
