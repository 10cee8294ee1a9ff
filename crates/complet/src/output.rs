use std::io::{self, IsTerminal as _, Write as _};

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};
use complet_model::ScannedFile;
use complet_report::human::Look;

use crate::args::ColorArg;

/// Columns when there is no terminal to ask.
pub(crate) const USUAL_WIDTH: u16 = 80;
/// Longer lines are hard to read, however wide the terminal is.
const MOST_WIDTH: u16 = 110;

/// How a report for people is to look, there where it goes.
pub(crate) fn look(color: ColorArg, to_file: bool) -> Look {
    let terminal = !to_file && io::stdout().is_terminal();
    let color = match color {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
    };
    let asked = terminal.then(|| console::Term::stdout().size_checked()).flatten();
    Look { color, width: asked.map_or(USUAL_WIDTH, |(_, columns)| columns.min(MOST_WIDTH)) }
}

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// As any new file.
    Usual,
    /// Its owner alone: it shows the documents.
    Owner,
}

/// Writes to the file, or to the standard output when there is none.
pub(crate) fn write(text: &str, file: Option<&Utf8Path>, access: Access) -> anyhow::Result<()> {
    match file {
        Some(path) => {
            to_file(text, path, access).with_context(|| format!("the report cannot be written to `{path}`"))
        }
        None => Ok(print(text)?),
    }
}

/// Writes the pages as they were read to the file, if one was asked for.
pub(crate) fn pages(files: &[ScannedFile], file: Option<&Utf8Path>) -> anyhow::Result<()> {
    match file {
        Some(path) => write(&serde_json::to_string(files)?, Some(path), Access::Owner),
        None => Ok(()),
    }
}

/// Writes to the standard output; unlike `print!` it does not panic when the reader has gone.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// What the names of files begin with that are not whole yet.
pub(crate) const HALF: &str = ".complet-";

/// Removes what a run that was killed left half written in a folder.
pub(crate) fn remove_halves(folder: &Utf8Path) {
    let entries = folder.read_dir_utf8().into_iter().flatten().flatten();
    for entry in entries.filter(|e| e.file_name().starts_with(HALF)) {
        // What cannot be removed does no harm but to lie there.
        if let Err(error) = std::fs::remove_file(entry.path()) {
            tracing::warn!(%error, file = %entry.path(), "a file half written stays");
        }
    }
}

/// Replaces the file in one step, so that nobody ever reads half a report.
fn to_file(text: &str, path: &Utf8Path, access: Access) -> io::Result<()> {
    // Through a link to the file it points to; a device or a pipe cannot be replaced.
    let path: Utf8PathBuf = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
    if path.metadata().is_ok_and(|m| !m.is_file()) {
        return std::fs::OpenOptions::new().write(true).open(&path)?.write_all(text.as_bytes());
    }
    let folder = path.parent().filter(|p| !p.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(HALF);
    // Unless told otherwise a temporary file is its owner's alone.
    #[cfg(unix)]
    if access == Access::Usual {
        use std::os::unix::fs::PermissionsExt as _;
        // The usual permissions of a new file; the process's mask applies.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// True when a path, also of what is not there yet, leads into the folder.
pub(crate) fn lies_within(path: &Utf8Path, folder: &Utf8Path) -> bool {
    folder.canonicalize_utf8().is_ok_and(|folder| {
        let known = path.ancestors().find_map(|part| part.canonicalize_utf8().ok());
        known.or_else(|| Utf8Path::new(".").canonicalize_utf8().ok()).is_some_and(|k| k.starts_with(&folder))
    })
}

/// True when the reader of the output has gone: nothing is wrong then.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// What went wrong, on one line, with its causes. Errors that show a place in a file come as they are.
pub(crate) fn error(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    if text.starts_with("error") { text } else { format!("error: {text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_half_written_goes_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(dir.path()).unwrap();
        for name in [".complet-a1b2", "d00.json", ".keep"] {
            std::fs::write(folder.join(name), "x").unwrap();
        }
        remove_halves(folder);
        let mut left: Vec<_> =
            folder.read_dir_utf8().unwrap().map(|e| e.unwrap().file_name().to_owned()).collect();
        left.sort();
        assert_eq!(left, [".keep", "d00.json"]);
    }

    #[test]
    fn a_report_replaces_the_old_one_and_leaves_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(dir.path().join("report.json")).unwrap();
        write("old", Some(&path), Access::Usual).unwrap();
        write("new", Some(&path), Access::Usual).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(dir.path().read_dir().unwrap().count(), 1);
    }

    #[test]
    #[cfg(unix)]
    fn what_shows_documents_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(dir.path().join("report.html")).unwrap();
        // Also where a file that others could read is replaced.
        write("old", Some(&path), Access::Usual).unwrap();
        write("new", Some(&path), Access::Owner).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        write("gone", Some(Utf8Path::new("/dev/null")), Access::Owner).unwrap();
        assert!(!Utf8Path::new("/dev/null").metadata().unwrap().is_file());
    }

    #[test]
    fn an_impossible_place_is_named() {
        let error =
            write("x", Some(Utf8Path::new("/no/such/folder/report.json")), Access::Usual).unwrap_err();
        assert!(super::error(&error).contains("/no/such/folder/report.json"));
        assert!(!is_broken_pipe(&error));
    }
}
