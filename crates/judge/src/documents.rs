//! Which pages of a file belong together: the files' pages become documents.

use complet_model::{Classified, Date, Document, Evidence, Page, ScannedFile, TextSource};
use complet_rules::{DocType, Pages, RuleSet};

use crate::classify::{Classifier, Score, add_up};
use crate::extract::{self, Reading, vote};
use crate::layout::PageText;
use crate::seen::ReadPage;
use crate::{parts, stacked};

/// A page with fewer words that tells nothing by itself goes with the page before it.
const NEARLY_EMPTY: usize = 15;

/// Pages of one file that make up a document.
struct Group<'a> {
    pages: Vec<ReadPage<'a>>,
    /// The points of each page.
    scores: Vec<Vec<Score>>,
    /// The type told by one of its pages.
    doc_type: Option<usize>,
}

pub(crate) fn documents(files: &[ScannedFile], rules: &RuleSet, as_of: Date) -> Vec<Document> {
    let classifier = Classifier::new(rules);
    let reading = Reading::new(rules, as_of);
    let mut documents = Vec::new();
    for file in files {
        let file = parts::parted(file);
        let read = read(&file, &classifier, &reading);
        let stacked = stacked::parted(&file, &read, &classifier, &reading);
        let read = stacked.as_ref().map_or(read, |parted| self::read(parted, &classifier, &reading));
        for group in groups(read, &classifier, &reading) {
            let id = format!("d{}", documents.len() + 1);
            documents.push(document(id, &file.path, &group, &classifier, &reading));
        }
    }
    documents
}

/// A page in the reading that tells better what it is, and the points of each type.
pub(crate) type Scored<'a> = (ReadPage<'a>, Vec<Score>);

/// The pages of a file that could be read.
fn read<'a>(file: &'a ScannedFile, classifier: &Classifier, reading: &Reading) -> Vec<Scored<'a>> {
    let pages = file.pages.iter().filter(|p| !p.is_unreadable());
    pages.map(|page| best_reading(page, classifier, reading.as_of)).collect()
}

fn groups<'a>(pages: Vec<Scored<'a>>, classifier: &Classifier, reading: &Reading) -> Vec<Group<'a>> {
    let mut groups: Vec<Group> = Vec::new();
    for (read, scores) in pages {
        let told = classifier.decide(&scores).1;
        match groups.last_mut().filter(|g| continues(g, &read, told.as_ref(), classifier, reading)) {
            Some(group) => {
                group.doc_type = group.doc_type.or(told.map(|t| t.doc_type));
                group.pages.push(read);
                group.scores.push(scores);
            }
            None => groups.push(Group {
                pages: vec![read],
                scores: vec![scores],
                doc_type: told.map(|t| t.doc_type),
            }),
        }
    }
    groups
}

/// The reading of a page that tells better what it is, with its points.
fn best_reading<'a>(page: &'a Page, classifier: &Classifier, as_of: Date) -> Scored<'a> {
    let scored = |text: PageText<'a>| {
        let read = ReadPage::new(text, as_of);
        let scores = classifier.scores(&read.text, &read.values);
        (read, scores)
    };
    let first = scored(PageText::new(page));
    let Some(other) = first.0.text.other() else { return first };
    let sureness = |scores: &[Score]| {
        let (classified, told) = classifier.decide(scores);
        (told.is_some(), classified.confidence)
    };
    let told = sureness(&first.1);
    if told.0 && told.1 >= Classified::SURE {
        return first;
    }
    let other = scored(other);
    if sureness(&other.1) > told { other } else { first }
}

/// True when a page belongs to the document before it.
fn continues(
    group: &Group,
    page: &ReadPage,
    told: Option<&Score>,
    classifier: &Classifier,
    reading: &Reading,
) -> bool {
    let current = group.doc_type.and_then(|i| classifier.doc_type(i));
    let number = numbering(&page.text.flow);
    let numbered = number.is_some_and(|(number, _)| number > 1);
    let Some(current) = current else {
        // Nothing is known of the pages so far: a page that is told begins a document of its own.
        return told.is_none() || numbered;
    };
    if number.is_some_and(|number| counts_on(group, number)) {
        return true;
    }
    let Some(told) = told else {
        return current.pages != Pages::One || numbered || page.text.len() < NEARLY_EMPTY;
    };
    if Some(told.doc_type) == group.doc_type {
        let another = || current.pages != Pages::Many || is_another(group, page, current, reading);
        return numbered || !told.titled || !another();
    }
    // Pages of a long document quote others: only a page that calls itself something else parts from it.
    (current.pages == Pages::Many || numbered) && !told.titled
}

