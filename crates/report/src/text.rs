//! Texts that come from files, made fit to be shown.

/// Makes text from files harmless: control characters could move a cursor or change a terminal's state,
/// and marks of writing direction could make a name read as another.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// The beginning of a printed text that is too long to quote.
pub(crate) fn shorten(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text).trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_files_cannot_steer_the_terminal() {
        assert_eq!(clean("a\u{1b}[31m\nb\u{202e}"), "a\u{fffd}[31m b\u{fffd}");
    }

    #[test]
    fn long_quotes_end_with_an_ellipsis() {
        assert_eq!(shorten("court"), "court");
        assert_eq!(shorten(&"x".repeat(80)), format!("{}…", "x".repeat(60)));
    }
}
