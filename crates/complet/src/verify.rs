use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use complet_model::{Catalog, Classified, Finding, Lang, Report, Status};
use complet_report::verification::{self, Difference, Verified};
use complet_rules::{RuleSet, Unknown, check_known};
use complet_scanner::Scanner;
use serde::Deserialize;
use toml::Spanned;

use crate::args::{Common, Judging, Reading, Verify, VerifyFormat};
use crate::config::{day, point_at, read_toml};
use crate::dossier::Desk;
use crate::exit::Exit;
use crate::output::{self, Access};
use crate::scan::{self, Show};

/// Name of the file that says how a dossier is to be judged.
const NAME: &str = "expected.toml";

/// How a dossier is to be judged. What is not named is not compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    as_of: Option<Spanned<toml::value::Datetime>>,
    profile: Option<String>,
    requirements: Option<String>,
    complete: Option<bool>,
    #[serde(default)]
    status: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    must: Vec<Spanned<String>>,
    #[serde(default)]
    must_not: Vec<Spanned<String>>,
    #[serde(default)]
    types: BTreeMap<Spanned<String>, Types>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Types {
    One(String),
    Several(Vec<String>),
}

/// `complet verify`: judges dossiers with a known outcome and says where it is another.
pub(crate) fn run(args: &Verify, common: &Common) -> anyhow::Result<Exit> {
    let mut folders = Vec::new();
    find(&args.cases, &mut folders)?;
    if folders.is_empty() {
        bail!(
            "there is no `{NAME}` in `{}` or the folders below it: put one beside the files of each dossier",
            args.cases
        );
    }
    let lang = common.lang();
    let rules = RuleSet::load(args.reading.rules.as_deref())?;
    let scanner = scan::scanner(args.reading.settings(), &args.reading, common)?;
    let mut all = Vec::new();
    for folder in &folders {
        let name = folder.strip_prefix(&args.cases).unwrap_or(folder);
        let name = if name.as_str().is_empty() { folder.as_str() } else { name.as_str() };
        let differences = differences(folder, &args.reading, (&rules, &scanner), lang)?;
        all.push(Verified { name: name.to_owned(), differences });
    }
    let text = match args.format {
        VerifyFormat::Human => verification::text(&all, lang),
        VerifyFormat::Junit => verification::junit(&all, lang)?,
    };
    output::write(&text, args.reading.output.as_deref(), Access::Usual)?;
    Ok(if all.iter().all(|one| one.differences.is_empty()) { Exit::Fine } else { Exit::Gaps })
}

/// The folders with an expected outcome, in order. What lies in such a folder belongs to its dossier.
fn find(folder: &Utf8Path, found: &mut Vec<Utf8PathBuf>) -> anyhow::Result<()> {
    if folder.join(NAME).is_file() {
        found.push(folder.to_owned());
        return Ok(());
    }
    let entries = folder.read_dir_utf8().with_context(|| format!("`{folder}` cannot be opened"))?;
    let mut below: Vec<Utf8PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path().to_owned())
        .collect();
    below.sort();
    below.iter().try_for_each(|folder| find(folder, found))
}

fn differences(
    folder: &Utf8Path,
    reading: &Reading,
    (rules, scanner): (&RuleSet, &Scanner),
    lang: Lang,
) -> anyhow::Result<Vec<Difference>> {
    let path = folder.join(NAME);
    let text = std::fs::read_to_string(&path).with_context(|| format!("`{path}` cannot be read"))?;
    let file = File { text: &text, path: path.as_str() };
    let expected: Expected = read_toml(&text, path.as_str())?;
    let as_of = match &expected.as_of {
        Some(date) => match day(*date.get_ref()) {
            Some(day) => day,
            None => return Err(file.wrong(date.span(), "`as_of` takes a day", "written YYYY-MM-DD")),
        },
        None => reading.as_of(),
    };
    let judging = Judging {
        profile: expected.profile.clone(),
        requirements: expected.requirements.clone().unwrap_or_else(|| Judging::USUAL.to_owned()),
    };
    let check = || {
        let desk = Desk::new(rules, scanner, &judging, reading, Show::Bar)?;
        Desk { as_of, ..desk }.check(folder)
    };
    let checked = check().with_context(|| format!("`{folder}`"))?;
    compare(&expected, &checked.report, &rules.catalog, &file, lang)
}

