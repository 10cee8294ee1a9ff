//! A page that crashes, hangs or swells takes its worker with it and nothing else.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use complet_fixtures::hostile;
use serde_json::Value;
use tempfile::TempDir;

fn complet() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_complet"));
    command.env("COMPLET_CACHE", "");
    command.env("LC_ALL", "C").args(["--color", "never"]);
    command
}

/// A folder with the bomb, and two proper documents before and after it.
fn dossier(bomb: &[u8]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dossiers/complete-nguyen/RIB.pdf");
    std::fs::copy(&good, dir.path().join("a.pdf")).unwrap();
    std::fs::write(dir.path().join("bomb.pdf"), bomb).unwrap();
    std::fs::copy(&good, dir.path().join("c.pdf")).unwrap();
    dir
}

fn inspect(dir: &Path) -> Command {
    let mut command = complet();
    command.arg("inspect").arg(dir).args(["--without", "second", "--jobs", "2"]);
    command
}

/// The files of an inspection: the good ones were read, and this is what became of the bomb.
fn bomb(output: &Output) -> Value {
    let inspection: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let files = inspection["files"].as_array().unwrap();
    assert_eq!(files.len(), 3);
    for i in [0, 2] {
        assert_eq!(files[i]["status"], "read", "{}", files[i]);
        assert_eq!(files[i]["problems"].as_array().unwrap().len(), 0, "{}", files[i]);
    }
    let types = inspection["documents"].as_array().unwrap().iter().filter(|d| d["type"] == "rib").count();
    assert_eq!(types, 2, "{inspection}");
    files[1].clone()
}

fn problem(file: &Value) -> &str {
    assert_eq!(file["problems"][0]["unreadable"], true, "{file}");
    file["problems"][0]["code"].as_str().unwrap()
}

#[test]
fn a_page_that_swells_is_ended_at_the_limit() {
    let dir = dossier(&hostile::swelling_pdf(800).unwrap());
    let output = inspect(dir.path()).args(["--limit", "worker-megabytes=700"]).output().unwrap();
    let file = bomb(&output);
    assert_eq!(problem(&file), "reader-memory", "{file}");
    assert!(file["problems"][0]["message"].as_str().unwrap().contains("700 MB"), "{file}");
}

#[test]
fn a_page_without_end_is_ended_at_the_limit() {
    let dir = dossier(&hostile::hanging_pdf());
    let output = inspect(dir.path()).args(["--limit", "page-seconds=2"]).output().unwrap();
    assert_eq!(problem(&bomb(&output)), "reader-timeout");
}

#[test]
fn a_file_that_cannot_even_be_opened_in_time_is_told() {
    let dir = dossier(&hostile::deep_pdf(1_000_000));
    let output = inspect(dir.path()).args(["--limit", "page-seconds=2"]).output().unwrap();
    let file = bomb(&output);
    assert_eq!(file["status"], "unreadable", "{file}");
    assert!(file["reason"].as_str().unwrap().contains("limit of 2 seconds"), "{file}");
}

#[test]
fn a_file_that_kills_whoever_copies_it_is_left_out_of_the_bundle() {
    let rib = [
        "BANQUE MODELE",
        "RELEVE D'IDENTITE BANCAIRE",
        "Titulaire du compte : Mme Thi Mai NGUYEN",
        "IBAN : FR70 3000 2005 5000 0015 7845 Z02",
        "BIC : CRLYFRPP",
    ];
    let bomb = hostile::swelling_when_copied_pdf(&rib).unwrap();
    let dir = dossier(&bomb);
    let target = tempfile::tempdir().unwrap();
    let out = target.path().join("bundle");
    let mut command = complet();
    command.arg("export").arg(dir.path()).arg(&out).args(["--as-of", "2026-11-15", "--lang", "en"]);
    let output = command.args(["--limit", "worker-megabytes=900"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("bomb.pdf could be neither copied nor drawn"), "{said}");
    assert!(!said.contains("a.pdf could") && !said.contains("c.pdf could"), "{said}");
    let names: Vec<String> =
        out.read_dir().unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().any(|n| n.contains("RIB")), "{names:?}");
}

