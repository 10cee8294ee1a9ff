//! Several documents of one type under each other on a page: three rent receipts that were made as one sheet.
//!
//! They are made after one model, so that each has the title of the first at the same place. The page is parted
//! when the parts are documents of the type by themselves and tell different things where two of the type differ.

use std::ops::Range;

use complet_model::{BBox, Classified, Page, ScannedFile};
use complet_rules::DocType;

use crate::classify::{Classifier, Score};
use crate::documents::Scored;
use crate::extract::{self, Reading};
use crate::layout::{PageText, Segment};
use crate::parts::cut_out;
use crate::seen::ReadPage;

/// The file, with each page that holds several documents of one type as several pages; `None` when no page does.
/// `read` are its pages that could be read.
pub(crate) fn parted(
    file: &ScannedFile,
    read: &[Scored],
    classifier: &Classifier,
    reading: &Reading,
) -> Option<ScannedFile> {
    let parts: Vec<Vec<Page>> = read.iter().map(|page| parts(page, classifier, reading)).collect();
    if parts.iter().all(Vec::is_empty) {
        return None;
    }
    let whole_or_parts = |((page, _), parts): (&Scored, Vec<Page>)| {
        if parts.is_empty() { vec![page.text.page.clone()] } else { parts }
    };
    let pages = read.iter().zip(parts).flat_map(whole_or_parts).collect();
    Some(ScannedFile { pages, ..file.clone() })
}

/// The documents on a page; empty when it holds one, or none that is known.
fn parts((whole, scores): &Scored, classifier: &Classifier, reading: &Reading) -> Vec<Page> {
    let Some(index) = type_of(scores, classifier) else { return Vec::new() };
    let Some(doc_type) = classifier.doc_type(index).filter(|t| t.stacked) else { return Vec::new() };
    let Some(title) = classifier.title(&whole.text, &whole.values, index) else { return Vec::new() };
    let titles = alike(&whole.text, &title);
    if titles.len() < 2 {
        return Vec::new();
    }
    let areas = areas(&whole.text, &titles);
    let parts: Vec<Page> = areas.into_iter().map(|area| cut_out(whole.text.page, area)).collect();
    let read: Vec<ReadPage> =
        parts.iter().map(|part| ReadPage::new(PageText::new(part), reading.as_of)).collect();
    let is_of_type =
        |part: &ReadPage| type_of(&classifier.scores(&part.text, &part.values), classifier) == Some(index);
    let is_stacked = read.iter().all(is_of_type) && differ(&read, doc_type, reading);
    drop(read);
    if is_stacked { parts } else { Vec::new() }
}

/// The type of a page that is surely of one.
fn type_of(scores: &[Score], classifier: &Classifier) -> Option<usize> {
    let (classified, told) = classifier.decide(scores);
    told.filter(|_| classified.confidence >= Classified::SURE).map(|told| told.doc_type)
}

/// The lines that begin like the one with the title, as high and as far left, from the top; that one is the first.
fn alike<'t>(text: &'t PageText, title: &Range<usize>) -> Vec<&'t Segment> {
    /// Farthest that the left ends of two titles lie apart, as a part of the page's width.
    const ASIDE: f32 = 0.05;
    /// Most that the heights of two titles differ, as a part of the greater.
    const HIGHER: f32 = 0.3;
    let Some(first) = text.segment_at(title.start) else { return Vec::new() };
    let begin = text.slice(&(first.text.start..title.end.min(first.text.end)));
    let is_alike = |other: &&Segment| {
        let (a, b) = (first.bbox.height(), other.bbox.height());
        (first.bbox.left - other.bbox.left).abs() < ASIDE
            && (a - b).abs() <= HIGHER * a.max(b)
            && text.slice(&other.text).starts_with(begin)
    };
    let mut titles: Vec<&Segment> = text.segments.iter().filter(is_alike).collect();
    titles.sort_by(|a, b| a.bbox.top.total_cmp(&b.bbox.top));
    titles
}

