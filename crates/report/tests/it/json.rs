use complet_model::Lang;
use complet_report::{Wording, json};

use crate::sample::{catalog, report, subject};

#[test]
fn json_report() {
    let catalog = catalog();
    let wording = Wording { catalog: &catalog, lang: Lang::En };
    let text = json::report(&report(), &subject(), wording).unwrap();
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    insta::assert_snapshot!(text.replace(&version, "\"version\": \"…\""));
}
