//! From a line as OCR reads it to the cells of a zone: letters, digits and fillers.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use complet_model::fold;
use regex::Regex;

/// Letters that fillers are read as.
const LIKE_FILLERS: &[char] = &['K', 'C', 'E', 'S', 'X', 'L', 'G'];
/// Characters that no zone has; more of them make a line of plain text.
const MOST_STRANGERS: usize = 4;
/// Cells of a line that is too short to be looked at.
const FEWEST_CELLS: usize = 10;
/// Cells of the longest line, with what noise may add.
const MOST_CELLS: usize = 60;

/// The cells of a line as read; `None` when it can be no line of a zone.
pub(super) fn cells(raw: &str) -> Option<String> {
    // A hostile line may be of any length.
    if raw.len() > MOST_CELLS * 8 {
        return None;
    }
    let mut cells = String::new();
    let mut strangers = 0;
    for (at, c) in raw.char_indices() {
        match c {
            'A'..='Z' | '0'..='9' => cells.push(c),
            '<' | '‹' | '›' | '>' | '(' | ')' | '{' | '}' | '[' | ']' | '£' | '€' | '¢' | '©' | '_' | '~'
            | '-' | '–' | '—' | '=' => cells.push('<'),
            '«' | '»' => cells.push_str("<<"),
            '|' | '!' => cells.push('I'),
            '$' => cells.push('S'),
            'a'..='z' if is_between_fillers(raw, at) => cells.push('<'),
            'a'..='z' => cells.push(c.to_ascii_uppercase()),
            c if c.is_alphabetic() => {
                strangers += 1;
                cells.extend(fold(&c.to_string()).chars().filter(char::is_ascii_uppercase));
            }
            c if c.is_whitespace() || matches!(c, '.' | ',' | ':' | ';' | '\'' | '"' | '’' | '‘' | '·') =>
                {}
            _ => strangers += 1,
        }
    }
    let fits = strangers <= MOST_STRANGERS && (FEWEST_CELLS..=MOST_CELLS).contains(&cells.len());
    fits.then(|| without_letters_between_fillers(&cells))
}

/// A small letter between fillers is a filler: zones have no small letters.
fn is_between_fillers(raw: &str, at: usize) -> bool {
    let is_filler =
        |c: Option<char>| c.is_some_and(|c| matches!(c, '<' | '«' | '‹' | '(' | 'k' | 'c' | 'e' | 'x' | 's'));
    let here = raw.get(at..).and_then(|rest| rest.chars().next());
    let before = raw.get(..at).and_then(|head| head.chars().next_back());
    let after = raw.get(at..).and_then(|rest| rest.chars().nth(1));
    let plain = |c: Option<char>| matches!(c, Some('<' | '«' | '‹' | '('));
    is_filler(here) && is_filler(before) && is_filler(after) && (plain(before) || plain(after))
}

/// `<<<K<<`, `<<<CE<<`: one or two letters in a long run of fillers are fillers. Two fillers alone may be the
/// end of a code of one letter, and a short name may follow them: `P<D<<LE<<KIM`.
fn without_letters_between_fillers(cells: &str) -> String {
    static RUN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("<<<[KCESXLG]{1,2}<<").ok());
    let Some(run) = RUN.as_ref() else { return cells.to_owned() };
    let mut out = cells.to_owned();
    // Runs overlap: `<<<K<<<C<<`. Each round leaves fewer letters.
    while let Some(range) = run.find(&out).map(|m| m.range()) {
        let fillers = "<".repeat(range.len());
        out.replace_range(range, &fillers);
    }
    out
}

/// Names with the fillers after them made fillers again: after the given names there is nothing else.
/// Tells whether a letter was taken for a filler.
pub(super) fn clean_tail(names: &str) -> (String, bool) {
    let unchanged = || (names.to_owned(), false);
    let Some((family, rest)) = names.split_once("<<") else { return unchanged() };
    let given = rest.trim_start_matches('<');
    let given_at = names.len() - given.len();
    let Some(tail) = given.find("<<").into_iter().chain(chain(given)).min() else { return unchanged() };
    let (kept, tail) = names.split_at(given_at + tail);
    let is_noise = tail.chars().all(|c| c == '<' || LIKE_FILLERS.contains(&c));
    let letters = tail.chars().any(|c| c != '<');
    if family.is_empty() || !is_noise || !letters {
        return unchanged();
    }
    (kept.to_owned() + &"<".repeat(tail.len()), true)
}

/// Where a row of fillers read as letters begins: many letters, but few different ones, up to the end. One or
/// two such letters may be initials, five a name.
fn chain(cells: &str) -> Option<usize> {
    static CHAIN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("<[KCESXLG<]*$").ok());
    let chain = CHAIN.as_ref()?.find(cells)?;
    let letters: BTreeSet<char> = chain.as_str().chars().filter(|c| *c != '<').collect();
    let count = chain.as_str().chars().filter(|c| *c != '<').count();
    let only_k_and_c = letters.iter().all(|c| matches!(c, 'K' | 'C'));
    let is_noise = (count >= 6 && letters.len() <= 3) || (count >= 3 && only_k_and_c);
    is_noise.then(|| chain.start())
}

/// A line at its full width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fitted {
    pub(super) cells: String,
    /// How much had to be assumed; 0 when nothing was.
    pub(super) cost: usize,
    /// Every cell after the place of the assumption may be one off.
    pub(super) shaky: bool,
}

