use serde::Deserialize;

/// How a language is told: by words that hardly any other has.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// ISO 639-1 code.
    pub code: String,
    /// Small words of running text; accents and capitals do not count.
    pub words: Vec<String>,
    /// The same of civil-status and administrative forms.
    pub terms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Languages {
    pub(crate) languages: Vec<Language>,
}
