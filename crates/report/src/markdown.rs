//! The report in Markdown, for the summary of a CI job or a comment.

use std::fmt::Write as _;

use complet_model::{Report, Status, Verdict};

use crate::telling::Telling;
use crate::text::clean;
use crate::unread::{left_aside, unread};
use crate::{Subject, Wording, ui};

/// The report on one dossier.
pub fn report(report: &Report, subject: &Subject, wording: Wording<'_>) -> String {
    let mut writer = Writer { telling: Telling { report, subject, wording }, out: String::new() };
    writer.head();
    writer.asks(&[Status::Missing, Status::Invalid], &ui::ASK);
    writer.asks(&[Status::Review], &ui::LOOK);
    writer.table();
    writer.unread();
    writer.next();
    writer.out
}

struct Writer<'a> {
    telling: Telling<'a>,
    out: String,
}

impl Writer<'_> {
    fn head(&mut self) {
        let telling = self.telling;
        let (outcome, sentence) = telling.outcome();
        self.line(&format!("# {}", escape(&telling.title())));
        self.line(&format!("{} **{}**", sign(outcome), escape(&sentence)));
        self.line(&format!("{} · {}", escape(&telling.as_of()), escape(&telling.profile())));
    }

    /// What to do about the requirements with one of these statuses.
    fn asks(&mut self, statuses: &[Status], heading: &ui::Text) {
        let telling = self.telling;
        let lang = telling.wording.lang;
        let verdicts: Vec<&Verdict> =
            telling.report.verdicts.iter().filter(|v| statuses.contains(&v.status)).collect();
        if verdicts.is_empty() {
            return;
        }
        self.line(&format!("## {}", heading.get(lang)));
        for (i, verdict) in verdicts.iter().enumerate() {
            let mut item = format!("{}. **{}**", i + 1, escape(verdict.label.get(lang)));
            for told in telling.findings(verdict) {
                // Writing to a String cannot fail.
                let _ = write!(item, "\n   - {}", escape(&told.message));
                let places: Vec<String> =
                    told.finding.evidence.iter().map(|e| escape(&telling.quote(e))).collect();
                if !places.is_empty() {
                    let _ = write!(item, " ({})", ui::SEEN.fill(lang, &[&places.join(", ")]));
                }
                if let Some(help) = &told.help {
                    let _ = write!(item, "\n     → {}", escape(help));
                }
            }
            self.out.push_str(&item);
            self.out.push('\n');
        }
        self.out.push('\n');
    }

    fn table(&mut self) {
        let telling = self.telling;
        let lang = telling.wording.lang;
        self.line(&format!("## {}", ui::REQUIREMENTS.get(lang)));
        let head = [ui::COLUMN_STATUS, ui::COLUMN_REQUIREMENT, ui::COLUMN_PLACES].map(|t| t.get(lang));
        let mut table = format!("| {} |\n|---|---|---|\n", head.join(" | "));
        for verdict in &telling.report.verdicts {
            let places = telling.places(&verdict.documents).iter().map(|p| escape(p)).collect::<Vec<_>>();
            let _ = writeln!(
                table,
                "| {} {} | {} | {} |",
                sign(verdict.status),
                ui::status(verdict.status, lang),
                escape(verdict.label.get(lang)),
                if places.is_empty() { "–".to_owned() } else { places.join(", ") }
            );
        }
        self.line(table.trim_end());
    }

    fn unread(&mut self) {
        let Telling { report, wording, .. } = self.telling;
        let unread = unread(&report.files, wording);
        if !unread.is_empty() {
            self.line(&format!("## {}", ui::UNREAD.get(wording.lang)));
            let lines = unread.iter().map(|one| {
                let help = one.help.as_ref().map(|h| format!("\n  → {}", escape(h))).unwrap_or_default();
                format!("- {} — {}{help}", escape(&one.place), escape(&one.why))
            });
            let lines: Vec<String> = lines.collect();
            self.line(&lines.join("\n"));
        }
        if let Some(aside) = left_aside(&report.files, wording) {
            self.line(&escape(&aside));
        }
    }

    fn next(&mut self) {
        let Telling { report, wording, .. } = self.telling;
        if !report.is_complete() {
            return;
        }
        self.line(&format!("## {}", ui::NEXT.get(wording.lang)));
        let steps = report.next_steps.iter().enumerate();
        let steps: Vec<String> =
            steps.map(|(i, step)| format!("{}. {}", i + 1, escape(step.get(wording.lang)))).collect();
        self.line(&steps.join("\n"));
    }

    /// A block with a blank line after it.
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push_str("\n\n");
    }
}

fn sign(status: Status) -> &'static str {
    match status {
        Status::Met => "✅",
        Status::NotApplicable => "➖",
        Status::Review => "❔",
        Status::Invalid | Status::Missing => "❌",
    }
}

/// Text that means itself: neither Markdown nor HTML, and no mention of anybody.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '+' | '|' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_files_is_no_markup() {
        let hostile = "<img onerror=x> [a](b) *c* | @d\n# e `f`";
        let safe = "&lt;img onerror=x&gt; \\[a\\](b) \\*c\\* \\| &#64;d \\# e \\`f\\`";
        assert_eq!(escape(hostile), safe);
    }
}
