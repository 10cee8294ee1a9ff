//! Month names of the languages that acts and passports are printed in.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::confusion::skeleton;

/// Full names by month: French, English, Spanish, Portuguese, Italian, German, Dutch.
const NAMES: [&[&str]; 12] = [
    &["JANVIER", "JANUARY", "ENERO", "JANEIRO", "GENNAIO", "JANUAR", "JANUARI"],
    &["FEVRIER", "FEBRUARY", "FEBRERO", "FEVEREIRO", "FEBBRAIO", "FEBRUAR", "FEBRUARI"],
    &["MARS", "MARCH", "MARZO", "MARCO", "MARZ", "MAERZ", "MAART"],
    &["AVRIL", "APRIL", "ABRIL", "APRILE"],
    &["MAI", "MAY", "MAYO", "MAIO", "MAGGIO", "MEI"],
    &["JUIN", "JUNE", "JUNIO", "JUNHO", "GIUGNO", "JUNI"],
    &["JUILLET", "JULY", "JULIO", "JULHO", "LUGLIO", "JULI"],
    &["AOUT", "AUGUST", "AGOSTO", "AUGUSTUS"],
    &["SEPTEMBRE", "SEPTEMBER", "SEPTIEMBRE", "SETIEMBRE", "SETEMBRO", "SETTEMBRE"],
    &["OCTOBRE", "OCTOBER", "OCTUBRE", "OUTUBRO", "OTTOBRE", "OKTOBER"],
    &["NOVEMBRE", "NOVEMBER", "NOVIEMBRE", "NOVEMBRO"],
    &["DECEMBRE", "DECEMBER", "DICIEMBRE", "DEZEMBRO", "DICEMBRE", "DEZEMBER"],
];

