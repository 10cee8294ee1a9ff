use complet_model::{Document, ScannedFile};

/// Where a run of pages stands, for people: `Q1.pdf p. 1-3`; the file alone when it has one page.
pub(crate) fn place(file: &str, pages: &[u32], files: &[ScannedFile]) -> String {
    let single = files.iter().any(|f| f.path == file && f.pages.len() == 1);
    if single || pages.is_empty() { file.to_owned() } else { format!("{file} p. {}", ranges(pages)) }
}

/// Where documents stand, one place a file.
pub(crate) fn places<'a>(
    documents: impl IntoIterator<Item = &'a Document>,
    files: &[ScannedFile],
) -> Vec<String> {
    let mut by_file: Vec<(&str, Vec<u32>)> = Vec::new();
    for document in documents {
        match by_file.iter_mut().find(|(file, _)| *file == document.file) {
            Some((_, pages)) => pages.extend(&document.pages),
            None => by_file.push((&document.file, document.pages.clone())),
        }
    }
    by_file.into_iter().map(|(file, pages)| place(file, &pages, files)).collect()
}

/// Page numbers as ranges: `1-3, 5`.
fn ranges(pages: &[u32]) -> String {
    let mut pages = pages.to_vec();
    pages.sort_unstable();
    pages.dedup();
    let runs = pages.chunk_by(|a, b| a + 1 == *b);
    let words = runs.filter_map(|run| match run {
        [] => None,
        [one] => Some(one.to_string()),
        [first, .., last] => Some(format!("{first}-{last}")),
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_pages_are_drawn_together() {
        assert_eq!(ranges(&[3, 1, 2, 7, 7, 9]), "1-3, 7, 9");
        assert_eq!(place("a.pdf", &[], &[]), "a.pdf");
        assert_eq!(place("a.pdf", &[2], &[]), "a.pdf p. 2");
    }
}
