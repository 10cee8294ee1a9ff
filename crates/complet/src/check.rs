use complet_report::html::{self, Pictures};
use complet_report::{Wording, github, human, json, junit, markdown, redact};

use crate::args::{Check, Common, Format};
use crate::dossier::{Judged, judge};
use crate::exit::Exit;
use crate::{output, pictures};

/// `complet check`: reads, judges and reports one dossier.
pub(crate) fn run(args: &Check, common: &Common) -> anyhow::Result<Exit> {
    let Judged { rules, report, subject, scan, settings, readable } =
        judge(&args.dossier, &args.judging, &args.reading)?;
    let (report, subject) =
        if args.redact { redact::report(report, subject, &rules.catalog) } else { (report, subject) };
    let (report, subject) = (&report, &subject);
    let wording = Wording { catalog: &rules.catalog, lang: common.lang() };
    let file = args.reading.output.as_deref();
    let text = match args.format {
        Format::Human => human::report(report, subject, wording, output::look(common.color, file.is_some())),
        Format::Json => json::report(report, subject, wording)?,
        Format::Markdown => markdown::report(report, subject, wording),
        Format::Junit => junit::report(report, subject, wording)?,
        Format::Github => github::report(report, subject, wording),
        Format::Html => {
            let pictures =
                if args.redact { Pictures::default() } else { pictures::of(report, &scan, &settings)? };
            html::report(report, subject, wording, &pictures)
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