/// The same in Ukrainian, Russian, Bulgarian, in Arabic as written in Egypt, Morocco, Algeria and Syria, in Greek,
/// Hebrew, Georgian and Armenian; as they stand in dates, folded.
const FOREIGN: [&[&str]; 12] = [
    &["СІЧНЯ", "ЯНВАРЯ", "ЯНУАРИ", "يناير", "جانفي", "ΙΑΝΟΥΑΡΙΟΥ", "ינואר", "ᲘᲐᲜᲕᲐᲠᲘ", "ᲘᲐᲜᲕᲠᲘᲡ", "ՀՈՒՆՎԱՐԻ"],
    &[
        "ЛЮТОГО",
        "ФЕВРАЛЯ",
        "ФЕВРУАРИ",
        "فبراير",
        "فيفري",
        "شباط",
        "ΦΕΒΡΟΥΑΡΙΟΥ",
        "פברואר",
        "ᲗᲔᲑᲔᲠᲕᲐᲚᲘ",
        "ᲗᲔᲑᲔᲠᲕᲚᲘᲡ",
        "ՓԵՏՐՎԱՐԻ",
    ],
    &["БЕРЕЗНЯ", "МАРТА", "МАРТ", "مارس", "اذار", "ΜΑΡΤΙΟΥ", "מרץ", "ᲛᲐᲠᲢᲘ", "ᲛᲐᲠᲢᲘᲡ", "ՄԱՐՏԻ"],
    &[
        "КВІТНЯ",
        "АПРЕЛЯ",
        "АПРИЛ",
        "ابريل",
        "افريل",
        "نيسان",
        "ΑΠΡΙΛΙΟΥ",
        "אפריל",
        "ᲐᲞᲠᲘᲚᲘ",
        "ᲐᲞᲠᲘᲚᲘᲡ",
        "ԱՊՐԻԼԻ",
    ],
    &["ТРАВНЯ", "МАЯ", "МАИ", "مايو", "ماي", "ايار", "ΜΑΙΟΥ", "מאי", "ᲛᲐᲘᲡᲘ", "ᲛᲐᲘᲡᲘᲡ", "ՄԱՅԻՍԻ"],
    &[
        "ЧЕРВНЯ",
        "ИЮНЯ",
        "ЮНИ",
        "يونيو",
        "يونيه",
        "جوان",
        "حزيران",
        "ΙΟΥΝΙΟΥ",
        "יוני",
        "ᲘᲕᲜᲘᲡᲘ",
        "ᲘᲕᲜᲘᲡᲘᲡ",
        "ՀՈՒՆԻՍԻ",
    ],
    &[
        "ЛИПНЯ",
        "ИЮЛЯ",
        "ЮЛИ",
        "يوليو",
        "يوليوز",
        "جويليه",
        "تموز",
        "ΙΟΥΛΙΟΥ",
        "יולי",
        "ᲘᲕᲚᲘᲡᲘ",
        "ᲘᲕᲚᲘᲡᲘᲡ",
        "ՀՈՒԼԻՍԻ",
    ],
    &[
        "СЕРПНЯ",
        "АВГУСТА",
        "АВГУСТ",
        "اغسطس",
        "غشت",
        "اوت",
        "اب",
        "ΑΥΓΟΥΣΤΟΥ",
        "אוגוסט",
        "ᲐᲒᲕᲘᲡᲢᲝ",
        "ᲐᲒᲕᲘᲡᲢᲝᲡ",
        "ՕԳՈՍՏՈՍԻ",
    ],
    &[
        "ВЕРЕСНЯ",
        "СЕНТЯБРЯ",
        "СЕПТЕМВРИ",
        "سبتمبر",
        "شتنبر",
        "ايلول",
        "ΣΕΠΤΕΜΒΡΙΟΥ",
        "ספטמבר",
        "ᲡᲔᲥᲢᲔᲛᲑᲔᲠᲘ",
        "ᲡᲔᲥᲢᲔᲛᲑᲠᲘᲡ",
        "ՍԵՊՏԵՄԲԵՐԻ",
    ],
    &[
        "ЖОВТНЯ",
        "ОКТЯБРЯ",
        "ОКТОМВРИ",
        "اكتوبر",
        "ΟΚΤΩΒΡΙΟΥ",
        "אוקטובר",
        "ᲝᲥᲢᲝᲛᲑᲔᲠᲘ",
        "ᲝᲥᲢᲝᲛᲑᲠᲘᲡ",
        "ՀՈԿՏԵՄԲԵՐԻ",
    ],
    &[
        "ЛИСТОПАДА",
        "НОЯБРЯ",
        "НОЕМВРИ",
        "نوفمبر",
        "نونبر",
        "ΝΟΕΜΒΡΙΟΥ",
        "נובמבר",
        "ᲜᲝᲔᲛᲑᲔᲠᲘ",
        "ᲜᲝᲔᲛᲑᲠᲘᲡ",
        "ՆՈՅԵՄԲԵՐԻ",
    ],
    &[
        "ГРУДНЯ",
        "ДЕКАБРЯ",
        "ДЕКЕМВРИ",
        "ديسمبر",
        "دجنبر",
        "ΔΕΚΕΜΒΡΙΟΥ",
        "דצמבר",
        "ᲓᲔᲙᲔᲛᲑᲔᲠᲘ",
        "ᲓᲔᲙᲔᲛᲑᲠᲘᲡ",
        "ԴԵԿՏԵՄԲԵՐԻ",
    ],
];

const ABBREVIATIONS: [&[&str]; 12] = [
    &["JAN", "JANV", "ENE", "GEN"],
    &["FEV", "FEVR", "FEB", "FEBR"],
    &["MAR", "MRZ", "MRT", "MAA"],
    &["AVR", "APR", "ABR"],
    &["MAG"],
    &["JUN", "GIU"],
    &["JUL", "JUIL", "JUILL", "LUG"],
    &["AOU", "AUG", "AGO"],
    &["SEP", "SEPT", "SET", "SETT"],
    &["OCT", "OKT", "OTT", "OUT"],
    &["NOV"],
    &["DEC", "DEZ", "DIC"],
];

const REPAIRED: f32 = 0.8;
const GUESSED: f32 = 0.55;

