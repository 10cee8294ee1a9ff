//! The readers on what the shared sample documents print, where these are at hand.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

use std::path::Path;

use complet_model::{Date, fold};
use serde_json::Value;

use super::{Format, find_ibans, find_mrz, find_periods, find_ribs};

const AS_OF: Date = Date::constant(2026, 11, 15);

/// The files of the manifest; `None` where the samples are absent.
fn samples() -> Option<Vec<Value>> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/manifest.json");
    let Ok(text) = std::fs::read_to_string(&manifest) else {
        eprintln!("skipped: no samples at {}", manifest.display());
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn text<'v>(sample: &'v Value, field: &str) -> Option<&'v str> {
    sample["fields"][field].as_str()
}

#[test]
fn account_numbers() {
    let Some(samples) = samples() else { return };
    let mut seen = 0;
    for sample in &samples {
        if let Some(compact) = text(sample, "iban") {
            let printed = text(sample, "iban_printed").unwrap_or(compact);
            let found = find_ibans(&fold(&format!("IBAN : {printed} BIC")), true);
            assert_eq!(found.len(), 1, "{printed}");
            assert_eq!(found[0].value.compact, compact);
            assert_eq!(found[0].value.valid, compact.parse::<iban::Iban>().is_ok(), "{printed}");
            seen += 1;
        }
        if let Some(rib) = text(sample, "rib") {
            let found = find_ribs(&fold(rib));
            assert_eq!(found.len(), 1, "{rib}");
            assert_eq!(found[0].value.iban().as_deref(), text(sample, "iban"), "{rib}");
        }
    }
    assert!(seen > 0);
    for sample in samples.iter().filter(|s| s["fields"].get("iban").is_some_and(Value::is_null)) {
        let printed = text(sample, "iban_printed").unwrap_or_default();
        assert_eq!(find_ibans(&fold(printed), false), [], "{printed}");
    }
}

#[test]
fn machine_readable_zones() {
    let Some(samples) = samples() else { return };
    let mut seen = 0;
    for sample in &samples {
        let Some(lines) = sample["fields"]["mrz"].as_array() else { continue };
        let lines: Vec<&str> = lines.iter().map(|line| line.as_str().unwrap()).collect();
        let found = find_mrz(&lines, AS_OF);
        let valid = found.iter().any(|mrz| mrz.valid);
        // The manifest's digits are ICAO's: the old French card has its own.
        let old_french = found.iter().any(|mrz| mrz.format == Format::OldFrench);
        let expected = sample["fields"]["mrz_checks_ok"].as_bool().unwrap();
        assert!(old_french || valid == expected, "{} {found:?}", sample["file"]);
        if expected {
            assert_eq!(found[0].text, lines, "{}", sample["file"]);
            assert!(!found[0].repaired, "{}", sample["file"]);
            let words = |name: &str| fold(name).replace('-', " ");
            let given = text(sample, "given_names").map(words);
            assert_eq!(given, Some(found[0].given_names.clone()), "{}", sample["file"]);
        }
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn periods() {
    let Some(samples) = samples() else { return };
    let mut seen = 0;
    for sample in &samples {
        let (Some(printed), Some(month)) = (text(sample, "period_printed"), text(sample, "period")) else {
            continue;
        };
        let found = find_periods(&fold(printed), Some(2026));
        assert!(!found.is_empty(), "{printed}");
        for period in found {
            let months: Vec<String> = period.value.months().iter().map(ToString::to_string).collect();
            assert_eq!(months, [month], "{printed}");
        }
        seen += 1;
    }
    assert!(seen > 0);
}
