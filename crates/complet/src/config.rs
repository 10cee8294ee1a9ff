use std::collections::BTreeMap;
use std::io::Read as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anyhow::{Context as _, anyhow, bail};
use camino::Utf8Path;
use complet_judge::Applicant;
use complet_model::Date;
use complet_rules::{RequirementList, Stance};
use serde::Deserialize;
use toml::Spanned;

use crate::known::{Unknown, check_known, check_profile};

/// Name of the settings file in a dossier's folder.
const NAME: &str = "dossier.toml";
/// Bytes of the largest settings file that makes sense.
const MOST_BYTES: u64 = 64 * 1024;

/// What a dossier says of itself.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// Id of the profile, one of the requirement list's.
    pub(crate) profile: Option<String>,
    /// Minors to attach.
    pub(crate) children: u32,
    /// Who the dossier is for.
    pub(crate) applicant: Applicant,
    /// What requirements that depend on the office are taken for, by their option.
    pub(crate) options: BTreeMap<String, Stance>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    profile: Option<Spanned<String>>,
    #[serde(default)]
    children: u32,
    #[serde(default)]
    applicant: ApplicantTable,
    #[serde(default)]
    options: BTreeMap<Spanned<String>, Choice>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplicantTable {
    family_name: Option<String>,
    given_names: Option<String>,
    birth_date: Option<Spanned<toml::value::Datetime>>,
    nationality: Option<Spanned<String>>,
}

/// What an option may be set to.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Choice {
    Required,
    Advised,
    Ignored,
}

/// Reads the settings of a dossier, when it has some.
///
/// # Errors
/// A file that cannot be read or says something that is not known, with its line and what is allowed.
pub(crate) fn load(dossier: &Utf8Path, list: &RequirementList) -> anyhow::Result<Config> {
    let path = dossier.join(NAME);
    // A link could lead out of the dossier, a pipe could block.
    match path.symlink_metadata() {
        Err(_) => return Ok(Config::default()),
        Ok(metadata) if !metadata.is_file() => bail!("`{path}` is not a plain file"),
        Ok(metadata) if metadata.len() > MOST_BYTES => {
            bail!("`{path}` is larger than {MOST_BYTES} bytes: it holds only the dossier's settings")
        }
        Ok(_) => {}
    }
    let mut text = String::new();
    std::fs::File::open(&path)
        .and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text))
        .with_context(|| format!("`{path}` cannot be read"))?;
    parse(&text, path.as_str(), list)
}

/// Reads the text of a settings file, which lies at `path`.
pub(crate) fn parse(text: &str, path: &str, list: &RequirementList) -> anyhow::Result<Config> {
    let wrong =
        |span: Range<usize>, what: &str, label: &str| anyhow!(point_at(text, path, span, what, label));
    let file: File = toml::from_str(text).map_err(|error| {
        let message = error.message().lines().collect::<Vec<_>>().join(": ");
        wrong(error.span().unwrap_or_default(), &message, "")
    })?;
    let profile = match file.profile {
        None => None,
        Some(profile) => match check_profile(profile.get_ref(), list) {
            Ok(()) => Some(profile.into_inner()),
            Err(Unknown { what, hint }) => return Err(wrong(profile.span(), &what, &hint)),
        },
    };
    let birth_date = match file.applicant.birth_date {
        None => None,
        Some(date) => match day(*date.get_ref()) {
            Some(day) => Some(day),
            None => return Err(wrong(date.span(), "`birth_date` takes a day", "written YYYY-MM-DD")),
        },
    };
    let nationality = match file.applicant.nationality {
        None => None,
        Some(code) if is_icao_code(code.get_ref()) => Some(code.into_inner()),
        Some(code) => {
            let what = "`nationality` takes the code of a passport's machine-readable lines";
            return Err(wrong(code.span(), what, "up to three capital letters, like VNM, MAR or D"));
        }
    };
    let known: Vec<&str> = list.requirements.iter().filter_map(|r| r.option.as_deref()).collect();
    let mut options = BTreeMap::new();
    for (name, choice) in file.options {
        if let Err(Unknown { what, hint }) = check_known("option", name.get_ref(), &known) {
            return Err(wrong(name.span(), &what, &hint));
        }
        let stance = match choice {
            Choice::Required => Stance::Required,
            Choice::Advised => Stance::Advised,
            Choice::Ignored => Stance::Ignored,
        };
        options.insert(name.into_inner(), stance);
    }
    Ok(Config {
        profile,
        children: file.children,
        applicant: Applicant {
            family_name: file.applicant.family_name,
            given_names: file.applicant.given_names,
            birth_date,
            nationality,
        },
        options,
    })
}

