//! The words of the human report that belong to no finding, in every language.

use complet_model::{FileStatus, Lang, Status};

/// A text in every language, known at compile time.
pub(crate) struct Text {
    fr: &'static str,
    en: &'static str,
}

impl Text {
    /// The text in `lang`.
    pub(crate) fn get(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Fr => self.fr,
            Lang::En => self.en,
        }
    }

    /// The text in `lang` with `values` for its `{}` places, in order.
    pub(crate) fn fill(&self, lang: Lang, values: &[&str]) -> String {
        let mut parts = self.get(lang).split("{}");
        let mut out = parts.next().unwrap_or_default().to_owned();
        for (part, value) in parts.zip(values.iter().chain(std::iter::repeat(&"…"))) {
            out.push_str(value);
            out.push_str(part);
        }
        out
    }
}

/// The form of a text for one, and for any other number of things.
pub(crate) struct Counted {
    one: Text,
    many: Text,
}

impl Counted {
    /// `3 pages`.
    pub(crate) fn get(&self, lang: Lang, count: usize) -> String {
        let singular = count == 1 || (count == 0 && lang == Lang::Fr);
        let text = if singular { &self.one } else { &self.many };
        text.fill(lang, &[&count.to_string()])
    }
}

macro_rules! texts {
    ($($name:ident: $fr:literal, $en:literal;)+) => {
        $(pub(crate) const $name: Text = Text { fr: $fr, en: $en };)+
        #[cfg(test)]
        const ALL: &[(&str, Text)] = &[$((stringify!($name), $name)),+];
    };
}

