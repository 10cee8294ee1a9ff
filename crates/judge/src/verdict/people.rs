//! Who a document is about, and who the applicant is.

use complet_model::{Date, Document, Evidence, Field, FieldValue, TextSource, are_mostly, fold, is_latin};
use complet_rules::{Holder, RuleSet};

use crate::Case;
use crate::values::{
    NameMatch, PersonName, compare_names, is_misread_of, looks_the_same, may_be_misread, other_families,
};

/// Words of a family name that are tried at the end of a parent's name.
const MOST_FAMILY_WORDS: usize = 3;

/// A person as a document names them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Person {
    pub(crate) name: PersonName,
    /// The family name they go by, where it is another than that of `name`.
    pub(crate) usage_name: Option<String>,
    /// Names of their parents, where no family name was read.
    parents: Vec<String>,
    pub(crate) birth_date: Option<Date>,
    /// The same as it was read, surely or not: that it is another's says nothing, that it is the same one, something.
    read_birth_date: Option<Date>,
    /// ICAO three-letter code.
    pub(crate) nationality: Option<String>,
    pub(crate) evidence: Vec<Evidence>,
    /// The name was read well enough to decide on it.
    pub(crate) sure: bool,
    /// The name was read off a picture, where letters are mistaken.
    pub(crate) off_picture: bool,
}

impl Person {
    /// The name by birth, and that with the family name they go by.
    fn names(&self) -> impl Iterator<Item = PersonName> {
        let used = self.usage_name.clone().map(|used| PersonName { family: Some(used), ..self.name.clone() });
        std::iter::once(self.name.clone()).chain(used)
    }

    /// The name with a family name of one of the parents, where no other is printed.
    fn by_parents(&self) -> impl Iterator<Item = PersonName> {
        let words = self.parents.iter().map(|parent| parent.split_whitespace().collect::<Vec<_>>());
        // The last word of `Declan O'Connor`, the last two of `Rui Costa Lima`.
        let families = words.flat_map(|words| {
            let ends = (1..words.len()).rev().take(MOST_FAMILY_WORDS);
            ends.filter_map(|at| words.get(at..).map(|end| end.join(" "))).collect::<Vec<_>>()
        });
        // Acts print the given names alone, which may be all that was taken for the whole name.
        let given = self.name.given.as_ref().or(self.name.full.as_ref());
        families.map(move |family| PersonName { family: Some(family), given: given.cloned(), full: None })
    }

    /// The name for people, as printed.
    pub(crate) fn shown(&self) -> String {
        match (&self.name.given, &self.name.family, &self.name.full) {
            // The name that was read, not those learnt from other documents.
            (Some(given), Some(family), _) => {
                format!("{given} {}", family.split(';').next().unwrap_or(family))
            }
            (_, Some(one), _) | (_, _, Some(one)) | (Some(one), ..) => one.clone(),
            _ => String::new(),
        }
    }
}

/// Who a document is about; `None` when its type names no one or no name was read.
pub(crate) fn holder(document: &Document, rules: &RuleSet) -> Option<Person> {
    let holder = holder_spec(document, rules)?;
    let field = |name: &Option<String>| name.as_ref().and_then(|n| document.fields.get(n));
    let mut name_fields = [field(&holder.family_name), field(&holder.given_names), field(&holder.full_name)];
    if name_fields.iter().all(Option::is_none) {
        return None;
    }
    let text =
        |name: &Option<String>| field(name).map(|f| f.value.texts().join("; ")).filter(|t| !t.is_empty());
    let mut name = PersonName {
        family: text(&holder.family_name),
        given: text(&holder.given_names),
        full: text(&holder.full_name),
    };
    if let [family, given, Some(full)] = name_fields
        && full.is_sure()
        && ![family, given].into_iter().flatten().all(Field::is_sure)
    {
        // A zone that cuts names short proves nothing; the whole name that is printed on the card does.
        let words = |text: &Option<String>| -> Vec<String> {
            let text = fold(text.as_deref().unwrap_or_default());
            text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
        };
        let whole = words(&name.full);
        let begins_one = |part: &String| whole.iter().any(|word| word.starts_with(part));
        if words(&name.family).iter().chain(&words(&name.given)).all(begins_one) {
            name = PersonName { full: name.full, ..PersonName::default() };
            name_fields = [None, None, Some(full)];
        }
    }
    // One word of a name tells no one apart.
    let is_whole =
        |name: &Option<String>| name.as_ref().is_none_or(|n| n.split_whitespace().nth(1).is_some());
    let birth = field(&holder.birth_date);
    let read = name_fields.iter().flatten();
    let sure = read.clone().all(|f| f.is_sure()) && (name.given.is_some() || is_whole(&name.full));
    let parents = field(&holder.parents).filter(|f| f.is_sure() && name.family.is_none());
    let used = field(&holder.usage_name).filter(|f| f.is_sure() && name.family.is_some());
    Some(Person {
        name,
        usage_name: used.and_then(|f| f.value.as_text().map(str::to_owned)),
        parents: parents.map(|f| f.value.texts().to_vec()).unwrap_or_default(),
        birth_date: birth.filter(|f| f.is_sure()).and_then(|f| f.value.as_date()),
        read_birth_date: birth.and_then(|f| f.value.as_date()),
        nationality: document
            .fields
            .get("nationality")
            .filter(|f| f.is_sure())
            .and_then(|f| f.value.as_text().map(str::to_owned)),
        sure,
        off_picture: document.text_source != TextSource::TextLayer,
        evidence: read.flat_map(|f| f.evidence.iter().take(1).cloned()).collect(),
    })
}

