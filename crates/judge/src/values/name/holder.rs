//! The people that a printed name stands for.

use complet_model::fold;

use super::PersonName;
use super::spelling::{Token, minus};

/// One person named in a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Holder {
    /// The family names the person goes by: at birth, by marriage.
    pub(super) families: Vec<Vec<Token>>,
    pub(super) given: Vec<Token>,
    /// Words of which it is not known whether they are family or given names.
    pub(super) loose: Vec<Token>,
}

/// Characters of a name that are looked at: nobody's is longer.
const LONGEST: usize = 200;

const TITLES: &[&str] = &[
    "M",
    "MR",
    "MONSIEUR",
    "MME",
    "MADAME",
    "MLLE",
    "MLE",
    "MELLE",
    "MADEMOISELLE",
    "DR",
    "DOCTEUR",
    "PR",
    "ME",
    "MAITRE",
    "MRS",
    "MS",
    "MISS",
    "SR",
    "SRA",
    "SENOR",
    "SENORA",
    "SENHOR",
    "SENHORA",
    "SIG",
    "SIGNOR",
    "SIGNORA",
    "HERR",
    "FRAU",
    "MM",
    "MMES",
    "MESSIEURS",
    "MESDAMES",
];
/// Words between two holders.
const AND: &[&str] = &["ET", "OU", "AND", "&", "+", ";", "/", "OR"];
/// Words before another family name of the same person.
const ALSO_NAMED: &[&str] = &[
    "EPOUSE", "EPOUX", "EP", "EPSE", "VEUVE", "VVE", "NEE", "NE", "USAGE", "ALIAS", "DIT", "DITE",
    "DIVORCEE", "BORN",
];

impl Holder {
    /// The people that `name` stands for: several for a joint account or a couple.
    pub(super) fn all(name: &PersonName) -> Vec<Self> {
        let text = |part: &Option<String>| {
            let text: String = part.as_deref().unwrap_or_default().trim().chars().take(LONGEST).collect();
            (!text.is_empty()).then_some(text)
        };
        let (family, given, full) = (text(&name.family), text(&name.given), text(&name.full));
        match (family, given, full) {
            // A whole name tells more than one part of it.
            (None, Some(_), Some(full)) => from_full(&full),
            (family, None, Some(full)) => {
                let mut holders = from_full(&full);
                if let Some(family) = family {
                    holders.extend(from_full(&format!("{family} {full}")));
                }
                holders
            }
            (None, None, None) => Vec::new(),
            (family, given, _) => vec![Self {
                families: family.map(|f| families(&f)).unwrap_or_default(),
                given: given.map(|g| Token::of(&g)).unwrap_or_default(),
                loose: Vec::new(),
            }],
        }
    }

    /// The same with the given names taken out of the family name, where a document prints the whole name as that and
    /// the given names once more. `None` where it does not.
    pub(super) fn without_repeats(&self) -> Option<Self> {
        let bare = |family: &Vec<Token>| minus(family, &self.given).filter(|rest| !rest.is_empty());
        let families: Vec<Vec<Token>> = self.families.iter().map(bare).collect::<Option<_>>()?;
        (!self.given.is_empty() && !families.is_empty()).then(|| Self { families, ..self.clone() })
    }

    /// Every word of the name.
    pub(super) fn words(&self) -> Vec<Token> {
        let families = self.families.first().into_iter().flatten();
        families.chain(&self.given).chain(&self.loose).cloned().collect()
    }
}

/// The family names in a text that holds nothing else: `DUPONT épouse MARTIN` holds two.
fn families(text: &str) -> Vec<Vec<Token>> {
    let words = words(text);
    let words = words.get(title_count(&words)..).unwrap_or_default();
    let parts = words.split(|word| is_one_of(word, ALSO_NAMED) || matches!(word.as_str(), ";" | "/"));
    let mut names: Vec<Vec<Token>> =
        parts.map(|part| Token::of(&part.join(" "))).filter(|n| !n.is_empty()).collect();
    if names.is_empty() {
        names.push(Token::of(text));
    }
    names
}