#[test]
fn a_file_that_cannot_be_opened_is_known_again() {
    let dir = dossier(&hostile::deep_pdf(1_000_000));
    std::fs::copy(dir.path().join("bomb.pdf"), dir.path().join("z.pdf")).unwrap();
    let output = inspect(dir.path()).args(["--limit", "page-seconds=2"]).output().unwrap();
    let inspection: Value = serde_json::from_slice(&output.stdout).unwrap();
    let files = inspection["files"].as_array().unwrap();
    assert_eq!(files[1]["hash"].as_str().unwrap().len(), 64, "{}", files[1]);
    assert_eq!(files[1]["hash"], files[3]["hash"]);
    assert!(files[3]["reason"].as_str().unwrap().contains("the same file as"), "{}", files[3]);
    assert!(files[3]["reason"].as_str().unwrap().contains("bomb.pdf"), "{}", files[3]);
}

#[test]
fn a_dossier_without_end_is_given_up_with_what_was_read() {
    let dir = dossier(&hostile::hanging_pdf());
    let output = inspect(dir.path()).args(["--limit", "dossier-seconds=8"]).output().unwrap();
    assert_eq!(problem(&bomb(&output)), "dossier-timeout");
}

/// The workers of a process.
fn workers(of: &Child) -> Vec<u32> {
    let tasks = PathBuf::from(format!("/proc/{}/task", of.id()));
    let threads = tasks.read_dir().into_iter().flatten().flatten();
    let lists = threads.filter_map(|t| std::fs::read_to_string(t.path().join("children")).ok());
    lists.flat_map(|l| l.split_whitespace().filter_map(|p| p.parse().ok()).collect::<Vec<u32>>()).collect()
}

/// CPU time of a process in the system's ticks; 0 when it is gone.
fn ticks(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let times = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    times.filter_map(|t| t.parse::<u64>().ok()).sum()
}

/// Waits until a worker has computed for longer than the good pages take together.
fn busy_worker(of: &Child) -> u32 {
    loop {
        if let Some(worker) = workers(of).into_iter().find(|w| ticks(*w) > 400) {
            return worker;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn kill(signal: &str, process: u32) {
    assert!(Command::new("kill").args([signal, &process.to_string()]).status().unwrap().success());
}

#[test]
fn a_page_that_crashes_its_worker_is_tried_no_more_than_twice() {
    let dir = dossier(&hostile::hanging_pdf());
    let mut command = inspect(dir.path());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let first = busy_worker(&child);
    kill("-ILL", first);
    // Once more, when that worker had read other pages before.
    while child.try_wait().unwrap().is_none() {
        if let Some(again) = workers(&child).into_iter().find(|w| *w != first && ticks(*w) > 400) {
            kill("-ILL", again);
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let output = child.wait_with_output().unwrap();
    let file = bomb(&output);
    assert_eq!(problem(&file), "reader-crashed", "{file}");
    assert!(file["problems"][0]["message"].as_str().unwrap().contains("signal 4"), "{file}");
}

#[test]
fn workers_end_with_the_program() {
    let dir = dossier(&hostile::hanging_pdf());
    let mut child = inspect(dir.path()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let worker = busy_worker(&child);
    child.kill().unwrap();
    child.wait().unwrap();
    // The listener of the worker needs a moment; a worker that stays would hang here until the test is ended.
    while Path::new(&format!("/proc/{worker}")).exists() {
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn without_processes_the_same_is_read() {
    let dossier = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dossiers/complete-nguyen");
    let file = dossier.join("RIB.pdf");
    let read = |isolation: &str| {
        let output = complet().arg("inspect").arg(&file).args(["--isolation", isolation]).output().unwrap();
        assert!(output.status.success());
        output.stdout
    };
    assert_eq!(read("processes"), read("none"));
}
