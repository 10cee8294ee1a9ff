use std::process::ExitCode;

/// How the program ends. The numbers are a contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The dossier is complete, or the command did what it was asked.
    Fine,
    /// There are gaps, or something could not be decided.
    Gaps,
    /// The command line or a settings or rules file is wrong.
    Usage,
    /// Nothing in the dossier could be read.
    NothingReadable,
    /// Somebody ended it; what was done is kept.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Gaps => 1,
            Exit::Usage => 2,
            Exit::NothingReadable => 3,
            Exit::Interrupted => 130,
        })
    }
}