/// The applicant: as the dossier's settings say, else whom the identity document names. Of several
/// identity documents of different people, the one whose holder most other documents name.
pub(crate) fn applicant(documents: &[Document], rules: &RuleSet, case: &Case) -> Option<Person> {
    let identities: Vec<Person> = documents
        .iter()
        .filter(|d| holder_spec(d, rules).is_some_and(|h| h.is_identity))
        .filter_map(|d| holder(d, rules))
        .collect();
    let given = &case.applicant;
    if given.family_name.is_some() || given.given_names.is_some() {
        let name =
            PersonName { family: given.family_name.clone(), given: given.given_names.clone(), full: None };
        let same = identities.iter().find(|i| compare_names(&i.name, &name) <= NameMatch::Compatible);
        return Some(Person {
            nationality: given.nationality.clone().or_else(|| same.and_then(|s| s.nationality.clone())),
            birth_date: given.birth_date.or_else(|| same.and_then(|s| s.birth_date)),
            read_birth_date: None,
            evidence: same.map(|s| s.evidence.clone()).unwrap_or_default(),
            sure: true,
            off_picture: false,
            name,
            usage_name: None,
            parents: Vec::new(),
        });
    }
    let others: Vec<Person> = documents
        .iter()
        .filter(|d| holder_spec(d, rules).is_some_and(|h| !h.is_identity))
        .filter_map(|d| holder(d, rules))
        .collect();
    let support = |who: &Person| {
        others.iter().filter(|o| compare_names(&who.name, &o.name) <= NameMatch::Compatible).count()
    };
    let mut best: Option<(usize, bool, Person)> = None;
    for who in identities {
        let rank = (support(&who), who.sure);
        if best.as_ref().is_none_or(|(support, sure, _)| rank > (*support, *sure)) {
            best = Some((rank.0, rank.1, who));
        }
    }
    best.map(|(_, _, person)| Person {
        nationality: given.nationality.clone().or(person.nationality.clone()),
        ..person
    })
}

/// Adds the family names that documents print beside the applicant's own: by marriage, at birth.
pub(crate) fn learn_names(applicant: &mut Person, documents: &[Document], rules: &RuleSet) {
    let holders = documents.iter().filter_map(|d| holder(d, rules));
    let theirs = holders.filter(|h| h.sure && compare(applicant, h) <= NameMatch::Compatible);
    let printed = theirs.map(|h| PersonName {
        family: [h.name.family, h.usage_name]
            .into_iter()
            .flatten()
            .reduce(|own, used| format!("{own}; {used}")),
        ..h.name
    });
    let names: Vec<String> = printed.flat_map(|printed| other_families(&applicant.name, &printed)).collect();
    for name in names {
        let family = applicant.name.family.get_or_insert_default();
        if !fold(family).contains(&fold(&name)) {
            *family = format!("{family}; {name}");
        }
    }
}

