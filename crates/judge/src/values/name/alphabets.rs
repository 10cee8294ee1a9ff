//! Names in alphabets that are written in Latin letters one by one, beside the same names in Latin ones: Cyrillic,
//! Georgian, Armenian.
//!
//! Every state writes its names in Latin letters in ways of its own, and changed them over the years: Ганна is Hanna on
//! Ukrainian passports and Ganna on Russian ones, Юлия Iuliia, Yuliya or Julia. ICAO Doc 9303-3, section 6.B, has the
//! Cyrillic letters of machine-readable passports, the national systems of Georgia (2002) and Armenia (BGN/PCGN 1981) the
//! others; what names are compared by is a key in which the usual ways fall together.

pub(super) fn is_letter(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}' | '\u{531}'..='\u{587}' | '\u{10d0}'..='\u{10ff}' | '\u{1c90}'..='\u{1cbf}')
}

/// True when most letters of a word are of these alphabets: a reader may have taken single ones for their Latin twins.
pub(super) fn is_of_one(word: &str) -> bool {
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
        _ => romanised_georgian(c).or_else(|| romanised_armenian(c)).unwrap_or_default(),
    }
}

/// By the national system of 2002, which passports use. Capitals stand for the only letters there are.
fn romanised_georgian(c: char) -> Option<&'static str> {
    const FIRST_SMALL: u32 = 0x10d0;
    const FIRST_CAPITAL: u32 = 0x1c90;
    /// From ა to ჰ.
    const LETTERS: [&str; 33] = [
        "A", "B", "G", "D", "E", "V", "Z", "T", "I", "K", "L", "M", "N", "O", "P", "ZH", "R", "S", "T", "U",
        "P", "K", "GH", "Q", "SH", "CH", "TS", "DZ", "TS", "CH", "KH", "J", "H",
    ];
    let code = u32::from(c);
    let first = if code >= FIRST_CAPITAL { FIRST_CAPITAL } else { FIRST_SMALL };
    LETTERS.get(usize::try_from(code.checked_sub(first)?).ok()?).copied()
}

/// As passports write them. Ու is U: two letters, of which the second is here U.
fn romanised_armenian(c: char) -> Option<&'static str> {
    const FIRST: u32 = 0x531;
    /// From Ա to Ֆ.
    const LETTERS: [&str; 38] = [
        "A", "B", "G", "D", "E", "Z", "E", "Y", "T", "ZH", "I", "L", "KH", "TS", "K", "H", "DZ", "GH", "CH",
        "M", "Y", "N", "SH", "O", "CH", "P", "J", "R", "S", "V", "T", "R", "TS", "U", "P", "K", "O", "F",
    ];
    LETTERS.get(usize::try_from(u32::from(c).checked_sub(FIRST)?).ok()?).copied()
}

/// Ways of writing one letter in Latin ones, made one. In this order.
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
    let mut key: String = if is_of_one(word) {
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
        for (theirs, latin) in [
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
            ("Ганболд", &["GANBOLD"]),
            ("კვარაცხელია", &["KVARATSKHELIA"]),
            ("თამარ", &["TAMAR"]),
            ("ჭავჭავაძე", &["CHAVCHAVADZE"]),
            ("Սարգսյան", &["SARGSYAN"]),
            ("Գոհար", &["GOHAR"]),
            ("Հարությունյան", &["HARUTYUNYAN"]),
        ] {
            for latin in latin {
                let (one, other) = (key(&letters(theirs)), key(latin));
                assert_eq!(one, other, "{theirs} {latin}");
            }
        }
    }

    #[test]
    fn other_names_stay_apart() {
        for (theirs, latin) in [
            ("Олена", "ALINA"),
            ("Марія", "MARINA"),
            ("Іван", "IVANNA"),
            ("Мельник", "MELNYCHUK"),
            ("Юрій", "IHOR"),
        ] {
            assert_ne!(key(&letters(theirs)), key(latin), "{theirs} {latin}");
        }
    }
}
