use std::collections::BTreeSet;

use anstyle::Style;
use complet_model::{Finding, Lang, Message, Report, Severity};

use super::screen::{Screen, Sign, UNBROKEN, at_most, cell, signed_cell};
use super::{Look, files};
use crate::telling::Telling;
use crate::{Subject, Wording, ui};

/// How many places are shown of a finding, or of a requirement; the JSON report has them all.
const MOST_PLACES: usize = 3;

/// The report on one dossier.
pub fn report(report: &Report, subject: &Subject, wording: Wording<'_>, look: Look) -> String {
    let telling = Telling { report, subject, wording };
    let mut writer = Writer { telling, screen: Screen::new(look), told: BTreeSet::new() };
    writer.head();
    writer.table();
    writer.gaps();
    writer.remarks();
    files::write(&report.files, wording, &mut writer.screen);
    writer.unused();
    writer.next();
    writer.screen.finish()
}

struct Writer<'a> {
    telling: Telling<'a>,
    screen: Screen,
    /// What was said already: a document's finding often stands with its requirement as well.
    told: BTreeSet<String>,
}

impl Writer<'_> {
    fn head(&mut self) {
        let telling = self.telling;
        self.screen.line(Style::new().bold(), &telling.title());
        self.screen.line(Style::new(), &format!("{} · {}", telling.as_of(), telling.profile()));
        self.screen.blank();
        let (outcome, text) = telling.outcome();
        self.screen.signed_heading(outcome.into(), &text);
        if telling.report.documents.is_empty() {
            self.screen.item(2, Sign::NONE, ui::NOTHING_FOUND.get(telling.wording.lang));
        }
        self.screen.blank();
    }

    fn table(&mut self) {
        let lang = self.telling.wording.lang;
        let mut table = self.screen.new_table();
        table.set_header(
            [ui::COLUMN_STATUS, ui::COLUMN_REQUIREMENT, ui::COLUMN_PLACES].map(|t| cell(t.get(lang))),
        );
        for verdict in &self.telling.report.verdicts {
            let places = self.telling.places(&verdict.documents);
            table.add_row([
                signed_cell(verdict.status.into(), ui::status(verdict.status, lang)),
                cell(verdict.label.get(lang)),
                cell(&if places.is_empty() { "–".to_owned() } else { first(places, lang).join("\n") }),
            ]);
        }
        table.set_constraints([UNBROKEN, at_most(50), at_most(50)]);
        self.screen.table(&table);
    }

    fn gaps(&mut self) {
        let lang = self.telling.wording.lang;
        let gaps: Vec<_> = self.telling.report.verdicts.iter().filter(|v| !v.status.is_fine()).collect();
        if gaps.is_empty() {
            return;
        }
        self.screen.heading(ui::GAPS.get(lang));
        for verdict in gaps {
            let title = format!("{} — {}", verdict.label.get(lang), ui::status(verdict.status, lang));
            self.screen.item(1, verdict.status.into(), &title);
            for told in self.telling.findings(verdict) {
                self.screen.item(3, Sign::NONE, &told.message);
                self.told.insert(told.message);
                self.evidence(told.finding);
                if let Some(help) = told.help {
                    self.screen.item(3, Sign::ARROW, &help);
                }
            }
        }
    }

    /// What there is to say of requirements that are no gap, of single documents and of the dossier.
    fn remarks(&mut self) {
        let lang = self.telling.wording.lang;
        let mut remarks: Vec<(String, &Finding)> = Vec::new();
        for verdict in self.telling.report.verdicts.iter().filter(|v| v.status.is_fine()) {
            remarks.extend(verdict.findings.iter().map(|f| (verdict.label.get(lang).to_owned(), f)));
        }
        remarks.extend(self.telling.report.findings.iter().map(|f| (String::new(), f)));
        for document in &self.telling.report.documents {
            let place = self.telling.place_of(document);
            remarks.extend(document.findings.iter().map(|f| (place.clone(), f)));
        }
        remarks.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.severity));
        let mut headed = false;
        for (subject, finding) in remarks {
            let text = self.telling.wording.catalog.message(&finding.message, lang);
            if !self.told.insert(text.clone()) {
                continue;
            }
            if !headed {
                self.screen.heading(ui::REMARKS.get(lang));
                headed = true;
            }
            let text = if subject.is_empty() { text } else { format!("{subject}{}{text}", ui::colon(lang)) };
            self.screen.item(1, finding.severity.into(), &text);
            self.evidence(finding);
            if finding.severity > Severity::Info {
                self.help(&finding.message, 3);
            }
        }
    }

    fn unused(&mut self) {
        let telling = self.telling;
        for (i, document) in telling.unused().enumerate() {
            if i == 0 {
                self.screen.heading(ui::UNUSED.get(telling.wording.lang));
            }
            let name = telling.wording.doc_type(&document.classified);
            self.screen.item(1, Sign::NONE, &format!("{} — {name}", telling.place_of(document)));
        }
    }

    fn next(&mut self) {
        let lang = self.telling.wording.lang;
        self.screen.heading(ui::NEXT.get(lang));
        if !self.telling.report.is_complete() {
            self.screen.item(1, Sign::NONE, ui::THEN.get(lang));
            return;
        }
        for (i, step) in self.telling.report.next_steps.iter().enumerate() {
            self.screen.numbered(i + 1, step.get(lang));
        }
    }

    /// Where a finding shows, or at least which documents it speaks of.
    fn evidence(&mut self, finding: &Finding) {
        let lang = self.telling.wording.lang;
        let quotes: Vec<String> = finding.evidence.iter().map(|e| self.telling.quote(e)).collect();
        let places = if quotes.is_empty() { self.telling.places(&finding.documents) } else { quotes };
        if !places.is_empty() {
            let text = first(places, lang).join(", ");
            self.screen.aside(3, &ui::SEEN.fill(lang, &[&text]));
        }
    }

    fn help(&mut self, message: &Message, indent: usize) {
        if let Some(help) = self.telling.wording.catalog.help(message, self.telling.wording.lang) {
            self.screen.item(indent, Sign::ARROW, &help);
        }
    }
}

/// The first places, and how many more there are.
fn first(mut places: Vec<String>, lang: Lang) -> Vec<String> {
    // One more is no longer to read than the words that stand for it.
    if places.len() > MOST_PLACES + 1 {
        let rest = places.split_off(MOST_PLACES).len();
        places.push(ui::MORE.get(lang, rest));
    }
    places
}