/// The day of a TOML date; `None` when it has a time, or is no day of the calendar.
pub(crate) fn day(date: toml::value::Datetime) -> Option<Date> {
    let toml::value::Datetime { date: Some(date), time: None, offset: None } = date else { return None };
    Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?)
        .ok()
}

/// Codes have three letters but for Germany's `D`.
fn is_icao_code(code: &str) -> bool {
    (1..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_uppercase())
}

/// The message with the line of the file it speaks of.
pub(crate) fn point_at(text: &str, path: &str, span: Range<usize>, what: &str, label: &str) -> String {
    let annotation = AnnotationKind::Primary.span(span).label((!label.is_empty()).then_some(label));
    let snippet = Snippet::source(text).path(path).annotation(annotation);
    let report = [Level::ERROR.primary_title(what).element(snippet)];
    Renderer::plain().render(&report).clone()
}

#[cfg(test)]
mod tests {
    use complet_model::Localized;
    use complet_rules::Profile;

    use super::*;

    fn list() -> RequirementList {
        let profile = |id: &str| Profile {
            id: id.to_owned(),
            label: Localized::default(),
            inferred_from: Vec::new(),
            is_default: false,
        };
        RequirementList {
            id: "test".to_owned(),
            label: Localized::default(),
            profiles: ["employee", "student"].map(profile).into(),
            requirements: vec![
                toml::from_str("id = 'apostille'\nlabel = { fr = 'a', en = 'a' }\noption = 'apostille'")
                    .unwrap(),
            ],
            next_steps: Vec::new(),
        }
    }

    fn error(text: &str) -> String {
        parse(text, "d/dossier.toml", &list()).unwrap_err().to_string()
    }

    #[test]
    fn everything_is_read() {
        let config = parse(
            "profile = 'student'\nchildren = 2\n[applicant]\nfamily_name = 'Nguyễn'\n\
             birth_date = 1988-11-23\nnationality = 'VNM'\n[options]\napostille = 'required'\n",
            "dossier.toml",
            &list(),
        )
        .unwrap();
        assert_eq!(config.profile.as_deref(), Some("student"));
        assert_eq!(config.children, 2);
        assert_eq!(config.applicant.birth_date.unwrap().to_string(), "1988-11-23");
        assert_eq!(config.options.get("apostille"), Some(&Stance::Required));
    }

    #[test]
    fn what_is_wrong_is_shown_with_its_line_and_what_is_allowed() {
        let unknown = error("children = 1\nprofile = \"employe\"\n");
        assert!(unknown.contains("d/dossier.toml:2:11"), "{unknown}");
        assert!(unknown.contains("did you mean `employee`?"), "{unknown}");
        let field = error("[applicant]\nfamilly_name = 'X'\n");
        assert!(field.contains("d/dossier.toml:2:1") && field.contains("`family_name`"), "{field}");
        let choice = error("[options]\napostille = 'yes'\n");
        assert!(choice.contains(":2:") && choice.contains("`required`, `advised`"), "{choice}");
        let count = error("children = -1\n");
        assert!(count.contains(":1:") && count.contains("-1"), "{count}");
        let date = error("[applicant]\nbirth_date = 1988-11-23T10:00:00\n");
        assert!(date.contains(":2:") && date.contains("YYYY-MM-DD"), "{date}");
        let code = error("[applicant]\nnationality = 'Vietnam'\n");
        assert!(code.contains(":2:") && code.contains("VNM"), "{code}");
        assert!(error("profile = [").contains(":1:"));
    }
}
