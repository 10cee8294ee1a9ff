use complet_model::{Arg, FieldValue, Finding, Lang, Message, Report, Status};
use complet_report::html::{self, Picture, Pictures, Size, pages_shown};
use complet_report::{Subject, Wording};

use crate::sample::{catalog, complete, file, report, subject};

/// Markup that would run or load something if it were taken for markup.
const HOSTILE: &str = "<img src=x onerror=alert(1)>\"'&</style></svg><script>alert(2)</script>";

fn pictures(report: &Report) -> Pictures {
    let mut pictures = Pictures::default();
    for page in pages_shown(report) {
        let picture = Picture { width: 700, height: 1000, jpeg: b"a picture".to_vec() };
        pictures.insert(&page, picture);
    }
    pictures
}

fn page(report: &Report, subject: &Subject, lang: Lang) -> String {
    let mut catalog = catalog();
    // A text into which a document's words are put.
    catalog.entries.get_mut("birth-unsure").unwrap().message.fr.push_str(" {who}");
    html::report(report, subject, Wording { catalog: &catalog, lang }, &pictures(report))
}

/// The names of the elements of a page, in order. The pages' own markup is well-formed and quotes every
/// attribute, so that `<` followed by a letter is a tag.
fn elements(html: &str) -> Vec<&str> {
    let tags = html.split('<').skip(1);
    let names = tags.map(|tag| tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default());
    names.filter(|name| !name.is_empty()).collect()
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let html = page(&report(), &subject(), Lang::Fr);
    assert!(html.contains("default-src 'none'; img-src data:; style-src 'sha256-"));
    for name in elements(&html) {
        assert!(!["script", "iframe", "object", "embed", "form", "link", "base"].contains(&name), "<{name}>");
    }
    for attribute in ["href=\"", "src=\""] {
        for value in html.split(attribute).skip(1) {
            let value = value.split('"').next().unwrap();
            assert!(value.starts_with('#') || value.starts_with("data:image/jpeg;base64,"), "{value}");
        }
    }
    let handlers = html
        .split(" on")
        .skip(1)
        .filter(|rest| rest.trim_start_matches(|c: char| c.is_ascii_lowercase()).starts_with('='));
    assert!(!html.contains(" style=") && handlers.count() == 0, "an attribute that the policy forbids");
}

#[test]
fn a_batch_has_a_line_a_dossier_and_one_script_that_is_allowed() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let row = |name: &'static str, status| html::Row {
        name,
        status,
        outcome: "so".to_owned(),
        settle: vec!["Passport"],
        check: Vec::new(),
        pages: 3,
        unreadable: 1,
        report: Some(format!("{name}.html")),
        error: Some(HOSTILE),
    };
    let rows = [row("b", Status::Met), row(HOSTILE, Status::Invalid), row("a", Status::Invalid)];
    let catalog = catalog();
    let as_of = report().as_of;
    let html = html::index(HOSTILE, &rows, as_of, Wording { catalog: &catalog, lang: Lang::En });
    let script = html.split("<script>").nth(1).unwrap().split("</script>").next().unwrap();
    let hash = base64::prelude::BASE64_STANDARD.encode(sha2::Sha256::digest(script.as_bytes()));
    assert!(html.contains(&format!("default-src 'none'; script-src 'sha256-{hash}';")), "{html}");
    assert_eq!(elements(&html).iter().filter(|name| **name == "script").count(), 1);
    assert!(!elements(&html).contains(&"img"), "{html}");
    // The gravest first.
    let order: Vec<usize> = [">a<", ">b<"].map(|name| html.find(name).unwrap()).into();
    assert!(order.is_sorted(), "{html}");
}

