//! The characters the recogniser may answer with.

/// Classes of the recogniser's output that stand for Latin letters, figures and signs. The others, most
/// of them Chinese, cannot stand on the documents read here: leaving them out mends misreadings.
pub(super) struct Alphabet {
    /// Number of a class and its character, by rising number. The blank, class 0, is not among them.
    pub(super) classes: Vec<(usize, char)>,
}

/// The class that stands for no character.
pub(super) const BLANK: usize = 0;

impl Alphabet {
    /// From a dictionary of one character a line: class 1 is the first line, the space follows the last.
    pub(super) fn new(dictionary: &str) -> Self {
        let lines = dictionary.split('\n').map(|l| l.trim_end_matches('\r'));
        let mut lines: Vec<&str> = lines.collect();
        if lines.last() == Some(&"") {
            lines.pop();
        }
        let single = |line: &str| {
            let mut chars = line.chars();
            chars.next().filter(|_| chars.next().is_none())
        };
        let mut classes: Vec<(usize, char)> = lines
            .iter()
            .enumerate()
            .filter_map(|(index, line)| Some((index + 1, single(line).and_then(latin)?)))
            .collect();
        classes.push((lines.len() + 1, ' '));
        Self { classes }
    }
}

/// The character a class stands for on a French document; `None` for those that do not occur there.
fn latin(c: char) -> Option<char> {
    match c {
        // Full-width signs are the same signs in Chinese type.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        'º' => Some('°'),
        '!'..='~'
        | '£'
        | '§'
        | '©'
        | '®'
        | '«'
        | '»'
        | '°'
        | '²'
        | '³'
        | '·'
        | '±'
        | '×'
        | 'µ'
        | 'À'..='Ö'
        | 'Ø'..='ö'
        | 'ø'..='ž'
        | 'Ơ'
        | 'ơ'
        | 'Ư'
        | 'ư'
        | 'Ș'..='ț'
        | '\u{1e00}'..='\u{1eff}'
        | '–'
        | '—'
        | '‘'
        | '’'
        | '“'
        | '”'
        | '•'
        | '…'
        | '€'
        | '™'
        | '☐'
        | '☑'
        | '☒'
        | '■'
        | '□' => Some(c),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_numbered_by_line_and_the_space_comes_last() {
        let alphabet = Alphabet::new("!\n中\né\n：\n");
        assert_eq!(alphabet.classes, [(1, '!'), (3, 'é'), (4, ':'), (5, ' ')]);
    }
}
