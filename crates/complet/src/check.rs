use complet_report::Wording;
use complet_rules::RuleSet;
use complet_scanner::Scanner;

use crate::args::{Check, Common};
use crate::dossier::{Checked, Judged, judge};
use crate::exit::Exit;
use crate::{output, watch};

/// `complet check`: reads, judges and reports one dossier.
pub(crate) fn run(args: &Check, common: &Common) -> anyhow::Result<Exit> {
    if args.watch {
        return watch::run(args, common);
    }
    let Judged { rules, scanner, checked } = judge(&args.dossier, &args.judging, &args.reading, common)?;
    report(checked, args, common, &rules, &scanner)
}

/// Writes the report on a dossier as it was asked for.
pub(crate) fn report(
    checked: Checked,
    args: &Check,
    common: &Common,
    rules: &RuleSet,
    scanner: &Scanner,
) -> anyhow::Result<Exit> {
    let readable = checked.is_readable();
    let checked = checked.redacted_if(args.redact, &rules.catalog);
    let file = args.reading.output.as_deref();
    let wording = Wording { catalog: &rules.catalog, lang: common.lang() };
    let look = output::look(common.color, file.is_some());
    let text = checked.render(args.format, wording, look, scanner)?;
    output::write(&text, file, args.format.access())?;
    Ok(if !readable {
        Exit::NothingReadable
    } else if checked.report.is_complete() || args.exit_zero {
        Exit::Fine
    } else {
        Exit::Gaps
    })
}
