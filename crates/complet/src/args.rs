use camino::Utf8PathBuf;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use complet_model::Date;
use complet_rules::check_known;
use complet_scanner::{EngineChoice, Limit, Limits, Settings, Stage};

use crate::output::Access;

/// Tells whether a client's dossier for French health insurance is complete, offline.
///
/// Point it at a folder of PDFs and pictures: it tells what each document is, reads what matters off it,
/// and says what is missing, where the evidence is, and what to ask the client for.
#[derive(Debug, Parser)]
#[command(name = "complet", version, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) common: Common,
}

const EXIT_CODES: &str = "\
Exit status: 0 complete, 1 gaps or undecided, 2 wrong command line, settings or rules,
3 nothing readable in the folder.";

#[derive(Debug, clap::Args)]
pub(crate) struct Common {
    /// Language of reports [default: from the environment's locale]
    #[arg(long, global = true, value_name = "LANG")]
    pub(crate) lang: Option<LangArg>,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorArg,
    /// Say more on the error stream; twice for details
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LangArg {
    Fr,
    En,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ColorArg {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check one dossier: what is missing, and what to ask the client for
    Check(Check),
    /// Begin a dossier: write a `dossier.toml` with everything in it explained, and say how to go on
    Init(Init),
    /// Check many dossiers: each folder in ROOT is one
    Batch(Batch),
    /// Write the message to the client: what is fine, and what exactly to send
    Letter(Letter),
    /// Write the dossier ready to hand in: a PDF a heading, in order, with a cover sheet
    Export(Export),
    /// Judge dossiers with a known outcome, and say where it is another: for CI
    Verify(Verify),
    /// Tell what each document is, what was read off it, and from where
    Inspect(Inspect),
    /// Show or check the document types and requirement lists
    Rules {
        #[command(subcommand)]
        command: Rules,
    },
    /// Show or clear what is kept of pages that were read
    Cache {
        #[command(subcommand)]
        command: CacheCommand,
    },
    /// Read for another process of this program
    #[command(hide = true)]
    Worker,
    /// Print a JSON Schema
    Schema {
        /// Of what
        which: Schema,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or that of a command
    Man {
        /// The command
        command: Option<String>,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Folder with the client's files
    #[arg(value_name = "DOSSIER")]
    pub(crate) dossier: Utf8PathBuf,
    #[command(flatten)]
    pub(crate) judging: Judging,
    /// Form of the report
    #[arg(long, value_name = "FORM", default_value = "human")]
    pub(crate) format: Format,
    /// Mask names, numbers and dates of birth, and leave out the pictures of pages
    #[arg(long, conflicts_with = "pages")]
    pub(crate) redact: bool,
    /// End with status 0 even when there are gaps
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Check again whenever something in the folder changes, until Ctrl-C
    #[arg(long, conflicts_with = "pages")]
    pub(crate) watch: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// Folder of the dossier, made when it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) dossier: Utf8PathBuf,
}

/// What a dossier is judged by.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Judging {
    /// The person's profile, instead of the one in dossier.toml or inferred from the documents
    #[arg(long, value_name = "ID")]
    pub(crate) profile: Option<String>,
    /// The requirement list to check against
    #[arg(long, value_name = "ID", default_value = Self::USUAL)]
    pub(crate) requirements: String,
}

impl Judging {
    /// The requirement list when none is named.
    pub(crate) const USUAL: &str = "cpam-guide";
}

#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// Folder with the client's files, which are left as they are
    #[arg(value_name = "DOSSIER")]
    pub(crate) dossier: Utf8PathBuf,
    /// Folder to write into: a new or an empty one
    #[arg(value_name = "OUT")]
    pub(crate) out: Utf8PathBuf,
    #[command(flatten)]
    pub(crate) judging: Judging,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// Folder with dossiers that hold an `expected.toml`
    #[arg(value_name = "CASES")]
    pub(crate) cases: Utf8PathBuf,
    /// Form of the answer
    #[arg(long, value_name = "FORM", default_value = "human")]
    pub(crate) format: VerifyFormat,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerifyFormat {
    /// For people
    Human,
    /// For CI servers: a case a dossier
    Junit,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Letter {
    /// Folder with the client's files
    #[arg(value_name = "DOSSIER")]
    pub(crate) dossier: Utf8PathBuf,
    #[command(flatten)]
    pub(crate) judging: Judging,
    /// Form of the letter
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: LetterFormat,
    /// Mask names, numbers and dates of birth
    #[arg(long, conflicts_with = "pages")]
    pub(crate) redact: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LetterFormat {
    /// Plain text, for an e-mail
    Text,
    /// Markdown
    Markdown,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Inspect {
    /// Files, or folders of files
    #[arg(required = true, value_name = "FILE|DIR")]
    pub(crate) paths: Vec<Utf8PathBuf>,
    /// Form of the answer
    #[arg(long, value_name = "FORM", default_value = "json")]
    pub(crate) format: InspectFormat,
    /// Mask names, numbers and dates of birth
    #[arg(long, conflicts_with_all = ["pages", "debug_images"])]
    pub(crate) redact: bool,
    /// Put pictures of the steps of reading into DIR: they show the documents
    #[arg(long, value_name = "DIR")]
    pub(crate) debug_images: Option<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Batch {
    /// Folder with the dossiers' folders
    #[arg(value_name = "ROOT")]
    pub(crate) root: Utf8PathBuf,
    #[command(flatten)]
    pub(crate) judging: Judging,
    /// Form of the summary
    #[arg(long, value_name = "FORM", default_value = "human")]
    pub(crate) format: BatchFormat,
    /// Put a report for each dossier into DIR; a run that was ended goes on from there
    #[arg(long, value_name = "DIR")]
    pub(crate) reports: Option<Utf8PathBuf>,
    /// Form of these reports
    #[arg(long, value_name = "FORM", default_value = "json", requires = "reports")]
    pub(crate) report_format: Format,
    /// Check only the dossiers that have changed since the last run with the same --reports
    #[arg(long, requires = "reports")]
    pub(crate) changed: bool,
    /// Mask names, numbers and dates of birth everywhere, number the dossiers instead of naming them, and
    /// leave out the pictures of pages
    #[arg(long)]
    pub(crate) redact: bool,
    /// End with status 0 even when there are gaps
    #[arg(long)]
    pub(crate) exit_zero: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BatchFormat {
    /// A table for people
    Human,
    /// A line of JSON for each dossier, as it is finished
    Jsonl,
    /// A table for spreadsheets
    Csv,
    /// A page for a browser, which leads to the reports
    Html,
}

/// What all commands that read files have in common.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Reading {
    /// Folder with rules of your own, which replace built-in ones of the same id
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<Utf8PathBuf>,
    /// The day for which to judge, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    /// Write to FILE instead of the standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<Utf8PathBuf>,
    /// Pages to read at the same time [default: one a processor core]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: Option<u16>,
    /// Which OCR engine reads: auto reads doubtful pages with both
    #[arg(long, value_name = "ENGINE", default_value = "auto")]
    pub(crate) engine: EngineArg,
    /// Folder with the models of the second engine [default: looked for in the usual places]
    #[arg(long, value_name = "DIR")]
    pub(crate) models: Option<Utf8PathBuf>,
    /// Write the pages as they were read, with every word and mark, to FILE as JSON: it shows the documents.
    /// For measuring; its form may change at any time.
    #[arg(long, value_name = "FILE", hide = true)]
    pub(crate) pages: Option<Utf8PathBuf>,
    /// Steps of reading to leave out, to see what they bring
    #[arg(long, value_name = "STEP", value_delimiter = ',', value_parser = stages())]
    pub(crate) without: Vec<Stage>,
    /// Raise or lower a limit, NAME=N: files, depth (folders in folders), file-megabytes, file-pages,
    /// page-megapixels, page-seconds, dossier-seconds, worker-megabytes
    #[arg(long = "limit", value_name = "NAME=N", value_parser = limit)]
    pub(crate) limits: Vec<(Limit, u32)>,
    /// Where pages are read
    #[arg(long, value_name = "WHERE", default_value = "processes")]
    pub(crate) isolation: IsolationArg,
    #[command(flatten)]
    pub(crate) cache: CacheArgs,
}

/// Where what was read off a page is kept for the next time.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct CacheArgs {
    /// Read all pages, and keep nothing of them
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Folder of what is kept of pages [default: `$COMPLET_CACHE`, or complet in the user's cache folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) cache_dir: Option<Utf8PathBuf>,
    /// Encrypt what is kept with the key in FILE [default: `$COMPLET_CACHE_KEY`, else not encrypted]
    #[arg(long, value_name = "FILE")]
    pub(crate) cache_key: Option<Utf8PathBuf>,
    /// Megabytes to keep; the oldest go first
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) cache_megabytes: u32,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CacheCommand {
    /// How many entries there are, and how much they take
    Info {
        #[command(flatten)]
        cache: CacheArgs,
    },
    /// Remove all entries
    Clear {
        #[command(flatten)]
        cache: CacheArgs,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum IsolationArg {
    /// In processes of their own, which may crash, hang or swell without harm
    Processes,
    /// In the program itself
    None,
}

fn limit(text: &str) -> Result<(Limit, u32), String> {
    let (name, value) =
        text.split_once('=').ok_or("a limit is written NAME=N, for example file-pages=800")?;
    let found = Limit::ALL.into_iter().find(|l| l.name() == name);
    let known = Limit::ALL.map(Limit::name);
    let limit = found.ok_or_else(|| match check_known("limit", name, &known) {
        Err(unknown) => unknown.to_string(),
        Ok(()) => String::new(),
    })?;
    let value = value.parse().ok().filter(|v| *v > 0);
    Ok((limit, value.ok_or("a limit is a whole number from 1")?))
}

/// Names of the steps, which stand in one place.
fn stages() -> impl TypedValueParser<Value = Stage> {
    let names = PossibleValuesParser::new(Stage::ALL.map(Stage::name));
    names.try_map(|name| Stage::ALL.into_iter().find(|s| s.name() == name).ok_or("no such step"))
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum EngineArg {
    /// Tesseract, and PP-OCR for what is doubtful
    Auto,
    /// Tesseract alone
    Tesseract,
    /// PP-OCR alone
    Ppocr,
}

impl Reading {
    /// How files are to be read.
    pub(crate) fn settings(&self) -> Settings {
        let mut limits = Limits::default();
        self.limits.iter().for_each(|(limit, value)| limits.set(*limit, *value));
        Settings {
            limits,
            jobs: self.jobs.map(usize::from),
            engine: match self.engine {
                EngineArg::Auto => EngineChoice::Auto,
                EngineArg::Tesseract => EngineChoice::Tesseract,
                EngineArg::Ppocr => EngineChoice::Ppocr,
            },
            models: self.models.clone(),
            without: self.without.iter().copied().collect(),
            ..Settings::default()
        }
    }

    /// The day for which to judge. The only place where the clock is read.
    pub(crate) fn as_of(&self) -> Date {
        self.as_of.unwrap_or_else(|| jiff::ZonedDateTime::now().date())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, on a terminal
    Human,
    /// For programs: version 1 of the JSON report
    Json,
    /// For people, in a browser: one file with pictures of the pages
    Html,
    /// For a job's summary or a comment
    Markdown,
    /// For CI servers: a suite a dossier, a case a requirement
    Junit,
    /// For GitHub workflows: annotations
    Github,
}

impl Format {
    /// The ending of a file in this form.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Human | Self::Github => "txt",
            Self::Json => "json",
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Junit => "xml",
        }
    }

    /// Who may read a report in this form.
    pub(crate) fn access(self) -> Access {
        match self {
            Self::Html => Access::Owner,
            Self::Human | Self::Json | Self::Markdown | Self::Junit | Self::Github => Access::Usual,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InspectFormat {
    /// For people
    Human,
    /// For programs: the documents and files of the JSON report
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// List the document types and requirement lists in force
    List {
        /// Folder with rules of your own
        #[arg(long, value_name = "DIR")]
        rules: Option<Utf8PathBuf>,
    },
    /// Print the file of a document type or a requirement list
    Show {
        /// Its id
        id: String,
        /// Folder with rules of your own
        #[arg(long, value_name = "DIR")]
        rules: Option<Utf8PathBuf>,
    },
    /// Look for mistakes in rules of your own, or in the built-in ones
    Check {
        /// Folder with the rules
        #[arg(value_name = "DIR")]
        rules: Option<Utf8PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Schema {
    /// The JSON report of `check`
    Report,
    /// A document type's file
    Doctype,
    /// A requirement list's file
    Requirements,
    /// A dossier's `dossier.toml`
    Dossier,
}

fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "a day is written YYYY-MM-DD, for example 2026-11-15".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_limit_has_a_known_name_and_a_number() {
        assert_eq!(limit("file-pages=800"), Ok((Limit::FilePages, 800)));
        assert!(limit("pages=800").unwrap_err().contains("file-pages"));
        assert!(limit("file-page=800").unwrap_err().contains("did you mean `file-pages`?"));
        assert!(limit("file-pages").is_err() && limit("files=0").is_err() && limit("files=-1").is_err());
    }

    #[test]
    fn a_day_is_a_day_of_the_calendar() {
        assert!(day("2026-11-15").is_ok());
        assert!(day("2026-02-30").is_err());
        assert!(day("15/11/2026").is_err());
    }
}
