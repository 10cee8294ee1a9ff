use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, Table, TableStyle, Width, presets};
use complet_model::{Severity, Status};

use super::Look;
use crate::text::clean;

/// Under this, words would be broken to pieces.
const LEAST_WIDTH: u16 = 40;

/// Text being laid out for a terminal. Everything that comes in is cleaned: a file name must not be
/// able to move the cursor.
pub(super) struct Screen {
    out: String,
    look: Look,
}

/// A mark at the head of a line, with its colour.
#[derive(Clone, Copy)]
pub(super) struct Sign {
    pub(super) text: &'static str,
    color: Option<AnsiColor>,
}

impl Sign {
    pub(super) const ARROW: Self = Self { text: "→", color: Some(AnsiColor::Cyan) };
    pub(super) const NONE: Self = Self { text: "", color: None };
    pub(super) const DOUBT: Self = Self { text: "?", color: Some(AnsiColor::Yellow) };
    pub(super) const BAD: Self = Self { text: "✗", color: Some(AnsiColor::Red) };
    const GOOD: Self = Self { text: "✓", color: Some(AnsiColor::Green) };
    const WARN: Self = Self { text: "!", color: Some(AnsiColor::Yellow) };
    const NOTE: Self = Self { text: "i", color: Some(AnsiColor::Cyan) };
    const OFF: Self = Self { text: "–", color: Some(AnsiColor::BrightBlack) };

    fn style(self) -> Style {
        self.color.map_or_else(Style::new, AnsiColor::on_default)
    }
}

impl From<Status> for Sign {
    fn from(status: Status) -> Self {
        match status {
            Status::Met => Self::GOOD,
            Status::NotApplicable => Self::OFF,
            Status::Review => Self::DOUBT,
            Status::Invalid | Status::Missing => Self::BAD,
        }
    }
}

impl From<Severity> for Sign {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::BAD,
            Severity::Warning => Self::WARN,
            Severity::Info => Self::NOTE,
        }
    }
}

impl Screen {
    pub(super) fn new(look: Look) -> Self {
        let width = look.width.max(LEAST_WIDTH);
        Self { out: String::new(), look: Look { width, ..look } }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A heading, with a blank line before it unless it is the first line.
    pub(super) fn heading(&mut self, text: &str) {
        if !self.out.is_empty() {
            self.blank();
        }
        self.line(Style::new().bold(), text);
    }

    /// A wrapped paragraph that starts at the left.
    pub(super) fn line(&mut self, style: Style, text: &str) {
        self.paragraph("", Style::new(), text, style);
    }

    /// A bold paragraph with a sign before it.
    pub(super) fn signed_heading(&mut self, sign: Sign, text: &str) {
        self.paragraph(&format!("{} ", sign.text), sign.style(), text, sign.style().bold());
    }

    /// A wrapped paragraph, indented by `indent` columns, with a sign before it when it has one.
    pub(super) fn item(&mut self, indent: usize, sign: Sign, text: &str) {
        let gap = if sign.text.is_empty() { "" } else { " " };
        self.paragraph(&format!("{:indent$}{}{gap}", "", sign.text), sign.style(), text, Style::new());
    }

    /// A wrapped, indented paragraph that stands back.
    pub(super) fn aside(&mut self, indent: usize, text: &str) {
        self.paragraph(&" ".repeat(indent), Style::new(), text, AnsiColor::BrightBlack.on_default());
    }

    /// A wrapped paragraph with a number before it.
    pub(super) fn numbered(&mut self, number: usize, text: &str) {
        self.paragraph(&format!("{number:3}. "), Style::new(), text, Style::new());
    }

    pub(super) fn table(&mut self, table: &Table) {
        self.out.push_str(&table.trim_fmt());
        self.out.push('\n');
    }

    /// An empty table of the screen's width.
    pub(super) fn new_table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(PLAIN).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(self.look.width);
        if self.look.color {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table
    }

    fn paragraph(&mut self, head: &str, head_style: Style, text: &str, style: Style) {
        let indent = textwrap::core::display_width(head);
        let room = usize::from(self.look.width).saturating_sub(indent).max(usize::from(LEAST_WIDTH) / 2);
        // Names of files and people would be torn apart at their hyphens.
        let options = textwrap::Options::new(room).word_splitter(textwrap::WordSplitter::NoHyphenation);
        for (i, line) in textwrap::wrap(&clean(text), &options).iter().enumerate() {
            if i == 0 {
                self.paint(head_style, head);
            } else {
                self.out.push_str(&" ".repeat(indent));
            }
            self.paint(style, line);
            self.out.push('\n');
        }
    }

    fn paint(&mut self, style: Style, text: &str) {
        // Writing to a String cannot fail.
        let _ = if self.look.color && style != Style::new() && !text.trim().is_empty() {
            write!(self.out, "{style}{text}{style:#}")
        } else {
            self.out.write_str(text)
        };
    }
}

const PLAIN: TableStyle = presets::NOTHING;

/// A cell with clean text.
pub(super) fn cell(text: &str) -> Cell {
    let lines: Vec<String> = text.lines().map(clean).collect();
    Cell::new(lines.join("\n"))
}

/// A cell with a sign before its text.
pub(super) fn signed_cell(sign: Sign, text: &str) -> Cell {
    let cell = cell(&format!("{} {text}", sign.text));
    match sign.color {
        Some(AnsiColor::Green) => cell.fg(Color::DarkGreen),
        Some(AnsiColor::Yellow) => cell.fg(Color::DarkYellow),
        Some(AnsiColor::Red) => cell.fg(Color::DarkRed),
        Some(AnsiColor::Cyan) => cell.fg(Color::DarkCyan),
        Some(_) => cell.fg(Color::DarkGrey),
        None => cell,
    }
}

/// A column that keeps its content on one line.
pub(super) const UNBROKEN: ColumnConstraint = ColumnConstraint::ContentWidth;
/// A column that takes no more than `percent` of the width.
pub(super) fn at_most(percent: u16) -> ColumnConstraint {
    ColumnConstraint::UpperBoundary(Width::Percentage(percent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hang_under_their_first_word() {
        let mut screen = Screen::new(Look { color: false, width: 40 });
        screen.item(2, Sign::ARROW, &"mot ".repeat(12));
        let out = screen.finish();
        let mut lines = out.lines();
        assert!(lines.next().unwrap().starts_with("  → mot"));
        assert!(lines.next().unwrap().starts_with("    mot"));
        assert!(out.lines().all(|line| line.chars().count() <= 40), "{out}");
    }
}