/// A month read in a word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct MonthWord {
    /// 1 to 12.
    pub(crate) month: i8,
    /// True for `SEPT`, false for `SEPTEMBRE`.
    pub(crate) abbreviated: bool,
    /// 1 as printed; less when characters had to be taken for others.
    pub(crate) certainty: f32,
}

static EXACT: LazyLock<HashMap<&'static str, MonthWord>> = LazyLock::new(|| {
    let words = |table: &[&'static [&'static str]; 12], abbreviated| {
        (1..=12)
            .zip(*table)
            .flat_map(move |(month, names)| {
                names.iter().map(move |name| (*name, MonthWord { month, abbreviated, certainty: 1.0 }))
            })
            .collect::<Vec<_>>()
    };
    let mut map: HashMap<_, _> = [words(&ABBREVIATIONS, true), words(&FOREIGN, false), words(&NAMES, false)]
        .concat()
        .into_iter()
        .collect();
    // October in Portuguese, but also August in French with its first letter lost.
    if let Some(word) = map.get_mut("OUT") {
        word.certainty = GUESSED;
    }
    map
});

/// Skeletons that belong to one month only.
static SKELETONS: LazyLock<HashMap<String, Option<MonthWord>>> = LazyLock::new(|| {
    let mut map: HashMap<String, Option<MonthWord>> = HashMap::new();
    for (name, word) in EXACT.iter() {
        let repaired = MonthWord { certainty: REPAIRED, ..*word };
        map.entry(skeleton(name))
            .and_modify(|known| *known = known.filter(|k| k.month == word.month))
            .or_insert(Some(repaired));
    }
    map
});

/// The month that `word` (folded, letters only) names as printed.
pub(crate) fn exact(word: &str) -> Option<MonthWord> {
    EXACT.get(word).copied()
}

/// The month that `word` names when OCR may have misread it. Only for words that stand where a month is
/// due: plenty of words are a letter away from a month.
pub(crate) fn misread(word: &str) -> Option<MonthWord> {
    let length = word.chars().count();
    let has_intruder = word.chars().any(|c| !c.is_alphabetic());
    let look_alike = SKELETONS.get(&skeleton(word)).copied().flatten();
    look_alike
        .filter(|_| length > 3 || has_intruder)
        .or_else(|| (6..=12).contains(&length).then(|| one_slip_away(word)).flatten())
}

fn one_slip_away(word: &str) -> Option<MonthWord> {
    let mut near = (1..=12).zip(NAMES).filter(|(_, names)| {
        names.iter().any(|name| name.len() >= 6 && strsim::levenshtein(name, word) <= 1)
    });
    match (near.next(), near.next()) {
        (Some((month, _)), None) => Some(MonthWord { month, abbreviated: false, certainty: GUESSED }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use complet_model::fold;

    use super::*;

    #[test]
    fn each_name_belongs_to_one_month() {
        let mut seen = HashMap::new();
        for (month, names) in [NAMES, FOREIGN, ABBREVIATIONS].iter().flat_map(|table| (1..=12).zip(table)) {
            for name in *names {
                assert_eq!(fold(name), *name, "is compared with folded text");
                assert_eq!(*seen.entry(*name).or_insert(month), month, "{name}");
                assert_eq!(exact(name).unwrap().month, month);
            }
        }
    }

    #[test]
    fn misread_months() {
        for (word, month) in [
            ("A0UT", 8),
            ("AQUT", 8),
            ("FEVRLER", 2),
            ("JUI1LET", 7),
            ("JUIIIET", 7),
            ("JUI11ET", 7),
            ("0CT0BRE", 10),
            ("DECEM8RE", 12),
            ("SEPTEMERE", 9),
            ("JU1N", 6),
            ("N0V", 11),
        ] {
            let read = misread(word).unwrap_or_else(|| panic!("{word}"));
            assert_eq!(read.month, month, "{word}");
            assert!(read.certainty < 1.0);
        }
        for word in ["CEN", "RUE", "MAISON", "JANINE", "PARIS", "MARIE"] {
            assert_eq!(misread(word), None, "{word}");
        }
    }
}
