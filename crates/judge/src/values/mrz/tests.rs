#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

const AS_OF: Date = Date::constant(2026, 11, 15);
const TD3: [&str; 2] =
    ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
const TD1: [&str; 3] =
    ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"];
const TD2: [&str; 2] = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"];
const OLD_FRENCH: [&str; 2] =
    ["IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<", "8806923102858CORINNE<<<<<<<6512068F6"];
const CNIE: [&str; 3] =
    ["IDFRAX4RTBPFW46<<<<<<<<<<<<<<<", "9007138F3002119FRA<<<<<<<<<<<6", "MARTIN<<MAELYS<GAELLE<MARIE<<<"];
const MRV_A: [&str; 2] =
    ["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"];
const MRV_B: [&str; 2] = ["VCFRASPECIMEN<<SPECIMEN<<<<<<<<<<<<<", "F000000005UTO0311063M1401143<M300703"];

fn one(lines: &[&str]) -> Mrz {
    let mut found = find_mrz(lines, AS_OF);
    assert_eq!(found.len(), 1, "{lines:?}: {found:?}");
    found.pop().unwrap()
}

#[test]
fn every_format_as_printed() {
    for (lines, format) in [
        (&TD3[..], Format::Td3),
        (&TD1[..], Format::Td1),
        (&TD2[..], Format::Td2),
        (&OLD_FRENCH[..], Format::OldFrench),
        (&CNIE[..], Format::Td1),
        (&MRV_A[..], Format::MrvA),
        (&MRV_B[..], Format::MrvB),
    ] {
        let mrz = one(lines);
        assert_eq!((mrz.format, mrz.valid, mrz.repaired), (format, true, false), "{lines:?}");
        assert_eq!(mrz.text, lines);
        assert_eq!(mrz.lines, (0..lines.len()).collect::<Vec<_>>());
    }
}

#[test]
fn fields_of_a_passport() {
    let mrz = one(&TD3);
    assert_eq!(
        (mrz.document_code.as_str(), mrz.issuer.as_str(), mrz.nationality.as_str()),
        ("P", "UTO", "UTO")
    );
    assert_eq!((mrz.family_name.as_str(), mrz.given_names.as_str()), ("ERIKSSON", "ANNA MARIA"));
    assert_eq!((mrz.number.as_str(), mrz.sex), ("L898902C3", Some('F')));
    assert_eq!(mrz.birth_date, Some(Date::constant(1974, 8, 12)));
    assert_eq!(mrz.expiry_date, Some(Date::constant(2012, 4, 15)));
}

#[test]
fn fields_of_the_old_french_card() {
    let mrz = one(&OLD_FRENCH);
    assert_eq!((mrz.family_name.as_str(), mrz.given_names.as_str()), ("BERTHIER", "CORINNE"));
    assert_eq!(mrz.number, "880692310285");
    assert_eq!((mrz.birth_date, mrz.expiry_date), (Some(Date::constant(1965, 12, 6)), None));
    assert_eq!(mrz.issue_month, Month::new(1988, 6));
    assert_eq!(mrz.nationality, "FRA");
    // The other specimen of the card.
    let other = one(&[OLD_FRENCH[0], "9409923102854CORINNE<<<<<<<6512068F4"]);
    assert_eq!((other.valid, other.issue_month), (true, Month::new(1994, 9)));
}

#[test]
fn germany_and_long_numbers() {
    let mrz = one(&[
        "ARD<<Y701001V51<<<<<<<<<<<<<<<",
        "7611027M1609189IND<<<<<<<<<<<2",
        "SINGH<<JASIN<ALI<<<<<<<<<<<<<<",
    ]);
    assert_eq!((mrz.issuer.as_str(), mrz.valid), ("DEU", true));
    // The example of ICAO 9303 part 5 for a number of more than nine characters.
    let mrz = one(&[
        "I<UTOD23145890<7349<<<<<<<<<<<",
        "3407127M9507122UTO<<<<<<<<<<<2",
        "STEVENSON<<PETER<JOHN<<<<<<<<<",
    ]);
    assert_eq!((mrz.number.as_str(), mrz.valid), ("D23145890734", true));
    assert_eq!(mrz.birth_date, Some(Date::constant(1934, 7, 12)));
    assert_eq!(mrz.expiry_date, Some(Date::constant(1995, 7, 12)));
}

