//! Machine-readable zones, from lines as OCR reads them.

mod cells;
mod layout;
mod votes;
mod zone;

use complet_model::{Date, Month};

use super::confusion::{digit_for, letter_for};
use super::country::is_alpha2;
use cells::{Fitted, fit_data, fit_names};
use layout::{LAYOUTS, Layout, Span};
pub use votes::read_zone;
use zone::Zone;

/// The layouts of machine-readable zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Cards, three lines of 30.
    Td1,
    /// Cards and travel documents, two lines of 36.
    Td2,
    /// Passports, two lines of 44.
    Td3,
    /// Visas, two lines of 44.
    MrvA,
    /// Visas, two lines of 36.
    MrvB,
    /// The French identity card of 1988 to 2021, two lines of 36.
    OldFrench,
}

/// Which check digits are right; `None` for one that the format does not have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checks {
    /// Of the document number.
    pub number: Option<bool>,
    /// Of the birth date.
    pub birth_date: Option<bool>,
    /// Of the expiry date.
    pub expiry_date: Option<bool>,
    /// Of the optional data.
    pub optional: Option<bool>,
    /// Of the whole.
    pub composite: Option<bool>,
}

impl Checks {
    fn each(self) -> impl Iterator<Item = bool> {
        [self.number, self.birth_date, self.expiry_date, self.optional, self.composite].into_iter().flatten()
    }

    /// True when every check digit that the format has is right.
    pub fn all_right(self) -> bool {
        self.each().all(|right| right)
    }

    /// How many check digits are right.
    pub fn right(self) -> usize {
        self.each().filter(|right| *right).count()
    }
}

/// A machine-readable zone as it was read. Its names, nationality and sex have no check digit: a valid zone
/// may still have a misread letter there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mrz {
    /// Its layout.
    pub format: Format,
    /// Indexes of the lines of text it was read from.
    pub lines: Vec<usize>,
    /// Its lines, at full width.
    pub text: Vec<String>,
    /// `P`, `ID`, `VC`: without fillers.
    pub document_code: String,
    /// Three-letter code of the issuing state; `DEU` for `D`.
    pub issuer: String,
    /// Family name, words parted by spaces.
    pub family_name: String,
    /// Given names, words parted by spaces.
    pub given_names: String,
    /// Document number.
    pub number: String,
    /// Three-letter code of the nationality; `DEU` for `D`, empty when it is no code that is known: no check
    /// digit tells a misread one. The old French card prints none and is given to the French only: `FRA`.
    pub nationality: String,
    /// Birth date, when the calendar has it.
    pub birth_date: Option<Date>,
    /// `M`, `F` or `X`.
    pub sex: Option<char>,
    /// Expiry date, when the calendar has it; none on the old French card.
    pub expiry_date: Option<Date>,
    /// Month of issue; only the old French card has it.
    pub issue_month: Option<Month>,
    /// Every check digit is right, and nothing else that would be right can be read as well.
    pub valid: bool,
    /// Something is not as it was read: fillers were counted anew in a line of data, or characters taken for
    /// their look-alikes.
    pub repaired: bool,
    /// The check digits one by one.
    pub checks: Checks,
    /// What other readings of it say.
    pub support: Support,
}

/// How far a zone that was read off a picture can be relied on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Support {
    /// What check digits cover was read alike twice, or once beyond doubt.
    pub data: bool,
    /// So were the names, which no digit covers.
    pub names: bool,
    /// So was the nationality.
    pub nationality: bool,
    /// The check digits are wrong, and two readers saw them so: they are printed so.
    pub misprinted: bool,
    /// Its letters are large enough for readers to make mistakes of their own.
    pub legible: bool,
}

impl Mrz {
    fn cell(&self, span: Span) -> &str {
        self.text.get(span.line).and_then(|line| line.get(span.from..span.to)).unwrap_or_default()
    }

