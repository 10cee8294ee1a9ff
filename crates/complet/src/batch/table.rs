//! Lines as tables.

use comfy_table::{ContentArrangement, Table, presets};
use complet_model::{Arg, Message, Status};
use complet_report::Wording;
use complet_report::html::Row;
use complet_rules::RequirementList;

use super::line::{Line, Outcome};

/// The summary for people: a row a dossier, and how many there are of each outcome.
pub(super) fn human(lines: &[Line], list: &RequirementList, wording: Wording<'_>, width: u16) -> String {
    let say = |code: &str| wording.catalog.message(&Message::new(code), wording.lang);
    let label = |id: &str| {
        let requirement = list.requirements.iter().find(|r| r.id == id);
        requirement.map_or_else(|| id.to_owned(), |r| r.label.get(wording.lang).to_owned())
    };
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width).force_no_tty();
    table.set_header([say("batch-dossier"), say("batch-outcome"), say("batch-open")]);
    for line in lines {
        let statuses = [Status::Missing, Status::Invalid, Status::Review];
        let open = || line.with(&statuses).into_iter().map(label).collect::<Vec<_>>().join("\n");
        // The lines after the first show the place in a file.
        let first = |error: &String| plain(error.lines().next().unwrap_or_default());
        let open = line.error.as_ref().map_or_else(open, first);
        table.add_row([plain(&line.dossier), say(&outcome_code(line.outcome)), open]);
    }
    let counts = Outcome::ALL.into_iter().filter_map(|outcome| {
        let count = lines.iter().filter(|l| l.outcome == outcome).count();
        let message = Message::new("batch-count")
            .text("outcome", say(&outcome_code(outcome)))
            .with("count", Arg::Count(count as i64));
        (count > 0).then(|| format!("  {}\n", wording.catalog.message(&message, wording.lang)))
    });
    let total = Message::new("batch-total").with("count", Arg::Count(lines.len() as i64));
    let total = wording.catalog.message(&total, wording.lang);
    format!("{}\n\n{total}\n{}", table.trim_fmt(), counts.collect::<String>())
}

/// The lines of the page for a browser; `way` leads from it to the reports.
pub(super) fn rows<'a>(
    lines: &'a [Line],
    list: &'a RequirementList,
    wording: Wording<'_>,
    way: Option<&str>,
) -> Vec<Row<'a>> {
    let rows = lines.iter().map(|line| {
        let with = |statuses: &[Status]| -> Vec<&'a str> {
            // In the order of the list.
            let ids = line.with(statuses);
            let open = list.requirements.iter().filter(|r| ids.contains(&r.id.as_str()));
            open.map(|r| r.label.get(wording.lang)).collect()
        };
        Row {
            name: &line.dossier,
            status: match line.outcome {
                Outcome::Complete => Status::Met,
                Outcome::Review => Status::Review,
                Outcome::Incomplete | Outcome::NothingReadable | Outcome::Failed => Status::Invalid,
            },
            outcome: wording.catalog.message(&Message::new(outcome_code(line.outcome)), wording.lang),
            settle: with(&[Status::Missing, Status::Invalid]),
            check: with(&[Status::Review]),
            pages: line.pages,
            unreadable: line.unreadable,
            report: line.report.as_ref().zip(way).map(|(report, way)| format!("{way}{report}")),
            error: line.error.as_deref(),
        }
    });
    rows.collect()
}

fn outcome_code(outcome: Outcome) -> String {
    format!("batch-{}", outcome.id().replace('_', "-"))
}

/// A name that does not steer the terminal or break the table.
fn plain(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

/// The same for spreadsheets: a column a requirement.
pub(super) fn csv(lines: &[Line], list: &RequirementList) -> String {
    let ids: Vec<&str> = list.requirements.iter().map(|r| r.id.as_str()).collect();
    let fixed = ["dossier", "outcome", "profile", "files", "pages", "unreadable", "report", "error"];
    let mut text = row(fixed.into_iter().chain(ids.iter().copied()));
    for line in lines {
        let counts = [line.files, line.pages, line.unreadable].map(|n| n.to_string());
        let mut cells = vec![&line.dossier, line.outcome.id(), line.profile.as_deref().unwrap_or_default()];
        cells.extend(counts.iter().map(String::as_str));
        cells.extend([&line.report, &line.error].map(|c| c.as_deref().unwrap_or_default()));
        cells.extend(ids.iter().map(|id| line.requirements.get(*id).map_or("", |s| s.id())));
        text += &row(cells);
    }
    text
}

fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    cells.join(",") + "\r\n"
}

/// A spreadsheet takes a cell that begins like a formula for one: the name of a folder must not become one.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_whatever_it_holds() {
        assert_eq!(cell("plain"), "\"plain\"");
        assert_eq!(
            cell("with \"quotes\", a comma\nand a line"),
            "\"with \"\"quotes\"\", a comma\nand a line\""
        );
        assert_eq!(cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
    }
}
