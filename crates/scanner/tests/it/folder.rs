//! Folders.

use std::sync::Mutex;

use camino::Utf8Path;
use complet_model::FileStatus;
use complet_scanner::{Limit, Limits, PageRequest, Reader, ScanError, Settings, read_page, scan, scan_files};

use crate::make::{Dossier, letter, pdf, reason, text};

#[test]
fn a_folder_is_read_in_the_order_of_its_paths() {
    let dossier = Dossier::new();
    let page = pdf(&[letter(), letter()]);
    for name in ["b.pdf", "a/z.pdf", "a.pdf", "a/b/c.pdf"] {
        dossier.add(name, &page);
    }
    for name in ["dossier.toml", "Thumbs.db", ".hidden.pdf", ".git/a.pdf", "__MACOSX/a.pdf", "a/desktop.ini"]
    {
        dossier.add(name, b"x");
    }
    let seen = Mutex::new(Vec::new());
    let files = scan(dossier.path(), &Settings { jobs: Some(3), ..Settings::default() }, &|progress| {
        seen.lock().unwrap().push((progress.done, progress.total));
    })
    .unwrap()
    .files;
    let read: Vec<_> =
        files.iter().filter(|f| f.status == FileStatus::Read).map(|f| f.path.as_str()).collect();
    assert_eq!(read, ["a.pdf", "a/b/c.pdf", "a/z.pdf", "b.pdf"]);
    let skipped: Vec<_> =
        files.iter().filter(|f| f.status != FileStatus::Read).map(|f| f.path.as_str()).collect();
    assert_eq!(skipped, [".git", ".hidden.pdf", "Thumbs.db", "__MACOSX", "a/desktop.ini", "dossier.toml"]);
    assert!(files.iter().all(|f| f.status == FileStatus::Read || f.status == FileStatus::Skipped));
    let mut seen = seen.into_inner().unwrap();
    seen.sort_unstable();
    assert_eq!(seen, (1..=8).map(|i| (i, 8)).collect::<Vec<_>>());
    // The same whatever the number of workers, and the hash is the content's.
    let again =
        scan(dossier.path(), &Settings { jobs: Some(1), ..Settings::default() }, &|_| {}).unwrap().files;
    assert_eq!(files, again);
    let hashes: Vec<_> = files.iter().filter_map(|f| f.hash.as_deref()).collect();
    assert!(hashes.len() == 4 && hashes.iter().all(|h| *h == blake3::hash(&page).to_hex().as_str()));
}