/// The part of the page that goes with each title: from as far above it as the first has text above, where there
/// is a gap between lines.
fn areas(text: &PageText, titles: &[&Segment]) -> Vec<BBox> {
    let mut rows: Vec<BBox> = text.segments.iter().map(|s| s.bbox).collect();
    rows.sort_by(|a, b| a.top.total_cmp(&b.top));
    let top = rows.first().map_or(0.0, |row| row.top);
    let above = titles.first().map_or(0.0, |title| title.bbox.top - top);
    let begins = titles.windows(2).map(|pair| {
        let [before, title] = pair else { return 0.0 };
        let wanted = title.bbox.top - above;
        let between = gaps(&rows)
            .into_iter()
            .filter(|(from, to)| *from >= before.bbox.bottom && *to <= title.bbox.top + f32::EPSILON);
        let nearest = between.min_by(|(_, a), (_, b)| (a - wanted).abs().total_cmp(&(b - wanted).abs()));
        nearest.map_or(title.bbox.top, |(from, to)| f32::midpoint(from, to))
    });
    let mut edges = vec![0.0];
    edges.extend(begins);
    edges.push(1.0);
    edges.windows(2).filter_map(|e| Some(BBox::new(0.0, *e.first()?, 1.0, *e.last()?))).collect()
}

/// Where nothing stands between lines, which come from the top: each from and to.
fn gaps(rows: &[BBox]) -> Vec<(f32, f32)> {
    let mut gaps = Vec::new();
    let mut bottom: Option<f32> = None;
    for row in rows {
        gaps.extend(bottom.filter(|&bottom| row.top > bottom).map(|bottom| (bottom, row.top)));
        bottom = Some(bottom.map_or(row.bottom, |bottom| bottom.max(row.bottom)));
    }
    gaps
}

/// True when two of the parts surely have different values where documents of the type differ. Two copies of one
/// receipt, for the tenant and for the landlord, are one document.
fn differ(parts: &[ReadPage], doc_type: &DocType, reading: &Reading) -> bool {
    let fields: Vec<_> = parts
        .iter()
        .map(|part| extract::fields(("", ""), &doc_type.id, std::slice::from_ref(part), reading).0)
        .collect();
    doc_type.apart.iter().any(|name| {
        let mut sure = fields.iter().filter_map(|f| f.get(name)).filter(|f| f.is_sure()).map(|f| &f.value);
        sure.next().is_some_and(|first| sure.any(|other| other != first))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use complet_model::{FileStatus, ScannedFile};
    use complet_rules::RuleSet;

    use crate::examples::page_of;

    fn receipt(month: &str, copy: &str) -> String {
        format!(
            "SCI DES TILLEULS\n4 rue des Tilleuls 69003 LYON\nQUITTANCE DE LOYER {copy}\nMois de {month}\n\
             Reçu de Mme Ana MODELO la somme de 700,00 € pour le loyer et les charges\n\
             du logement sis 12 rue Basse 69001 LYON, et lui en donne quittance.\n\
             Loyer : 650,00 €\nCharges : 50,00 €\nTotal : 700,00 €\n\n"
        )
    }

    /// The months of each document on a page.
    fn months(text: &str) -> Vec<Vec<String>> {
        let file = ScannedFile {
            path: "a.pdf".into(),
            hash: None,
            status: FileStatus::Read,
            reason: None,
            pages: vec![page_of(text)],
        };
        let rules = RuleSet::load(None).unwrap();
        let documents = crate::recognise(&[file], &rules, "2026-11-15".parse().unwrap());
        let months = documents.iter().map(|d| d.fields.get("period").and_then(|f| f.value.as_months()));
        months.map(|m| m.unwrap_or_default().iter().map(ToString::to_string).collect()).collect()
    }

    #[test]
    fn receipts_under_each_other_are_documents_of_their_own() {
        let page = ["août 2026", "septembre 2026", "octobre 2026"].map(|m| receipt(m, "")).concat();
        assert_eq!(months(&page), [["2026-08"], ["2026-09"], ["2026-10"]]);
    }

    #[test]
    fn copies_of_one_receipt_are_one_document() {
        let page = ["exemplaire locataire", "exemplaire bailleur"].map(|c| receipt("août 2026", c)).concat();
        assert_eq!(months(&page), [["2026-08"]]);
    }
}
