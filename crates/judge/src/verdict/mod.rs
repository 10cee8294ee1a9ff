//! Is each requirement satisfied? The documents against the requirement list.

mod checks;
mod conditions;
mod people;
mod photos;
mod same_person;
mod series;
mod spread;
#[cfg(test)]
mod tests;

use complet_model::{
    Arg, Classified, Document, FileStatus, Finding, Message, Page, ScannedFile, Severity, Status, Verdict,
};
use complet_rules::{Accept, Note, Otherwise, Requirement, RequirementList, RuleSet, Stance};

use crate::Case;
pub(crate) use checks::concerns;
use conditions::Applies;
pub(crate) use people::{Person, applicant, compare, holder, holder_spec, learn_names};
pub(crate) use photos::{doubts, pages};

/// Everything a verdict rests on.
pub(crate) struct Bench<'a> {
    pub(crate) rules: &'a RuleSet,
    pub(crate) case: &'a Case,
    pub(crate) documents: &'a [Document],
    pub(crate) applicant: Option<Person>,
    /// Names of the files, with pages, of which something could not be read.
    pub(crate) unread: Vec<String>,
    /// What spoils the photos of documents, by the document's id.
    pub(crate) doubts: Vec<(String, Finding)>,
}

/// What a document, or several together, are worth for a requirement.
#[derive(Debug)]
struct Outcome {
    status: Status,
    documents: Vec<String>,
    findings: Vec<Finding>,
}

impl Bench<'_> {
    pub(crate) fn verdicts(&self, list: &RequirementList, profile: &str) -> Vec<Verdict> {
        let mut verdicts: Vec<Verdict> = Vec::new();
        for requirement in &list.requirements {
            let verdict = if requirement.same_person {
                same_person::outcome(self, &verdicts).verdict(requirement)
            } else {
                self.verdict(requirement, profile)
            };
            verdicts.push(verdict);
        }
        verdicts
    }

    fn verdict(&self, requirement: &Requirement, profile: &str) -> Verdict {
        let stance = self.stance(requirement);
        let concerned = requirement.profiles.is_empty() || requirement.profiles.iter().any(|p| p == profile);
        let applies = conditions::applies(self, requirement);
        if !concerned || stance == Stance::Ignored || matches!(applies, Applies::No) {
            return Outcome::new(Status::NotApplicable).verdict(requirement);
        }
        let mut outcome = self.outcome(requirement);
        match applies {
            Applies::Unknown(why) if !outcome.status.is_fine() && outcome.status != Status::Invalid => {
                outcome.status = Status::Review;
                outcome.findings.retain(|f| f.severity != Severity::Error || !f.documents.is_empty());
                outcome.findings.insert(0, warning(why));
            }
            _ => {}
        }
        match (stance, outcome.status) {
            (Stance::Advised, Status::Missing | Status::Review) => {
                outcome.status = Status::NotApplicable;
                outcome.findings = vec![warning(Message::new(requirement.advised_code()))];
            }
            // Whatever could not be read need not be what nobody asks for.
            (Stance::Optional, Status::Missing | Status::Review) if outcome.documents.is_empty() => {
                outcome = Outcome::new(Status::NotApplicable);
            }
            _ => {}
        }
        outcome.findings.extend(self.notes(requirement));
        outcome.verdict(requirement)
    }

    /// What is to be told of a requirement in the circumstances.
    fn notes(&self, requirement: &Requirement) -> Vec<Finding> {
        let holds = |note: &&Note| match &note.when {
            Some(when) => matches!(conditions::hold(self, when, requirement), Applies::Yes),
            None => true,
        };
        let told = requirement.notes.iter().filter(holds);
        told.map(|note| Finding {
            severity: Severity::Info,
            ..Finding::from(Message::new(note.code.clone()))
        })
        .collect()
    }

    /// What the person in charge takes a requirement for, or the list does.
    fn stance(&self, requirement: &Requirement) -> Stance {
        let chosen = requirement.option.as_ref().and_then(|option| self.case.options.get(option));
        chosen.copied().unwrap_or(requirement.stance)
    }

    /// The best of all ways to satisfy a requirement, or why there is none.
    fn outcome(&self, requirement: &Requirement) -> Outcome {
        let mut outcomes: Vec<Outcome> =
            requirement.accept.iter().flat_map(|accept| self.outcomes(accept)).collect();
        outcomes.sort_by_key(|o| o.status);
        let best = outcomes.first().map(|o| o.status);
        match best {
            Some(Status::Met) => outcomes.swap_remove(0),
            Some(status) => {
                let tried = outcomes.into_iter().filter(|o| o.status != Status::Missing);
                let mut all = Outcome::new(status);
                for outcome in tried {
                    all.documents.extend(outcome.documents);
                    all.findings.extend(outcome.findings);
                }
                all.findings.extend(self.rejected(requirement).map(|(_, finding)| finding));
                all
            }
            None => self.nothing(requirement),
        }
    }

    /// There is no document of the types that count: is there one that is taken for it, or could
    /// something unread be it?
    fn nothing(&self, requirement: &Requirement) -> Outcome {
        let mut rejected = self.rejected(requirement).peekable();
        if rejected.peek().is_some() {
            let (documents, findings) = rejected.unzip();
            return Outcome { status: Status::Invalid, documents, findings };
        }
        let missing = Finding::from(Message::new(requirement.missing_code()));
        let maybe: Vec<&Document> = self.documents.iter().filter(|d| Self::may_be(d, requirement)).collect();
        if let Some(first) = maybe.first() {
            let mut finding = warning(Message::new("maybe-this").text("file", place(first)));
            finding.documents = maybe.iter().map(|d| d.id.clone()).collect();
            let documents = finding.documents.clone();
            return Outcome { status: Status::Review, documents, findings: vec![finding, missing] };
        }
        if !self.unread.is_empty() {
            let finding = warning(Message::new("maybe-unread").text("files", self.unread.join(", ")));
            return Outcome {
                status: Status::Review,
                documents: Vec::new(),
                findings: vec![finding, missing],
            };
        }
        Outcome { status: Status::Missing, documents: Vec::new(), findings: vec![missing] }
    }

    /// True for a document that was not told for sure and came near a type that counts.
    fn may_be(document: &Document, requirement: &Requirement) -> bool {
        let told = &document.classified;
        let unsure = if told.doc_type == Classified::OTHER {
            told.confidence < 0.7
        } else {
            told.confidence < Classified::SURE
        };
        let near = told.runner_up.as_ref();
        unsure && near.is_some_and(|n| requirement.accept.iter().any(|a| a.types.contains(n)))
    }

    /// The documents that are taken for it and do not count, each with the reason.
    fn rejected(&self, requirement: &Requirement) -> impl Iterator<Item = (String, Finding)> {
        requirement.reject.iter().flat_map(|reject| {
            let documents = self.documents.iter().filter(|d| d.classified.doc_type == reject.doc_type);
            documents.map(|document| {
                let message = Message::new(reject.code.clone()).text("file", place(document));
                (document.id.clone(), about(document, Finding::from(message)))
            })
        })
    }

    fn outcomes(&self, accept: &Accept) -> Vec<Outcome> {
        let documents = self.documents.iter().filter(|d| accept.types.contains(&d.classified.doc_type));
        let each: Vec<(&Document, Outcome)> = documents.map(|d| (d, self.document(d, accept))).collect();
        match (&accept.series, &accept.spread) {
            (Some(series), _) => series::outcome(self, series, each).into_iter().collect(),
            (None, Some(spread)) => spread::outcome(self, spread, each).into_iter().collect(),
            (None, None) => each.into_iter().map(|(_, outcome)| outcome).collect(),
        }
    }

    /// One document against all checks.
    fn document(&self, document: &Document, accept: &Accept) -> Outcome {
        let mut outcome =
            Outcome { status: Status::Met, documents: vec![document.id.clone()], findings: Vec::new() };
        if document.classified.confidence < Classified::SURE {
            let runner_up = document.classified.runner_up.clone().unwrap_or_default();
            let message = Message::new("type-unsure")
                .text("file", place(document))
                .with("type", Arg::DocType(document.classified.doc_type.clone()))
                .with("other", Arg::DocType(runner_up));
            outcome.add(Some((Otherwise::Review, about(document, warning(message)))));
        }
        for (_, doubt) in self.doubts.iter().filter(|(id, _)| *id == document.id) {
            outcome.add(Some((Otherwise::Review, doubt.clone())));
        }
        for check in &accept.checks {
            outcome.add(checks::run(self, document, check));
        }
        outcome
    }
}

