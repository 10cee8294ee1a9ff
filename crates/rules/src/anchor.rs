use schemars::JsonSchema;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::pattern::Pattern;

/// The anchors of a document type, by what they tell.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Anchors {
    /// What the document calls itself. Counts in full when it stands like a title (a line of its own,
    /// large, or near the top) and as a passing mention elsewhere.
    pub title: Vec<Anchor>,
    /// Wording that hardly any other document has.
    pub strong: Vec<Anchor>,
    /// Wording that fits, but other documents have as well.
    pub support: Vec<Anchor>,
    /// Wording that speaks against the type.
    pub against: Vec<Anchor>,
    /// Wording that rules the type out.
    pub excludes: Vec<Anchor>,
}

impl Anchors {
    /// Every group with its role, in the order of this struct.
    pub fn groups(&self) -> [(Role, &[Anchor]); 5] {
        [
            (Role::Title, &self.title),
            (Role::Strong, &self.strong),
            (Role::Support, &self.support),
            (Role::Against, &self.against),
            (Role::Excludes, &self.excludes),
        ]
    }

    /// The points of a page that has every anchor that speaks for the type.
    pub fn most_points(&self) -> f32 {
        let weights = self
            .groups()
            .into_iter()
            .flat_map(|(role, anchors)| anchors.iter().map(move |a| a.weight.unwrap_or(role.weight())));
        weights.filter(|w| *w > 0.0).sum()
    }
}

/// What an anchor tells of a document type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The document's own name for itself.
    Title,
    /// Hardly found elsewhere.
    Strong,
    /// Found elsewhere as well.
    Support,
    /// Speaks against.
    Against,
    /// Rules out.
    Excludes,
}

impl Role {
    /// Points for one anchor of this role.
    pub fn weight(self) -> f32 {
        match self {
            Self::Title => 6.0,
            Self::Strong => 3.0,
            Self::Support => 1.0,
            Self::Against => -4.0,
            Self::Excludes => -100.0,
        }
    }
}

/// Something whose presence on a page tells of a document type. Written as a phrase, or as a table.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[schemars(with = "AnchorForm")]
pub struct Anchor {
    /// Phrases of which one is enough. Compared without accents, case and typographic signs; on pages
    /// read by OCR a misread letter in eight is forgiven.
    pub any: Vec<String>,
    /// A regular expression over the folded text (upper case, no accents, single spaces).
    pub pattern: Option<Pattern>,
    /// Beginnings of the document code of a machine-readable zone (`P`, `ID`, `V`).
    pub mrz: Vec<String>,
    /// Something else that was recognised on the page.
    pub seen: Option<Seen>,
    /// Points, instead of those of its role.
    pub weight: Option<f32>,
}

/// What can be recognised on a page beside its wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// An IBAN with a right checksum.
    ValidIban,
    /// A French account number with a right key.
    ValidRib,
    /// A machine-readable zone whose bearer is no national of the state that issued it.
    MrzOfForeigner,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)] // only its schema is used: the form is read by hand for the sake of its errors
enum AnchorForm {
    /// One phrase.
    Phrase(String),
    /// Several phrases of which one is enough.
    Phrases(Vec<String>),
    /// Anything else.
    Table(AnchorTable),
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct AnchorTable {
    /// Phrases of which one is enough.
    any: Vec<String>,
    /// A regular expression over the folded text.
    pattern: Option<Pattern>,
    /// Beginnings of the document code of a machine-readable zone.
    mrz: Vec<String>,
    /// Something else that was recognised on the page.
    seen: Option<Seen>,
    /// Points, instead of those of its role.
    weight: Option<f32>,
}

impl<'de> Deserialize<'de> for Anchor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnchorVisitor;

        impl<'de> Visitor<'de> for AnchorVisitor {
            type Value = Anchor;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a phrase, a list of phrases, or a table with any, pattern, mrz or seen")
            }

            fn visit_str<E: de::Error>(self, phrase: &str) -> Result<Anchor, E> {
                Ok(Anchor { any: vec![complet_model::fold(phrase)], ..Anchor::default() })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Anchor, A::Error> {
                let mut any = Vec::new();
                while let Some(phrase) = seq.next_element::<String>()? {
                    any.push(complet_model::fold(&phrase));
                }
                Ok(Anchor { any, ..Anchor::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Anchor, A::Error> {
                let table = AnchorTable::deserialize(de::value::MapAccessDeserializer::new(map))?;
                let any = table.any.iter().map(|phrase| complet_model::fold(phrase)).collect();
                let (pattern, mrz, seen, weight) = (table.pattern, table.mrz, table.seen, table.weight);
                Ok(Anchor { any, pattern, mrz, seen, weight })
            }
        }

        deserializer.deserialize_any(AnchorVisitor)
    }
}
