//! The message to the client: what is fine, what is missing or wrong, and exactly what to send.

use std::fmt::Write as _;

use complet_model::{Finding, Message, Report, Status, Verdict, date_words};

use crate::markdown::escape;
use crate::text::clean;
use crate::{Subject, Wording, applicant, ui};

/// Columns of a line in plain text: e-mails are quoted with more before it.
const WIDTH: usize = 76;

/// A letter, before it is written out in a form.
///
/// It never says that something is fine which is not met: what could not be decided and is no matter of the
/// client's is said to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    subject: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    List { heading: String, numbered: bool, items: Vec<Item> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    /// What it is about.
    name: String,
    /// What to send or to know.
    lines: Vec<String>,
}

impl Letter {
    /// The letter about a dossier.
    pub fn new(report: &Report, subject: &Subject, wording: Wording<'_>) -> Self {
        let writer = Writer { report, wording };
        let lang = wording.lang;
        let greeting = match applicant(report, subject) {
            Some(who) => ui::HELLO_NAME.fill(lang, &[&clean(&who)]),
            None => ui::HELLO.get(lang).to_owned(),
        };
        let mut parts = vec![Part::Text(greeting), Part::Text(writer.opening())];
        let mut list = |heading: &ui::Text, numbered: bool, items: Vec<Item>| {
            if !items.is_empty() {
                parts.push(Part::List { heading: heading.get(lang).to_owned(), numbered, items });
            }
        };
        list(&ui::TO_SEND, true, writer.asks(&[Status::Missing, Status::Invalid]));
        list(&ui::TO_MAKE_SURE, true, writer.asks(&[Status::Review]));
        // What could not be read of a complete dossier is not needed.
        if !report.is_complete() {
            list(&ui::TO_SEND_AGAIN, false, writer.files());
        }
        list(&ui::WE_LOOK, false, writer.looked_at());
        list(&ui::GOOD_TO_KNOW, false, writer.remarks());
        list(&ui::FINE, false, writer.fine());
        if report.is_complete() {
            let steps = report.next_steps.iter();
            let items = steps.map(|step| Item { name: step.get(lang).to_owned(), lines: Vec::new() });
            list(&ui::NEXT, true, items.collect());
        } else {
            parts.push(Part::Text(ui::HOW_TO_SEND.get(lang).to_owned()));
            parts.push(Part::Text(ui::THANKS.get(lang).to_owned()));
        }
        parts.push(Part::Text(ui::REGARDS.get(lang).to_owned()));
        let title = if report.is_complete() { ui::LETTER_COMPLETE } else { ui::LETTER_GAPS };
        Self { subject: title.get(lang).to_owned(), parts }
    }

    /// The letter as plain text, in short lines.
    pub fn text(&self) -> String {
        let mut out = format!("{}\n\n", self.subject);
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(&fill(text, "", "")),
                Part::List { heading, numbered, items } => {
                    out.push_str(&heading.to_uppercase());
                    out.push_str("\n\n");
                    for (i, item) in items.iter().enumerate() {
                        let mark = if *numbered { format!("{}. ", i + 1) } else { "- ".to_owned() };
                        let indent = " ".repeat(mark.len());
                        out.push_str(&fill(&item.name, &mark, &indent));
                        for line in &item.lines {
                            out.push_str(&fill(line, &indent, &indent));
                        }
                    }
                }
            }
            out.push('\n');
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }

    /// The letter in Markdown.
    pub fn markdown(&self) -> String {
        // Writing to a String cannot fail.
        let mut out = format!("**{}**\n\n", escape(&self.subject));
        for part in &self.parts {
            match part {
                Part::Text(text) => {
                    out.push_str(&escape(text));
                    out.push('\n');
                }
                Part::List { heading, numbered, items } => {
                    let _ = write!(out, "## {}\n\n", escape(heading));
                    for (i, item) in items.iter().enumerate() {
                        let mark = if *numbered { format!("{}. ", i + 1) } else { "- ".to_owned() };
                        let name = escape(&item.name);
                        let name = if item.lines.is_empty() { name } else { format!("**{name}**") };
                        let lines: Vec<String> = item.lines.iter().map(|line| escape(line)).collect();
                        let indent = " ".repeat(mark.len());
                        let lines = if lines.is_empty() {
                            String::new()
                        } else {
                            format!("  \n{indent}{}", lines.join(&format!("  \n{indent}")))
                        };
                        let _ = writeln!(out, "{mark}{name}{lines}");
                    }
                }
            }
            out.push('\n');
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }
}

