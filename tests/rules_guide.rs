//! The worked example of docs/rules.md does what the page says.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

/// Writes each block of the page that names a file, and returns how many there are.
fn write_blocks(page: &str, into: &Path) -> usize {
    let mut written = 0;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(name) = line.strip_prefix("```toml ") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
        let path = into.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, block.join("\n")).unwrap();
        written += 1;
    }
    written
}

fn complet(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_complet")).env("COMPLET_CACHE", "").args(args).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn the_worked_example_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/rules.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(write_blocks(&page, folder.path()), 3);
    let rules = folder.path().to_str().unwrap();

    let checked = complet(&["rules", "check", rules]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked));

    let dossier = root.join("fixtures/dossiers/complete-nguyen");
    let judged = complet(&[
        "check",
        dossier.to_str().unwrap(),
        "--rules",
        rules,
        "--requirements",
        "club",
        "--as-of",
        "2026-11-15",
        "--format",
        "json",
    ]);
    let report: serde_json::Value = serde_json::from_slice(&judged.stdout).unwrap();
    let statuses: Vec<(&str, &str)> = report["requirements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["id"].as_str().unwrap(), r["status"].as_str().unwrap()))
        .collect();
    assert_eq!(statuses, [("health", "missing"), ("home", "met")]);
    assert_eq!(judged.status.code(), Some(1));
}

#[test]
fn a_type_that_can_never_win_and_a_broken_example_are_told_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let types = folder.path().join("doctypes");
    std::fs::create_dir_all(&types).unwrap();
    let own = "id = 'membership'\nlabel = { fr = 'Adhésion', en = 'Membership' }\nmin_score = 20\n\
               [anchors]\ntitle = ['carte de membre']\n[[examples]]\ntext = 'CARTE DE MEMBRE du club'\n";
    std::fs::write(types.join("membership.toml"), own).unwrap();
    let checked = complet(&["rules", "check", folder.path().to_str().unwrap()]);
    let said = text(&checked);
    assert_eq!(checked.status.code(), Some(2), "{said}");
    assert!(said.contains("membership.toml:3:") && said.contains("can never win"), "{said}");
    assert!(said.contains("membership.toml:7:") && said.contains("taken for `other`"), "{said}");
}