impl Outcome {
    fn new(status: Status) -> Self {
        Self { status, documents: Vec::new(), findings: Vec::new() }
    }

    fn verdict(self, requirement: &Requirement) -> Verdict {
        let Self { status, documents, findings } = self;
        Verdict { id: requirement.id.clone(), label: requirement.label.clone(), status, documents, findings }
    }

    /// Takes in what a check says: nothing when it is passed.
    fn add(&mut self, failed: Option<(Otherwise, Finding)>) {
        let Some((otherwise, finding)) = failed else { return };
        self.status = self.status.max(match otherwise {
            Otherwise::Invalid => Status::Invalid,
            Otherwise::Review => Status::Review,
            Otherwise::Warn => Status::Met,
        });
        // Two checks of one field that was not read say the same.
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }
}

/// The pages and files of which something could not be read and might be anything. An empty file is
/// nothing, and files that were left out on purpose do not count.
pub(crate) fn unread(files: &[ScannedFile], documents: &[Document]) -> Vec<String> {
    let mut unread = Vec::new();
    for file in files {
        // A page whose text stayed unread and that was told to be nothing may be anything.
        let nothing = |page: &Page| {
            let mut on_page =
                documents.iter().filter(|d| d.file == file.path && d.pages.contains(&page.number));
            let unread = ["page-mostly-unread", "page-other-script"];
            page.problems.iter().any(|p| unread.contains(&p.message.code.as_str()))
                && on_page.all(|d| d.classified.doc_type == Classified::OTHER)
        };
        match file.status {
            FileStatus::Read => {
                let pages = file.pages.iter().filter(|p| p.is_unreadable() || nothing(p));
                unread.extend(pages.map(|p| format!("{} p. {}", file.path, p.number)));
            }
            FileStatus::Unreadable if file.reason.as_ref().is_some_and(|r| r.code == "file-empty") => {}
            FileStatus::Unreadable | FileStatus::Encrypted | FileStatus::Unsupported => {
                unread.push(file.path.clone());
            }
            FileStatus::Skipped => {}
        }
    }
    unread
}

/// The file of a document, with its pages where the file has others.
pub(crate) fn place(document: &Document) -> String {
    match (document.pages.first(), document.pages.last()) {
        (Some(first), Some(last)) if first != last => format!("{} p. {first}-{last}", document.file),
        (Some(first), _) if *first > 1 => format!("{} p. {first}", document.file),
        _ => document.file.clone(),
    }
}

fn warning(message: Message) -> Finding {
    Finding { severity: Severity::Warning, ..Finding::from(message) }
}

/// The same finding, about a document.
fn about(document: &Document, finding: Finding) -> Finding {
    let mut finding = finding;
    finding.documents.push(document.id.clone());
    if finding.evidence.is_empty() {
        finding.evidence.extend(document.classified.evidence.first().cloned());
    }
    finding
}