/// A paragraph in lines, the first after `first` and the others after `rest`.
fn fill(text: &str, first: &str, rest: &str) -> String {
    let options = textwrap::Options::new(WIDTH)
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .break_words(false);
    format!("{}\n", textwrap::fill(&unparted(&clean(text)), options))
}

/// The text with the spaces before French signs made unbreakable: no line begins with a colon.
fn unparted(text: &str) -> String {
    let joined = [" :", " ;", " ?", " !", " »"]
        .iter()
        .fold(text.to_owned(), |text, sign| text.replace(sign, &sign.replace(' ', "\u{a0}")));
    joined.replace("« ", "«\u{a0}")
}

struct Writer<'a> {
    report: &'a Report,
    wording: Wording<'a>,
}

impl Writer<'_> {
    fn opening(&self) -> String {
        let lang = self.wording.lang;
        let day = date_words(self.report.as_of, lang);
        let text = if self.report.is_complete() {
            ui::OPENING_COMPLETE
        } else if self.report.verdicts.iter().any(|v| matches!(v.status, Status::Missing | Status::Invalid)) {
            ui::OPENING_GAPS
        } else {
            ui::OPENING_UNDECIDED
        };
        text.fill(lang, &[&day])
    }

    /// What the client is asked for, by requirement. A gap always has its item: what has no words for the
    /// client is said in those of the report.
    fn asks(&self, statuses: &[Status]) -> Vec<Item> {
        let verdicts = self.report.verdicts.iter().filter(|v| statuses.contains(&v.status));
        let items = verdicts.filter_map(|verdict| {
            let mut lines = self.letters(&verdict.findings);
            if lines.is_empty() && matches!(verdict.status, Status::Missing | Status::Invalid) {
                let told = verdict.findings.iter();
                lines = told.map(|f| self.wording.catalog.message(&f.message, self.wording.lang)).collect();
            }
            (!lines.is_empty()).then(|| Item { name: self.label(verdict), lines })
        });
        items.collect()
    }

    /// What is said of findings to the client, each sentence once.
    fn letters(&self, findings: &[Finding]) -> Vec<String> {
        self.said(findings.iter().map(|f| &f.message))
    }

    fn said<'m>(&self, messages: impl Iterator<Item = &'m Message>) -> Vec<String> {
        let mut lines = Vec::new();
        for message in messages {
            if let Some(line) = self.wording.catalog.letter(message, self.wording.lang)
                && !lines.contains(&line)
            {
                lines.push(line);
            }
        }
        lines
    }

    /// Files and pages that could not be read.
    fn files(&self) -> Vec<Item> {
        let items = self.report.files.iter().filter_map(|file| {
            let problems = file.pages.iter().flat_map(|p| &p.problems).map(|p| &p.message);
            let lines = self.said(file.reason.iter().chain(problems));
            (!lines.is_empty()).then(|| Item { name: file.path.clone(), lines })
        });
        items.collect()
    }

    /// What could not be decided and asks nothing of the client.
    fn looked_at(&self) -> Vec<Item> {
        let verdicts = self.report.verdicts.iter().filter(|v| v.status == Status::Review);
        let silent = verdicts.filter(|v| self.letters(&v.findings).is_empty());
        silent.map(|v| Item { name: self.label(v), lines: Vec::new() }).collect()
    }

    /// What is said of requirements that are no gap.
    fn remarks(&self) -> Vec<Item> {
        let verdicts = self.report.verdicts.iter().filter(|v| v.status.is_fine());
        let items = verdicts.filter_map(|verdict| {
            let lines = self.letters(&verdict.findings);
            (!lines.is_empty()).then(|| Item { name: self.label(verdict), lines })
        });
        items.collect()
    }

    fn fine(&self) -> Vec<Item> {
        let met = self.report.verdicts.iter().filter(|v| v.status == Status::Met);
        met.map(|v| Item { name: self.label(v), lines: Vec::new() }).collect()
    }

    fn label(&self, verdict: &Verdict) -> String {
        verdict.label.get(self.wording.lang).to_owned()
    }
}