/// Those who lodge the applicant, as the documents say.
pub(crate) fn hosts(documents: &[Document], rules: &RuleSet, applicant: &Person) -> Vec<PersonName> {
    let lodged = documents.iter().filter(|d| {
        holder(d, rules)
            .is_some_and(|guest| guest.sure && compare(applicant, &guest) <= NameMatch::Compatible)
    });
    let hosts = lodged.filter_map(|d| d.fields.get(holder_spec(d, rules)?.host.as_ref()?)?.value.as_text());
    hosts.map(|host| PersonName { full: Some(host.to_owned()), ..PersonName::default() }).collect()
}

/// The translation that tells who an act is about whose own names cannot be compared: it translates one of its type, is
/// surely the applicant's, and both say the applicant's birth date.
pub(crate) fn translation_of<'d>(
    document: &Document,
    documents: &'d [Document],
    rules: &RuleSet,
    applicant: &Person,
) -> Option<&'d Document> {
    let spec = holder_spec(document, rules)?;
    let (translation, day) = (spec.translation.as_ref()?, applicant.birth_date?);
    let field = document.fields.get(spec.birth_date.as_ref()?)?;
    if !field.is_sure() || field.value.as_date() != Some(day) {
        return None;
    }
    let translates = |d: &&Document| {
        let translated = d.fields.get(&translation.field).filter(|f| f.is_sure());
        d.classified.doc_type == translation.doc_type
            && translated.is_some_and(|f| f.value.as_text() == Some(document.classified.doc_type.as_str()))
    };
    let is_theirs = |d: &&Document| {
        holder(d, rules).is_some_and(|named| {
            named.sure && named.birth_date == Some(day) && compare(applicant, &named) <= NameMatch::Compatible
        })
    };
    documents.iter().filter(translates).find(is_theirs)
}

/// Which fields of a document say who it is about.
pub(crate) fn holder_spec<'r>(document: &Document, rules: &'r RuleSet) -> Option<&'r Holder> {
    rules.doc_type(&document.classified.doc_type)?.holder.as_ref()
}

/// How two people compare: by name, and by birth date where both are known.
pub(crate) fn compare(a: &Person, b: &Person) -> NameMatch {
    let ways = a.names().flat_map(|one| b.names().map(move |other| compare_names(&one, &other)));
    let mut names = ways.min().unwrap_or(NameMatch::Doubtful);
    if names == NameMatch::Different && (a.off_picture || b.off_picture) && may_be_misread(&a.name, &b.name) {
        names = NameMatch::Doubtful;
    }
    if names == NameMatch::Doubtful && (a.off_picture || b.off_picture) && looks_the_same(&a.name, &b.name) {
        names = NameMatch::Same;
    }
    // Handwriting above all: nearly the same name, and the same day. Who has another name and the same day is more
    // likely misread than another.
    let same_day = a.birth_date.is_some() && a.birth_date == b.read_birth_date;
    if names >= NameMatch::Doubtful && same_day && b.off_picture {
        names = NameMatch::Doubtful;
        if is_misread_of(&a.name, &b.name) {
            return NameMatch::Same;
        }
    }
    match (a.birth_date, b.birth_date) {
        // The same given names, the same day, and the family name of a parent.
        (Some(x), Some(y)) if x == y && names > NameMatch::Compatible => {
            // Who goes by two family names is at most compatible.
            let by_parents =
                b.by_parents().map(|name| compare_names(&a.name, &name).max(NameMatch::Compatible));
            let names = if have_same_given_names(a, b) { names.min(NameMatch::Doubtful) } else { names };
            by_parents.min().map_or(names, |by_parents| by_parents.min(names))
        }
        // The same name and another birth date: two people, or a misread digit.
        // Another name as well, read off no picture: a brother or a sister.
        (Some(x), Some(y)) if x != y && names == NameMatch::Doubtful && !b.off_picture && in_latin(b) => {
            NameMatch::Different
        }
        (Some(x), Some(y)) if x != y => names.max(NameMatch::Doubtful),
        _ => names,
    }
}

/// True for a name in Latin letters: in others it is compared by sound, or not at all.
fn in_latin(person: &Person) -> bool {
    let PersonName { family, given, full } = &person.name;
    [family, given, full].into_iter().flatten().all(|name| are_mostly(name.chars(), is_latin))
}

/// The day a field holds, or the last day of its months.
pub(crate) fn last_day(value: &FieldValue) -> Option<Date> {
    value.as_date().or_else(|| value.as_months().and_then(<[_]>::last).map(|m| m.last_day()))
}

