use std::borrow::Cow;
use std::sync::OnceLock;

use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A regular expression over folded text, compiled when it is first needed: a run needs few of the
/// patterns that are there. `(?<v>…)` names the part that is the value.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pattern {
    source: String,
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// The expression as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The compiled expression; `None` when it is no regular expression, which the lint reports.
    pub fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| self.compile().ok()).as_ref()
    }

    /// Compiles the expression to tell whether it is one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), String> {
        self.compile().map(|_| ()).map_err(|e| e.to_string())
    }

    // Folding removes accents from the text, so it has to leave those of the pattern as well; folding
    // the pattern itself would break its escapes (`\d` is not `\D`).
    fn compile(&self) -> Result<Regex, Box<regex::Error>> {
        Regex::new(&self.source).map_err(Box::new)
    }
}

impl JsonSchema for Pattern {
    fn schema_name() -> Cow<'static, str> {
        "Pattern".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "regex",
            "description": "A regular expression over the folded text: upper case, without accents, with single spaces. The group (?<v>…) is the value."
        })
    }
}
