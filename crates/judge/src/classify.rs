//! What a page is: the points of each document type for what stands on it.

use std::ops::Range;

use complet_model::Classified;
use complet_rules::{Anchor, DocType, Role, RuleSet, Seen};

use crate::layout::PageText;
use crate::phrase::Phrases;
use crate::seen::PageValues;

/// Points for a title that stands in running text: it is only mentioned.
const MENTION: f32 = 1.0;
/// Points for each title after the first.
const FURTHER_TITLE: f32 = 3.0;
/// Points from which a type counts as well told.
const STRONG_SCORE: f32 = 12.0;
/// Lead over the runner-up from which a type counts as well told.
const CLEAR_MARGIN: f32 = 6.0;

/// The anchors of all types, ready to be looked for.
#[derive(Debug)]
pub(crate) struct Classifier<'r> {
    types: &'r [DocType],
    phrases: Phrases,
    anchors: Vec<AnchorRef<'r>>,
}

#[derive(Debug)]
struct AnchorRef<'r> {
    doc_type: usize,
    role: Role,
    anchor: &'r Anchor,
    /// Indexes of its phrases.
    phrases: Range<usize>,
}

/// The points of one document type on one page.
#[derive(Debug, Clone)]
pub(crate) struct Score {
    pub(crate) doc_type: usize,
    pub(crate) points: f32,
    /// A title stands where titles stand.
    pub(crate) titled: bool,
    /// Bytes of the page's text that brought points.
    pub(crate) evidence: Vec<Range<usize>>,
}

impl<'r> Classifier<'r> {
    pub(crate) fn new(rules: &'r RuleSet) -> Self {
        let mut phrases = Vec::new();
        let mut anchors = Vec::new();
        for (index, doc_type) in rules.doc_types.iter().enumerate() {
            for (role, group) in doc_type.anchors.groups() {
                for anchor in group {
                    let from = phrases.len();
                    phrases.extend(anchor.any.iter().cloned());
                    anchors.push(AnchorRef { doc_type: index, role, anchor, phrases: from..phrases.len() });
                }
            }
        }
        Self { types: &rules.doc_types, phrases: Phrases::new(phrases), anchors }
    }

    /// The points of every type on a page, the most first.
    pub(crate) fn scores(&self, text: &PageText, values: &PageValues) -> Vec<Score> {
        let found = self.phrases.find(&text.flow, text.is_ocr());
        let mut scores: Vec<Score> = (0..self.types.len())
            .map(|doc_type| Score { doc_type, points: 0.0, titled: false, evidence: Vec::new() })
            .collect();
        for anchor in &self.anchors {
            let places = anchor.places(text, values, &found);
            if let (false, Some(score)) = (places.is_empty(), scores.get_mut(anchor.doc_type)) {
                score.add(anchor, text, &places);
            }
        }
        scores.sort_by(|a, b| b.points.total_cmp(&a.points).then(a.doc_type.cmp(&b.doc_type)));
        scores
    }

    /// What a page, or a run of pages whose points were added up, is.
    pub(crate) fn decide(&self, scores: &[Score]) -> (Classified, Option<Score>) {
        let best = scores.first();
        let second = scores.get(1).filter(|s| s.points > 0.0);
        let id = |s: &Score| self.types.get(s.doc_type).map(|t| t.id.clone());
        let minimum = best.and_then(|b| self.types.get(b.doc_type)).map_or(f32::MAX, |t| t.min_score);
        match best {
            Some(best) if best.points >= minimum => {
                let margin = best.points - second.map_or(0.0, |s| s.points);
                let classified = Classified {
                    doc_type: id(best).unwrap_or_default(),
                    confidence: confidence(best.points, margin),
                    runner_up: second.and_then(id),
                    evidence: Vec::new(),
                };
                (classified, Some(best.clone()))
            }
            _ => {
                // The nearer the best type came, the less sure it is that the page is none of them.
                let nearness = best.map_or(0.0, |b| (b.points / minimum).clamp(0.0, 1.0));
                let classified = Classified {
                    doc_type: Classified::OTHER.to_owned(),
                    confidence: 1.0 - 0.6 * nearness,
                    runner_up: best.filter(|b| b.points > 0.0).and_then(id),
                    evidence: Vec::new(),
                };
                (classified, None)
            }
        }
    }

