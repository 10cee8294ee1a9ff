use complet_model::Localized;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::doctype::{DocType, LocalizedForm};

/// What a dossier must hold: one TOML file.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequirementList {
    /// Stable id, `cpam-guide`.
    pub id: String,
    /// The list's name for people.
    #[schemars(with = "LocalizedForm")]
    pub label: Localized,
    /// The kinds of people it knows, the most specific first: the first whose documents are found is
    /// inferred when no profile is given.
    pub profiles: Vec<Profile>,
    /// What must be there, in the order of the report.
    pub requirements: Vec<Requirement>,
    /// What to do once the dossier is complete.
    #[serde(default)]
    #[schemars(with = "Vec<LocalizedForm>")]
    pub next_steps: Vec<Localized>,
}

impl RequirementList {
    /// The profile with this id.
    pub fn profile(&self, id: &str) -> Option<&Profile> {
        self.profiles.iter().find(|p| p.id == id)
    }

    /// The profile to take when no document tells any.
    pub fn default_profile(&self) -> Option<&Profile> {
        self.profiles.iter().find(|p| p.is_default).or(self.profiles.last())
    }
}

/// A kind of people.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Stable id, `employee`.
    pub id: String,
    /// Its name for people.
    #[schemars(with = "LocalizedForm")]
    pub label: Localized,
    /// Document types that tell it.
    #[serde(default)]
    pub inferred_from: Vec<String>,
    /// It is taken when no document tells any. Should be the one that asks for most: a document that is
    /// missing must not take its own requirement along.
    #[serde(default)]
    pub is_default: bool,
}

/// One thing that must be there.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Stable id, `bank_details`.
    pub id: String,
    /// What is required, for people.
    #[schemars(with = "LocalizedForm")]
    pub label: Localized,
    /// Profiles it concerns; all when empty.
    #[serde(default)]
    pub profiles: Vec<String>,
    /// When it concerns the person; always when absent.
    #[serde(default)]
    pub when: Option<When>,
    /// Code of the message when there is no document for it; `<id>-missing` when absent.
    #[serde(default)]
    pub missing: Option<String>,
    /// What its absence means.
    #[serde(default)]
    pub stance: Stance,
    /// The option of `dossier.toml` that sets `stance` to required, advised or ignored.
    #[serde(default)]
    pub option: Option<String>,
    /// What satisfies it: any one of these.
    #[serde(default)]
    pub accept: Vec<Accept>,
    /// Documents that are taken for it and do not count.
    #[serde(default)]
    pub reject: Vec<Reject>,
    /// Instead of documents: every document that counts elsewhere must be the applicant's.
    #[serde(default)]
    pub same_person: bool,
    /// What to tell people of it in some circumstances, whatever its status.
    #[serde(default)]
    pub notes: Vec<Note>,
}

/// What the absence of a document means for the dossier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// It is a gap.
    #[default]
    Required,
    /// It is a warning, with the code `<id>-advised`.
    Advised,
    /// It is fine: what is there is looked at all the same.
    Optional,
    /// The requirement is not looked at.
    Ignored,
}

/// Something to tell people.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// In which circumstances; always when absent.
    #[serde(default)]
    pub when: Option<When>,
    /// Code of the message.
    pub code: String,
}

impl Requirement {
    /// Code of the message when there is no document for it.
    pub fn missing_code(&self) -> String {
        self.missing.clone().unwrap_or_else(|| format!("{}-missing", self.id))
    }

    /// Code of the message when its document is advised and absent.
    pub fn advised_code(&self) -> String {
        format!("{}-advised", self.id)
    }
}

impl RequirementList {
    /// What the requirements rest on in documents of a type: the fields of the checks and series that they go
    /// through, and those that say who they are about. The same may be asked more than once.
    pub fn needs<'a>(&'a self, doc_type: &'a DocType) -> Vec<Need<'a>> {
        let accepts = self.requirements.iter().flat_map(|r| &r.accept);
        let mut needs = Vec::new();
        for accept in accepts.filter(|a| a.types.contains(&doc_type.id)) {
            needs.extend(accept.checks.iter().filter_map(|check| {
                let ways = match (check, check.field()) {
                    (Check::Holder { .. }, _) => doc_type.holder.as_ref()?.ways(),
                    (_, field) => vec![vec![field?]],
                };
                Some(Need { check: Some(check), ways })
            }));
            let series = accept.series.iter().map(|s| (&s.field, &s.address));
            let spread = accept.spread.iter().map(|s| (&s.field, &s.address));
            for (field, address) in series.chain(spread) {
                let fields = [Some(field), address.as_ref()].into_iter().flatten();
                needs.extend(fields.map(|field| Need { check: None, ways: vec![vec![field]] }));
            }
        }
        needs
    }
}