/// True when a page of a type has another value than the pages before it where two documents of the type
/// differ.
fn is_another(group: &Group, page: &ReadPage, doc_type: &DocType, reading: &Reading) -> bool {
    if doc_type.apart.is_empty() {
        return false;
    }
    let values = |pages: &[ReadPage]| extract::fields(("", ""), &doc_type.id, pages, reading).0;
    let (before, here) = (values(&group.pages), values(std::slice::from_ref(page)));
    doc_type.apart.iter().any(|name| {
        let sure = [&before, &here].map(|fields| fields.get(name).filter(|field| field.is_sure()));
        matches!(sure, [Some(before), Some(here)] if before.value != here.value)
    })
}

/// What a page says of its number and of how many there are: `page 2/3`, `2 sur 3`.
fn numbering(flow: &str) -> Option<(u32, u32)> {
    static PAGE: std::sync::LazyLock<Option<regex::Regex>> = std::sync::LazyLock::new(|| {
        regex::Regex::new(r"\b(?:PAGE|PAGINA|SEITE|FOLIO) ?:? ?(\d{1,2}) ?(?:/|SUR|OF|DE|-) ?(\d{1,2})\b")
            .ok()
    });
    let found = PAGE.as_ref().and_then(|r| r.captures(flow))?;
    let number = |i| found.get(i).and_then(|m| m.as_str().parse::<u32>().ok());
    let (page, pages) = (number(1)?, number(2)?);
    (page >= 1 && page <= pages).then_some((page, pages))
}

/// Pages of a document whose numbering is believed whatever its pages call themselves. Programs that merge
/// files number long ones throughout.
const FEW_PAGES: u32 = 3;

/// True when a page with this number counts on from the page before it.
fn counts_on(group: &Group, (here, pages): (u32, u32)) -> bool {
    pages <= FEW_PAGES
        && group.pages.last().and_then(|p| numbering(&p.text.flow)) == here.checked_sub(1).map(|n| (n, pages))
}

fn document(id: String, file: &str, group: &Group, classifier: &Classifier, reading: &Reading) -> Document {
    let mut classified = classifier.decide(&add_up(&group.scores, classifier.types())).0;
    // A later page may tell better what the document is: the certificate behind a translation.
    let told_later =
        group.scores.iter().skip(1).any(|p| classifier.decide(p).0.doc_type == classified.doc_type);
    if let Some(told) = group.doc_type.and_then(|i| classifier.doc_type(i))
        && told.id != classified.doc_type
        && !told_later
    {
        // The page that calls itself something outweighs what the others mention, but not safely.
        classified.runner_up = Some(std::mem::replace(&mut classified.doc_type, told.id.clone()));
        classified.confidence = Classified::SURE;
    }
    classified.evidence = evidence(&id, group, &classified, classifier);
    let read = |pages: &[ReadPage]| extract::fields((&id, file), &classified.doc_type, pages, reading);
    let (mut fields, mut findings) = read(&group.pages);
    if group.pages.iter().any(|p| p.text.other().is_some()) {
        let pages: Vec<ReadPage> = group
            .pages
            .iter()
            .map(|p| p.text.other().unwrap_or_else(|| PageText::new(p.text.page)))
            .map(|text| ReadPage::new(text, reading.as_of))
            .collect();
        let (other, also) = read(&pages);
        fields = vote(fields, other);
        // What only one engine reads is a misreading rather than a fault of the document.
        findings.retain(|f| also.iter().any(|a| a.message == f.message));
    }
    Document {
        id,
        file: file.to_owned(),
        pages: group.pages.iter().map(|p| p.text.page.number).collect(),
        text_source: text_source(group),
        classified,
        fields,
        findings,
    }
}

fn evidence(id: &str, group: &Group, classified: &Classified, classifier: &Classifier) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    for (page, scores) in group.pages.iter().zip(&group.scores) {
        let score = scores
            .iter()
            .find(|s| classifier.doc_type(s.doc_type).is_some_and(|t| t.id == classified.doc_type));
        for place in score.iter().flat_map(|s| &s.evidence) {
            evidence.push(extract::evidence(id, &page.text, place));
        }
    }
    evidence
}

fn text_source(group: &Group) -> TextSource {
    let mut sources = group.pages.iter().map(|p| p.text.page.text_source);
    let first = sources.next().unwrap_or(TextSource::TextLayer);
    if sources.all(|s| s == first) { first } else { TextSource::Mixed }
}