/// The words as printed, separators between people apart.
fn words(text: &str) -> Vec<String> {
    let spaced = text
        .replace('.', ". ")
        .replace(';', " ; ")
        .replace('/', " / ")
        .replace('&', " & ")
        .replace('+', " + ");
    let spaced = spaced.replace(['(', ')'], " ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

fn is_one_of(word: &str, list: &[&str]) -> bool {
    let folded = fold(word);
    list.contains(&folded.trim_end_matches(['.', ',', ':']))
}

fn title_count(words: &[String]) -> usize {
    words.iter().take_while(|word| is_one_of(word, TITLES)).count()
}

fn from_full(text: &str) -> Vec<Holder> {
    let words = words(text);
    let parts: Vec<&[String]> = words
        .split(|word| is_one_of(word, AND))
        .map(|part| part.get(title_count(part)..).unwrap_or_default())
        .filter(|part| !part.is_empty())
        .collect();
    let holders: Vec<Holder> = parts.iter().map(|part| from_words(part)).collect();
    let mut out = Vec::new();
    for (i, holder) in holders.iter().enumerate() {
        let shared = if lone_given_name(holder) { shared_families(&holders, i) } else { Vec::new() };
        for family in &shared {
            let given = if holder.given.is_empty() { holder.loose.clone() } else { holder.given.clone() };
            out.push(Holder { families: vec![family.clone()], given, loose: Vec::new() });
        }
        if shared.is_empty() {
            out.push(holder.clone());
        }
    }
    out
}

fn lone_given_name(holder: &Holder) -> bool {
    holder.families.is_empty() && holder.given.len() + holder.loose.len() == 1
}

/// The family names that one word may share with the person named beside it: `Kwame et Abena OWUSU`.
fn shared_families(holders: &[Holder], at: usize) -> Vec<Vec<Token>> {
    let after = holders.get(at + 1..).unwrap_or_default().iter().map(|h| (h, true));
    let before = holders.get(..at).unwrap_or_default().iter().rev().map(|h| (h, false));
    let other = after.chain(before).find(|(h, _)| h.words().len() > 1);
    let Some((other, is_after)) = other else { return Vec::new() };
    if !other.families.is_empty() {
        return other.families.clone();
    }
    // Without capitals to tell, the family name is at an end.
    let ends =
        if is_after { vec![other.loose.last()] } else { vec![other.loose.first(), other.loose.last()] };
    ends.into_iter().flatten().map(|token| vec![token.clone()]).collect()
}

fn from_words(words: &[String]) -> Holder {
    let mut parts = words.split(|word| is_one_of(word, ALSO_NAMED));
    let mut holder = split_by_form(parts.next().unwrap_or_default());
    for part in parts {
        // NOM D'USAGE, NOM DE NAISSANCE
        let part: Vec<String> =
            part.iter().filter(|w| !is_one_of(w, &["NOM", "D'USAGE", "NAISSANCE", "DE"])).cloned().collect();
        let other = split_by_form(&part);
        holder.given.extend(other.given);
        holder.families.extend(other.families);
        if other.loose.is_empty() {
            continue;
        }
        // `DUPONT épouse MARTIN Sophie`: what stands alone before is the other family name.
        if holder.families.is_empty() && holder.given.is_empty() && holder.loose.len() == 1 {
            holder.families.push(std::mem::take(&mut holder.loose));
            if other.loose.len() > 1 {
                holder.loose = other.loose;
                continue;
            }
        }
        holder.families.push(other.loose);
    }
    holder
}

/// Tells family from given names by capitals (`Thi Mai NGUYEN`) or by a comma (`Nguyen, Thi Mai`).
fn split_by_form(words: &[String]) -> Holder {
    let is_particle = |word: &str| Token::of(word).iter().all(Token::is_particle);
    let is_capital = |word: &str| {
        let letters = word.chars().filter(|c| c.is_alphabetic());
        letters.clone().count() >= 2 && letters.clone().all(|c| !c.is_lowercase())
    };
    let tokens =
        |words: &mut dyn Iterator<Item = &String>| words.flat_map(|w| Token::of(w)).collect::<Vec<_>>();
    let is_family = |w: &&String| is_capital(w) || (is_particle(w) && w.chars().all(|c| !c.is_uppercase()));
    let (capital, mixed): (Vec<&String>, Vec<&String>) = words.iter().partition(is_family);
    let real_given = mixed.iter().any(|w| w.chars().filter(|c| c.is_alphabetic()).count() >= 2);
    if real_given && capital.iter().any(|w| is_capital(w)) {
        return Holder {
            families: vec![tokens(&mut capital.into_iter())],
            given: tokens(&mut mixed.into_iter()),
            loose: Vec::new(),
        };
    }
    let commas: Vec<usize> =
        words.iter().enumerate().filter(|(_, w)| w.ends_with(',')).map(|(i, _)| i).collect();
    if let [comma] = commas.as_slice() {
        let (family, given) = words.split_at(comma + 1);
        if !given.is_empty() {
            return Holder {
                families: vec![tokens(&mut family.iter())],
                given: tokens(&mut given.iter()),
                loose: Vec::new(),
            };
        }
    }
    Holder { families: Vec::new(), given: Vec::new(), loose: tokens(&mut words.iter()) }
}