/// The file with the expectations, to point at what is wrong in it.
struct File<'a> {
    text: &'a str,
    path: &'a str,
}

impl File<'_> {
    fn wrong(&self, span: std::ops::Range<usize>, what: &str, label: &str) -> anyhow::Error {
        anyhow!(point_at(self.text, self.path, span, what, label))
    }

    fn known(&self, what: &str, name: &Spanned<String>, known: &[&str]) -> anyhow::Result<()> {
        check_known(what, name.get_ref(), known)
            .map_err(|Unknown { what, hint }| self.wrong(name.span(), &what, &hint))
    }
}

fn compare(
    expected: &Expected,
    report: &Report,
    catalog: &Catalog,
    file: &File<'_>,
    lang: Lang,
) -> anyhow::Result<Vec<Difference>> {
    let mut differences = Vec::new();
    if let Some(complete) = expected.complete.filter(|c| *c != report.is_complete()) {
        differences.push(Difference::Complete { expected: complete });
    }
    let requirements: Vec<&str> = report.verdicts.iter().map(|v| v.id.as_str()).collect();
    for (name, wanted) in &expected.status {
        file.known("requirement", name, &requirements)?;
        let statuses = statuses(wanted, file)?;
        let verdict = report.verdicts.iter().find(|v| v.id == *name.get_ref());
        if let Some(verdict) = verdict.filter(|v| !statuses.contains(&v.status)) {
            differences.push(Difference::Status {
                requirement: verdict.id.clone(),
                expected: statuses,
                found: verdict.status,
                why: verdict.findings.iter().map(|f| catalog.message(&f.message, lang)).collect(),
            });
        }
    }
    let codes: Vec<&str> = catalog.entries.keys().map(String::as_str).collect();
    let findings = findings(report);
    let found = |code: &str| findings.iter().find(|f| f.message.code == code);
    for code in &expected.must {
        file.known("finding", code, &codes)?;
        if found(code.get_ref()).is_none() {
            differences.push(Difference::NoFinding { code: code.get_ref().clone() });
        }
    }
    for code in &expected.must_not {
        file.known("finding", code, &codes)?;
        if let Some(finding) = found(code.get_ref()) {
            let message = catalog.message(&finding.message, lang);
            differences.push(Difference::Finding { code: code.get_ref().clone(), message });
        }
    }
    let files: Vec<&str> = report.files.iter().map(|f| f.path.as_str()).collect();
    let doc_types = catalog.doc_types.keys().map(String::as_str).chain([Classified::OTHER]);
    let doc_types: Vec<&str> = doc_types.collect();
    for (name, types) in &expected.types {
        file.known("file", name, &files)?;
        let expected = match types {
            Types::One(id) => vec![id.clone()],
            Types::Several(ids) => ids.clone(),
        };
        for id in &expected {
            check_known("document type", id, &doc_types)
                .map_err(|Unknown { what, hint }| file.wrong(name.span(), &what, &hint))?;
        }
        let documents = report.documents.iter().filter(|d| d.file == *name.get_ref());
        let found: Vec<String> = documents.map(|d| d.classified.doc_type.clone()).collect();
        if found != expected {
            differences.push(Difference::Types { file: name.get_ref().clone(), expected, found });
        }
    }
    Ok(differences)
}

/// `met`, or several that are right as well: `invalid|review`.
fn statuses(text: &Spanned<String>, file: &File<'_>) -> anyhow::Result<Vec<Status>> {
    let known: Vec<&str> = Status::ALL.iter().map(|s| s.id()).collect();
    let names: BTreeSet<&str> = text.get_ref().split('|').map(str::trim).collect();
    names
        .into_iter()
        .map(|name| {
            let status = Status::ALL.into_iter().find(|s| s.id() == name);
            status.ok_or_else(|| {
                let hint = check_known("status", name, &known).err().map(|u| u.hint).unwrap_or_default();
                file.wrong(text.span(), &format!("unknown status `{name}`"), &hint)
            })
        })
        .collect()
}

/// Everything that was said of the dossier.
fn findings(report: &Report) -> Vec<&Finding> {
    let verdicts = report.verdicts.iter().flat_map(|v| &v.findings);
    verdicts.chain(&report.findings).chain(report.documents.iter().flat_map(|d| &d.findings)).collect()
}
