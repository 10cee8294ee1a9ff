//! The report's other faces, from the command line.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const DAY: &str = "2026-11-15";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn complet(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_complet"));
    command.args(args).env("LC_ALL", "C").env("COMPLET_CACHE", "").env_remove("NO_COLOR").current_dir(root());
    // Nothing here hangs on the second engine, and pages are read sooner without.
    command.env("COMPLET_MODELS", "/nonexistent").output().unwrap()
}

fn text(output: &Output) -> String {
    assert!(!output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A dossier of files that are read without OCR, under other names, and one that cannot be read.
struct Dossier(TempDir);

impl Dossier {
    fn new(files: &[(&str, &str)]) -> Self {
        let dossier = Self(tempfile::tempdir().unwrap());
        for (from, name) in files {
            dossier.add(from, name);
        }
        dossier
    }

    fn add(&self, from: &str, name: &str) {
        std::fs::copy(root().join("fixtures/dossiers").join(from), self.0.path().join(name)).unwrap();
    }

    fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    /// Names and contents.
    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let paths = self.0.path().read_dir().unwrap().map(|e| e.unwrap().path());
        let mut files: Vec<_> = paths.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
        files.sort();
        files
    }

    fn check(&self, options: &[&str]) -> Output {
        complet(&[&["check", self.path(), "--as-of", DAY, "--lang", "en"], options].concat())
    }
}

#[test]
fn html_shows_the_pages_and_takes_a_hostile_file_name_for_text() {
    let name = "<img src=x onerror=alert(1)>.pdf";
    let dossier = Dossier::new(&[("complete-nguyen/RIB.pdf", name)]);
    std::fs::write(dossier.0.path().join("broken.pdf"), b"%PDF-1.7 nothing else").unwrap();
    let html = text(&dossier.check(&["--format", "html"]));
    assert!(html.contains("<bdi>&lt;img src=x onerror=alert(1)&gt;.pdf</bdi>"), "{html}");
    assert!(!html.contains("<img"));
    assert_eq!(html.matches("<image ").count(), 1, "one page can be drawn");
    assert!(html.contains("broken.pdf"));
}

#[test]
#[cfg(unix)]
fn an_html_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let dossier = Dossier::new(&[]);
    let file = dossier.0.path().join("report.html");
    dossier.check(&["--format", "html", "--output", file.to_str().unwrap()]);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn junit_keeps_to_its_schema_and_counts_right() {
    let dossier = Dossier::new(&[("complete-nguyen/RIB.pdf", "a & b <\u{1}>.pdf")]);
    let xml = text(&dossier.check(&["--format", "junit"]));
    assert!(xml.contains("<failure message=\"Valid passport or identity card: There is neither"), "{xml}");
    let count = |what: &str| xml.matches(what).count();
    for (attribute, element) in
        [("tests", "<testcase "), ("failures", "<failure "), ("errors", "<error "), ("skipped", "<skipped ")]
    {
        assert_eq!(count(&format!(" {attribute}=\"{}\"", count(element))), 2, "{attribute}: {xml}");
    }
    let mut command = Command::new("xmllint");
    command.args(["--noout", "--nonet", "--schema"]).arg(root().join("tests/junit.xsd")).arg("-");
    let file = dossier.0.path().join("report.xml");
    std::fs::write(&file, &xml).unwrap();
    match command.stdin(std::fs::File::open(&file).unwrap()).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => eprintln!("skipped: xmllint (Debian: libxml2-utils) does not start: {error}"),
    }
}

#[test]
fn annotations_name_the_file_as_it_lies_in_the_repository() {
    let output = complet(&[
        "check",
        "fixtures/dossiers/gaps-castillo",
        "--as-of",
        DAY,
        "--lang",
        "en",
        "--format",
        "github",
    ]);
    let text = text(&output);
    assert!(text.lines().all(|line| line.starts_with("::")), "{text}");
    let passport = "::error file=fixtures/dossiers/gaps-castillo/02 passeport.pdf,title=";
    assert!(text.contains(passport), "{text}");
}

