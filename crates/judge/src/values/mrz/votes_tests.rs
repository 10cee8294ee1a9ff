//! What several readings of a zone make.

#![allow(clippy::unwrap_used)]

use complet_model::{Date, ZoneReading};

use super::read_zone;

const AS_OF: Date = Date::constant(2026, 11, 15);
const NAMES: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
const DATA: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

fn reading(names: &str, data: &str, confidence: f32) -> ZoneReading {
    ZoneReading { reader: "test".to_owned(), lines: vec![names.to_owned(), data.to_owned()], confidence }
}

#[test]
fn two_alike_are_sure() {
    let zone = read_zone(&[reading(NAMES, DATA, 0.9), reading(NAMES, DATA, 0.8)], 18.0, AS_OF).unwrap();
    assert!(zone.valid && zone.support.data && zone.support.names && zone.support.nationality);
    // Fillers miscounted by the second change nothing.
    let second = reading("P<UTOERIKSSON<<ANNA<MARIA<<<", "L898902C36UTO7408122F1204159ZE184226B<10", 0.8);
    let zone = read_zone(&[reading(NAMES, DATA, 0.9), second], 18.0, AS_OF).unwrap();
    assert!(zone.valid && zone.support.data && zone.support.names);
}

#[test]
fn one_alone_is_sure_only_when_certain() {
    let zone = read_zone(&[reading(NAMES, DATA, 0.93)], 18.0, AS_OF).unwrap();
    assert!(zone.valid && !zone.support.data && !zone.support.names && !zone.support.nationality);
    let zone = read_zone(&[reading(NAMES, DATA, 0.995)], 18.0, AS_OF).unwrap();
    assert!(zone.support.data && zone.support.names);
}

#[test]
fn names_need_a_witness_of_their_own() {
    let other = reading("P<UTOERIKSS0N<<ANNA<MAR1A<<<<<<<<<<<<<<<<<<<", DATA, 0.8);
    let zone = read_zone(&[reading(NAMES, DATA, 0.9), other], 18.0, AS_OF).unwrap();
    assert!(zone.support.data && !zone.support.names);
}

#[test]
fn tiny_letters_are_mistaken_alike() {
    let twice = [reading(NAMES, DATA, 0.995), reading(NAMES, DATA, 0.995)];
    let zone = read_zone(&twice, 7.5, AS_OF).unwrap();
    assert!(zone.support.data && !zone.support.names && !zone.support.nationality);
}

#[test]
fn a_letter_beats_the_guess_from_a_digit() {
    let names = |text: &str, data: &str| reading(&NAMES.replace("ERIKSSON", text), data, 0.9);
    let broken = DATA.replace("7408122", "7408522");
    let others = [names("ERIKSSDN", &broken), names("ERIKSSDN", "")];
    let zone = read_zone(&[&[names("ERIKSS0N", DATA)], &others[..]].concat(), 18.0, AS_OF).unwrap();
    assert!(zone.valid && zone.family_name == "ERIKSSDN" && zone.support.names);
    // Others that differ decide nothing.
    let others = [names("ERIKSSDN", &broken), names("ERIKSSQN", "")];
    let zone = read_zone(&[&[names("ERIKSS0N", DATA)], &others[..]].concat(), 18.0, AS_OF).unwrap();
    assert!(zone.family_name == "ERIKSSON" && !zone.support.names);
}

#[test]
fn two_right_ones_that_differ_leave_none() {
    // 6 and G have the same value modulo 10.
    let other = reading(NAMES, &DATA.replace("L898902C3", "V898902C3"), 0.9);
    let zone = read_zone(&[reading(NAMES, DATA, 0.995), other], 18.0, AS_OF).unwrap();
    assert!(!zone.support.data && !zone.support.names);
}

#[test]
fn wrong_digits_are_printed_so_when_two_see_them() {
    let wrong = DATA.replace("7408122", "7408123");
    let twice = [reading(NAMES, &wrong, 0.9), reading(NAMES, &wrong, 0.9)];
    let zone = read_zone(&twice, 18.0, AS_OF).unwrap();
    assert!(!zone.valid && zone.support.misprinted);
    let zone = read_zone(&twice[..1], 18.0, AS_OF).unwrap();
    assert!(!zone.valid && !zone.support.misprinted);
}

#[test]
fn parts_of_two_may_make_one() {
    let first = reading(NAMES, &DATA.replace("740812", "740872"), 0.9);
    let second = reading(NAMES, &DATA.replace("120415", "120475"), 0.9);
    let zone = read_zone(&[first, second], 18.0, AS_OF).unwrap();
    assert!(zone.valid && zone.repaired);
    assert_eq!(zone.text, [NAMES, DATA]);
}

#[test]
fn nothing_makes_nothing() {
    assert!(read_zone(&[], 18.0, AS_OF).is_none());
    assert!(read_zone(&[reading("", "", 1.0)], 18.0, AS_OF).is_none());
    assert!(read_zone(&[reading("PAYEZ CONTRE CE CHEQUE", "0000", 1.0)], 18.0, AS_OF).is_none());
}
