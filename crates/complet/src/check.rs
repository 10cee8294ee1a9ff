use anyhow::{Context as _, anyhow};
use camino::Utf8Path;
use complet_judge::{Applicant, Case};
use complet_model::Report;
use complet_report::{Subject, Wording, github, html, human, json, junit, markdown};
use complet_rules::{RequirementList, RuleSet};
use complet_scanner::{Scan, Scanner};

use crate::args::{Check, Common, Format};
use crate::exit::Exit;
use crate::known::{check_known, check_profile};
use crate::{config, output, pictures, scan};

/// `complet check`: reads, judges and reports one dossier.
pub(crate) fn run(args: &Check, common: &Common) -> anyhow::Result<Exit> {
    let rules = RuleSet::load(args.reading.rules.as_deref())?;
    let list = requirement_list(&rules, &args.requirements)?;
    if let Some(profile) = &args.profile {
        check_profile(profile, list).context("--profile")?;
    }
    let config = config::load(&args.dossier, list)?;

    let scanner = scan::scanner(args.reading.settings(), &args.reading, common)?;
    let as_of = args.reading.as_of();
    let mut scan = scan::folder(&args.dossier, &scanner)?;
    let applicant = applicant_name(&config.applicant);
    let case = Case {
        as_of,
        profile: args.profile.clone().or(config.profile),
        children: config.children,
        applicant: config.applicant,
        options: config.options,
    };
    let report = conclude(&mut scan, &scanner, &rules, list, &case, args.reading.rules.is_none())?;
    let readable = scan::is_readable(&report.files);
    output::pages(&report.files, args.reading.pages.as_deref())?;
    for verdict in &report.verdicts {
        tracing::debug!(requirement = verdict.id, status = verdict.status.id(), "judged");
    }

    let profile = list.profile(&report.profile.id).map(|p| p.label.clone()).unwrap_or_default();
    let subject = Subject { name: name(&args.dossier), path: args.dossier.to_string(), applicant, profile };
    let wording = Wording { catalog: &rules.catalog, lang: common.lang() };
    let file = args.reading.output.as_deref();
    let text = match args.format {
        Format::Human => {
            human::report(&report, &subject, wording, output::look(common.color, file.is_some()))
        }
        Format::Json => json::report(&report, &subject, wording)?,
        Format::Markdown => markdown::report(&report, &subject, wording),
        Format::Junit => junit::report(&report, &subject, wording)?,
        Format::Github => github::report(&report, &subject, wording),
        Format::Html => {
            let pictures = pictures::of(&report, &scan, &scanner)?;
            html::report(&report, &subject, wording, &pictures)
        }
    };
    output::write(&text, file, args.format.access())?;
    Ok(if !readable {
        Exit::NothingReadable
    } else if report.is_complete() || args.exit_zero {
        Exit::Fine
    } else {
        Exit::Gaps
    })
}

/// Judges what was read; the same as last time when nothing has changed. `built_in` says whether
/// the rules are those of the program.
fn conclude(
    scan: &mut Scan,
    scanner: &Scanner,
    rules: &RuleSet,
    list: &RequirementList,
    case: &Case,
    built_in: bool,
) -> anyhow::Result<Report> {
    let asked = format!("report by {} for {case:?}", list.id);
    let question = built_in.then(|| scanner.question(scan, &asked)).flatten();
    if let Some(report) = question.as_ref().and_then(|q| scanner.recall(q)) {
        tracing::info!("as concluded before: nothing has changed");
        scan.files.clear();
        return Ok(report);
    }
    scan::look_closer(scan, scanner, rules, list, case.as_of)?;
    let report = complet_judge::judge(std::mem::take(&mut scan.files), rules, list, case);
    if let Some(question) = question {
        scanner.remember(scan, &question, &report);
    }
    Ok(report)
}

fn requirement_list<'a>(rules: &'a RuleSet, id: &str) -> anyhow::Result<&'a RequirementList> {
    let known: Vec<&str> = rules.lists.iter().map(|l| l.id.as_str()).collect();
    check_known("requirement list", id, &known).context("--requirements")?;
    rules.list(id).ok_or_else(|| anyhow!("there is no requirement list `{id}`"))
}

/// The name of the folder, also when it was given as `.`.
fn name(folder: &Utf8Path) -> String {
    let whole = folder.canonicalize_utf8().unwrap_or_else(|_| folder.to_owned());
    whole.file_name().unwrap_or(whole.as_str()).to_owned()
}

fn applicant_name(applicant: &Applicant) -> Option<String> {
    let names = [&applicant.given_names, &applicant.family_name];
    let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    (!names.is_empty()).then(|| names.join(" "))
}
