use std::time::Instant;

use complet_model::Report;
use complet_report::html::{PageShown, Picture, Pictures, Size, pages_shown};
use complet_scanner::{Preview, PreviewRequest, Scan, ScanError, Scanner};

/// Pixels of the longer side of a thumbnail.
const THUMBNAIL: u32 = 240;
/// Pixels of the longer side of a page on which something is to be seen: letters of 7 points are legible.
const FULL: u32 = 1300;
/// JPEG's quality: letters stay legible, and a page takes some ten kilobytes.
const QUALITY: u8 = 50;
/// So many pages in full are drawn in a fifth of a second by two processors, and make a report of some two megabytes;
/// of more, each is shown smaller.
const MANY: usize = 20;
/// Under this a page cannot be read.
const LEAST: u32 = 900;

/// Draws the pages that the HTML report shows. What cannot be drawn is left out.
///
/// # Errors
/// When no threads can be started.
pub(crate) fn of(report: &Report, scan: &Scan, scanner: &Scanner) -> Result<Pictures, ScanError> {
    let started = Instant::now();
    let shown = pages_shown(report);
    let full = full_edge(shown.iter().filter(|page| page.size == Size::Full).count());
    let (shown, requests): (Vec<PageShown>, Vec<PreviewRequest>) = shown
        .into_iter()
        .filter_map(|page| {
            let file = report.files.iter().position(|f| f.path == page.file)?;
            let long_edge = if page.size == Size::Full { full } else { THUMBNAIL };
            let request = PreviewRequest { file, page: page.page, long_edge, quality: QUALITY };
            Some((page, request))
        })
        .unzip();
    let mut pictures = Pictures::default();
    for (page, preview) in shown.iter().zip(scanner.previews(scan, &report.files, &requests)?) {
        if let Some(Preview { width, height, jpeg, .. }) = preview {
            pictures.insert(page, Picture { width, height, jpeg });
        }
    }
    tracing::info!(pages = requests.len(), seconds = started.elapsed().as_secs_f32(), "drawn");
    Ok(pictures)
}

/// Pixels of the longer side of each of `count` pages.
fn full_edge(count: usize) -> u32 {
    if count <= MANY {
        return FULL;
    }
    // What a picture takes grows with its area.
    let shrink = (MANY as f32 / count as f32).sqrt();
    ((FULL as f32 * shrink) as u32).max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_pages_are_shown_smaller_but_never_illegible() {
        assert_eq!(full_edge(3), FULL);
        assert!(full_edge(30) < FULL && full_edge(30) > LEAST);
        assert_eq!(full_edge(5_000), LEAST);
    }
}
