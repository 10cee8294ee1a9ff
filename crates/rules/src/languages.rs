use serde::Deserialize;

/// How a language is told: by words that hardly any other has.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// ISO 639-1 code.
    pub code: String,
    /// Small words of running text, folded.
    pub words: Vec<String>,
    /// Words of civil-status and administrative forms, folded.
    pub terms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Languages {
    pub(crate) languages: Vec<Language>,
}