texts! {
    DOSSIER: "Dossier", "Dossier";
    AS_OF: "jugé au {}", "judged as of {}";
    PROFILE: "profil\u{a0}: {}", "profile: {}";
    PROFILE_INFERRED: "profil\u{a0}: {} (déduit de {})", "profile: {} (inferred from {})";
    PROFILE_ASSUMED: "profil\u{a0}: {} (rien ne le dit\u{a0}: supposé)", "profile: {} (assumed: no document tells)";
    COMPLETE: "Dossier complet\u{a0}: rien ne manque.", "Complete: nothing is missing.";
    INCOMPLETE: "Dossier incomplet\u{a0}: {}.", "Incomplete: {}.";
    UNDECIDED: "Non tranché\u{a0}: {}.", "Undecided: {}.";
    NOTHING_FOUND: "Aucun document n’a été trouvé.", "No document was found.";
    COLUMN_STATUS: "État", "Status";
    COLUMN_REQUIREMENT: "Pièce demandée", "Requirement";
    COLUMN_PLACES: "Trouvé dans", "Found in";
    GAPS: "À régler", "To be settled";
    REMARKS: "Remarques", "Remarks";
    UNREAD: "Fichiers et pages mal lus ou non lus", "Files and pages read badly or not at all";
    LEFT_ASIDE: "Laissés de côté", "Left aside";
    UNUSED: "Documents qui ne servent à aucune pièce demandée", "Documents that serve no requirement";
    NEXT: "Et ensuite", "Next steps";
    THEN: "Demandez ce qui précède au client, ajoutez-le au dossier, puis relancez la vérification.",
        "Ask the client for the above, add it to the dossier, then check again.";
    UNSURE: "incertain", "unsure";
    OTHER: "document non reconnu", "unrecognised document";
    NEAREST: "le plus proche\u{a0}: {}", "nearest: {}";
    SEEN: "vu\u{a0}: {}", "seen: {}";
    QUOTE: "{} «\u{a0}{}\u{a0}»", "{} “{}”";
    FAILS_CHECK: "échoue à son contrôle", "fails its own check";
    YES: "oui", "yes";
    NO: "non", "no";
    MET: "fourni", "met";
    MISSING: "manquant", "missing";
    INVALID: "refusé", "invalid";
    REVIEW: "à vérifier", "review";
    NOT_APPLICABLE: "sans objet", "n/a";
    READ: "lu", "read";
    UNREADABLE: "illisible", "unreadable";
    ENCRYPTED: "protégé par un mot de passe", "password-protected";
    UNSUPPORTED: "type de fichier non lu", "unsupported";
    SKIPPED: "laissé de côté", "left aside";
    COVER: "Bordereau - {}", "Cover sheet - {}";
    EXPECTED_COMPLETE: "attendu\u{a0}: complet\u{a0}; jugé incomplet", "expected to be complete, and judged incomplete";
    EXPECTED_GAPS: "attendu\u{a0}: incomplet\u{a0}; jugé complet", "expected to be incomplete, and judged complete";
    EXPECTED_INSTEAD: "{}\u{a0}: attendu {}, trouvé {}", "{}: expected {}, found {}";
    EXPECTED_FINDING: "constat attendu, non trouvé\u{a0}: {}", "finding expected, and not there: {}";
    UNEXPECTED_FINDING: "constat non attendu\u{a0}: {}", "finding not expected: {}";
    AS_EXPECTED: "{}, tous jugés comme attendu.", "{}, all judged as expected.";
    NOT_AS_EXPECTED: "{}, dont {} jugés autrement qu’attendu.", "{}, {} of them judged otherwise than expected.";
    LETTER_GAPS: "Objet\u{a0}: votre dossier, documents à envoyer", "Subject: your dossier, documents to send";
    LETTER_COMPLETE: "Objet\u{a0}: votre dossier est complet", "Subject: your dossier is complete";
    HELLO: "Bonjour,", "Hello,";
    HELLO_NAME: "Bonjour {},", "Dear {},";
    OPENING_COMPLETE: "Nous avons vérifié votre dossier au {}\u{a0}: il est complet, vous n’avez rien à envoyer.",
        "We have checked your dossier as of {}: it is complete, and there is nothing for you to send.";
    OPENING_GAPS: "Nous avons vérifié votre dossier au {}. Pour qu’il soit complet, il nous faut encore ce qui suit.",
        "We have checked your dossier as of {}. To complete it, we still need the following.";
    OPENING_UNDECIDED: "Nous avons vérifié votre dossier au {}. Rien ne semble manquer, mais tout n’a pas encore pu être vérifié.",
        "We have checked your dossier as of {}. Nothing seems to be missing, but not everything could be verified yet.";
    TO_SEND: "À nous envoyer", "Please send us";
    TO_MAKE_SURE: "À vérifier de votre côté", "Please make sure";
    TO_SEND_AGAIN: "Fichiers que nous n’avons pas pu bien lire", "Files that we could not read well";
    WE_LOOK: "Ce que nous vérifions encore (vous n’avez rien à faire)", "What we are still looking at (nothing for you to do)";
    GOOD_TO_KNOW: "Bon à savoir", "Good to know";
    FINE: "Ce qui est en ordre", "What is in order";
    HOW_TO_SEND: "Envoyez de préférence des PDF, ou des photos nettes prises d’en haut, page entière et bien éclairée.",
        "Please send PDF files if you can, or sharp photos taken from above, the whole page visible and well lit.";
    THANKS: "Merci d’avance.", "Thank you.";
    REGARDS: "Cordialement,", "Kind regards,";
    INDEX: "Dossiers vérifiés", "Dossiers checked";
    INDEX_OF: "Dossiers de {}", "Dossiers in {}";
    COLUMN_CHECK: "À vérifier", "To be checked";
    COLUMN_PAGES: "Pages", "Pages";
    COLUMN_UNREADABLE: "Illisibles", "Unreadable";
    SKIP: "Aller aux pièces demandées", "Skip to the requirements";
    ASK: "À demander au client", "What to ask the client for";
    LOOK: "À vérifier par vous-même", "What to check yourself";
    REQUIREMENTS: "Pièces demandées", "Requirements";
    DOCUMENTS: "Documents reçus", "Documents received";
    FILTER: "Pièces à montrer", "Requirements to show";
    FILTER_ALL: "Toutes", "All";
    FILTER_SETTLE: "À régler", "To settle";
    FILTER_CHECK: "À vérifier", "To check";
    FILTER_MET: "Fournies", "Met";
    FILTER_OFF: "Sans objet", "Not applicable";
    WHERE: "Où cela se voit", "Where it shows";
    STRIP: "Extrait de la page\u{a0}: {}", "Part of the page: {}";
    CROP: "{}, tel qu’imprimé\u{a0}: {}", "{}, as printed: {}";
    SHOW_PAGE: "voir la page", "see the page";
    PAGE: "Page {}", "Page {}";
    PAGE_OF: "Page {} de {}\u{a0}: {}", "Page {} of {}: {}";
    FRAMED: "Encadré\u{a0}: ce qui a été lu.", "Framed: what was read.";
    NOTHING_READ: "Rien n’a été relevé sur cette page.", "Nothing was taken from this page.";
    SHOWN_SMALL: "Rien n’a été relevé sur cette page\u{a0}: elle n’est montrée qu’en petit.",
        "Nothing was taken from this page: it is shown in small only.";
    BACK: "← Retour", "← Back";
    SURE: "reconnu à {}", "recognised, {} sure";
    UNUSED_ONE: "ne sert à aucune pièce demandée", "serves no requirement";
    COLUMN_FIELD: "Champ", "Field";
    COLUMN_VALUE: "Valeur", "Value";
    COLUMN_SURE: "Certitude", "Confidence";
    COLUMN_SEEN: "Sur la page", "On the page";
    MADE_BY: "Établi par {} {}, hors ligne.", "Made by {} {}, offline.";
    PERSONAL: "Ce fichier montre des données personnelles\u{a0}: ne le transmettez qu’à qui doit les voir, et effacez-le ensuite.",
        "This file shows personal data: pass it on only to those who need to see it, and delete it afterwards.";
}