    /// True when the names fill their line to its end, so that some of them may be cut off (ICAO 9303-3,
    /// section 4.6).
    pub fn is_cut(&self) -> bool {
        let cell =
            |line: usize, range: std::ops::Range<usize>| self.text.get(line).and_then(|l| l.get(range));
        let names = match self.format {
            Format::Td1 => vec![cell(2, 0..30)],
            Format::Td2 | Format::MrvB => vec![cell(0, 5..36)],
            Format::Td3 | Format::MrvA => vec![cell(0, 5..44)],
            Format::OldFrench => vec![cell(0, 5..30), cell(1, 13..27)],
        };
        names.into_iter().flatten().any(|cell| !cell.ends_with('<'))
    }
}

/// The machine-readable zones in the lines of a page. The lines are as read, not folded, in reading order;
/// spaces, misread fillers and small letters are expected.
///
/// A repair changes two characters at most for each check digit, only to their look-alikes, and counts only
/// when no other is as good. A zone whose check digits are wrong is given as read, with `valid` false.
/// Two-digit years: a birth is not after `as_of`, an expiry is in 1980 to 2079.
pub fn find_mrz(lines: &[&str], as_of: Date) -> Vec<Mrz> {
    let lines: Vec<Line> = lines
        .iter()
        .enumerate()
        .filter_map(|(index, raw)| Some(Line { index, cells: cells::cells(raw)? }))
        .collect();
    let mut candidates: Vec<Candidate> = (0..lines.len())
        .flat_map(|at| groups_at(&lines, at))
        .take(MOST_GROUPS)
        .filter_map(|(layout, group)| candidate(layout, &group))
        .collect();
    candidates.sort_by_key(Candidate::rank);
    let mut taken: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        if !taken.iter().any(|t| t.lines.iter().any(|line| candidate.lines.contains(line))) {
            taken.push(candidate);
        }
    }
    taken.sort_by_key(|candidate| candidate.lines.first().copied());
    taken.into_iter().map(|candidate| candidate.read(as_of)).collect()
}

/// A line that may belong to a zone.
struct Line {
    index: usize,
    cells: String,
}

/// Lines of a zone may have this many others between them, less one: empty ones, or noise.
const LINE_GAP: usize = 3;
/// Groups of lines on a page that are looked at; zones are few, and a hostile page may look like nothing else.
const MOST_GROUPS: usize = 200;
/// The second line of every zone has more digits than this, misread ones included.
const FEWEST_DIGITS: usize = 10;
/// With more cells that hold what cannot stand there, it is no zone.
const MOST_MISFITS: usize = 2;

/// A way to read some lines as a zone.
#[derive(Debug)]
struct Candidate {
    zone: Zone,
    lines: Vec<usize>,
    valid: bool,
}

impl Candidate {
    /// Order of preference, the best first.
    fn rank(&self) -> (bool, usize, usize, usize) {
        let wrong = 5 - self.zone.checks().right().min(5);
        // Of two that are right, the one that is as read.
        if self.valid {
            (false, self.zone.cost, wrong, 0)
        } else {
            (true, wrong, self.zone.misfits, self.zone.cost)
        }
    }
}

/// The lines from `at` on that may be a zone, in each layout.
fn groups_at(lines: &[Line], at: usize) -> Vec<(&'static Layout, Vec<&Line>)> {
    let mut out = Vec::new();
    for layout in LAYOUTS {
        // Noise may stand between the first line and the second.
        for second in at + 1..=at + 2 {
            let rest = lines.get(second..second + layout.lines - 1);
            let Some((first, rest)) = lines.get(at).zip(rest) else { continue };
            let group: Vec<&Line> = std::iter::once(first).chain(rest).collect();
            let close = group.windows(2).all(|pair| matches!(pair, [a, b] if b.index - a.index <= LINE_GAP));
            let has_digits = group.get(1).is_some_and(|line| {
                line.cells.chars().filter(|c| digit_for(*c).is_some()).count() > FEWEST_DIGITS
            });
            if close && has_digits && !beginnings(layout, &first.cells).is_empty() {
                out.push((layout, group));
            }
        }
    }
    out
}