/// True for the same given names, as those have who took the name of a husband or a wife.
fn have_same_given_names(a: &Person, b: &Person) -> bool {
    let given = |person: &Person| person.name.given.as_deref().map(fold).filter(|given| !given.is_empty());
    given(a).is_some() && given(a) == given(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(family: Option<&str>, given: &str, birth: (i16, i8, i8)) -> Person {
        let name =
            PersonName { family: family.map(str::to_owned), given: Some(given.to_owned()), full: None };
        let birth_date = Date::new(birth.0, birth.1, birth.2).ok();
        Person { name, birth_date, read_birth_date: birth_date, sure: true, ..Person::default() }
    }

    #[test]
    fn the_name_a_person_goes_by_is_theirs() {
        let applicant = person(Some("NOWAK"), "KATARZYNA", (1990, 7, 19));
        let mut form = person(Some("WIŚNIEWSKA"), "Katarzyna", (1990, 7, 19));
        // A name by marriage, perhaps.
        assert_eq!(compare(&applicant, &form), NameMatch::Doubtful);
        assert_eq!(
            compare(&applicant, &person(Some("WIŚNIEWSKA"), "Ewa", (1990, 7, 19))),
            NameMatch::Different
        );
        form.usage_name = Some("NOWAK".to_owned());
        assert_eq!(compare(&applicant, &form), NameMatch::Same);
        let other = Person { usage_name: form.usage_name, ..person(Some("MAZUR"), "Ewa", (1965, 1, 2)) };
        assert_eq!(compare(&applicant, &other), NameMatch::Different);
    }

    #[test]
    fn an_act_without_a_family_name_is_known_by_the_parents_and_the_day() {
        let applicant = person(Some("OCONNOR"), "AOIFE MARIE", (1991, 3, 14));
        let act = |parent: &str, birth: (i16, i8, i8)| Person {
            parents: vec![parent.to_owned()],
            ..person(None, "Aoife Marie", birth)
        };
        assert_eq!(compare(&applicant, &act("Declan O’CONNOR", (1991, 3, 14))), NameMatch::Compatible);
        assert_eq!(compare(&applicant, &act("Declan MURPHY", (1991, 3, 14))), NameMatch::Doubtful);
        assert!(compare(&applicant, &act("Declan O’CONNOR", (1993, 3, 14))) > NameMatch::Compatible);
        // As all that was taken for the name.
        let mut loose = act("Declan O’CONNOR", (1991, 3, 14));
        loose.name = PersonName { full: loose.name.given.take(), ..PersonName::default() };
        assert_eq!(compare(&applicant, &loose), NameMatch::Compatible);
    }

    #[test]
    fn a_misread_family_name_is_settled_by_the_given_names_and_the_day() {
        let applicant = person(Some("KOVALCHUK"), "OKSANA", (1990, 9, 14));
        let written = |day| Person {
            off_picture: true,
            sure: false,
            ..person(Some("VOvALCtuv"), "OKSaNa MYKOLalVNa", (1990, 9, day))
        };
        assert_eq!(compare(&applicant, &written(14)), NameMatch::Same);
        assert_eq!(compare(&applicant, &Person { birth_date: None, ..written(14) }), NameMatch::Same);
        assert_eq!(compare(&applicant, &written(19)), NameMatch::Doubtful);
        // What a program wrote is not misread.
        assert_ne!(compare(&applicant, &Person { off_picture: false, ..written(14) }), NameMatch::Same);
    }

    #[test]
    fn a_like_name_with_another_birth_date_is_a_brother_or_sister() {
        let applicant = person(Some("KULKARNI"), "ANANYA VIJAY", (1994, 6, 25));
        let mut brother = person(Some("ADITYA VIJAY KULKARNI"), "", (1997, 2, 11));
        brother.name.given = None;
        assert_eq!(compare(&applicant, &brother), NameMatch::Different);
        // Off a picture both may be misread; a name in other letters says nothing.
        assert_eq!(compare(&applicant, &Person { off_picture: true, ..brother }), NameMatch::Doubtful);
        let arabic = person(Some("العمراني"), "سلمى", (2004, 2, 17));
        assert_eq!(compare(&applicant, &arabic), NameMatch::Doubtful);
    }
}
