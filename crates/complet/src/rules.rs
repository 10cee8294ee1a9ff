use anyhow::anyhow;
use camino::Utf8Path;
use comfy_table::{ContentArrangement, Table, presets};
use complet_model::{Lang, Localized, Message};
use complet_rules::{ProblemLevel, RuleSet, check_known};

use crate::args::{Common, Rules};
use crate::exit::Exit;
use crate::output;

/// `complet rules`: what is in force, and whether it is right.
pub(crate) fn run(command: &Rules, common: &Common) -> anyhow::Result<Exit> {
    match command {
        Rules::List { rules } => list(&RuleSet::load(rules.as_deref())?, common),
        Rules::Show { id, rules } => show(&RuleSet::load(rules.as_deref())?, id),
        Rules::Check { rules } => check(rules.as_deref(), common),
    }
}

fn list(rules: &RuleSet, common: &Common) -> anyhow::Result<Exit> {
    let types = rules.doc_types.iter().map(|t| (t.id.as_str(), &t.label));
    let lists = rules.lists.iter().map(|l| (l.id.as_str(), &l.label));
    let width = output::look(common.color, false).width;
    let lang = common.lang();
    let mut sections = Vec::new();
    for (heading, table) in [
        ("rules-doctypes", table(rules, types, lang, width)),
        ("rules-lists", table(rules, lists, lang, width)),
    ] {
        let heading = rules.catalog.message(&Message::new(heading), lang);
        sections.push(format!("{heading}\n{}\n", table.trim_fmt()));
    }
    output::print(&sections.join("\n"))?;
    Ok(Exit::Fine)
}

fn table<'a>(
    rules: &RuleSet,
    entries: impl Iterator<Item = (&'a str, &'a Localized)>,
    lang: Lang,
    width: u16,
) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width).force_no_tty();
    let built_in = rules.catalog.message(&Message::new("rules-built-in"), lang);
    for (id, label) in entries {
        let source = rules.source(id);
        let from = source.map_or("", |s| if s.embedded { built_in.as_str() } else { s.path.as_str() });
        table.add_row([id, label.get(lang), from]);
    }
    table
}

fn show(rules: &RuleSet, id: &str) -> anyhow::Result<Exit> {
    let types = rules.doc_types.iter().map(|t| t.id.as_str());
    let known: Vec<&str> = types.chain(rules.lists.iter().map(|l| l.id.as_str())).collect();
    check_known("document type or requirement list", id, &known)?;
    let source = rules.source(id).ok_or_else(|| anyhow!("the file of `{id}` is not known"))?;
    output::print(&source.text)?;
    Ok(Exit::Fine)
}

/// Errors end with status 2, as they would when the rules are used; warnings do not.
fn check(user: Option<&Utf8Path>, common: &Common) -> anyhow::Result<Exit> {
    let (problems, examples) = match RuleSet::load(user) {
        Ok(rules) => (rules.lint(), complet_judge::check_examples(&rules)),
        Err(errors) => {
            output::print(&format!("{errors}\n"))?;
            return Ok(Exit::Usage);
        }
    };
    // What is doubtful about the built-in rules is no concern of whoever checks his own.
    let own = |path: &str| user.is_none_or(|folder| Utf8Path::new(path).starts_with(folder));
    let mut problems: Vec<_> = problems.into_iter().filter(|p| own(&p.path)).collect();
    // An example of a built-in type fails only when a type of one's own takes it.
    problems.extend(examples);
    if problems.is_empty() {
        let fine = Message::new("rules-fine");
        output::print(&(RuleSet::load(None)?.catalog.message(&fine, common.lang()) + "\n"))?;
    }
    for problem in &problems {
        output::print(&format!("{problem}\n"))?;
    }
    let bad = problems.iter().any(|p| p.level == ProblemLevel::Error);
    Ok(if bad { Exit::Usage } else { Exit::Fine })
}