/// Something that must be known of a document.
#[derive(Debug, Clone)]
pub struct Need<'a> {
    /// The check that asks for it, if it is one.
    pub check: Option<&'a Check>,
    /// Names of fields: all those of one way tell it.
    pub ways: Vec<Vec<&'a str>>,
}

/// A condition on the person or on the documents. All of what is given must hold.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct When {
    /// There are minors to attach: their number is given, or a document that satisfies the requirement is
    /// there.
    pub children: bool,
    /// The applicant's nationality is (`true`) or is not (`false`) one of the EU, the EEA or Switzerland.
    pub eea_national: Option<bool>,
    /// A field of the documents of some types has none of these values.
    pub field_not_in: Option<FieldNotIn>,
    /// A document is there.
    pub there_is: Option<DocumentWith>,
    /// No such document is there.
    pub there_is_no: Option<DocumentWith>,
    /// A document is older than some months.
    pub older: Option<Older>,
}

/// A day in documents of some types that lies back further than some months.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Older {
    /// The document types.
    pub types: Vec<String>,
    /// Their field with the day.
    pub field: String,
    /// Months before the reference date.
    pub months: u32,
}

/// A condition on a field.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldNotIn {
    /// The document types.
    pub types: Vec<String>,
    /// Their field.
    pub field: String,
    /// Values for which the requirement does not concern the person.
    pub values: Vec<String>,
}

/// A document of some types, perhaps with a value in a field.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentWith {
    /// The document types.
    pub types: Vec<String>,
    /// The field that must have been read.
    #[serde(default)]
    pub field: Option<String>,
    /// Values one of which it must have; any when empty.
    #[serde(default)]
    pub values: Vec<String>,
}

/// A field with a value.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldIs {
    /// The field of the same document.
    pub field: String,
    /// Its value.
    pub value: String,
}

/// A way to satisfy a requirement.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// Types of the documents that count.
    pub types: Vec<String>,
    /// What each of them must pass.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// Several documents that satisfy it together by the months they cover.
    #[serde(default)]
    pub series: Option<Series>,
    /// Several documents that satisfy it together by the days they were issued.
    #[serde(default)]
    pub spread: Option<Spread>,
}

/// Consecutive months that documents must cover together, for the same person and home.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Beginning of the codes of its messages: `rent` for `rent-gap`, `rent-too-few`, `rent-stale`,
    /// `rent-rather-old` and `rent-twice`.
    pub codes: String,
    /// Field with the months.
    pub field: String,
    /// Field with the address; documents of another address are another series.
    #[serde(default)]
    pub address: Option<String>,
    /// How many months without a gap.
    pub months: u32,
    /// How many months the last one may lie before the month of the reference date.
    pub recent: u32,
    /// How many it may lie before it with a warning.
    #[serde(default)]
    pub tolerated: u32,
}

impl Series {
    /// The code of one of its messages.
    pub fn code(&self, what: &str) -> String {
        format!("{}-{what}", self.codes)
    }

    /// Every code it may say.
    pub fn all_codes(&self) -> impl Iterator<Item = String> {
        ["gap", "too-few", "stale", "rather-old", "twice"].into_iter().map(|what| self.code(what))
    }
}

/// Successive documents of one home whose days reach back far enough: two electricity bills.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Beginning of the codes of its messages: `bills` for `bills-too-few`, `bills-too-short` and
    /// `bills-stale`.
    pub codes: String,
    /// Field with the day of each.
    pub field: String,
    /// Field with the address; documents of another address do not count together.
    #[serde(default)]
    pub address: Option<String>,
    /// How many documents of different days.
    pub documents: u32,
    /// How many months the first of them lies before the reference date, at least.
    pub back: u32,
    /// How many months the last of them may lie before it.
    pub recent: u32,
    /// How many months may lie between one and the next.
    pub apart: u32,
}

impl Spread {
    /// The code of one of its messages.
    pub fn code(&self, what: &str) -> String {
        format!("{}-{what}", self.codes)
    }

    /// Every code it may say.
    pub fn all_codes(&self) -> impl Iterator<Item = String> {
        ["too-few", "too-short", "stale"].into_iter().map(|what| self.code(what))
    }
}

