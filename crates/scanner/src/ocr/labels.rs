//! Printed labels of identity documents.

/// The labels, one to a line, most with their translation.
const LIST: &str = include_str!("labels.txt");

/// Each label with, for most, what it is in the other language.
pub(crate) fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let lines = LIST.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| line.split('|').map(str::trim).collect())
}
