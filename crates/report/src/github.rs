//! The report as annotations of a GitHub workflow: one command a line.

use complet_model::{Finding, Report, Severity, Status};

use crate::telling::{Telling, Told};
use crate::text::clean;
use crate::unread::unread;
use crate::{Subject, Wording};

/// The report on one dossier: an error for what is missing or refused, a warning for what somebody must
/// look at, a notice for remarks.
pub fn report(report: &Report, subject: &Subject, wording: Wording<'_>) -> String {
    let telling = Telling { report, subject, wording };
    let mut out = String::new();
    for verdict in &report.verdicts {
        for told in telling.findings(verdict) {
            let Some(level) = level(verdict.status, told.finding.severity) else { continue };
            let file = file(telling, told.finding);
            out.push_str(&command(level, file.as_deref(), verdict.label.get(wording.lang), &words(&told)));
        }
    }
    for one in unread(&report.files, wording) {
        let text = [Some(one.why), one.help].into_iter().flatten().collect::<Vec<_>>().join("\n");
        out.push_str(&command("warning", Some(&path(subject, one.file)), &one.place, &text));
    }
    let (_, sentence) = telling.outcome();
    out.push_str(&command("notice", None, &telling.title(), &sentence));
    out
}

/// `None` for what is only good to know.
fn level(status: Status, severity: Severity) -> Option<&'static str> {
    match (status, severity) {
        (Status::Missing | Status::Invalid, Severity::Error) => Some("error"),
        (Status::Review, Severity::Error | Severity::Warning) => Some("warning"),
        (_, Severity::Error | Severity::Warning) => Some("notice"),
        (_, Severity::Info) => None,
    }
}

fn words(told: &Told<'_>) -> String {
    match &told.help {
        Some(help) => format!("{}\n{help}", told.message),
        None => told.message.clone(),
    }
}

/// The file that a finding speaks of first.
fn file(telling: Telling<'_>, finding: &Finding) -> Option<String> {
    let ids = finding.evidence.iter().map(|e| &e.document).chain(&finding.documents);
    let document = ids.into_iter().find_map(|id| telling.document(id))?;
    Some(path(telling.subject, &document.file))
}

fn path(subject: &Subject, file: &str) -> String {
    format!("{}/{file}", subject.path.trim_end_matches('/'))
}

fn command(level: &str, file: Option<&str>, title: &str, message: &str) -> String {
    let file = file.map(|file| format!("file={},", property(file))).unwrap_or_default();
    let lines: Vec<String> = message.lines().map(clean).collect();
    format!("::{level} {file}title={}::{}\n", property(title), data(&lines.join("\n")))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&clean(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_is_no_second_command() {
        let line = command("error", Some("a,line=1::b\n::stop-commands::x"), "t: 100 %", "m\r\n::error::n");
        assert_eq!(line.lines().count(), 1, "{line}");
        assert_eq!(
            line,
            "::error file=a%2Cline=1%3A%3Ab %3A%3Astop-commands%3A%3Ax,title=t%3A 100 %25::m%0A::error::n\n"
        );
    }
}
