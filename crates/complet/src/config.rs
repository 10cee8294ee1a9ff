use std::collections::BTreeMap;
use std::io::Read as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anyhow::{Context as _, anyhow, bail};
use camino::Utf8Path;
use complet_judge::Applicant;
use complet_model::Date;
use complet_rules::{RequirementList, Stance, Unknown, check_known, check_profile, did_you_mean_in};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

/// Name of the settings file in a dossier's folder.
pub(crate) const NAME: &str = "dossier.toml";
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

/// What a dossier says of itself in its `dossier.toml`; everything is optional.
#[derive(Deserialize, JsonSchema)]
#[schemars(title = "Dossier")]
#[serde(deny_unknown_fields)]
struct File {
    /// The person's profile, one of the requirement list's: `employee`. Inferred from the documents when absent.
    #[schemars(with = "Option<String>")]
    profile: Option<Spanned<String>>,
    /// How many minors to attach.
    #[serde(default)]
    children: u32,
    /// Who the dossier is for. What is absent is read from the identity document.
    #[serde(default)]
    applicant: ApplicantTable,
    /// Requirements that depend on the office, each by the name of its option: `apostille`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Choice>")]
    options: BTreeMap<Spanned<String>, Choice>,
}

/// The person a dossier is for.
#[derive(Default, Deserialize, JsonSchema)]
#[schemars(rename = "Applicant")]
#[serde(deny_unknown_fields)]
struct ApplicantTable {
    /// Family name, as printed.
    family_name: Option<String>,
    /// Given names, as printed.
    given_names: Option<String>,
    /// Day of birth, YYYY-MM-DD.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    birth_date: Option<Spanned<toml::value::Datetime>>,
    /// Code of the nationality in a passport's machine-readable lines: `VNM`, or `D` for Germany.
    #[schemars(with = "Option<String>", regex(pattern = "^[A-Z]{1,3}$"))]
    nationality: Option<Spanned<String>>,
}

/// What an option may be set to.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Choice {
    /// It must be there.
    Required,
    /// It is recommended, and no gap when it is missing.
    Advised,
    /// It is not looked for.
    Ignored,
}

/// The JSON Schema of a `dossier.toml`.
pub(crate) fn schema() -> schemars::Schema {
    schemars::schema_for!(File)
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
    let file: File = read_toml(text, path)?;
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

/// Reads TOML.
///
/// # Errors
/// With the line that is wrong, and the key or choice that may have been meant.
pub(crate) fn read_toml<T: DeserializeOwned>(text: &str, path: &str) -> anyhow::Result<T> {
    toml::from_str(text).map_err(|error| {
        let message = error.message().lines().collect::<Vec<_>>().join(": ");
        let hint = did_you_mean_in(&message).unwrap_or_default();
        anyhow!(point_at(text, path, error.span().unwrap_or_default(), &message, &hint))
    })
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

    /// A template with all that it sets, instead of only explaining it.
    fn uncommented(template: &str) -> String {
        let lines = template.lines().map(|line| match line.strip_prefix('#') {
            // A sentence has a space there.
            Some(setting) if !setting.is_empty() && !setting.starts_with(' ') => setting,
            _ => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_templates_set_nothing_and_name_everything() {
        let rules = complet_rules::RuleSet::load(None).unwrap();
        let list = rules.list(crate::args::Judging::USUAL).unwrap();
        let schema = serde_json::to_value(schema()).unwrap();
        for lang in [complet_model::Lang::Fr, complet_model::Lang::En] {
            let template = crate::init::template(lang);
            let nothing = parse(template, "dossier.toml", list).unwrap();
            assert_eq!(format!("{nothing:?}"), format!("{:?}", Config::default()));

            let text = uncommented(template);
            let all = parse(&text, "dossier.toml", list).unwrap_or_else(|e| panic!("{lang:?}: {e}"));
            assert!(all.profile.is_some() && all.applicant.birth_date.is_some());
            let table: toml::Table = toml::from_str(&text).unwrap();
            let keys = |schema: &serde_json::Value, table: &toml::Table, what: &str| {
                for key in schema["properties"].as_object().unwrap().keys() {
                    assert!(table.contains_key(key), "{lang:?}: {what} lacks the key `{key}`");
                }
            };
            keys(&schema, &table, "the template");
            keys(&schema["$defs"]["Applicant"], table["applicant"].as_table().unwrap(), "[applicant]");
            for option in list.requirements.iter().filter_map(|r| r.option.as_ref()) {
                assert!(all.options.contains_key(option), "{lang:?}: [options] lacks `{option}`");
            }
            let choices = schema["$defs"]["Choice"]["oneOf"].as_array().unwrap();
            let choices = choices.iter().map(|choice| choice["const"].as_str().unwrap());
            for name in list.profiles.iter().map(|p| p.id.as_str()).chain(choices) {
                assert!(template.contains(name), "{lang:?}: the template does not name `{name}`");
            }
        }
    }

    #[test]
    fn what_is_wrong_is_shown_with_its_line_and_what_is_allowed() {
        let unknown = error("children = 1\nprofile = \"employe\"\n");
        assert!(unknown.contains("d/dossier.toml:2:11"), "{unknown}");
        assert!(unknown.contains("did you mean `employee`?"), "{unknown}");
        let field = error("[applicant]\nfamilly_name = 'X'\n");
        assert!(field.contains("d/dossier.toml:2:1") && field.contains("`family_name`"), "{field}");
        assert!(field.contains("did you mean `family_name`?"), "{field}");
        let choice = error("[options]\napostille = 'advise'\n");
        assert!(choice.contains("did you mean `advised`?"), "{choice}");
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