/// The best reading of some lines in a layout.
fn candidate(layout: &'static Layout, group: &[&Line]) -> Option<Candidate> {
    let (first, rest) = group.split_first()?;
    let mut readings: Vec<Vec<Fitted>> = Vec::new();
    readings.push(beginnings(layout, &first.cells).into_iter().flat_map(|b| fitted(layout, 0, &b)).collect());
    for (line, read) in rest.iter().enumerate() {
        readings.push(fitted(layout, line + 1, &Fitted { cells: read.cells.clone(), cost: 0, shaky: false }));
    }
    let mut zones: Vec<Zone> = Vec::new();
    for lines in products(&readings) {
        let cells: Vec<&str> = lines.iter().map(|line| line.cells.as_str()).collect();
        let cost = lines.iter().map(|line| line.cost).sum();
        let zone = Zone::new(layout, &cells, cost, lines.iter().any(|line| line.shaky));
        if zone.misfits <= MOST_MISFITS {
            zones.push(zone);
        }
    }
    let lines: Vec<usize> = group.iter().map(|line| line.index).collect();
    let mut proven: Vec<Zone> = zones.iter().filter(|zone| zone.is_proven()).cloned().collect();
    if proven.is_empty() {
        proven = zones.iter().filter_map(Zone::repaired).collect();
    }
    let is_known = |zone: &Zone| is_issuer(zone.text(zone.layout.issuer), true);
    if let Some(best) = proven.iter().min_by_key(|zone| zone.cost).cloned() {
        let rivals = proven.iter().filter(|zone| zone.cost == best.cost && zone.lines != best.lines);
        let valid = rivals.count() == 0;
        return (is_known(&best) || best.cost == 0).then_some(Candidate { zone: best, lines, valid });
    }
    let best =
        zones.into_iter().min_by_key(|zone| (5 - zone.checks().right().min(5), zone.misfits, zone.cost))?;
    // By chance one check digit in ten is right.
    let plausible = is_known(&best) && best.checks().right() > 0;
    plausible.then_some(Candidate { zone: best, lines, valid: false })
}

/// The first line with its code and issuer in their cells: noise before them left out, a filler after the
/// code's first letter counted anew.
fn beginnings(layout: &Layout, cells: &str) -> Vec<Fitted> {
    let begins = |text: &str| text.starts_with(layout.codes) && text.contains('<');
    let mut out = Vec::new();
    for noise in 0..=2 {
        let Some(text) = cells.get(noise..).map(with_letter_first).filter(|text| begins(text)) else {
            continue;
        };
        let changed = usize::from(noise > 0) + usize::from(!cells.ends_with(text.as_str()));
        let (code, rest) = text.split_at(1);
        let recounted = [format!("{code}<{rest}"), format!("{code}{}", rest.get(1..).unwrap_or_default())];
        if text.get(2..5).is_some_and(|issuer| is_issuer(issuer, noise == 0)) {
            out.push(Fitted { cells: text, cost: changed, shaky: noise > 0 });
        }
        for line in recounted {
            if line.get(2..5).is_some_and(|issuer| is_issuer(issuer, false)) {
                out.push(Fitted { cells: line, cost: changed + 1, shaky: false });
            }
        }
    }
    if out.is_empty() && begins(cells) {
        out.push(Fitted { cells: cells.to_owned(), cost: 0, shaky: false });
    }
    // A `K` in place of the filler after the code.
    for line in &mut out {
        if line.cells.get(1..2) == Some("K") {
            line.cells.replace_range(1..2, "<");
            line.cost += 1;
        }
    }
    out
}

/// Every code begins with a letter: a 1 there is an I.
fn with_letter_first(cells: &str) -> String {
    cells.strip_prefix('1').map_or_else(|| cells.to_owned(), |rest| format!("I{rest}"))
}

/// True for the code of a state that issues documents, read with a look-alike or not. Two letters and a filler
/// (`SI<`) are not by the book, but printed; any text has such, hence only where they are looked for.
fn is_issuer(cells: &str, also_two_letters: bool) -> bool {
    let letters: Option<String> =
        cells.chars().map(|c| if c == '<' { Some(c) } else { letter_for(c) }).collect();
    letters.is_some_and(|letters| {
        let code = letters.trim_end_matches('<');
        mrz::country_name(code).is_some() || (also_two_letters && is_alpha2(code))
    })
}