    /// The first place where a title of a type stands where titles stand.
    pub(crate) fn title(
        &self,
        text: &PageText,
        values: &PageValues,
        doc_type: usize,
    ) -> Option<Range<usize>> {
        let found = self.phrases.find(&text.flow, text.is_ocr());
        let titles = self.anchors.iter().filter(|a| a.doc_type == doc_type && a.role == Role::Title);
        let places = titles.flat_map(|anchor| anchor.places(text, values, &found));
        places.filter(|place| is_title(text, place)).min_by_key(|place| place.start)
    }

    /// How many types there are.
    pub(crate) fn types(&self) -> usize {
        self.types.len()
    }

    pub(crate) fn doc_type(&self, index: usize) -> Option<&'r DocType> {
        self.types.get(index)
    }
}

/// Adds up the points of several pages.
pub(crate) fn add_up(pages: &[Vec<Score>], types: usize) -> Vec<Score> {
    let mut sums: Vec<Score> = (0..types)
        .map(|doc_type| Score { doc_type, points: 0.0, titled: false, evidence: Vec::new() })
        .collect();
    for score in pages.iter().flatten() {
        if let Some(sum) = sums.get_mut(score.doc_type) {
            sum.points += score.points;
            sum.titled |= score.titled;
        }
    }
    sums.sort_by(|a, b| b.points.total_cmp(&a.points).then(a.doc_type.cmp(&b.doc_type)));
    sums
}

fn confidence(points: f32, margin: f32) -> f32 {
    let strength = (points / STRONG_SCORE).clamp(0.0, 1.0);
    let clearness = (margin / CLEAR_MARGIN).clamp(0.0, 1.0);
    ((0.5 + 0.5 * strength) * (0.4 + 0.6 * clearness)).min(0.99)
}

impl AnchorRef<'_> {
    /// Where the anchor was found. Things that have no place in the text count as the whole page.
    fn places(&self, text: &PageText, values: &PageValues, found: &[Vec<Range<usize>>]) -> Vec<Range<usize>> {
        let mut places: Vec<_> =
            found.get(self.phrases.clone()).unwrap_or_default().iter().flatten().cloned().collect();
        if let Some(regex) = self.anchor.pattern.as_ref().and_then(|p| p.regex()) {
            places.extend(regex.find_iter(&text.flow).map(|m| m.range()));
        }
        if !self.anchor.mrz.is_empty() {
            places.extend(values.zones_of(text, &self.anchor.mrz));
        }
        places.extend(match self.anchor.seen {
            Some(Seen::ValidIban) => values.valid_ibans(),
            Some(Seen::ValidRib) => values.valid_ribs(),
            Some(Seen::MrzOfForeigner) => values.zones_of_foreigners(text),
            None => Vec::new(),
        });
        places
    }
}

impl Score {
    fn add(&mut self, anchor: &AnchorRef, text: &PageText, places: &[Range<usize>]) {
        let title = (anchor.role == Role::Title).then(|| places.iter().find(|p| is_title(text, p))).flatten();
        let weight = anchor.anchor.weight.unwrap_or(anchor.role.weight());
        self.points += match (anchor.role, title) {
            (Role::Title, Some(_)) if self.titled => weight.min(FURTHER_TITLE),
            (Role::Title, None) => weight.min(MENTION),
            _ => weight,
        };
        self.titled |= title.is_some();
        let place = title.or(places.first());
        if matches!(anchor.role, Role::Title | Role::Strong) {
            self.evidence.extend(place.cloned());
        }
    }
}

/// True when a phrase stands like a title: it makes up most of a line, or begins one that is large or
/// stands near the top of the page.
fn is_title(text: &PageText, place: &Range<usize>) -> bool {
    let Some(segment) = text.segment_at(place.start) else { return false };
    let letters = |range: &Range<usize>| text.slice(range).chars().filter(|c| c.is_alphanumeric()).count();
    let before = letters(&(segment.text.start..place.start));
    let shared = letters(&(place.start..place.end.min(segment.text.end)));
    let line = letters(&segment.text).max(1);
    let share = shared as f32 / line as f32;
    let height = segment.bbox.height();
    let large = text.median_height > 0.0 && height > 1.25 * text.median_height;
    let high = segment.bbox.top < TITLE_ZONE;
    let begins = before <= 12;
    if share >= 0.75 {
        return begins;
    }
    begins && ((share >= 0.4 && (large || high)) || (share >= 0.25 && large && high))
}

/// Titles stand in the upper part of the page.
const TITLE_ZONE: f32 = 0.35;
