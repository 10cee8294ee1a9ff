use anyhow::{Context as _, anyhow};
use camino::Utf8Path;
use complet_judge::{Applicant, Case};
use complet_model::{Catalog, Date, Report};
use complet_report::human::Look;
use complet_report::{Subject, Wording, github, html, human, json, junit, markdown, redact};
use complet_rules::{RequirementList, RuleSet, check_known, check_profile};
use complet_scanner::{Scan, Scanner};

use crate::args::{Common, Format, Judging, Reading};
use crate::scan::Show;
use crate::{config, output, pictures, scan};

/// What dossiers are checked against, and by what.
pub(crate) struct Desk<'a> {
    pub(crate) rules: &'a RuleSet,
    pub(crate) list: &'a RequirementList,
    pub(crate) scanner: &'a Scanner,
    pub(crate) as_of: Date,
    /// The profile asked for, whatever a dossier says.
    pub(crate) profile: Option<&'a str>,
    /// True when the rules are those of the program.
    pub(crate) built_in: bool,
    pub(crate) show: Show,
}

/// A dossier that was checked.
pub(crate) struct Checked {
    pub(crate) report: Report,
    pub(crate) subject: Subject,
    /// Where its files lie.
    pub(crate) scan: Scan,
}

impl<'a> Desk<'a> {
    /// A desk for what the command line asks.
    ///
    /// # Errors
    /// When there is no such list or profile.
    pub(crate) fn new(
        rules: &'a RuleSet,
        scanner: &'a Scanner,
        judging: &'a Judging,
        reading: &Reading,
        show: Show,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            rules,
            list: requirement_list(rules, judging)?,
            scanner,
            as_of: reading.as_of(),
            profile: judging.profile.as_deref(),
            built_in: reading.rules.is_none(),
            show,
        })
    }

    /// Reads and judges a dossier.
    ///
    /// # Errors
    /// When its folder cannot be listed or its settings are wrong.
    pub(crate) fn check(&self, dossier: &Utf8Path) -> anyhow::Result<Checked> {
        let config = config::load(dossier, self.list)?;
        let mut scan = scan::folder(dossier, self.scanner, self.show)?;
        let applicant = applicant_name(&config.applicant);
        let case = Case {
            as_of: self.as_of,
            profile: self.profile.map(str::to_owned).or(config.profile),
            children: config.children,
            applicant: config.applicant,
            options: config.options,
        };
        let report = self.conclude(&mut scan, &case)?;
        for verdict in &report.verdicts {
            tracing::debug!(requirement = verdict.id, status = verdict.status.id(), "judged");
        }
        let profile = self.list.profile(&report.profile.id).map(|p| p.label.clone()).unwrap_or_default();
        let subject = Subject { name: name(dossier), path: dossier.to_string(), applicant, profile };
        Ok(Checked { report, subject, scan })
    }

    /// Judges what was read; the same as last time when nothing has changed.
    fn conclude(&self, scan: &mut Scan, case: &Case) -> anyhow::Result<Report> {
        let asked = format!("report by {} for {case:?}", self.list.id);
        let question = self.built_in.then(|| self.scanner.question(scan, &asked)).flatten();
        if let Some(report) = question.as_ref().and_then(|q| self.scanner.recall(q)) {
            tracing::info!("as concluded before: nothing has changed");
            scan.files.clear();
            return Ok(report);
        }
        scan::look_closer(scan, self.scanner, self.rules, self.list, case.as_of, self.show)?;
        let report = complet_judge::judge(std::mem::take(&mut scan.files), self.rules, self.list, case);
        if let Some(question) = question {
            self.scanner.remember(scan, &question, &report);
        }
        Ok(report)
    }
}

/// A dossier that was checked on its own, with what its report is made with.
pub(crate) struct Judged {
    pub(crate) rules: RuleSet,
    pub(crate) scanner: Scanner,
    pub(crate) checked: Checked,
}

/// Reads and judges one dossier.
///
/// # Errors
/// Wrong rules, settings or names on the command line, and a folder that cannot be read.
pub(crate) fn judge(
    dossier: &Utf8Path,
    judging: &Judging,
    reading: &Reading,
    common: &Common,
) -> anyhow::Result<Judged> {
    let rules = RuleSet::load(reading.rules.as_deref())?;
    let list = requirement_list(&rules, judging)?;
    // What is wrong with the settings is told before anything is started.
    config::load(dossier, list)?;
    let scanner = scan::scanner(reading.settings(), reading, common)?;
    let checked = Desk::new(&rules, &scanner, judging, reading, Show::Bar)?.check(dossier)?;
    output::pages(&checked.report.files, reading.pages.as_deref())?;
    Ok(Judged { rules, scanner, checked })
}

impl Checked {
    /// True when anything at all could be read.
    pub(crate) fn is_readable(&self) -> bool {
        scan::is_readable(&self.report.files)
    }

    /// The same without what tells who it is about, when that is wanted: pictures of its pages are not to be
    /// shown either.
    pub(crate) fn redacted_if(self, wanted: bool, catalog: &Catalog) -> Self {
        if !wanted {
            return self;
        }
        let (report, subject) = redact::report(self.report, self.subject, catalog);
        Self { report, subject, scan: Scan::default() }
    }

    /// The report in a form.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn render(
        &self,
        format: Format,
        wording: Wording<'_>,
        look: Look,
        scanner: &Scanner,
    ) -> anyhow::Result<String> {
        let (report, subject) = (&self.report, &self.subject);
        Ok(match format {
            Format::Human => human::report(report, subject, wording, look),
            Format::Json => json::report(report, subject, wording)?,
            Format::Markdown => markdown::report(report, subject, wording),
            Format::Junit => junit::report(report, subject, wording)?,
            Format::Github => github::report(report, subject, wording),
            Format::Html => {
                let pictures = pictures::of(report, &self.scan, scanner)?;
                html::report(report, subject, wording, &pictures)
            }
        })
    }
}

/// The list that was asked for; the profile must be one of its.
pub(crate) fn requirement_list<'a>(
    rules: &'a RuleSet,
    judging: &Judging,
) -> anyhow::Result<&'a RequirementList> {
    let id = judging.requirements.as_str();
    let known: Vec<&str> = rules.lists.iter().map(|l| l.id.as_str()).collect();
    check_known("requirement list", id, &known).context("--requirements")?;
    let list = rules.list(id).ok_or_else(|| anyhow!("there is no requirement list `{id}`"))?;
    if let Some(profile) = &judging.profile {
        check_profile(profile, list).context("--profile")?;
    }
    Ok(list)
}

/// The name of the folder, also when it was given as `.`.
pub(crate) fn name(folder: &Utf8Path) -> String {
    let whole = folder.canonicalize_utf8().unwrap_or_else(|_| folder.to_owned());
    whole.file_name().unwrap_or(whole.as_str()).to_owned()
}

fn applicant_name(applicant: &Applicant) -> Option<String> {
    let names = [&applicant.given_names, &applicant.family_name];
    let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    (!names.is_empty()).then(|| names.join(" "))
}
