use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use camino::Utf8Path;
use complet_model::{Document, Field, Message, Report, Status, Verdict, fold};
use complet_report::Wording;
use complet_report::checklist::{self, Part};
use complet_scanner::{PageOf, TextLine, create_private_folder, text_sheet};

use crate::args::{Common, Export};
use crate::dossier::{Checked, Judged, judge};
use crate::exit::Exit;
use crate::output;

/// `complet export`: writes the dossier ready to hand in.
pub(crate) fn run(args: &Export, common: &Common) -> anyhow::Result<Exit> {
    check_target(&args.dossier, &args.out)?;
    let Judged { rules, scanner, checked } = judge(&args.dossier, &args.judging, &args.reading, common)?;
    let Checked { report, subject, scan } = &checked;
    if !checked.is_readable() {
        return Ok(Exit::NothingReadable);
    }
    let wording = Wording { catalog: &rules.catalog, lang: common.lang() };
    create_private_folder(args.out.as_std_path())
        .with_context(|| format!("`{}` cannot be made", args.out))?;

    let whose = surname(report).unwrap_or_else(|| subject.name.clone());
    let mut parts = Vec::new();
    let mut taken = BTreeSet::new();
    let mut left_out: BTreeSet<usize> = BTreeSet::new();
    for verdict in report.verdicts.iter().filter(|v| v.id != "same_person") {
        let documents = documents(report, verdict, &mut taken);
        let Some(first) = documents.first() else { continue };
        let name = rules.catalog.doc_type(&first.classified.doc_type, wording.lang);
        let file = format!("{:02} {}.pdf", parts.len() + 1, file_name(&format!("{name} - {whose}")));
        let pages = pages(report, &documents);
        let bundled = scanner.bundle(scan, &report.files, &pages)?;
        left_out.extend(&bundled.left_out);
        if let Some(bytes) = bundled.pdf {
            write(&args.out.join(&file), &bytes)?;
            let pages = pages.iter().filter(|page| !bundled.left_out.contains(&page.file)).count();
            parts.push(Part { requirement: verdict.id.clone(), file, pages });
        }
    }
    let left_out: Vec<String> = left_out
        .into_iter()
        .filter_map(|file: usize| report.files.get(file))
        .map(|file| Message::new("export-left-out").text("file", &file.path))
        .map(|message| wording.catalog.message(&message, wording.lang))
        .collect();
    for message in &left_out {
        tracing::warn!("{message}");
    }
    let lines = checklist::lines(report, subject, wording, &parts, &left_out);
    let lines: Vec<TextLine> =
        lines.into_iter().map(|line| TextLine { text: line.text, heading: line.heading }).collect();
    let cover = format!("00 {}.pdf", file_name(&checklist::title(wording.lang, &whose)));
    let sheet = text_sheet(&lines).context("the cover sheet could not be made")?;
    write(&args.out.join(&cover), &sheet)?;

    let mut text = format!("{cover}\n");
    for part in &parts {
        text.extend([part.file.as_str(), "\n"]);
    }
    output::print(&text)?;
    Ok(if report.is_complete() && left_out.is_empty() { Exit::Fine } else { Exit::Gaps })
}

/// The folder must be new or empty, and no part of the dossier: its files would be read as documents.
fn check_target(dossier: &Utf8Path, out: &Utf8Path) -> anyhow::Result<()> {
    if output::lies_within(out, dossier) {
        bail!("`{out}` lies within the dossier: choose a folder outside of it");
    }
    match out.read_dir_utf8().map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => bail!("`{out}` is not empty: choose a new folder, nothing is overwritten"),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("`{out}` cannot be used")),
    }
}

/// Writes a new file for its owner alone.
fn write(path: &Utf8Path, bytes: &[u8]) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(bytes))
        .with_context(|| format!("`{path}` cannot be written"))
}

/// The documents to hand in for a requirement: not those that were refused, and each once, in the order of
/// the months they are about.
fn documents<'a>(report: &'a Report, verdict: &Verdict, taken: &mut BTreeSet<&'a str>) -> Vec<&'a Document> {
    if !matches!(verdict.status, Status::Met | Status::Review) {
        return Vec::new();
    }
    let wanted = report.documents.iter().filter(|d| verdict.documents.contains(&d.id));
    let mut documents: Vec<&Document> = wanted.filter(|d| taken.insert(&d.id)).collect();
    let month = |document: &Document| {
        let period = document.fields.get("period").and_then(|field: &Field| field.value.as_months());
        period.and_then(<[_]>::first).map(ToString::to_string)
    };
    documents.sort_by_key(|document| month(document));
    documents
}

fn pages(report: &Report, documents: &[&Document]) -> Vec<PageOf> {
    let of = |document: &&Document| {
        let file = report.files.iter().position(|f| f.path == document.file);
        file.map(|file| document.pages.iter().map(move |&page| PageOf { file, page }).collect::<Vec<_>>())
    };
    documents.iter().filter_map(of).flatten().collect()
}

/// The family name on the papers that prove it, in plain capitals.
fn surname(report: &Report) -> Option<String> {
    let papers = ["identity", "residence_right", "application_form"].iter();
    papers.copied().find_map(|requirement| {
        let verdict = report.verdicts.iter().find(|v| v.id == requirement)?;
        let documents = report.documents.iter().filter(|d| verdict.documents.contains(&d.id));
        let mut names = documents.filter_map(|d| d.fields.get("family_name").filter(|f| f.is_sure()));
        names.find_map(|field| field.value.as_text()).map(fold)
    })
}

/// A text as the name of a file on any system.
fn file_name(text: &str) -> String {
    const MOST: usize = 80;
    let plain = text.chars().map(|c| if c.is_alphanumeric() || " -_.,'’()".contains(c) { c } else { ' ' });
    let plain: String = plain.take(MOST).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_leads_nowhere_else() {
        assert_eq!(file_name("Passeport - ../../etc/passwd\0\n"), "Passeport - .. .. etc passwd");
        assert_eq!(file_name("a<b>:c|d?*\""), "a b c d");
        assert!(file_name(&"x".repeat(500)).len() <= 80);
    }

    #[test]
    fn nothing_is_overwritten_and_the_dossier_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap();
        let [dossier, full, new] = ["dossier", "full", "new"].map(|name| root.join(name));
        std::fs::create_dir(&dossier).unwrap();
        std::fs::create_dir(&full).unwrap();
        std::fs::write(full.join("x"), "x").unwrap();
        assert!(check_target(&dossier, &full).is_err());
        assert!(check_target(&dossier, &dossier.join("out/deep")).is_err());
        assert!(check_target(&dossier, &dossier).is_err());
        assert!(check_target(&dossier, &new).is_ok());
        assert!(check_target(&dossier, &root.join("a/b")).is_ok());
    }
}