#[test]
fn a_day_that_no_calendar_has_is_no_date_but_its_digit_may_be_right() {
    let mrz = one(&[
        "P<CZESPECIMEN<<VZOR<<<<<<<<<<<<<<<<<<<<<<<<<",
        "99006000<8CZE1102299F16090641152291111<<<<24",
    ]);
    assert!(mrz.valid);
    assert_eq!(mrz.birth_date, None);
}

#[test]
fn among_other_lines_and_noise() {
    let mrz = one(&[
        "REPUBLIQUE FRANCAISE - PASSEPORT",
        "Nom / Surname",
        "P < UTO ERIKSSON << ANNA < MARIA «««««««kkk<<<c",
        "",
        "L898902C36UTO 7408122F1204159 ZE184226B <<<<< 10",
        "Signature du titulaire",
    ]);
    assert_eq!((mrz.valid, mrz.lines.as_slice()), (true, &[2, 4][..]));
    assert_eq!(mrz.text, TD3);
}

#[test]
fn fillers_are_counted_anew() {
    for (first, second) in [
        ("P<UTOERIKSSON<<ANNA<MARIA", TD3[1]),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<<<<", TD3[1]),
        (TD3[0], "L898902C36UTO7408122F1204159ZE184226B<<<10"),
        (TD3[0], "L898902C36UTO7408122F1204159ZE184226B<<<<<<<10"),
        ("P«UTOERIKSSON«ANNA<MARIA<<<<<<<<<<<<<<<<<<<", TD3[1]),
        ("PUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", TD3[1]),
        ("I P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", TD3[1]),
        ("PKUTOERIKSSON<<ANNA<MARIA<<<KKKKKKKKKKKKKKKK", TD3[1]),
    ] {
        let mrz = one(&[first, second]);
        assert!(mrz.valid, "{first} {second}");
        assert_eq!(mrz.text, TD3, "{first} {second}");
    }
    let mrz = one(&["I<UTOD231458907<<<<<<", "7408122F1204159UTO<<<<<<<6", "ERIKSSON<<ANNA<MARIA"]);
    assert_eq!((mrz.valid, mrz.repaired), (true, true));
    assert_eq!(mrz.text, TD1);
}

#[test]
fn look_alikes_are_repaired_when_the_digits_prove_it() {
    for second in [
        "L8989O2C36UTO7408122F1204159ZE184226B<<<<<10",
        "L898902C36UTO74O8122F12O4159ZE184226B<<<<<1O",
        "L898902C36UT07408122F1204159ZE184226B<<<<<10",
        "L898902C36UTO7408I22FI204159ZE184226B<<<<<10",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<I0",
    ] {
        let mrz = one(&[TD3[0], second]);
        assert_eq!((mrz.valid, mrz.repaired), (true, true), "{second}");
        assert_eq!(mrz.text, TD3, "{second}");
    }
}

#[test]
fn wrong_digits_stay_wrong() {
    // The expiry of another year; three letters in one date; a birth date one day off.
    for second in [
        "L898902C36UTO7408122F1304159ZE184226B<<<<<10",
        "L898902C36UTO7AOBI22F1204159ZE184226B<<<<<10",
        "L898902C36UTO7408132F1204159ZE184226B<<<<<10",
    ] {
        let found = find_mrz(&[TD3[0], second], AS_OF);
        assert!(found.iter().all(|mrz| !mrz.valid), "{second}");
    }
    let mrz = one(&[TD3[0], "L898902C36UTO7408122F1304159ZE184226B<<<<<10"]);
    assert_eq!(mrz.family_name, "ERIKSSON");
    assert_eq!((mrz.checks.birth_date, mrz.checks.expiry_date), (Some(true), Some(false)));
}

#[test]
fn text_is_no_zone() {
    for lines in [
        &["PROCES-VERBAL - COUR D'APPEL DE PARIS", "LE 12 MARS 2024 - 750012345678901234"][..],
        &["IDENTIFIANT - CLIENT 1234567890123", "FR76 3000 1000 6449 1900 9562 088"],
        &["Avenue de la Republique - 75011", "Contrat 123456789 du 01/01/2026"],
        &["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"],
        &[],
        &["<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"],
    ] {
        assert_eq!(find_mrz(lines, AS_OF), [], "{lines:?}");
    }
}

