use complet_report::{Wording, letter};

use crate::args::{Common, Letter, LetterFormat};
use crate::dossier::{Judged, judge};
use crate::exit::Exit;
use crate::output::{self, Access};

/// `complet letter`: the message to the client.
pub(crate) fn run(args: &Letter, common: &Common) -> anyhow::Result<Exit> {
    let Judged { rules, checked, .. } = judge(&args.dossier, &args.judging, &args.reading, common)?;
    let checked = checked.redacted_if(args.redact, &rules.catalog);
    let wording = Wording { catalog: &rules.catalog, lang: common.lang() };
    let letter = letter::Letter::new(&checked.report, &checked.subject, wording);
    let text = match args.format {
        LetterFormat::Text => letter.text(),
        LetterFormat::Markdown => letter.markdown(),
    };
    output::write(&text, args.reading.output.as_deref(), Access::Owner)?;
    Ok(if checked.is_readable() { Exit::Fine } else { Exit::NothingReadable })
}