#[test]
fn text_from_documents_is_text_wherever_it_stands() {
    let plain = page(&report(), &subject(), Lang::Fr);
    let mut report = report();
    for file in &mut report.files {
        file.path = file.path.replace(".pdf", HOSTILE);
    }
    for document in &mut report.documents {
        document.file = document.file.replace(".pdf", HOSTILE);
        for field in document.fields.values_mut() {
            if let FieldValue::Text(text) = &mut field.value {
                *text = HOSTILE.to_owned();
            }
            for place in &mut field.evidence {
                place.text = HOSTILE.to_owned();
            }
        }
    }
    for verdict in &mut report.verdicts {
        for finding in &mut verdict.findings {
            finding.message.args.insert("who".to_owned(), Arg::Text(HOSTILE.to_owned()));
            for place in &mut finding.evidence {
                place.text = HOSTILE.to_owned();
            }
        }
    }
    let subject = Subject {
        name: HOSTILE.to_owned(),
        path: HOSTILE.to_owned(),
        applicant: Some(HOSTILE.to_owned()),
        ..subject()
    };
    let html = page(&report, &subject, Lang::Fr);
    assert!(html.contains("&lt;img src=x onerror=alert(1)&gt;"), "the hostile text is not shown at all");
    // The page has the same elements as that of a harmless dossier, but for the span of a name.
    let strange = |html: &str| {
        let all = elements(html).into_iter();
        all.filter(|e| ["img", "script", "style", "svg"].contains(e)).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(strange(&html), strange(&plain));
}

#[test]
fn control_and_direction_characters_do_not_reach_the_page() {
    let mut report = report();
    report.documents[0].file = "facture\u{202e}fdp.exe\u{7}".to_owned();
    report.files[2].path.clone_from(&report.documents[0].file);
    let html = page(&report, &subject(), Lang::En);
    assert!(html.contains("facture\u{fffd}fdp.exe\u{fffd}"));
    assert!(!html.contains(['\u{202e}', '\u{7}', '\u{1b}']));
}

#[test]
fn each_requirement_is_a_card_that_says_what_to_ask() {
    let html = page(&report(), &subject(), Lang::En);
    for (id, class) in [
        ("identity", "met"),
        ("birth_certificate", "review"),
        ("proof_of_residence", "invalid"),
        ("apostille", "off"),
    ] {
        let id = id.replace('_', "-");
        assert!(html.contains(&format!("<article class=\"card {class}\" id=\"r-{id}\"")), "{id}");
    }
    assert!(html.contains("Incomplete: 1 point to settle, 1 point to check."));
    // In the short list on top and on the card.
    assert_eq!(html.matches(">ask for the receipt for September 2026</p>").count(), 3, "{html}");
}

#[test]
fn every_link_leads_somewhere_and_every_id_is_there_once() {
    for html in [page(&report(), &subject(), Lang::Fr), page(&complete(), &subject(), Lang::En)] {
        let values = |attribute: &str| -> Vec<String> {
            html.split(attribute).skip(1).map(|v| v.split('"').next().unwrap().to_owned()).collect()
        };
        let ids = values(" id=\"");
        for link in values(" href=\"#") {
            assert!(ids.contains(&link), "#{link} leads nowhere");
        }
        for id in values("labelledby=\"") {
            assert!(ids.contains(&id), "{id} names nothing");
        }
        let mut once = ids.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "{ids:?}");
    }
}

#[test]
fn a_finding_shows_its_place_framed_and_leads_to_the_page() {
    let html = page(&report(), &subject(), Lang::En);
    let look = html.find("<a class=\"look\"").unwrap();
    let link = html[look..].split("href=\"#").nth(1).unwrap().split('"').next().unwrap();
    assert!(html[look..].split("</a>").next().unwrap().contains("<rect class=\"frame\""));
    let view = html.split(&format!("<section class=\"view\" id=\"{link}\"")).nth(1).unwrap();
    let view = view.split("</section>").next().unwrap();
    assert!(
        view.contains("<rect class=\"frame\"") && view.contains("the receipt for September 2026"),
        "{view}"
    );
}

#[test]
fn a_page_that_could_not_be_drawn_costs_only_its_picture() {
    let catalog = catalog();
    let wording = Wording { catalog: &catalog, lang: Lang::En };
    let html = html::report(&report(), &subject(), wording, &Pictures::default());
    assert!(!html.contains("<svg"));
    for text in
        ["ask for the receipt for September 2026", "août 2026", "Nguyễn", "FR7612345678901234567890123"]
    {
        assert!(html.contains(text), "{text} is lost");
    }
}

#[test]
fn pages_with_something_to_see_are_shown_in_full() {
    let mut report = report();
    report.files.push(file("photo.jpg", 1));
    let size = |file: &str, page: u32| {
        let shown = pages_shown(&report);
        shown.iter().find(|p| p.file == file && p.page == page).map(|p| p.size)
    };
    assert_eq!(size("Q1.pdf", 1), Some(Size::Full), "a finding points at it");
    assert_eq!(size("scans/dossier.pdf", 2), Some(Size::Full), "a field was read from it");
    assert_eq!(size("scans/dossier.pdf", 3), Some(Size::Full), "it could not be read");
    assert_eq!(size("photo.jpg", 1), Some(Size::Thumbnail));
    assert_eq!(size(".DS_Store", 1), None);
}

#[test]
fn the_same_words_for_a_document_and_a_requirement_have_each_their_own_view() {
    let mut report = report();
    let finding: Finding = report.verdicts[2].findings[0].clone();
    report.documents[1].findings.push(finding.clone());
    report.findings.push(Finding { evidence: finding.evidence, ..Message::new("passport-soon").into() });
    let html = page(&report, &subject(), Lang::En);
    assert_eq!(html.matches("<section class=\"view\" id=\"e").count(), 3);
}
