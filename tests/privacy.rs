//! No byte of a dossier leaves the machine, or lies about on it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use complet_fixtures::hostile;
use tempfile::TempDir;

/// A dossier with a photo, so that everything that reads is used, and places for what is written.
struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        for folder in ["dossier", "tmp", "home"] {
            fs::create_dir(place.path(folder)).unwrap();
        }
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dossiers/gaps-castillo");
        for file in ["03 visa.jpg", "08 banque.pdf"] {
            fs::copy(samples.join(file), place.path("dossier").join(file)).unwrap();
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// `complet check`, run by another program.
    fn check(&self, by: &[&str]) -> Command {
        let mut words: Vec<&str> = by.to_vec();
        words.push(env!("CARGO_BIN_EXE_complet"));
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg("check").arg(self.path("dossier"));
        command.args(["--as-of", "2026-11-15", "--format", "json", "--without", "second", "--exit-zero"]);
        command.env("LC_ALL", "C").env("HOME", self.path("home")).env("TMPDIR", self.path("tmp"));
        command.env("COMPLET_CACHE", self.path("cache")).env_remove("XDG_CACHE_HOME");
        command
    }

    fn run(&self, by: &[&str]) -> Output {
        let output = self.check(by).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }

    fn is_empty(&self, folder: &str) -> bool {
        self.path(folder).read_dir().unwrap().next().is_none()
    }
}

/// True when the command does what it should; tests that need what the system lacks are skipped.
fn can(command: &[&str]) -> bool {
    let status =
        Command::new(command[0]).args(&command[1..]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let can = status.is_ok_and(|s| s.success());
    if !can {
        println!("skipped: `{}` does not work here", command.join(" "));
    }
    can
}

#[test]
fn without_a_network_the_same_is_said() {
    let alone = ["unshare", "--map-root-user", "--net"];
    if can(&[&alone[..], &["true"]].concat()) {
        let place = Place::new();
        let report = place.run(&alone).stdout;
        fs::remove_dir_all(place.path("cache")).unwrap();
        assert_eq!(report, place.run(&["env"]).stdout);
    }
}

#[test]
fn nothing_is_sent_and_nothing_is_written_outside_the_cache() {
    if !can(&["strace", "-f", "true"]) {
        return;
    }
    let place = Place::new();
    let trace = place.path("trace");
    let watched = "trace=%network,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,symlink,link";
    place.run(&["strace", "-f", "-qq", "-s", "4096", "-e", watched, "-o", trace.to_str().unwrap()]);
    let trace = fs::read_to_string(trace).unwrap();
    assert!(trace.contains("03 visa.jpg"), "nothing was watched");
    assert!(trace.contains("fra.traineddata"), "no picture was read");
    let cache = format!("\"{}", place.path("cache").display());
    let mut written = 0;
    for line in trace.lines() {
        let call = line.split_once(' ').map_or(line, |(_, call)| call.trim_start());
        let name = call.split('(').next().unwrap_or_default();
        let reads = name.starts_with("open")
            && !["O_WRONLY", "O_RDWR", "O_CREAT", "O_TMPFILE"].iter().any(|flag| call.contains(flag));
        let harmless =
            reads || call.starts_with("+++") || call.starts_with("---") || call.starts_with("<...");
        if !harmless && !call.contains("\"/dev/null\"") {
            assert!(call.contains(&cache), "{line}");
            written += 1;
        }
    }
    assert!(written > 0, "the cache was not seen");
    assert!(place.is_empty("tmp") && place.is_empty("home"));
}

#[test]
fn killed_in_the_middle_it_leaves_nothing_but_whole_entries() {
    let place = Place::new();
    fs::write(place.path("dossier").join("z.pdf"), hostile::hanging_pdf()).unwrap();
    let mut child = place.check(&["env"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // Data, files and the good pages are kept by then, and the third page is being read.
    while entries(&place.path("cache")).len() < 7 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(place.is_empty("tmp") && place.is_empty("home"));
    for entry in entries(&place.path("cache")) {
        let bytes = fs::read(&entry).unwrap();
        assert!(bytes.starts_with(b"complet1"), "{}", entry.display());
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(entries(&path));
        } else if path.file_name().is_some_and(|n| n != "written") {
            found.push(path);
        }
    }
    found
}

#[test]
fn workers_are_confined_and_leave_no_core() {
    let place = Place::new();
    fs::write(place.path("dossier").join("0.pdf"), hostile::hanging_pdf()).unwrap();
    let mut child = place.check(&["env"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let worker = loop {
        let tasks = format!("/proc/{}/task", child.id());
        let threads = Path::new(&tasks).read_dir().into_iter().flatten().flatten();
        let lists = threads.filter_map(|t| fs::read_to_string(t.path().join("children")).ok());
        let ids: Vec<String> =
            lists.flat_map(|l| l.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect();
        let reads = |id: &&String| {
            let read = |name: &str| fs::read_to_string(format!("/proc/{id}/{name}")).unwrap_or_default();
            // It confines itself before it starts the thread that reads; time is given to it page by page.
            let has_time = read("limits").lines().any(|line| {
                let soft =
                    line.strip_prefix("Max cpu time").and_then(|limits| limits.split_whitespace().next());
                soft.is_some_and(|soft| soft != "unlimited")
            });
            read("cmdline").starts_with("complet-worker")
                && read("status").contains("Threads:\t2")
                && has_time
        };
        if let Some(id) = ids.iter().find(reads) {
            break id.clone();
        }
        assert!(child.try_wait().unwrap().is_none(), "no worker was seen");
        std::thread::sleep(Duration::from_millis(5));
    };
    let limits = fs::read_to_string(format!("/proc/{worker}/limits")).unwrap();
    let status = fs::read_to_string(format!("/proc/{worker}/status")).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let limit = |name: &str| {
        let line = limits.lines().find(|l| l.starts_with(name)).unwrap();
        line[name.len()..].split_whitespace().next().unwrap().to_owned()
    };
    assert_eq!(limit("Max core file size"), "0");
    assert_eq!(limit("Max address space"), "3000000000");
    assert_eq!(limit("Max file size"), "0");
    assert!(status.contains("NoNewPrivs:\t1") && status.contains("Seccomp:\t2"), "{status}");
}