pub(crate) const TO_SETTLE: Counted = Counted {
    one: Text { fr: "{} point à régler", en: "{} point to settle" },
    many: Text { fr: "{} points à régler", en: "{} points to settle" },
};
pub(crate) const TO_CHECK: Counted = Counted {
    one: Text { fr: "{} point à vérifier", en: "{} point to check" },
    many: Text { fr: "{} points à vérifier", en: "{} points to check" },
};
pub(crate) const MORE: Counted = Counted {
    one: Text { fr: "et {} autre", en: "and {} more" },
    many: Text { fr: "et {} autres", en: "and {} more" },
};

pub(crate) const DOSSIERS: Counted = Counted {
    one: Text { fr: "{} dossier", en: "{} dossier" },
    many: Text { fr: "{} dossiers", en: "{} dossiers" },
};

pub(crate) const PAGES: Counted =
    Counted { one: Text { fr: "{} page", en: "{} page" }, many: Text { fr: "{} pages", en: "{} pages" } };

/// A requirement's status for people.
pub(crate) fn status(status: Status, lang: Lang) -> &'static str {
    let text = match status {
        Status::Met => MET,
        Status::Missing => MISSING,
        Status::Invalid => INVALID,
        Status::Review => REVIEW,
        Status::NotApplicable => NOT_APPLICABLE,
    };
    text.get(lang)
}

/// A file's status for people.
pub(crate) fn file_status(status: FileStatus, lang: Lang) -> &'static str {
    let text = match status {
        FileStatus::Read => READ,
        FileStatus::Unreadable => UNREADABLE,
        FileStatus::Encrypted => ENCRYPTED,
        FileStatus::Unsupported => UNSUPPORTED,
        FileStatus::Skipped => SKIPPED,
    };
    text.get(lang)
}

/// Between a label and what it introduces.
pub(crate) fn colon(lang: Lang) -> &'static str {
    match lang {
        Lang::Fr => "\u{a0}: ",
        Lang::En => ": ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_it_with_the_same_places() {
        let counted =
            [TO_SETTLE, TO_CHECK, MORE, DOSSIERS, PAGES].map(|c| [("one", c.one), ("many", c.many)]);
        for (name, text) in ALL.iter().chain(counted.iter().flatten()) {
            assert!(!text.fr.is_empty() && !text.en.is_empty(), "{name} lacks a language");
            assert_eq!(text.fr.matches("{}").count(), text.en.matches("{}").count(), "{name}");
        }
    }

    #[test]
    fn zero_is_singular_in_french_only() {
        assert_eq!(TO_SETTLE.get(Lang::Fr, 0), "0 point à régler");
        assert_eq!(TO_SETTLE.get(Lang::En, 0), "0 points to settle");
        assert_eq!(TO_SETTLE.get(Lang::Fr, 2), "2 points à régler");
    }
}
