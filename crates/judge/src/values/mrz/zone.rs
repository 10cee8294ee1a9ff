//! A zone at full width: its fields, its check digits, and the small repairs that they prove.

use super::Checks;
use super::layout::{Class, Layout, Span};
use crate::values::confusion::{digit_for, letter_for};

/// The lines of a zone, each of its full width, with letters and digits where its layout has them.
#[derive(Debug, Clone)]
pub(super) struct Zone {
    pub(super) layout: &'static Layout,
    pub(super) lines: Vec<String>,
    /// How much was assumed or changed to come to these lines; 0 when they are as read.
    pub(super) cost: usize,
    /// Cells may be one off.
    shaky: bool,
    /// Cells that hold what cannot stand there.
    pub(super) misfits: usize,
    /// Cells that were changed.
    changed: Vec<(usize, usize)>,
}

/// Most characters that may be changed in what one check digit stands for.
const MOST_CHANGES: usize = 2;

impl Zone {
    /// Takes the letters that stand where only digits may for the digits they look like, and the other way.
    pub(super) fn new(layout: &'static Layout, lines: &[&str], cost: usize, shaky: bool) -> Self {
        let mut zone = Self { layout, lines: Vec::new(), cost, shaky, misfits: 0, changed: Vec::new() };
        for (line, cells) in lines.iter().enumerate() {
            let mut fitted = String::with_capacity(cells.len());
            for (cell, c) in cells.chars().enumerate() {
                let fit = fit(c, layout.class(line, cell));
                zone.misfits += usize::from(fit.is_none());
                let new = fit.unwrap_or(c);
                if new != c {
                    zone.changed.push((line, cell));
                }
                fitted.push(new);
            }
            zone.lines.push(fitted);
        }
        zone.cost += zone.changed.len();
        zone
    }

    pub(super) fn text(&self, span: Span) -> &str {
        self.lines.get(span.line).and_then(|line| line.get(span.from..span.to)).unwrap_or_default()
    }

    /// The document number, with what goes on in the optional data, and its check digit.
    pub(super) fn number(&self) -> (String, char) {
        let number = self.text(self.layout.number);
        let check = self.text(self.layout.number_check).chars().next().unwrap_or('<');
        let rest = self.text(self.layout.optional).split('<').next().unwrap_or_default();
        let mut tail = rest.chars();
        match tail.next_back() {
            Some(last) if self.layout.number_overflows && check == '<' && rest.len() > 1 => {
                (format!("{number}{}", tail.as_str()), last)
            }
            _ => (number.to_owned(), check),
        }
    }

    pub(super) fn checks(&self) -> Checks {
        let layout = self.layout;
        let digit = |span: Span| self.text(span).chars().next().unwrap_or('<');
        let of =
            |data: Span, check: Span| (!check.is_none()).then(|| mrz::verify(self.text(data), digit(check)));
        let (number, number_check) = self.number();
        let composite: String = layout.composite.iter().map(|span| self.text(*span)).collect();
        Checks {
            number: Some(mrz::verify(&number, number_check)),
            birth_date: of(layout.birth, layout.birth_check),
            expiry_date: of(layout.expiry, layout.expiry_check),
            optional: of(layout.optional, layout.optional_check),
            composite: (!layout.composite_check.is_none())
                .then(|| mrz::verify(&composite, digit(layout.composite_check))),
        }
    }

    /// True when every check digit is right, and none was made so by many changes.
    pub(super) fn is_proven(&self) -> bool {
        self.misfits == 0 && self.checks().all_right() && !self.is_much_changed()
    }

    fn is_much_changed(&self) -> bool {
        let layout = self.layout;
        let groups = [
            [layout.number, layout.number_check],
            [layout.birth, layout.birth_check],
            [layout.expiry, layout.expiry_check],
            [layout.optional, layout.optional_check],
        ];
        groups.iter().any(|group| {
            let within = |(line, cell): &&(usize, usize)| group.iter().any(|span| span.holds(*line, *cell));
            self.changed.iter().filter(within).count() > MOST_CHANGES
        })
    }