#[test]
fn markdown_says_what_to_ask_for() {
    let dossier = Dossier::new(&[("complete-nguyen/RIB.pdf", "a|b.pdf")]);
    let text = text(&dossier.check(&["--format", "markdown"]));
    assert!(text.contains("## What to ask the client for"), "{text}");
    assert!(text.contains("(RIB with IBAN) in the applicant's name | a\\|b.pdf |"), "{text}");
}

#[test]
fn the_letter_says_what_the_report_asks_for() {
    let letter = |lang: &str| {
        let dossier = "fixtures/dossiers/gaps-castillo";
        let output = complet(&["letter", dossier, "--as-of", DAY, "--lang", lang]);
        assert_eq!(output.status.code(), Some(0));
        // Lines are broken anywhere.
        text(&output).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let english = letter("en");
    for words in [
        "please send us one that is still valid",
        "courdecassation.fr",
        "please send us that of September 2026",
        "is a bank statement: please send us the RIB",
        "09 piece jointe.pdf the file does not open",
    ] {
        assert!(english.contains(words), "{words}: {english}");
    }
    let french = letter("fr");
    for words in
        ["celle de septembre 2026", "expert près une cour d'appel française", "expiré le 30 septembre 2026"]
    {
        assert!(french.contains(words), "{words}: {french}");
    }
}

/// A folder with a dossier that has a gap, and what is expected of it.
fn case(folder: &Path, expected: &str) {
    std::fs::create_dir_all(folder).unwrap();
    let rib = root().join("fixtures/dossiers/complete-nguyen/RIB.pdf");
    std::fs::copy(rib, folder.join("RIB.pdf")).unwrap();
    std::fs::write(folder.join("expected.toml"), expected).unwrap();
}

const RIGHT: &str = r#"
as_of = 2026-11-15
complete = false
must = ["identity-missing"]
must_not = ["rent-gap"]
[status]
identity = "missing"
bank_details = "met|review"
[types]
"RIB.pdf" = "rib"
"#;

#[test]
fn verify_tells_what_is_otherwise_than_expected() {
    let cases = tempfile::tempdir().unwrap();
    let path = cases.path().to_str().unwrap();
    case(&cases.path().join("deep/right"), RIGHT);
    let verify = |options: &[&str]| complet(&[&["verify", path, "--lang", "en"], options].concat());
    let output = verify(&[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));

    let wrong = RIGHT
        .replace("identity = \"missing\"", "identity = \"met\"")
        .replace("complete = false", "complete = true")
        .replace("\"rent-gap\"", "\"identity-missing\"")
        .replace("must = [\"identity-missing\"]", "must = [\"rent-gap\"]")
        .replace("\"rib\"", "[\"rib\", \"passport\"]");
    case(&cases.path().join("wrong"), &wrong);
    let output = verify(&[]);
    assert_eq!(output.status.code(), Some(1));
    let text = text(&output);
    for line in [
        "✓ deep/right",
        "✗ wrong",
        "    expected to be complete, and judged incomplete",
        "    identity: expected met, found missing",
        "      There is neither a passport nor an identity card.",
        "    finding expected, and not there: rent-gap",
        "    finding not expected: identity-missing",
        "    RIB.pdf: expected rib, passport, found rib",
        "2 dossiers, 1 of them judged otherwise than expected.",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
    let junit = String::from_utf8(verify(&["--format", "junit"]).stdout).unwrap();
    assert!(junit.contains("tests=\"2\"") && junit.contains("failures=\"1\""), "{junit}");
}

#[test]
fn an_expectation_that_cannot_be_meant_is_an_error_with_its_line() {
    for (from, to, says) in [
        ("identity =", "identitty =", "did you mean `identity`?"),
        ("\"missing\"", "\"mising\"", "did you mean `missing`?"),
        ("[\"rent-gap\"]", "[\"rent-gab\"]", "did you mean `rent-gap`?"),
        ("\"RIB.pdf\"", "\"RIP.pdf\"", "did you mean `RIB.pdf`?"),
        ("\"rib\"", "\"pasport\"", "did you mean `passport`?"),
        ("must =", "most =", "expected.toml:4:1"),
        ("must =", "most =", "did you mean `must`?"),
        ("2026-11-15", "2026-11-15T10:00:00", "YYYY-MM-DD"),
    ] {
        let cases = tempfile::tempdir().unwrap();
        case(&cases.path().join("a"), &RIGHT.replace(from, to));
        let output = complet(&["verify", cases.path().to_str().unwrap()]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{to}: {error}");
        assert!(error.contains(says) && error.contains("expected.toml"), "{to}: {error}");
    }
    let empty = tempfile::tempdir().unwrap();
    let output = complet(&["verify", empty.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2), "no case is no success");
}

/// The commands of complet in a code block of the guide.
fn commands(block: &str) -> Vec<String> {
    let guide = std::fs::read_to_string(root().join("docs/ci.md")).unwrap();
    let block = guide.split(&format!("```yaml {block}\n")).nth(1).unwrap().split("```").next().unwrap();
    let lines = block.lines().map(|line| line.trim().trim_start_matches("- "));
    lines.filter(|line| line.starts_with("complet ")).map(str::to_owned).collect()
}

#[test]
fn the_workflows_of_the_guide_pass_on_a_good_set_and_fail_on_a_broken_one() {
    let program = Path::new(env!("CARGO_BIN_EXE_complet")).parent().unwrap().to_owned();
    let run = |folder: &Path, commands: &[String]| {
        let mut shell = Command::new("sh");
        // As CI servers run a step: it ends at the first command that fails.
        shell.args(["-e", "-c", &commands.join("\n")]).current_dir(folder);
        let path = std::env::var_os("PATH").unwrap();
        let paths = std::iter::once(program.clone()).chain(std::env::split_paths(&path));
        shell.env("PATH", std::env::join_paths(paths).unwrap());
        shell.env("COMPLET_MODELS", "/nonexistent");
        shell.env("GITHUB_STEP_SUMMARY", folder.join("summary.md")).output().unwrap()
    };
    for block in ["github", "gitlab"] {
        let commands = commands(block);
        assert!(commands.len() >= 2, "{block}: {commands:?}");
        let folder = tempfile::tempdir().unwrap();
        let good = folder.path().join("cases/good");
        std::fs::create_dir_all(&good).unwrap();
        copy(&root().join("fixtures/dossiers/complete-nguyen"), &good);
        std::fs::write(good.join("expected.toml"), "as_of = 2026-11-15\ncomplete = true\n").unwrap();
        let output = run(folder.path(), &commands);
        assert!(output.status.success(), "{block}: {}", String::from_utf8_lossy(&output.stdout));

        std::fs::remove_file(good.join("02 passeport.pdf")).unwrap();
        assert!(!run(folder.path(), &commands).status.success(), "{block}: a broken dossier passes");
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in from.read_dir().unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The words of a text as they compare.
fn folded(text: &str) -> BTreeSet<String> {
    let folded = complet_model::fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 2).map(str::to_owned).collect()
}

#[test]
fn nothing_that_tells_the_person_is_left_in_a_redacted_report() {
    let dossier = Dossier::new(&[
        ("gaps-castillo/01 formulaire.pdf", "formulaire Castillo 17-09-1995.pdf"),
        ("complete-nguyen/bulletin octobre.pdf", "valentina_sofía.pdf"),
        ("gaps-castillo/08 banque.pdf", "FR7630811023305407974008677.pdf"),
        ("complete-nguyen/RIB.pdf", "RIB.pdf"),
        ("gaps-castillo/06 quittance aout.pdf", "quittance aout.pdf"),
    ]);
    let settings = "[applicant]\nfamily_name = 'Castillo Restrepo'\ngiven_names = 'Valentina Sofía'\n";
    std::fs::write(dossier.0.path().join("dossier.toml"), settings).unwrap();
    let open: Value = serde_json::from_str(&text(&dossier.check(&["--format", "json"]))).unwrap();

    // Values as they were read, whatever the redaction knows of them.
    let mut secrets = BTreeSet::from(["1995".to_owned()]);
    for document in open["documents"].as_array().unwrap() {
        for (name, field) in document["fields"].as_object().unwrap() {
            let kinds = [
                "family_name",
                "given_names",
                "full_name",
                "holder",
                "tenant",
                "parents",
                "iban",
                "nir",
                "mrz",
                "document_number",
                "birth_date",
                "employee",
                "landlord",
            ];
            if kinds.contains(&name.as_str()) {
                let texts =
                    field["value"].as_array().cloned().unwrap_or_else(|| vec![field["value"].clone()]);
                secrets.extend(texts.iter().flat_map(|text| folded(text.as_str().unwrap_or_default())));
            }
        }
    }
    // Words that are told of everybody.
    for common in ["MADAME", "MONSIEUR", "MME"] {
        secrets.remove(common);
    }
    for expected in ["CASTILLO", "VALENTINA", "NGUYEN", "FR7630811023305407974008677", "AUBERTIN"] {
        assert!(secrets.contains(expected), "{expected} was not read: {secrets:?}");
    }

    let path = dossier.path();
    let mut outputs = Vec::new();
    for format in ["human", "json", "html", "markdown", "junit", "github"] {
        outputs.push((format, dossier.check(&["--format", format, "--redact"])));
    }
    for format in ["human", "json"] {
        outputs.push((format, complet(&["inspect", path, "--format", format, "--redact", "--lang", "en"])));
    }
    for (format, output) in outputs {
        let text = text(&output);
        let words = folded(&text);
        let left: Vec<&String> = secrets.iter().filter(|secret| words.contains(*secret)).collect();
        assert!(left.is_empty(), "{format}: {left:?}\n{text}");
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}').collect();
        assert!(!digits.contains("30811023305407974008677"), "{format}: the IBAN, in groups");
        assert!(!text.contains("data:image"), "{format}: a picture");
        // What is no secret is still said.
        assert!(text.contains("quittance aout.pdf"), "{format}: {text}");
    }
}

#[test]
fn the_bundle_holds_a_file_a_heading_and_leaves_the_originals_alone() {
    let dossier = Dossier::new(&[
        ("complete-nguyen/RIB.pdf", "z.pdf"),
        ("complete-nguyen/logement/quittance septembre.pdf", "a.pdf"),
        ("complete-nguyen/logement/quittance août.pdf", "b.pdf"),
        ("gaps-castillo/08 banque.pdf", "statement.pdf"),
    ]);
    let settings = "[applicant]\nfamily_name = 'Nguyễn'\ngiven_names = 'Lan Anh'\n";
    std::fs::write(dossier.0.path().join("dossier.toml"), settings).unwrap();
    let before = dossier.files();
    let target = tempfile::tempdir().unwrap();
    let out = target.path().join("bundle");
    let export =
        || complet(&["export", dossier.path(), out.to_str().unwrap(), "--as-of", DAY, "--lang", "fr"]);
    let output = export();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let mut names: Vec<String> =
        out.read_dir().unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let listed: Vec<String> = text(&output).lines().map(str::to_owned).collect();
    assert_eq!(names, listed);
    assert!(names[0].starts_with("00 Bordereau - "), "{names:?}");
    assert!(names.iter().any(|name| name.contains("Relevé d'identité bancaire (RIB) - ")), "{names:?}");
    assert!(names.iter().all(|name| !name.contains("compte")), "a refused document is handed in: {names:?}");
    assert_eq!(dossier.files(), before);
    // What is there is not overwritten.
    assert_eq!(export().status.code(), Some(2));
}

#[test]
fn a_new_dossier_begins_with_settings_that_are_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    for lang in ["fr", "en"] {
        let folder = dir.path().join(format!("l'été {lang}"));
        let path = folder.to_str().unwrap();
        let output = complet(&["init", path, "--lang", lang]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let said = text(&output);
        // What it says can be pasted into a shell.
        let command = said.lines().map(str::trim).find(|line| line.starts_with("complet check")).unwrap();
        let mut shell = Command::new("sh");
        let command = command.replacen("complet", env!("CARGO_BIN_EXE_complet"), 1);
        let checked = shell.args(["-c", &command]).env("COMPLET_CACHE", "").output().unwrap();
        assert_eq!(checked.status.code(), Some(3), "nothing to read yet: {command}");

        let settings = folder.join("dossier.toml");
        std::fs::write(&settings, "children = 1\n").unwrap();
        assert_eq!(complet(&["init", path, "--lang", lang]).status.code(), Some(2));
        assert_eq!(std::fs::read_to_string(&settings).unwrap(), "children = 1\n");
    }
}