/// The line with fillers added or taken away at its end only: for lines that end in names.
pub(super) fn fit_names(cells: &str, width: usize, prefix: usize) -> Vec<Fitted> {
    let Some((head, names)) = cells.split_at_checked(prefix) else { return Vec::new() };
    let (names, cleaned) = clean_tail(names);
    let line = format!("{head}{names}");
    let trimmed = line.trim_end_matches('<');
    if trimmed.len() > width {
        return Vec::new();
    }
    let padded = format!("{trimmed:<<width$}");
    vec![Fitted { cells: padded, cost: usize::from(cleaned), shaky: false }]
}

/// A run of fillers this long may have been counted wrong by any number.
const LONG_RUN: usize = 3;
/// Most cells that are added to a short run, or cut off as noise at the ends.
const FEW: usize = 2;

/// The ways in which a line of data may be brought to its width: a run of fillers is longer or shorter than it
/// was read, or noise stands at an end; at the front only where `may_start_with_noise`.
pub(super) fn fit_data(read: &str, width: usize, may_start_with_noise: bool) -> Vec<Fitted> {
    let chain = chain(read).map(|at| read.split_at(at));
    let cleaned = chain.map(|(kept, noise)| format!("{kept}{}", "<".repeat(noise.len())));
    let own_cost = usize::from(cleaned.is_some());
    let cells = cleaned.as_deref().unwrap_or(read);
    let length = cells.len();
    if length == width {
        return vec![Fitted { cells: cells.to_owned(), cost: own_cost, shaky: false }];
    }
    let mut out: Vec<Fitted> = Vec::new();
    let mut add = |cells: String, shaky: bool| {
        if cells.len() == width && !out.iter().any(|known| known.cells == cells) {
            out.push(Fitted { cells, cost: own_cost + 1, shaky });
        }
    };
    for (from, to) in runs(cells) {
        let (head, tail) = (cells.get(..from).unwrap_or_default(), cells.get(to..).unwrap_or_default());
        let run = width.saturating_sub(head.len() + tail.len());
        let is_long = to - from >= LONG_RUN;
        if run > 0 && (run.abs_diff(to - from) <= FEW || is_long) {
            add(format!("{head}{}{tail}", "<".repeat(run)), !is_long);
        }
    }
    if length < width && width - length > FEW && !cells.ends_with('<') {
        // Fillers at the end are the first that are lost.
        add(format!("{cells:<<width$}"), false);
    }
    if length > width && length - width <= FEW {
        for front in 0..=if may_start_with_noise { length - width } else { 0 } {
            add(cells.get(front..front + width).unwrap_or_default().to_owned(), true);
        }
    }
    out
}

/// The runs of fillers, as first cell and cell after the last.
fn runs(cells: &str) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in cells.match_indices('<') {
        match runs.last_mut().filter(|(_, to)| *to == at) {
            Some((_, to)) => *to += 1,
            None => runs.push((at, at + 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn noise_becomes_cells() {
        assert_eq!(
            cells("P < UTO ERIKSSON«ANNA<MARIA<<<k<<c<").unwrap(),
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<"
        );
        assert_eq!(cells("l898902c36uto7408122f1204159").unwrap(), "L898902C36UTO7408122F1204159");
        assert_eq!(cells("IDFRA(((((((((").unwrap(), "IDFRA<<<<<<<<<");
        assert_eq!(cells("court"), None);
        assert_eq!(cells(&"<".repeat(5000)), None);
        assert_eq!(cells("%%% §§§ %%% AAAAAAAAAAAAAAAA"), None);
    }

    #[test]
    fn letters_after_the_names_are_fillers() {
        assert_eq!(
            clean_tail("ERIKSSON<<ANNA<MARIA<<K<CC<<"),
            ("ERIKSSON<<ANNA<MARIA<<<<<<<<".to_owned(), true)
        );
        assert_eq!(clean_tail("ERIKSSON<<ANNA<KKKKCK"), ("ERIKSSON<<ANNA<<<<<<<".to_owned(), true));
        assert_eq!(clean_tail("ERIKSSON<<ANNA<KELELLLELE").0, "ERIKSSON<<ANNA<<<<<<<<<<<");
        assert_eq!(clean_tail("ERIKSSON<<ANNA<<BOB"), ("ERIKSSON<<ANNA<<BOB".to_owned(), false));
        for names in [
            "BECK<<KIM<<<<",
            "VZOR<<<<<<<<<",
            "KUMAR<<RAJ<K<<<<",
            "KUMAR<<K<<<<",
            "LE<<K<C<<<",
            "LE<<ANNA<CELES",
        ] {
            assert_eq!(clean_tail(names), (names.to_owned(), false));
        }
        assert_eq!(cells("P<D<<LE<<KIM<<<<<<").unwrap(), "P<D<<LE<<KIM<<<<<<");
    }

    #[test]
    fn a_run_takes_what_the_width_lacks() {
        let fitted = fit_data("L898902C36UTO7408122F1204159ZE184226B<<<10", 44, true);
        assert!(fitted.iter().any(|f| f.cells == "L898902C36UTO7408122F1204159ZE184226B<<<<<10"));
        assert!(fit_data("L898902C36", 44, true).iter().all(|f| f.cells.len() == 44));
        assert_eq!(fit_names("P<UTOERIKSSON<<ANNA", 44, 5)[0].cells.len(), 44);
    }
}
