//! The pages in a browser: what they show, that they can be used by anybody, and what comes out on paper.
//!
//! Chromium is driven by its own driver, over the W3C's protocol. Screenshots and the print go to
//! `target/browser`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr
)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Under this key the protocol hands out an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What the program says; what it read it finds again in `cache`.
fn complet(cache: &Path, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_complet"));
    command.args(args).env("LC_ALL", "C").env("COMPLET_CACHE", cache).env("COMPLET_MODELS", "/nonexistent");
    let output = command.args(["--as-of", "2026-11-15"]).current_dir(root()).output().unwrap();
    assert!(output.status.code().is_some_and(|c| c < 2), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What stands in bold in the lists of a letter's section.
fn bold<'a>(letter: &'a str, heading: &str) -> Vec<&'a str> {
    let section = letter.split("\n## ").find_map(|section| section.strip_prefix(heading)).unwrap_or_default();
    section.lines().filter_map(|line| line.split("**").nth(1)).collect()
}

struct Browser {
    driver: Child,
    agent: ureq::Agent,
    session: String,
    axe: String,
    /// Where its profile and the pages lie.
    dir: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver takes the browser with it.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// `None`, with a word on it, when what is needed is not installed; in CI that is a failure.
    fn start() -> Option<Self> {
        let lacks = |what: &str| {
            let told = format!("{what} is missing: install it with ./dev setup");
            assert!(std::env::var_os("CI").is_none(), "{told}");
            eprintln!("skipped: {told}");
        };
        let Ok(axe) = std::fs::read_to_string(root().join(".cache/axe.min.js")) else {
            lacks("axe-core");
            return None;
        };
        let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn();
        let Ok(mut driver) = started else {
            lacks("chromedriver (Debian: chromium-driver)");
            return None;
        };
        let mut said = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = said.find_map(|line| {
            let port = line.split_once("started successfully on port ")?.1;
            Some(port.trim_end_matches('.').to_owned())
        });
        std::thread::spawn(move || said.for_each(drop));
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_mins(2)))
            .build()
            .new_agent();
        let dir = tempfile::tempdir().unwrap();
        let url = format!("http://127.0.0.1:{}/session", port.expect("chromedriver's port"));
        let mut browser = Self { driver, agent, session: url, axe, dir };
        let profile = format!("--user-data-dir={}", browser.dir.path().join("profile").display());
        let options = json!({ "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--force-device-scale-factor=1", "--window-size=1280,900", profile,
        ] });
        let wanted =
            json!({ "alwaysMatch": { "goog:chromeOptions": options, "timeouts": { "script": 100_000 } } });
        let session = browser.post("", &json!({ "capabilities": wanted }));
        browser.session = format!("{}/{}", browser.session, session["sessionId"].as_str().unwrap());
        Some(browser)
    }

    fn answer(path: &str, answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Value {
        let mut response = answer.unwrap_or_else(|error| panic!("{path}: {error}"));
        // Screenshots of long pages are large.
        let body = response.body_mut().with_config().limit(200_000_000).read_json::<Value>().unwrap();
        assert!(response.status().is_success(), "{path}: {}", body["value"]["message"]);
        body["value"].clone()
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        Self::answer(path, self.agent.post(format!("{}{path}", self.session)).send_json(body))
    }

    fn get(&self, path: &str) -> Value {
        Self::answer(path, self.agent.get(format!("{}{path}", self.session)).call())
    }

    fn open(&self, file: &Path) {
        self.post("/url", &json!({ "url": format!("file://{}", file.display()) }));
    }

    /// What a function's body returns on the page.
    fn run(&self, body: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": body, "args": [] }))
    }

    fn element(&self, css: &str) -> String {
        let found = self.post("/element", &json!({ "using": "css selector", "value": css }));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    fn click(&self, css: &str) {
        self.post(&format!("/element/{}/click", self.element(css)), &json!({}));
    }

    /// Presses keys where the focus is put.
    fn press(&self, css: &str, keys: &str) {
        self.post(&format!("/element/{}/value", self.element(css)), &json!({ "text": keys }));
    }

    fn command(&self, command: &str, params: &Value) {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": params }));
    }

    /// A screen so wide; on a narrow one as a phone does it.
    fn width(&self, width: u32) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.command("Emulation.setDeviceMetricsOverride", &size);
    }

    fn scheme(&self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.command("Emulation.setEmulatedMedia", &features);
    }

    fn keep(name: &str, base64: &Value) -> PathBuf {
        let folder = root().join("target/browser");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, BASE64_STANDARD.decode(base64.as_str().unwrap()).unwrap()).unwrap();
        path
    }

    fn screenshot(&self, name: &str) {
        Self::keep(&format!("{name}.png"), &self.get("/screenshot"));
    }

    /// Fails when somebody would be kept from using the page.
    fn is_for_anybody(&self, what: &str) {
        self.run(&format!("if (!window.axe) {{ {} }}", self.axe));
        let found = self.post(
            "/execute/async",
            &json!({ "args": [], "script": "const done = arguments[0];
                axe.run({ resultTypes: ['violations'] }).then(
                    found => done({ checked: found.passes.length, violations: found.violations.map(v =>
                        ({ impact: v.impact, id: v.id, help: v.help, where: v.nodes.map(n => n.html.slice(0, 200)) })) }),
                    error => done({ error: String(error) }))" }),
        );
        assert!(
            found["checked"].as_u64().is_some_and(|n| n > 10),
            "{what}: axe-core checked nothing: {found}"
        );
        let violations = found["violations"].as_array().unwrap();
        let serious: Vec<_> = violations
            .iter()
            .filter(|v| ["serious", "critical"].contains(&v["impact"].as_str().unwrap()))
            .collect();
        assert!(serious.is_empty(), "{what}: {serious:#?}");
    }

    fn fits(&self, what: &str) {
        let wide = self.run("return [document.documentElement.scrollWidth, window.innerWidth]");
        assert_eq!(wide[0], wide[1], "{what}: the page scrolls sideways");
    }
}

/// The elements that can be seen, of those that match.
fn seen(css: &str) -> String {
    format!("[...document.querySelectorAll('{css}')].filter(e => e.checkVisibility())")
}

#[test]
fn a_report_can_be_read_followed_filtered_and_printed_by_anybody() {
    let Some(browser) = Browser::start() else { return };
    let file = browser.dir.path().join("report.html");
    let dossier = "fixtures/dossiers/gaps-castillo";
    let cache = browser.dir.path().join("cache");
    complet(
        &cache,
        &["check", dossier, "--lang", "en", "--format", "html", "--output", file.to_str().unwrap()],
    );
    browser.width(1280);
    browser.open(&file);
    browser.screenshot("report");
    // What to ask for is told on the first screen.
    let ask = browser.run("return document.querySelector('#ask').parentNode.getBoundingClientRect().bottom");
    assert!(ask.as_f64().is_some_and(|bottom| bottom > 100.0), "{ask}");
    let top = browser.run("return document.querySelector('#ask').getBoundingClientRect().bottom");
    assert!(top.as_f64().is_some_and(|bottom| bottom < 900.0), "{top}");
    browser.is_for_anybody("the report");
    // The letter asks for the same.
    let letter = complet(&cache, &["letter", dossier, "--lang", "en", "--format", "markdown"]);
    let links = |panel: &str| {
        let links = format!("return [...document.querySelectorAll('{panel}')].map(e => e.textContent)");
        let links: Vec<String> = serde_json::from_value(browser.run(&links)).unwrap();
        links
    };
    let asked = bold(&letter, "Please send us");
    assert!(asked.len() > 3, "{letter}");
    assert_eq!(links(".panel.invalid a"), asked);
    let look = links(".panel.review li").join(" ");
    for asked in
        [bold(&letter, "Please make sure"), bold(&letter, "Files that we could not read well")].concat()
    {
        assert!(look.contains(asked), "{asked} is not among what to check: {look}");
    }

    // From a finding to the page with its evidence framed, and back.
    browser.click("#r-identity a.look");
    let shown = browser.run(
        "const view = document.querySelector('.view:target');
         const frame = view.querySelector('.frame').getBoundingClientRect();
         const page = view.querySelector('svg.page').getBoundingClientRect();
         return { why: view.querySelector('.why').textContent, other: document.querySelectorAll('.view:target').length,
            in: frame.left >= page.left && frame.right <= page.right && frame.top >= page.top && frame.bottom <= page.bottom,
            size: frame.width * frame.height, drawn: page.width }",
    );
    assert!(shown["why"].as_str().unwrap().contains("expired on 30 September 2026"), "{shown}");
    assert!(shown["in"] == true && shown["other"] == 1, "{shown}");
    assert!(shown["size"].as_f64().unwrap() > 500.0 && shown["drawn"].as_f64().unwrap() > 500.0, "{shown}");
    browser.screenshot("evidence");
    browser.is_for_anybody("a page with its evidence");
    browser.click(".view:target .close");
    assert_eq!(browser.run("return location.hash"), "#r-identity");
    assert_eq!(browser.run(&format!("return {}.length", seen(".view"))), 0);

    // The filter, by pointer and by keys.
    let cards = browser.run("return document.querySelectorAll('.card').length").as_u64().unwrap();
    browser.click("label[for=f-settle]");
    let kinds = format!("return {}.map(e => e.className)", seen(".card"));
    let told = |id: &str| {
        browser.run(&format!("return +document.querySelector('label[for={id}] .count').textContent"))
    };
    let only = |class: &str, id: &str| {
        let shown = browser.run(&kinds);
        let shown = shown.as_array().unwrap();
        assert!(!shown.is_empty() && shown.iter().all(|c| c == class), "{class}: {shown:?}");
        assert_eq!(Some(shown.len() as u64), told(id).as_u64(), "{class}");
    };
    only("card invalid", "f-settle");
    browser.screenshot("filtered");
    browser.press("#f-settle", "\u{e015}");
    only("card review", "f-check");

    // On paper everything is there, whatever the filter shows.
    let print =
        browser.post("/print", &json!({ "page": { "width": 21.0, "height": 29.7 }, "background": true }));
    let pdf = Browser::keep("report.pdf", &print);
    match Command::new("pdftotext").arg(&pdf).arg("-").output() {
        Ok(output) => {
            let text =
                String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
            let labels = browser.run(
                "return [...document.querySelectorAll('.card h3')].map(e => e.lastChild.textContent.trim())",
            );
            assert_eq!(labels.as_array().unwrap().len() as u64, cards);
            for label in labels.as_array().unwrap() {
                assert!(text.contains(label.as_str().unwrap()), "{label} is not on paper");
            }
            assert!(!text.contains("← Back"), "the hidden pages are printed");
        }
        Err(error) => eprintln!("skipped: pdftotext (Debian: poppler-utils) does not start: {error}"),
    }

    // In the dark, and on a phone.
    browser.click("label[for=f-all]");
    browser.scheme("dark");
    let paper = browser.run("return getComputedStyle(document.body).backgroundColor");
    assert_eq!(paper, "rgb(21, 24, 27)");
    browser.run("scrollTo(0, 0)");
    browser.screenshot("dark");
    browser.is_for_anybody("in the dark");
    browser.width(360);
    browser.fits("the report");
    browser.screenshot("phone-dark");
    browser.scheme("light");
    browser.screenshot("phone");
    browser.is_for_anybody("on a phone");
    browser.click("#r-identity a.look");
    browser.fits("a page with its evidence");
    browser.screenshot("phone-evidence");
}

#[test]
fn the_page_of_a_batch_is_sorted_as_asked_and_leads_to_the_reports() {
    let Some(browser) = Browser::start() else { return };
    let samples = root().join("fixtures/dossiers");
    let batch = browser.dir.path().join("batch");
    for (dossier, files) in [
        ("b <b>bold", &["gaps-castillo/08 banque.pdf", "gaps-castillo/cv.pdf"] as &[&str]),
        ("a#1?", &["complete-nguyen/RIB.pdf"]),
        ("c10", &["gaps-castillo/cv.pdf"]),
        ("c9", &[]),
    ] {
        std::fs::create_dir_all(batch.join(dossier)).unwrap();
        for file in files {
            let name = Path::new(file).file_name().unwrap();
            std::fs::copy(samples.join(file), batch.join(dossier).join(name)).unwrap();
        }
    }
    let (reports, index) = (browser.dir.path().join("reports é"), browser.dir.path().join("index.html"));
    let (batch, to, page) = (batch.to_str().unwrap(), reports.to_str().unwrap(), index.to_str().unwrap());
    let forms =
        ["--report-format", "html", "--format", "html", "--reports", to, "--output", page, "--lang", "fr"];
    complet(&browser.dir.path().join("cache"), &[&["batch", batch], &forms[..]].concat());
    browser.width(1280);
    browser.open(&index);
    browser.screenshot("batch");
    browser.is_for_anybody("the page of a batch");
    let names = "return [...document.querySelectorAll('tbody th')].map(e => e.textContent)";
    browser.click("thead th:first-child button");
    assert_eq!(browser.run(names), json!(["a#1?", "b <b>bold", "c9", "c10"]));
    browser.press("thead th:first-child button", "\u{e007}");
    assert_eq!(browser.run(names), json!(["c10", "c9", "b <b>bold", "a#1?"]));
    let sorted = browser.run("return document.querySelector('thead th').getAttribute('aria-sort')");
    assert_eq!(sorted, "descending");
    browser.width(360);
    browser.fits("the page of a batch");
    browser.screenshot("batch-phone");
    browser.click("tbody tr:last-child a");
    let title = browser.run("return document.title + document.querySelectorAll('svg.store image').length");
    assert!(title.as_str().unwrap().contains("a#1?"), "{title}");
}
