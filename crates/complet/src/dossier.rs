use anyhow::{Context as _, anyhow};
use camino::Utf8Path;
use complet_judge::{Applicant, Case};
use complet_model::Report;
use complet_report::Subject;
use complet_rules::{RequirementList, RuleSet};
use complet_scanner::{Scan, Settings};

use crate::args::{Judging, Reading};
use crate::known::{check_known, check_profile};
use crate::{config, output, scan};

/// A dossier that was read and judged, with what its report needs.
pub(crate) struct Judged {
    pub(crate) rules: RuleSet,
    pub(crate) report: Report,
    pub(crate) subject: Subject,
    /// Leads back to the files; what was read of them is in the report.
    pub(crate) scan: Scan,
    pub(crate) settings: Settings,
    /// Whether anything at all could be read.
    pub(crate) readable: bool,
}

/// Reads and judges one dossier.
///
/// # Errors
/// Wrong rules, settings or names on the command line, and a folder that cannot be read.
pub(crate) fn judge(dossier: &Utf8Path, judging: &Judging, reading: &Reading) -> anyhow::Result<Judged> {
    let rules = RuleSet::load(reading.rules.as_deref())?;
    let list = requirement_list(&rules, &judging.requirements)?;
    if let Some(profile) = &judging.profile {
        check_profile(profile, list).context("--profile")?;
    }
    let config = config::load(dossier, list)?;

    let settings = reading.settings();
    let as_of = reading.as_of();
    let mut scan = scan::folder(dossier, &settings)?;
    scan::look_closer(&mut scan, &settings, &rules, list, as_of)?;
    let readable = scan::is_readable(&scan.files);
    output::pages(&scan.files, reading.pages.as_deref())?;
    let applicant = applicant_name(&config.applicant);
    let case = Case {
        as_of,
        profile: judging.profile.clone().or(config.profile),
        children: config.children,
        applicant: config.applicant,
        options: config.options,
    };
    let report = complet_judge::judge(std::mem::take(&mut scan.files), &rules, list, &case);
    for verdict in &report.verdicts {
        tracing::debug!(requirement = verdict.id, status = verdict.status.id(), "judged");
    }
    let profile = list.profile(&report.profile.id).map(|p| p.label.clone()).unwrap_or_default();
    let subject = Subject { name: name(dossier), path: dossier.to_string(), applicant, profile };
    Ok(Judged { rules, report, subject, scan, settings, readable })
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
