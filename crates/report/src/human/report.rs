use std::collections::BTreeSet;

use anstyle::Style;
use complet_model::{
    Classified, Document, Evidence, Finding, Lang, Message, Report, Severity, Status, date_words,
};

use super::places::{place, places};
use super::screen::{Screen, Sign, UNBROKEN, at_most, cell, signed_cell};
use super::{Look, files};
use crate::{Subject, Wording, applicant, ui};

/// How many places are shown of a finding, or of a requirement; the JSON report has them all.
const MOST_PLACES: usize = 3;

/// The report on one dossier.
pub fn report(report: &Report, subject: &Subject, wording: Wording<'_>, look: Look) -> String {
    let mut writer = Writer { report, wording, screen: Screen::new(look), told: BTreeSet::new() };
    writer.head(subject);
    writer.table();
    writer.gaps();
    writer.remarks();
    files::unread(&report.files, wording, &mut writer.screen);
    writer.unused();
    writer.next();
    writer.screen.finish()
}

struct Writer<'a> {
    report: &'a Report,
    wording: Wording<'a>,
    screen: Screen,
    /// What was said already: a document's finding often stands with its requirement as well.
    told: BTreeSet<String>,
}

impl Writer<'_> {
    fn head(&mut self, subject: &Subject) {
        let (report, lang) = (self.report, self.wording.lang);
        let who = applicant(report, subject).map(|who| format!(" — {who}")).unwrap_or_default();
        let title = format!("{} {}{who}", ui::DOSSIER.get(lang), subject.name);
        self.screen.line(Style::new().bold(), &title);

        let label = subject.profile.get(lang);
        let profile = if label.is_empty() { report.profile.id.as_str() } else { label };
        let witness = report.documents.iter().find(|d| report.profile.from.contains(&d.id));
        let known = match (report.profile.inferred, witness) {
            (true, Some(document)) => ui::PROFILE_INFERRED.fill(lang, &[profile, &document.file]),
            (true, None) => ui::PROFILE_ASSUMED.fill(lang, &[profile]),
            (false, _) => ui::PROFILE.fill(lang, &[profile]),
        };
        let as_of = ui::AS_OF.fill(lang, &[&date_words(report.as_of, lang)]);
        self.screen.line(Style::new(), &format!("{as_of} · {known}"));
        self.screen.blank();
        self.verdict();
    }

    fn verdict(&mut self) {
        let lang = self.wording.lang;
        let count =
            |wanted: &[Status]| self.report.verdicts.iter().filter(|v| wanted.contains(&v.status)).count();
        let settle = count(&[Status::Missing, Status::Invalid]);
        let check = count(&[Status::Review]);
        let to_check = ui::TO_CHECK.get(lang, check);
        let (sign, text) = if self.report.is_complete() {
            (Sign::GOOD, ui::COMPLETE.get(lang).to_owned())
        } else if settle == 0 {
            (Sign::DOUBT, ui::UNDECIDED.fill(lang, &[&to_check]))
        } else {
            let mut what = ui::TO_SETTLE.get(lang, settle);
            if check > 0 {
                what = format!("{what}, {to_check}");
            }
            (Sign::BAD, ui::INCOMPLETE.fill(lang, &[&what]))
        };
        self.screen.signed_heading(sign, &text);
        if self.report.documents.is_empty() {
            self.screen.item(2, Sign::NONE, ui::NOTHING_FOUND.get(lang));
        }
        self.screen.blank();
    }

    fn table(&mut self) {
        let lang = self.wording.lang;
        let mut table = self.screen.new_table();
        table.set_header(
            [ui::COLUMN_STATUS, ui::COLUMN_REQUIREMENT, ui::COLUMN_PLACES].map(|t| cell(t.get(lang))),
        );
        for verdict in &self.report.verdicts {
            let places = self.places(&verdict.documents);
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
        let lang = self.wording.lang;
        let gaps: Vec<_> = self.report.verdicts.iter().filter(|v| !v.status.is_fine()).collect();
        if gaps.is_empty() {
            return;
        }
        self.screen.heading(ui::GAPS.get(lang));
        for verdict in gaps {
            let title = format!("{} — {}", verdict.label.get(lang), ui::status(verdict.status, lang));
            self.screen.item(1, verdict.status.into(), &title);
            let mut findings: Vec<_> = verdict.findings.iter().collect();
            findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
            let mut helps = BTreeSet::new();
            for finding in findings {
                let text = self.wording.catalog.message(&finding.message, lang);
                self.screen.item(3, Sign::NONE, &text);
                self.told.insert(text);
                self.evidence(finding);
                if let Some(help) = self.wording.catalog.help(&finding.message, lang)
                    && helps.insert(help.clone())
                {
                    self.screen.item(3, Sign::ARROW, &help);
                }
            }
        }
    }

    /// What there is to say of requirements that are no gap, of single documents and of the dossier.
    fn remarks(&mut self) {
        let lang = self.wording.lang;
        let mut remarks: Vec<(String, &Finding)> = Vec::new();
        for verdict in self.report.verdicts.iter().filter(|v| v.status.is_fine()) {
            remarks.extend(verdict.findings.iter().map(|f| (verdict.label.get(lang).to_owned(), f)));
        }
        remarks.extend(self.report.findings.iter().map(|f| (String::new(), f)));
        for document in &self.report.documents {
            let place = place(&document.file, &document.pages, &self.report.files);
            remarks.extend(document.findings.iter().map(|f| (place.clone(), f)));
        }
        remarks.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.severity));
        let mut headed = false;
        for (subject, finding) in remarks {
            let text = self.wording.catalog.message(&finding.message, lang);
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
        let lang = self.wording.lang;
        let used: BTreeSet<&String> = self.report.verdicts.iter().flat_map(|v| &v.documents).collect();
        let unused: Vec<&Document> = self.report.documents.iter().filter(|d| !used.contains(&d.id)).collect();
        if unused.is_empty() {
            return;
        }
        self.screen.heading(ui::UNUSED.get(lang));
        for document in unused {
            let place = place(&document.file, &document.pages, &self.report.files);
            let name = doc_type(&document.classified, self.wording);
            self.screen.item(1, Sign::NONE, &format!("{place} — {name}"));
        }
    }

    fn next(&mut self) {
        let lang = self.wording.lang;
        self.screen.heading(ui::NEXT.get(lang));
        if !self.report.is_complete() {
            self.screen.item(1, Sign::NONE, ui::THEN.get(lang));
            return;
        }
        for (i, step) in self.report.next_steps.iter().enumerate() {
            self.screen.numbered(i + 1, step.get(lang));
        }
    }

    /// Where a finding shows, or at least which documents it speaks of.
    fn evidence(&mut self, finding: &Finding) {
        let lang = self.wording.lang;
        let quotes: Vec<String> = finding.evidence.iter().map(|e| self.quote(e)).collect();
        let places = if quotes.is_empty() { self.places(&finding.documents) } else { quotes };
        if !places.is_empty() {
            let text = first(places, lang).join(", ");
            self.screen.aside(3, &ui::SEEN.fill(lang, &[&text]));
        }
    }

    fn quote(&self, evidence: &Evidence) -> String {
        let file = self.report.documents.iter().find(|d| d.id == evidence.document).map_or("", |d| &d.file);
        let place = place(file, &[evidence.page], &self.report.files);
        if evidence.text.trim().is_empty() {
            return place;
        }
        ui::QUOTE.fill(self.wording.lang, &[&place, &shorten(&evidence.text)])
    }

    fn help(&mut self, message: &Message, indent: usize) {
        if let Some(help) = self.wording.catalog.help(message, self.wording.lang) {
            self.screen.item(indent, Sign::ARROW, &help);
        }
    }

    fn places(&self, ids: &[String]) -> Vec<String> {
        places(self.report.documents.iter().filter(|d| ids.contains(&d.id)), &self.report.files)
    }
}

/// The name of a document's type, with what is doubtful about it.
pub(super) fn doc_type(classified: &Classified, wording: Wording<'_>) -> String {
    let Wording { catalog, lang } = wording;
    let mut doubts = Vec::new();
    // What is not known has no file of its own that could name it.
    let name = if classified.doc_type == Classified::OTHER {
        if let Some(nearest) = &classified.runner_up {
            doubts.push(ui::NEAREST.fill(lang, &[catalog.doc_type(nearest, lang)]));
        }
        ui::OTHER.get(lang)
    } else {
        if classified.confidence < Classified::SURE {
            doubts.push(ui::UNSURE.get(lang).to_owned());
        }
        catalog.doc_type(&classified.doc_type, lang)
    };
    if doubts.is_empty() { name.to_owned() } else { format!("{name} ({})", doubts.join(", ")) }
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

/// The beginning of a printed text that is too long to quote.
fn shorten(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text).trim_end()),
        None => text.to_owned(),
    }
}