#[test]
#[cfg(unix)]
fn links_pipes_and_odd_names() {
    use std::os::unix::ffi::OsStrExt as _;
    let dossier = Dossier::new();
    let outside = Dossier::new();
    let secret = outside.add("secret.pdf", &pdf(&[letter()]));
    std::os::unix::fs::symlink(&secret, dossier.path().join("link.pdf")).unwrap();
    std::os::unix::fs::symlink(dossier.path(), dossier.path().join("loop")).unwrap();
    let pipe = dossier.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let odd = dossier.folder.path().join(std::ffi::OsStr::from_bytes(b"d\xe9cembre.pdf"));
    std::fs::write(odd, pdf(&[letter()])).unwrap();

    let files = dossier.scan();
    let told: Vec<_> = files.iter().map(|f| (f.path.as_str(), f.status, reason(f))).collect();
    assert_eq!(
        told,
        [
            ("d\u{fffd}cembre.pdf", FileStatus::Read, ""),
            ("link.pdf", FileStatus::Skipped, "skipped-link"),
            ("loop", FileStatus::Skipped, "skipped-link"),
            ("pipe", FileStatus::Skipped, "skipped-special"),
        ]
    );
    assert!(text(&files[0].pages[0]).contains("septembre"));
    let single = scan_files(&[&pipe], &Settings::default(), &|_| {}).unwrap().files;
    assert_eq!((single[0].status, reason(&single[0])), (FileStatus::Skipped, "skipped-special"));
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read_is_said_to_be_closed() {
    use std::os::unix::fs::PermissionsExt as _;
    let dossier = Dossier::new();
    let path = dossier.add("closed.pdf", &pdf(&[letter()]));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::File::open(&path).is_ok() {
        eprintln!("skipped: this user may read every file");
        return;
    }
    let files = dossier.scan();
    assert_eq!((files[0].status, reason(&files[0])), (FileStatus::Unreadable, "file-closed"));
}

#[test]
fn what_is_no_folder_is_an_error_with_a_way_out() {
    let error = |path: &str, settings: &Settings| scan(Utf8Path::new(path), settings, &|_| {}).unwrap_err();
    let dossier = Dossier::new();
    let file = dossier.add("a.pdf", b"x");
    let defaults = Settings::default();
    assert!(matches!(error("/no/such/folder", &defaults), ScanError::NotFound(_)));
    assert!(matches!(error(file.as_str(), &defaults), ScanError::NotAFolder(_)));
    let few = Settings { limits: Limits { files: 1, ..Default::default() }, ..Settings::default() };
    assert!(matches!(error(dossier.path().as_str(), &few), ScanError::TooManyFiles { limit: 1, .. }));
    let klingon = Settings { languages: "tlh+fra".to_owned(), ..Settings::default() };
    let text = error(dossier.path().as_str(), &klingon).to_string();
    assert!(text.contains("tlh") && text.contains("apt-get install tesseract-ocr-tlh"), "{text}");
}

#[test]
fn any_reader_gives_the_same_page() {
    let dossier = Dossier::new();
    let path = dossier.add("a.pdf", &pdf(&[letter(), letter()]));
    let request = |page| PageRequest::new(path.clone(), page, Settings::default());
    let mut reader = Reader::new();
    let first = read_page(&mut reader, &request(2));
    assert_eq!(first, read_page(&mut Reader::new(), &request(2)));
    assert_eq!(first.number, 2);
    assert!(read_page(&mut reader, &request(3)).is_unreadable());
    assert!(read_page(&mut reader, &request(0)).is_unreadable());
    assert_eq!(first, read_page(&mut reader, &request(2)));
    let gone = PageRequest::new(dossier.path().join("gone.pdf"), 1, Settings::default());
    assert_eq!(read_page(&mut reader, &gone).problems[0].message.code, "file-gone");
}

/// Every code that this crate gives has its text in French and English.
#[test]
fn a_folder_that_is_too_deep_is_told() {
    let dossier = Dossier::new();
    dossier.add("a/b/c.pdf", &pdf(&[letter()]));
    let limits = Limits { depth: 2, ..Limits::default() };
    let files = dossier.scan_with(&Settings { limits, ..Settings::default() });
    let found: Vec<_> = files.iter().map(|f| (f.path.as_str(), f.status, reason(f))).collect();
    assert_eq!(found, [("a/b", FileStatus::Unreadable, "folder-too-deep")]);
}

#[test]
fn every_code_has_a_text() {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let texts = std::fs::read_to_string(root.join("../rules/data/messages/scanner.toml")).unwrap();
    let mut sources = Vec::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir_utf8().unwrap().flatten() {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path().to_owned());
            } else {
                sources.push(std::fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let mut codes = std::collections::BTreeSet::new();
    for source in &sources {
        let code = source.split("#[cfg(test)]\nmod tests").next().unwrap();
        for part in code.split('"').skip(1).step_by(2) {
            let family = [
                "dossier-",
                "file-",
                "folder-",
                "ocr-",
                "page-",
                "picture-",
                "reader-",
                "skipped-",
                "unsupported-",
            ];
            if Limit::ALL.iter().any(|l| l.name() == part) {
                continue;
            }
            let is_code = family.iter().any(|f| part.starts_with(f) && part.len() > f.len());
            if is_code && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') {
                codes.insert(part.to_owned());
            }
        }
    }
    assert!(codes.len() > 25, "{codes:?}");
    for code in codes {
        assert!(texts.contains(&format!("[{code}]\n")), "no text for {code}");
    }
}
