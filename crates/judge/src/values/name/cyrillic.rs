//! Names in Cyrillic letters beside the same names in Latin ones.
//!
//! Every state writes its Cyrillic names in Latin letters in ways of its own, and changed them over the years:
//! Ганна is Hanna on Ukrainian passports and Ganna on Russian ones, Юлия Iuliia, Yuliya or Julia. ICAO Doc 9303-3,
//! section 6.B, has the letters of machine-readable passports; what they are compared by is a key in which the
//! usual ways fall together.

pub(super) fn is_letter(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

/// True when most letters of a word are Cyrillic: a reader may have taken single ones for their Latin twins.
pub(super) fn is_cyrillic(word: &str) -> bool {
    let theirs = word.chars().filter(|c| is_letter(*c)).count();
    theirs * 2 > word.chars().count()
}

/// The letters of ICAO Doc 9303-3; of those that it writes in different ways by country, the commonest.
fn romanised(c: char) -> &'static str {
    match c {
        'А' | 'Ъ' | 'Ә' => "A",
        'Б' => "B",
        'В' => "V",
        'Г' | 'Ґ' => "G",
        'Д' | 'Ђ' => "D",
        'Е' | 'Э' | 'Ѐ' => "E",
        'Є' => "IE",
        'Ж' => "ZH",
        'З' | 'Ѕ' => "Z",
        'И' | 'І' | 'Ы' | 'Ј' | 'Ӏ' => "I",
        'К' | 'Қ' => "K",
        'Л' => "L",
        'Љ' => "LI",
        'М' => "M",
        'Н' | 'Ң' => "N",
        'Њ' => "NI",
        'О' | 'Ө' => "O",
        'П' => "P",
        'Р' => "R",
        'С' => "S",
        'Т' => "T",
        'Ћ' => "C",
        'У' | 'Ү' | 'Ұ' => "U",
        'Ф' => "F",
        'Х' | 'Һ' => "KH",
        'Ц' => "TS",
        'Ч' => "CH",
        'Џ' => "DZ",
        'Ш' => "SH",
        'Щ' => "SHCH",
        'Ю' => "IU",
        'Я' => "IA",
        _ => "",
    }
}

/// Ways of writing one Cyrillic letter in Latin ones, made one. In this order.
const ALIKE: &[(&str, &str)] = &[
    // French ways first: their letters are parts of others.
    ("CHTCH", "SHCH"),
    ("TCH", "CH"),
    ("OU", "U"),
    ("SHT", "SHCH"),
    ("SCH", "SH"),
    ("KH", "H"),
    ("GH", "H"),
    ("G", "H"),
    ("TZ", "C"),
    ("TS", "C"),
    ("DJ", "DZ"),
    ("ZH", "Z"),
    ("X", "KS"),
    ("W", "V"),
    ("FF", "V"),
    ("CK", "K"),
    ("Y", "I"),
    ("J", "I"),
    ("EI", "E"),
    ("IE", "E"),
    ("IO", "E"),
    ("II", "I"),
    ("II", "I"),
];

/// What a folded word in either script is compared by with one in the other.
pub(super) fn key(word: &str) -> String {
    let mut key: String = if is_cyrillic(word) {
        let twin = |c: char| if c.is_ascii_alphabetic() { c.to_string() } else { romanised(c).to_owned() };
        word.chars().map(twin).collect()
    } else {
        word.to_owned()
    };
    for (one, other) in ALIKE {
        key = key.replace(one, other);
    }
    key
}

#[cfg(test)]
mod tests {
    use complet_model::letters;

    use super::*;

    #[test]
    fn names_fall_together_however_they_were_written_in_latin_letters() {
        for (cyrillic, latin) in [
            ("Мельник", &["MELNYK", "MELNIK"] as &[&str]),
            ("Оксана", &["OKSANA", "OXANA"]),
            ("Ганна", &["HANNA", "GANNA"]),
            ("Юлія", &["YULIIA", "IULIIA", "YULIYA", "IOULIIA"]),
            ("Сергій", &["SERHII", "SERHIY", "SERGIY"]),
            ("Євген", &["YEVHEN", "IEVGEN"]),
            ("Щербаченко", &["SHCHERBACHENKO", "CHTCHERBATCHENKO"]),
            ("Наталья", &["NATALIA", "NATALYA"]),
            ("Дмитрий", &["DMITRII", "DMITRIY", "DMITRY"]),
            ("Хабибулин", &["KHABIBULIN"]),
            ("Цветелина", &["TSVETELINA"]),
            ("Ђорђевић", &["DORDEVIC"]),
            ("Александр", &["ALEKSANDR", "ALEXANDR"]),
        ] {
            for latin in latin {
                let (one, other) = (key(&letters(cyrillic)), key(latin));
                assert_eq!(one, other, "{cyrillic} {latin}");
            }
        }
    }

    #[test]
    fn other_names_stay_apart() {
        for (cyrillic, latin) in [
            ("Олена", "ALINA"),
            ("Марія", "MARINA"),
            ("Іван", "IVANNA"),
            ("Мельник", "MELNYCHUK"),
            ("Юрій", "IHOR"),
        ] {
            assert_ne!(key(&letters(cyrillic)), key(latin), "{cyrillic} {latin}");
        }
    }
}
