//! Pages whose photo hides or spoils part of them: what was read there decides nothing alone.

use complet_model::{Document, Evidence, Finding, Page, ScannedFile};

use super::{about, warning};

/// Problems of a photo after which a person must look. Letters that are too small are read badly, too, but
/// whole: what was read of them says how sure it is.
const SPOILT: [&str; 4] = ["photo-blurred", "photo-cut-off", "photo-dark", "photo-glare"];

/// What is wrong with the pages of each document, by the document's id.
pub(crate) fn doubts(files: &[ScannedFile], documents: &[Document]) -> Vec<(String, Finding)> {
    documents.iter().flat_map(|d| pages(files, d).flat_map(|p| of_page(d, p))).collect()
}

/// The pages of a document.
pub(crate) fn pages<'a>(
    files: &'a [ScannedFile],
    document: &'a Document,
) -> impl Iterator<Item = &'a Page> + use<'a> {
    let file = files.iter().find(|f| f.path == document.file);
    file.into_iter().flat_map(|f| &f.pages).filter(|p| document.pages.contains(&p.number))
}

fn of_page(document: &Document, page: &Page) -> Vec<(String, Finding)> {
    let spoilt = page.problems.iter().filter(|p| SPOILT.contains(&p.message.code.as_str()));
    let finding = |problem: &complet_model::Problem| {
        let mut finding = warning(problem.message.clone());
        finding.evidence.push(Evidence {
            document: document.id.clone(),
            page: page.number,
            bbox: problem.bbox.unwrap_or(complet_model::BBox::PAGE),
            text: String::new(),
        });
        (document.id.clone(), about(document, finding))
    };
    spoilt.map(finding).collect()
}