    /// The one way in which a letter taken for the digit it looks like, or else two of the same letter, make
    /// every check digit right; `None` when there is none or several.
    ///
    /// Digits are never taken for letters: numbers hold few letters that look like digits, and of many digits
    /// one or the other would fit by chance. Nor are dates changed: they hold digits only.
    pub(super) fn repaired(&self) -> Option<Self> {
        let checks = self.checks();
        let dates_are_right = checks.birth_date != Some(false) && checks.expiry_date != Some(false);
        if self.shaky || self.misfits > 0 || !dates_are_right || self.is_much_changed() {
            return None;
        }
        let swaps = self.swaps(checks);
        let single = swaps.iter().map(|swap| vec![*swap]);
        let pairs = swaps.iter().enumerate().flat_map(|(i, first)| {
            let same = swaps.iter().skip(i + 1).filter(|second| second.from == first.from);
            same.map(move |second| vec![*first, *second])
        });
        match self.only_proven(single) {
            Err(Unproven::None) => self.only_proven(pairs).ok(),
            one => one.ok(),
        }
    }

    /// The only one of the changes that makes the zone right.
    fn only_proven(&self, changes: impl Iterator<Item = Vec<Swap>>) -> Result<Self, Unproven> {
        let mut proven = changes.map(|swaps| self.with(&swaps)).filter(Self::is_proven);
        match (proven.next(), proven.next()) {
            (Some(one), None) => Ok(one),
            (None, _) => Err(Unproven::None),
            (Some(_), Some(_)) => Err(Unproven::Several),
        }
    }

    fn with(&self, swaps: &[Swap]) -> Self {
        let mut zone = self.clone();
        for swap in swaps {
            if let Some(line) = zone.lines.get_mut(swap.line) {
                line.replace_range(swap.cell..=swap.cell, swap.to.encode_utf8(&mut [0; 4]));
            }
            zone.changed.push((swap.line, swap.cell));
            zone.cost += 1;
        }
        zone
    }

    /// The look-alikes in the cells that a wrong check digit stands for.
    fn swaps(&self, checks: Checks) -> Vec<Swap> {
        let layout = self.layout;
        let mut spans: Vec<Span> = Vec::new();
        if checks.number == Some(false) {
            spans.extend(
                [layout.number, layout.optional].iter().take(1 + usize::from(layout.number_overflows)),
            );
        }
        if checks.optional == Some(false) {
            spans.push(layout.optional);
        }
        if spans.is_empty() && checks.composite == Some(false) {
            spans.extend(layout.composite);
            spans.retain(|span| *span != layout.number);
        }
        let mut swaps = Vec::new();
        for span in spans {
            for (offset, c) in self.text(span).char_indices() {
                let cell = span.from + offset;
                let is_free = layout.class(span.line, cell) == Class::Any;
                // The number has its own digit, which is right when only the composite is wrong.
                let is_proven = checks.number == Some(true) && layout.number.holds(span.line, cell);
                if is_free && !is_proven {
                    let digit = digit_for(c).filter(|digit| *digit != c);
                    let swap = digit.map(|to| Swap { line: span.line, cell, from: c, to });
                    swaps.extend(swap.filter(|swap| !swaps.contains(swap)));
                }
            }
        }
        swaps
    }
}

/// Why no change is the right one.
enum Unproven {
    None,
    Several,
}

/// A digit to be put in the place of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Swap {
    line: usize,
    cell: usize,
    from: char,
    to: char,
}

/// The character that stands for `c` in a cell of a class; `None` when nothing there looks like it.
fn fit(c: char, class: Class) -> Option<char> {
    match class {
        Class::Any => Some(c),
        Class::Letter | Class::DigitOrFiller if c == '<' => Some(c),
        Class::Letter => letter_for(c),
        Class::Digit | Class::DigitOrFiller => digit_for(c),
        Class::Sex => matches!(c, 'M' | 'F' | 'X' | '<').then_some(c),
    }
}