fn fitted(layout: &Layout, line: usize, read: &Fitted) -> Vec<Fitted> {
    let fits = if layout.ends_in_names(line) {
        fit_names(&read.cells, layout.width, layout.names.from)
    } else {
        fit_data(&read.cells, layout.width, line > 0)
    };
    fits.into_iter()
        .map(|fit| Fitted { cost: fit.cost + read.cost, shaky: fit.shaky || read.shaky, ..fit })
        .collect()
}

/// Each way to take one reading of every line; a hundred at most.
fn products(readings: &[Vec<Fitted>]) -> Vec<Vec<&Fitted>> {
    const MOST: usize = 100;
    let mut out: Vec<Vec<&Fitted>> = vec![Vec::new()];
    for line in readings {
        out = out
            .into_iter()
            .flat_map(|head| line.iter().map(move |reading| head.iter().copied().chain([reading]).collect()))
            .take(MOST)
            .collect();
    }
    out
}

impl Candidate {
    fn read(self, as_of: Date) -> Mrz {
        let (zone, layout) = (&self.zone, self.zone.layout);
        let text = |span| zone.text(span).trim_matches('<').to_owned();
        let (family_name, given_names) = names(zone);
        let old_french = layout.format == Format::OldFrench;
        let printed = country(&text(layout.nationality));
        let nationality = match old_french {
            true => "FRA".to_owned(),
            false if mrz::country_name(&printed).is_some() => printed,
            false => String::new(),
        };
        Mrz {
            format: layout.format,
            document_code: text(layout.code),
            issuer: country(&text(layout.issuer)),
            family_name,
            given_names,
            number: zone.number().0.trim_matches('<').to_owned(),
            nationality,
            birth_date: birth_date(zone.text(layout.birth), as_of),
            sex: zone.text(layout.sex).chars().next().filter(|c| *c != '<'),
            expiry_date: date(zone.text(layout.expiry), |year| if year < 80 { 2000 } else { 1900 }),
            issue_month: old_french.then(|| issue_month(zone.text(layout.number))).flatten(),
            valid: self.valid,
            repaired: zone.cost > 0,
            checks: zone.checks(),
            support: Support::default(),
            text: self.zone.lines,
            lines: self.lines,
        }
    }
}

/// Germany alone has a code of one letter.
fn country(code: &str) -> String {
    if code == "D" { "DEU".to_owned() } else { code.to_owned() }
}

fn names(zone: &Zone) -> (String, String) {
    let words = |text: &str| text.split('<').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let (names, given) = (zone.text(zone.layout.names), zone.text(zone.layout.given));
    if !given.is_empty() {
        return (words(names), words(given));
    }
    let (family, rest) = names.split_once("<<").unwrap_or((names, ""));
    // What stands after the next double filler is noise.
    let given = rest.trim_start_matches('<').split("<<").next().unwrap_or_default();
    (words(family), words(given))
}

fn date(figures: &str, century: impl Fn(i16) -> i16) -> Option<Date> {
    let part = |from, to| figures.get(from..to).and_then(|text| text.parse::<i8>().ok());
    let (year, month, day) = (i16::from(part(0, 2)?), part(2, 4)?, part(4, 6)?);
    Date::new(century(year) + year, month, day).ok()
}

/// The last such day that is not after `as_of`.
fn birth_date(figures: &str, as_of: Date) -> Option<Date> {
    let in_century = |century: i16| date(figures, |_| century);
    let this = as_of.year() - as_of.year().rem_euclid(100);
    in_century(this).filter(|day| *day <= as_of).or_else(|| in_century(this - 100))
}

/// The card's number begins with the year and month of its issue.
fn issue_month(number: &str) -> Option<Month> {
    let year: i16 = number.get(..2)?.parse().ok()?;
    Month::new(if year < 80 { 2000 } else { 1900 } + year, number.get(2..4)?.parse().ok()?)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod votes_tests;
