//! What stands in which cell of each kind of zone (ICAO 9303; the old French card is of its own kind).

use super::Format;

/// A run of cells of one line, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) line: usize,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// What may stand in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A letter or a filler.
    Letter,
    /// A digit.
    Digit,
    /// A digit, or a filler where it is unknown or unused.
    DigitOrFiller,
    /// `M`, `F`, `X` or a filler.
    Sex,
    /// Anything.
    Any,
}

/// The cells of a layout. Spans that a layout lacks are empty.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) format: Format,
    pub(super) width: usize,
    pub(super) lines: usize,
    /// Letters that the first line begins with.
    pub(super) codes: &'static [char],
    pub(super) code: Span,
    pub(super) issuer: Span,
    /// Family and given names, or the family name where `given` is not empty.
    pub(super) names: Span,
    pub(super) given: Span,
    pub(super) number: Span,
    pub(super) number_check: Span,
    pub(super) nationality: Span,
    pub(super) birth: Span,
    pub(super) birth_check: Span,
    pub(super) sex: Span,
    pub(super) expiry: Span,
    pub(super) expiry_check: Span,
    /// Optional data that its own digit checks, or that a long number goes on in.
    pub(super) optional: Span,
    pub(super) optional_check: Span,
    pub(super) composite_check: Span,
    /// What the composite digit is computed over.
    pub(super) composite: &'static [Span],
    /// True when a number that is too long goes on in the optional data.
    pub(super) number_overflows: bool,
}

const fn span(line: usize, from: usize, to: usize) -> Span {
    Span { line, from, to }
}

impl Span {
    pub(super) const NONE: Self = span(0, 0, 0);

    pub(super) fn is_none(self) -> bool {
        self.from == self.to
    }

    pub(super) fn holds(self, line: usize, cell: usize) -> bool {
        self.line == line && (self.from..self.to).contains(&cell)
    }
}

const TD3: Layout = Layout {
    format: Format::Td3,
    width: 44,
    lines: 2,
    codes: &['P'],
    code: span(0, 0, 2),
    issuer: span(0, 2, 5),
    names: span(0, 5, 44),
    given: Span::NONE,
    number: span(1, 0, 9),
    number_check: span(1, 9, 10),
    nationality: span(1, 10, 13),
    birth: span(1, 13, 19),
    birth_check: span(1, 19, 20),
    sex: span(1, 20, 21),
    expiry: span(1, 21, 27),
    expiry_check: span(1, 27, 28),
    optional: span(1, 28, 42),
    optional_check: span(1, 42, 43),
    composite_check: span(1, 43, 44),
    composite: &[span(1, 0, 10), span(1, 13, 20), span(1, 21, 43)],
    number_overflows: false,
};

const MRV_A: Layout = Layout {
    format: Format::MrvA,
    codes: &['V'],
    optional: span(1, 28, 44),
    optional_check: Span::NONE,
    composite_check: Span::NONE,
    composite: &[],
    ..TD3
};

const TD2: Layout = Layout {
    format: Format::Td2,
    width: 36,
    codes: &['I', 'A', 'C', 'P'],
    names: span(0, 5, 36),
    optional: span(1, 28, 35),
    optional_check: Span::NONE,
    composite_check: span(1, 35, 36),
    composite: &[span(1, 0, 10), span(1, 13, 20), span(1, 21, 35)],
    number_overflows: true,
    ..TD3
};

const MRV_B: Layout = Layout {
    format: Format::MrvB,
    codes: &['V'],
    optional: span(1, 28, 36),
    composite_check: Span::NONE,
    composite: &[],
    number_overflows: false,
    ..TD2
};

const TD1: Layout = Layout {
    format: Format::Td1,
    width: 30,
    lines: 3,
    codes: &['I', 'A', 'C'],
    code: span(0, 0, 2),
    issuer: span(0, 2, 5),
    names: span(2, 0, 30),
    given: Span::NONE,
    number: span(0, 5, 14),
    number_check: span(0, 14, 15),
    nationality: span(1, 15, 18),
    birth: span(1, 0, 6),
    birth_check: span(1, 6, 7),
    sex: span(1, 7, 8),
    expiry: span(1, 8, 14),
    expiry_check: span(1, 14, 15),
    optional: span(0, 15, 30),
    optional_check: Span::NONE,
    composite_check: span(1, 29, 30),
    composite: &[span(0, 5, 30), span(1, 0, 7), span(1, 8, 15), span(1, 18, 29)],
    number_overflows: true,
};

const OLD_FRENCH: Layout = Layout {
    format: Format::OldFrench,
    width: 36,
    lines: 2,
    codes: &['I'],
    code: span(0, 0, 2),
    issuer: span(0, 2, 5),
    names: span(0, 5, 30),
    given: span(1, 13, 27),
    number: span(1, 0, 12),
    number_check: span(1, 12, 13),
    nationality: Span::NONE,
    birth: span(1, 27, 33),
    birth_check: span(1, 33, 34),
    sex: span(1, 34, 35),
    expiry: Span::NONE,
    expiry_check: Span::NONE,
    optional: Span::NONE,
    optional_check: Span::NONE,
    composite_check: span(1, 35, 36),
    composite: &[span(0, 0, 36), span(1, 0, 35)],
    number_overflows: false,
};

pub(super) const LAYOUTS: [&Layout; 6] = [&TD3, &MRV_A, &OLD_FRENCH, &TD2, &MRV_B, &TD1];

impl Layout {
    /// What may stand in a cell.
    pub(super) fn class(&self, line: usize, cell: usize) -> Class {
        let within = |spans: &[Span]| spans.iter().any(|span| span.holds(line, cell));
        if within(&[self.number_check]) && self.number_overflows || within(&[self.optional_check]) {
            Class::DigitOrFiller
        } else if within(&[self.number_check, self.birth_check, self.composite_check]) {
            Class::Digit
        } else if within(&[self.birth, self.expiry, self.expiry_check]) {
            Class::DigitOrFiller
        } else if within(&[self.sex]) {
            Class::Sex
        } else if within(&[self.code, self.issuer, self.names, self.given, self.nationality]) {
            Class::Letter
        } else {
            Class::Any
        }
    }

    /// The parts that have a check digit of their own, with it, and that of the whole.
    pub(super) fn parts(&self) -> Vec<Vec<Span>> {
        let parts = [
            [self.number, self.number_check],
            [self.birth, self.birth_check],
            [self.expiry, self.expiry_check],
            [self.optional, self.optional_check],
            [self.composite_check, Span::NONE],
        ];
        let present = |part: [Span; 2]| part.into_iter().filter(|span| !span.is_none()).collect::<Vec<_>>();
        parts.into_iter().map(present).filter(|part| !part.is_empty()).collect()
    }

    /// True for a line that ends in names: fillers at its end say nothing.
    pub(super) fn ends_in_names(&self, line: usize) -> bool {
        self.names.line == line && self.names.to == self.width
    }
}
