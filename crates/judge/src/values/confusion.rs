//! Characters that OCR takes for one another.

/// What is left of a word when characters that look alike are made equal: two words with the same
/// skeleton may be the same print. `A0UT` and `AOUT` share one.
pub(crate) fn skeleton(word: &str) -> String {
    let merged = word.replace("RN", "M").replace("VV", "W");
    merged
        .chars()
        .map(|c| match c {
            '0' | 'Q' | 'D' => 'O',
            '1' | 'L' | '|' | '!' => 'I',
            '5' => 'S',
            '8' => 'B',
            '2' => 'Z',
            '6' | 'C' => 'G',
            c => c,
        })
        .collect()
}

/// The digit that `c` stands for where only digits may stand; the digit itself for a digit.
pub(crate) fn digit_for(c: char) -> Option<char> {
    Some(match c {
        '0'..='9' => c,
        'O' | 'Q' | 'D' => '0',
        'I' | 'L' | '|' | '!' => '1',
        'Z' => '2',
        'S' => '5',
        'G' => '6',
        'T' => '7',
        'B' => '8',
        _ => return None,
    })
}

/// The letter that `c` stands for where only letters may stand; the letter itself for a letter.
pub(crate) fn letter_for(c: char) -> Option<char> {
    Some(match c {
        'A'..='Z' => c,
        '0' => 'O',
        '1' | '|' | '!' => 'I',
        '2' => 'Z',
        '5' => 'S',
        '6' => 'G',
        '8' => 'B',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_share_a_skeleton() {
        for (print, read) in
            [("AOUT", "A0UT"), ("AOUT", "AQUT"), ("FEVRIER", "FEVRLER"), ("JUILLET", "JUI11ET")]
        {
            assert_eq!(skeleton(print), skeleton(read));
        }
        assert_ne!(skeleton("JUIN"), skeleton("JUIL"));
    }

    #[test]
    fn a_digit_made_a_letter_reads_back() {
        for digit in ['0', '1', '2', '5', '6', '8'] {
            assert_eq!(letter_for(digit).and_then(digit_for), Some(digit));
        }
    }
}
