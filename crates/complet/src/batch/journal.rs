//! What is done, on the disk: a line for each finished dossier, written when its report is there.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::line::Line;
use crate::output;

const NAME: &str = "batch.jsonl";

/// A row of the journal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Row {
    /// What the rows below answer: they are of no use for another question.
    Question(String),
    /// A dossier that looked like this is done.
    Done { state: String, line: Line },
    /// All of them are.
    End,
}

pub(super) struct Journal {
    path: PathBuf,
    file: File,
}

/// What a journal of before knows.
#[derive(Default)]
struct Known {
    question: Option<String>,
    done: HashMap<String, (String, Line)>,
    is_finished: bool,
}

impl Journal {
    /// Opens the journal of a folder of reports for a question, with what is known from before: the rest of a
    /// run that did not come to its end, or a finished one when `changed` is asked for. `is_still` tells
    /// whether a dossier still looks as it did.
    pub(super) fn open(
        folder: &Path,
        question: &str,
        changed: bool,
        is_still: &dyn Fn(&str, &str) -> bool,
    ) -> io::Result<(Self, Vec<Line>)> {
        let path = folder.join(NAME);
        let known = read(&path)?;
        let is_of_use = known.question.as_deref() == Some(question) && (changed || !known.is_finished);
        let mut rows: Vec<(String, Line)> = Vec::new();
        if is_of_use {
            let of_use = known.done.into_iter().filter(|(dossier, (state, line))| {
                is_still(dossier, state) && line.report.as_ref().is_some_and(|r| folder.join(r).is_file())
            });
            rows.extend(of_use.map(|(_, row)| row));
        }
        rows.sort_by(|a, b| a.1.dossier.cmp(&b.1.dossier));
        // Written anew, so that no dossier stands in it twice.
        let mut file = tempfile::Builder::new().prefix(output::HALF).tempfile_in(folder)?;
        file.write_all(&row(&Row::Question(question.to_owned()))?)?;
        for (state, line) in &rows {
            file.write_all(&row(&Row::Done { state: state.clone(), line: line.clone() })?)?;
        }
        file.persist(&path).map_err(|error| error.error)?;
        let file = OpenOptions::new().append(true).open(&path)?;
        Ok((Self { path, file }, rows.into_iter().map(|(_, line)| line).collect()))
    }

    /// Enters a dossier, in one write.
    pub(super) fn done(&mut self, state: String, line: Line) -> io::Result<()> {
        self.file.write_all(&row(&Row::Done { state, line })?)
    }

    /// Says that nothing is left to do.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.file.write_all(&row(&Row::End)?)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

fn row(row: &Row) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(row)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads as much of a journal as is whole: its last row may be half written.
fn read(path: &Path) -> io::Result<Known> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Known::default()),
        Err(error) => return Err(error),
    };
    let mut known = Known::default();
    for text in BufReader::new(file).split(b'\n') {
        match serde_json::from_slice(&text?) {
            Ok(Row::Question(question)) => known.question = Some(question),
            Ok(Row::Done { state, line }) => {
                known.done.insert(line.dossier.clone(), (state, line));
            }
            Ok(Row::End) => known.is_finished = true,
            Err(_) => {}
        }
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(dossier: &str) -> Line {
        Line { report: Some(format!("{dossier}.json")), ..Line::failed(dossier.to_owned(), String::new()) }
    }

    fn names(lines: &[Line]) -> Vec<&str> {
        lines.iter().map(|l| l.dossier.as_str()).collect()
    }

    #[test]
    fn what_was_done_is_known_until_the_run_has_come_to_its_end() {
        let dir = tempfile::tempdir().unwrap();
        let open = |question: &str, changed: bool| {
            Journal::open(dir.path(), question, changed, &|dossier, state| {
                state == format!("state {dossier}")
            })
            .unwrap()
        };
        let (mut journal, known) = open("q", false);
        assert!(known.is_empty());
        for dossier in ["b", "a", "gone"] {
            std::fs::write(dir.path().join(format!("{dossier}.json")), "{}").unwrap();
            journal.done(format!("state {dossier}"), line(dossier)).unwrap();
        }
        journal.done("another state".to_owned(), line("changed")).unwrap();
        std::fs::remove_file(dir.path().join("gone.json")).unwrap();
        // The power went.
        journal.file.write_all(b"{\"done\":{\"state\":\"state c\",\"li").unwrap();
        drop(journal);

        let (mut journal, known) = open("q", false);
        assert_eq!(names(&known), ["a", "b"]);
        journal.end().unwrap();
        assert_eq!(names(&open("q", true).1), ["a", "b"]);
        let (mut journal, _) = open("q", true);
        journal.end().unwrap();
        // Another question, or a new run.
        assert!(open("q", false).1.is_empty());
        assert!(open("other", true).1.is_empty());
    }
}
