use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use complet_model::{BBox, Evidence, FileStatus, Report};
use maud::{Markup, html};

/// A picture of a page, upright.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// The picture as a JPEG file.
    pub jpeg: Vec<u8>,
}

/// How large a page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// So that it is recognised.
    Thumbnail,
    /// So that it can be read: something is to be seen on it.
    Full,
}

/// A page that the report shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageShown<'a> {
    /// Path of its file.
    pub file: &'a str,
    /// Number of the page, from 1.
    pub page: u32,
    /// How large.
    pub size: Size,
}

/// The pages that the report shows: those with something to see in full, the others small.
pub fn pages_shown(report: &Report) -> Vec<PageShown<'_>> {
    let findings = report.verdicts.iter().flat_map(|v| &v.findings).chain(&report.findings);
    let findings = findings.chain(report.documents.iter().flat_map(|d| &d.findings));
    let fields = report.documents.iter().flat_map(|d| d.fields.values());
    let places = findings.flat_map(|f| &f.evidence).chain(fields.flat_map(|f| &f.evidence));
    let told: std::collections::BTreeSet<(&str, u32)> = places
        .filter_map(|place| {
            let document = report.documents.iter().find(|d| d.id == place.document)?;
            Some((document.file.as_str(), place.page))
        })
        .collect();
    let read = report.files.iter().filter(|f| f.status == FileStatus::Read);
    read.flat_map(|file| file.pages.iter().map(move |page| (file.path.as_str(), page)))
        .map(|(file, page)| {
            let full = told.contains(&(file, page.number)) || !page.problems.is_empty();
            PageShown { file, page: page.number, size: if full { Size::Full } else { Size::Thumbnail } }
        })
        .collect()
}

/// The pictures of pages, by file and page.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    pictures: BTreeMap<(String, u32), (usize, Size, Picture)>,
}

impl Pictures {
    /// Adds the picture of a page.
    pub fn insert(&mut self, page: &PageShown<'_>, picture: Picture) {
        let number = self.pictures.len() + 1;
        self.pictures.insert((page.file.to_owned(), page.page), (number, page.size, picture));
    }

    pub(super) fn has(&self, file: &str, page: u32) -> bool {
        self.get(file, page).is_some()
    }

    pub(super) fn get(&self, file: &str, page: u32) -> Option<Shown<'_>> {
        let (number, size, picture) = self.pictures.get(&(file.to_owned(), page))?;
        Some(Shown { number: *number, size: *size, picture })
    }

    /// Each picture once; crops and thumbnails refer to it.
    pub(super) fn definitions(&self) -> Markup {
        html! {
            @if !self.pictures.is_empty() {
                svg.store width="0" height="0" aria-hidden="true" focusable="false" {
                    defs {
                        @for (number, _, picture) in self.pictures.values() {
                            image id=(id(*number)) width=(picture.width) height=(picture.height)
                                href=(format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(&picture.jpeg))) {}
                        }
                    }
                }
            }
        }
    }
}

fn id(number: usize) -> String {
    format!("i{number}")
}

/// The picture of a page in the report.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) number: usize,
    pub(super) size: Size,
    picture: &'a Picture,
}

/// A part of a picture, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Part {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

impl Shown<'_> {
    /// The page as a small picture without words of its own: what stands beside it names it.
    pub(super) fn thumbnail(self) -> Markup {
        let Part { width, height, .. } = self.whole();
        html! {
            svg.thumb viewBox=(view(self.whole())) width=(width) height=(height) aria-hidden="true"
                focusable="false" {
                use href=(format!("#{}", id(self.number))) {}
            }
        }
    }

    /// The whole page with places framed.
    pub(super) fn framed(self, places: &[&Evidence], label: &str) -> Markup {
        self.svg("page", self.whole(), places, label)
    }

    /// The strip of the page around a place, with the place framed, wide enough to be recognised.
    pub(super) fn strip(self, place: &Evidence, label: &str) -> Markup {
        let whole = self.whole();
        let around = self.part(place.bbox);
        let width = (around.width * 1.3).max(whole.width * 0.55);
        let height = (around.height * 3.0).max(whole.width * 0.14);
        self.svg("strip", self.centred(around, width, height), &[place], label)
    }

    /// The place itself, with little around it.
    pub(super) fn crop(self, place: &Evidence, label: &str) -> Markup {
        let around = self.part(place.bbox);
        let margin = (around.height * 0.45).clamp(2.0, 16.0);
        let part = self.centred(around, around.width + 3.0 * margin, around.height + 2.0 * margin);
        self.svg("crop", part, &[], label)
    }

    fn svg(self, class: &str, part: Part, places: &[&Evidence], label: &str) -> Markup {
        html! {
            svg.(class) viewBox=(view(part)) width=(part.width.round()) height=(part.height.round()) role="img"
                aria-label=(label) {
                use href=(format!("#{}", id(self.number))) {}
                @for place in places {
                    @let frame = self.frame(place.bbox);
                    rect.frame x=(round(frame.x)) y=(round(frame.y)) width=(round(frame.width))
                        height=(round(frame.height)) rx="3" {}
                }
            }
        }
    }

    fn whole(self) -> Part {
        Part { x: 0.0, y: 0.0, width: self.picture.width as f32, height: self.picture.height as f32 }
    }

    fn part(self, bbox: BBox) -> Part {
        let Part { width, height, .. } = self.whole();
        Part {
            x: bbox.left * width,
            y: bbox.top * height,
            width: bbox.width() * width,
            height: bbox.height() * height,
        }
    }

    /// A little around the place: boxes are off by some pixels on a page that was straightened.
    fn frame(self, bbox: BBox) -> Part {
        let part = self.part(bbox);
        let margin = (part.height * 0.25).clamp(3.0, 8.0);
        self.centred(part, part.width + 2.0 * margin, part.height + 2.0 * margin)
    }

    /// A part of the given size with `part` in its middle, moved and cut so that it lies on the page.
    fn centred(self, part: Part, width: f32, height: f32) -> Part {
        let whole = self.whole();
        let (width, height) =
            (width.clamp(1.0, whole.width.max(1.0)), height.clamp(1.0, whole.height.max(1.0)));
        let at = |middle: f32, size: f32, most: f32| (middle - size / 2.0).clamp(0.0, (most - size).max(0.0));
        Part {
            x: at(part.x + part.width / 2.0, width, whole.width),
            y: at(part.y + part.height / 2.0, height, whole.height),
            width,
            height,
        }
    }
}

fn view(part: Part) -> String {
    format!("{} {} {} {}", round(part.x), round(part.y), round(part.width), round(part.height))
}

/// A tenth of a pixel is more than anyone sees.
fn round(value: f32) -> f32 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_stays_on_its_page() {
        let picture = Picture { width: 800, height: 1100, jpeg: Vec::new() };
        let shown = Shown { number: 1, size: Size::Full, picture: &picture };
        for bbox in [BBox::new(0.0, 0.0, 0.1, 0.01), BBox::new(0.9, 0.99, 1.0, 1.0), BBox::PAGE] {
            let part = shown.centred(shown.part(bbox), 440.0, 90.0);
            assert!(part.x >= 0.0 && part.x + part.width <= 800.0, "{part:?}");
            assert!(part.y >= 0.0 && part.y + part.height <= 1100.0, "{part:?}");
        }
    }
}
