//! The report as one HTML file that needs neither network nor script.
//!
//! Every text goes through the templates' escaping; a strict Content-Security-Policy stands behind it.

mod asks;
mod cards;
mod documents;
mod index;
mod pictures;
mod views;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use complet_model::{Lang, Report, Severity, Status};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

pub use index::{Row, index};
pub use pictures::{PageShown, Picture, Pictures, Size, pages_shown};

use crate::telling::Telling;
use crate::text::clean;
use crate::unread::{left_aside, unread};
use crate::{Subject, Wording, applicant, ui};

const STYLE: &str = include_str!("html/style.css");

/// The report on one dossier, with the pictures of its pages that could be drawn.
pub fn report(report: &Report, subject: &Subject, wording: Wording<'_>, pictures: &Pictures) -> String {
    let telling = Telling { report, subject, wording };
    let writer = Writer { telling, pictures };
    writer.page().into_string()
}

#[derive(Clone, Copy)]
struct Writer<'a> {
    telling: Telling<'a>,
    pictures: &'a Pictures,
}

impl Writer<'_> {
    fn page(self) -> Markup {
        let lang = self.telling.wording.lang;
        let title = clean(&self.telling.title());
        html! {
            (DOCTYPE)
            html lang=(lang.code()) {
                head { (head(&title, &policy(None))) }
                body {
                    a.skip href="#requirements" { (ui::SKIP.get(lang)) }
                    (self.pictures.definitions())
                    main {
                        (self.head())
                        (self.asks())
                        (self.requirements())
                        (self.remarks())
                        (self.unread())
                        (self.next())
                        (self.documents())
                    }
                    (self.views())
                    footer { (made_by(lang)) }
                }
            }
        }
    }

    fn head(self) -> Markup {
        let telling = self.telling;
        let lang = telling.wording.lang;
        let (outcome, sentence) = telling.outcome();
        let who = applicant(telling.report, telling.subject);
        html! {
            header {
                h1 {
                    @if let Some(who) = &who { (clean(who)) } @else { (clean(&telling.title())) }
                }
                p.about {
                    @if who.is_some() {
                        (ui::DOSSIER.get(lang)) " " bdi { (clean(&telling.subject.name)) } " · "
                    }
                    (telling.as_of()) " · " (clean(&telling.profile()))
                }
                p.verdict.(class(outcome)) { span.sign aria-hidden="true" { (sign(outcome)) } " " strong { (sentence) } }
                @if telling.report.documents.is_empty() { p { (ui::NOTHING_FOUND.get(lang)) } }
            }
        }
    }

    /// Findings about the dossier as a whole.
    fn remarks(self) -> Markup {
        let telling = self.telling;
        let lang = telling.wording.lang;
        html! {
            @if !telling.report.findings.is_empty() {
                section aria-labelledby="remarks" {
                    h2 #remarks { (ui::REMARKS.get(lang)) }
                    @for finding in &telling.report.findings { (self.finding(&telling.told(finding))) }
                }
            }
        }
    }

    fn unread(self) -> Markup {
        let Telling { report, wording, .. } = self.telling;
        let lang = wording.lang;
        let unread = unread(&report.files, wording);
        let aside = left_aside(&report.files, wording);
        html! {
            @if !unread.is_empty() || aside.is_some() {
                section aria-labelledby="unread" {
                    h2 #unread { (ui::UNREAD.get(lang)) }
                    @if !unread.is_empty() {
                        ul.plain {
                            @for one in &unread {
                                li.note.(if one.lost { "invalid" } else { "review" }) {
                                    p {
                                        @match one.pages.first().filter(|&&page| self.pictures.has(one.file, page)) {
                                            Some(page) => a href=(self.page_link(one.file, *page)) { bdi { (clean(&one.place)) } },
                                            None => strong { bdi { (clean(&one.place)) } },
                                        }
                                        " — " (clean(&one.why))
                                    }
                                    @if let Some(help) = &one.help { p.help { (clean(help)) } }
                                }
                            }
                        }
                    }
                    @if let Some(aside) = aside { p.quiet { (clean(&aside)) } }
                }
            }
        }
    }

    fn next(self) -> Markup {
        let Telling { report, wording, .. } = self.telling;
        let lang = wording.lang;
        html! {
            section aria-labelledby="next" {
                h2 #next { (ui::NEXT.get(lang)) }
                @if report.is_complete() {
                    ol { @for step in &report.next_steps { li { (step.get(lang)) } } }
                } @else {
                    p { (ui::THEN.get(lang)) }
                }
            }
        }
    }
}

/// What stands in the head of every page.
fn head(title: &str, policy: &str) -> Markup {
    html! {
        meta charset="utf-8";
        meta http-equiv="Content-Security-Policy" content=(policy);
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="referrer" content="no-referrer";
        meta name="color-scheme" content="light dark";
        title { (title) }
        style { (PreEscaped(STYLE)) }
    }
}

fn made_by(lang: Lang) -> Markup {
    html! {
        p { (ui::MADE_BY.fill(lang, &["complet", env!("CARGO_PKG_VERSION")])) " " (ui::PERSONAL.get(lang)) }
    }
}

/// Nothing is loaded: pictures stand in the file, and the style is the one written here. Nothing runs, or
/// only the one script.
fn policy(script: Option<&str>) -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
    let script = script.map(|s| format!("script-src 'sha256-{}'; ", hash(s))).unwrap_or_default();
    format!(
        "default-src 'none'; {script}img-src data:; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE)
    )
}

/// The class that gives a status its colour.
fn class(status: Status) -> &'static str {
    match status {
        Status::Met => "met",
        Status::NotApplicable => "off",
        Status::Review => "review",
        Status::Invalid | Status::Missing => "invalid",
    }
}

fn sign(status: Status) -> &'static str {
    match status {
        Status::Met => "✓",
        Status::NotApplicable => "–",
        Status::Review => "?",
        Status::Invalid | Status::Missing => "✗",
    }
}

fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "invalid",
        Severity::Warning => "review",
        Severity::Info => "info",
    }
}
