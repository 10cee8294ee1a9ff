use complet_rules::{DocType, RequirementList};
use schemars::schema_for;

use crate::args::Schema;
use crate::config;
use crate::exit::Exit;
use crate::output;

/// `complet schema`: the JSON Schema of a report, or of a rules file.
pub(crate) fn run(which: Schema) -> anyhow::Result<Exit> {
    let text = match which {
        Schema::Report => complet_report::json::schema()?,
        Schema::Doctype => serde_json::to_string_pretty(&schema_for!(DocType))? + "\n",
        Schema::Requirements => serde_json::to_string_pretty(&schema_for!(RequirementList))? + "\n",
        Schema::Dossier => serde_json::to_string_pretty(&config::schema())? + "\n",
    };
    output::print(&text)?;
    Ok(Exit::Fine)
}
