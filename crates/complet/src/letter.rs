use complet_report::{Wording, letter};

use crate::args::{Common, Letter, LetterFormat};
use crate::dossier::judge;
use crate::exit::Exit;
use crate::output::{self, Access};

/// `complet letter`: the message to the client.
pub(crate) fn run(args: &Letter, common: &Common) -> anyhow::Result<Exit> {
    let judged = judge(&args.dossier, &args.judging, &args.reading, common)?;
    let wording = Wording { catalog: &judged.rules.catalog, lang: common.lang() };
    let letter = letter::Letter::new(&judged.checked.report, &judged.checked.subject, wording);
    let text = match args.format {
        LetterFormat::Text => letter.text(),
        LetterFormat::Markdown => letter.markdown(),
    };
    output::write(&text, args.reading.output.as_deref(), Access::Owner)?;
    Ok(if judged.checked.is_readable() { Exit::Fine } else { Exit::NothingReadable })
}