#[test]
fn two_zones_on_one_page() {
    let lines = [TD3[0], TD3[1], "VISA", MRV_B[0], MRV_B[1]];
    let found = find_mrz(&lines, AS_OF);
    let formats: Vec<_> = found.iter().map(|mrz| mrz.format).collect();
    assert_eq!(formats, [Format::Td3, Format::MrvB]);
}

fn digit(field: &str) -> String {
    mrz::check_digit(field).unwrap().to_string()
}

/// A passport's zone with every digit right.
fn passports() -> impl Strategy<Value = [String; 2]> {
    let issuer = prop::sample::select(vec!["FRA", "VNM", "TUR", "GHA", "D<<"]);
    let day = (0..100u32, 1..13u32, 1..29u32).prop_map(|(y, m, d)| format!("{y:02}{m:02}{d:02}"));
    // Only K and C three times and more is what fillers are read as, and nobody's name.
    let given = || "[A-Z]{0,7}[ABD-JL-Z]|[KC]";
    let names = ("[A-Z]{1,12}", given(), given());
    let sex = prop::sample::select(vec!["M", "F", "<"]);
    (issuer, names, "[A-Z0-9]{9}", day.clone(), sex, day, "[A-Z0-9]{0,14}").prop_map(
        |(issuer, (family, first, second), number, birth, sex, expiry, optional)| {
            let names = format!("P<{issuer}{family}<<{first}<{second}");
            let optional = format!("{optional:<<14}");
            let (n, b, e, o) = (digit(&number), digit(&birth), digit(&expiry), digit(&optional));
            let composite = digit(&format!("{number}{n}{birth}{b}{expiry}{e}{optional}{o}"));
            [
                format!("{names:<<44}"),
                format!("{number}{n}{issuer}{birth}{b}{sex}{expiry}{e}{optional}{o}{composite}"),
            ]
        },
    )
}

proptest! {
    #[test]
    fn a_printed_zone_is_read_back(lines in passports()) {
        let mrz = one(&[&lines[0], &lines[1]]);
        prop_assert!(mrz.valid && !mrz.repaired);
        prop_assert_eq!(&mrz.text, &lines.to_vec());
        // An independent reader says the same.
        let other = mrz::parse_td3(&lines[0], &lines[1]);
        if let Ok(other) = other {
            prop_assert!(other.valid());
            prop_assert_eq!(other.surname, mrz.family_name);
            prop_assert_eq!(other.given_names, mrz.given_names);
        }
    }

    #[test]
    fn one_damaged_character_is_never_silently_right(lines in passports(), at in 0usize..43, to in "[A-Z0-9<]") {
        let is_checked = !(10..13).contains(&at) && at != 20;
        if !is_checked || lines[1].get(at..=at) == Some(to.as_str()) {
            return Ok(());
        }
        let mut damaged = lines[1].clone();
        damaged.replace_range(at..=at, &to);
        // Six and G, and others, weigh the same: no digit can tell them apart.
        let told_apart = digit(&to) != digit(&lines[1][at..=at]);
        for mrz in find_mrz(&[&lines[0], &damaged], AS_OF) {
            let right = mrz.text[1] == lines[1];
            prop_assert!(!mrz.valid || right || mrz.repaired || !told_apart, "{:?}", mrz);
        }
    }

    #[test]
    fn dates_are_right_or_told_wrong_after_damage(lines in passports(), at in 13usize..28, to in "[A-Z0-9<]") {
        let mut damaged = lines[1].clone();
        damaged.replace_range(at..=at, &to);
        let told_apart = digit(&to) != digit(&lines[1][at..=at]);
        let whole = one(&[&lines[0], &lines[1]]);
        for mrz in find_mrz(&[&lines[0], &damaged], AS_OF) {
            if mrz.valid && told_apart {
                prop_assert_eq!(mrz.birth_date, whole.birth_date);
                prop_assert_eq!(mrz.expiry_date, whole.expiry_date);
            }
        }
    }

    #[test]
    fn any_lines_are_survived(lines in prop::collection::vec("[ -~«é]{0,50}", 0..6)) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        find_mrz(&lines, AS_OF);
    }
}
