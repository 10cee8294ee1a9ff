use camino::Utf8PathBuf;

/// Why nothing could be scanned at all. What is wrong with single files stands in their
/// [`complet_model::ScannedFile`] instead.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// There is no such folder.
    #[error("there is no folder `{0}`: check the path")]
    NotFound(Utf8PathBuf),
    /// It is a file, or something else.
    #[error("`{0}` is not a folder: give the folder that holds the client's files")]
    NotAFolder(Utf8PathBuf),
    /// The folder itself cannot be listed.
    #[error("the folder `{path}` cannot be read: {source}")]
    Folder {
        /// The folder.
        path: Utf8PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// More files than [`crate::Limits::files`].
    #[error(
        "`{path}` holds more than {limit} files: give the folder of one client, not of all \
         (or raise the limit: --limit files=N)"
    )]
    TooManyFiles {
        /// The folder.
        path: Utf8PathBuf,
        /// The limit.
        limit: usize,
    },
    /// The OCR engine lacks its language data.
    #[error(
        "the OCR engine has no data for the language `{language}` ({searched}); \
         on Debian and Ubuntu: apt-get install {package}"
    )]
    NoLanguage {
        /// Tesseract's name of the language.
        language: String,
        /// Where it was looked for.
        searched: String,
        /// The Debian package of its data.
        package: String,
    },
    /// The second engine was asked for and lacks its models.
    #[error(
        "the engine ppocr has no models ({}); fetch them: {command}",
        folder.as_ref().map_or("looked in the usual folders".to_owned(), |f| format!("not all are in {f}"))
    )]
    NoModels {
        /// The folder given, if any.
        folder: Option<Utf8PathBuf>,
        /// What fetches them.
        command: &'static str,
    },
    /// The OCR engine did not start.
    #[error(
        "the OCR engine did not start: {0}; check that the Debian package tesseract-ocr is installed whole"
    )]
    Engine(String),
    /// The worker threads did not start.
    #[error("the threads that read pages could not be started: {0}")]
    Workers(std::io::Error),
}