/// A document that does not count, with the reason.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reject {
    /// Its type.
    pub doc_type: String,
    /// Code of the message.
    pub code: String,
}

/// Something a document must pass. `code` is the code of the message when it fails.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "check", rename_all = "snake_case", deny_unknown_fields)]
pub enum Check {
    /// The document is about the applicant.
    Holder {
        /// Code of the message when it is somebody else's.
        code: String,
    },
    /// A field was read and passes its own check (a checksum).
    Valid {
        /// The field.
        field: String,
        /// Code of the message when its check fails.
        code: String,
    },
    /// A field was read. When it was not, the document has to be looked at.
    Present {
        /// The field.
        field: String,
        /// Code of the message when it was not found.
        code: String,
        /// A doubtful reading will do: what matters is that something stands there, as a date by hand does.
        #[serde(default)]
        even_unsure: bool,
    },
    /// A flag is true. A flag that is false fails; one that is not known has to be looked at.
    IsTrue {
        /// The field.
        field: String,
        /// Code of the message when it is false.
        code: String,
        /// What false makes of the requirement.
        #[serde(default)]
        otherwise: Otherwise,
    },
    /// Nothing was seen that makes a flag true: a business that has ended. A flag that was seen and is doubtful has to
    /// be looked at.
    IsNot {
        /// The field.
        field: String,
        /// Code of the message when it is true.
        code: String,
        /// What true makes of the requirement.
        #[serde(default)]
        otherwise: Otherwise,
    },
    /// A choice or a code is one of some values.
    OneOf {
        /// The field.
        field: String,
        /// The values that pass. A value that ends with `*` stands for all that begin so.
        values: Vec<String>,
        /// Code of the message for another value.
        code: String,
        /// What another value makes of the requirement.
        #[serde(default)]
        otherwise: Otherwise,
    },
    /// A day has not passed.
    NotExpired {
        /// The field.
        field: String,
        /// Code of the message when it has.
        code: String,
        /// Warn when fewer months than this are left.
        #[serde(default)]
        warn_months: u32,
        /// What makes the document do without the day: a contract without an end does not expire.
        #[serde(default)]
        unless: Option<FieldIs>,
        /// Only documents that have this are looked at: a lease that is not renewed.
        #[serde(default)]
        only: Option<FieldIs>,
    },
    /// A day, or the last month of a period, is not long past and does not lie in the future.
    Recent {
        /// The field.
        field: String,
        /// How many months it may be past.
        months: u32,
        /// How many it may be past with a warning; as many as `months` when absent.
        #[serde(default)]
        tolerated: Option<u32>,
        /// Code of the message when it is older.
        code: String,
    },
    /// A day has come: a contract has begun, or begins within some days.
    Begun {
        /// The field.
        field: String,
        /// How many months it must lie back at least.
        #[serde(default)]
        months_ago: u32,
        /// How many days it may lie ahead.
        #[serde(default)]
        days_ahead: u32,
        /// Code of the message when it lies further ahead.
        code: String,
    },
    /// A school year, `2026/2027` (1 September to 31 August), holds the reference date, or begins within
    /// two months.
    SchoolYear {
        /// The field.
        field: String,
        /// Code of the message when it does not.
        code: String,
    },
    /// The document goes with another about the same person: a translation with its original, a visa with
    /// the proof that it was validated.
    Accompanies {
        /// The other document.
        #[serde(flatten)]
        other: DocumentWith,
        /// Code of the message when there is none, or it is about somebody else.
        code: String,
        /// What its absence makes of the requirement.
        #[serde(default = "review")]
        otherwise: Otherwise,
        /// What makes the document do without: any of these.
        #[serde(default)]
        unless: Vec<FieldIs>,
    },
    /// A field agrees with one of the documents it goes with, about the same person: a translation is from the
    /// language of its original, and not older than it. Fields that were not read for sure agree.
    Agrees {
        /// Types of the other documents.
        types: Vec<String>,
        /// The field.
        field: String,
        /// The field of the other document.
        with: String,
        /// How they agree.
        #[serde(default)]
        how: Agreement,
        /// Code of the message when it agrees with none: somebody must look.
        code: String,
    },
}

/// How two fields agree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// They are the same.
    #[default]
    Same,
    /// The day is not before the other.
    NotBefore,
}

fn review() -> Otherwise {
    Otherwise::Review
}

/// What a failed check makes of the requirement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// It is invalid.
    #[default]
    Invalid,
    /// Somebody must look.
    Review,
    /// It is met with a warning.
    Warn,
}
