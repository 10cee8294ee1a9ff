use complet_report::{Wording, human, json, redact};
use complet_rules::RuleSet;
use complet_scanner::Settings;

use crate::args::{Common, Inspect, InspectFormat};
use crate::exit::Exit;
use crate::output::Access;
use crate::scan::Show;
use crate::{output, scan};

/// `complet inspect`: tells what the documents are and what was read off them, without a verdict.
pub(crate) fn run(args: &Inspect, common: &Common) -> anyhow::Result<Exit> {
    let rules = RuleSet::load(args.reading.rules.as_deref())?;
    let settings = Settings { debug_images: args.debug_images.clone(), ..args.reading.settings() };
    let scanner = scan::scanner(settings, &args.reading, common)?;
    let as_of = args.reading.as_of();
    let mut scan = scan::paths(&args.paths, &scanner)?;
    if let Some(list) = rules.lists.first() {
        scan::look_closer(&mut scan, &scanner, &rules, list, as_of, Show::Bar)?;
    }
    let mut files = scan.files;
    output::pages(&files, args.reading.pages.as_deref())?;
    let mut documents = complet_judge::recognise(&files, &rules, as_of);
    let is_readable = scan::is_readable(&files);
    if args.redact {
        redact::inspection(&mut documents, &mut files, &rules.catalog);
    }

    let wording = Wording { catalog: &rules.catalog, lang: common.lang() };
    let file = args.reading.output.as_deref();
    let text = match args.format {
        InspectFormat::Human => {
            human::inspection(&documents, &files, wording, output::look(common.color, file.is_some()))
        }
        InspectFormat::Json => json::inspection(&documents, &files, wording)?,
    };
    output::write(&text, file, Access::Usual)?;
    Ok(if is_readable { Exit::Fine } else { Exit::NothingReadable })
}
