use std::collections::BTreeSet;
use std::fmt;

use crate::known::did_you_mean;
use crate::load::position;
use crate::{
    Accept, Anchor, Check, DocType, DocumentWith, FieldIs, Find, Requirement, RequirementList, Role, RuleSet,
    Series, Spread, Stance, When,
};

/// How bad a [`Problem`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemLevel {
    /// It does not do what it seems to.
    Warning,
    /// It cannot work.
    Error,
}

/// Something wrong or doubtful in a rules file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub level: ProblemLevel,
    /// Path of the file.
    pub path: String,
    /// Line, from 1, as near as it can be told.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong, naming the field.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            ProblemLevel::Warning => "warning",
            ProblemLevel::Error => "error",
        };
        write!(f, "{}:{}:{}: {level}: {}", self.path, self.line, self.column, self.text)
    }
}

/// Looks through one rules file.
struct Linter<'a> {
    rules: &'a RuleSet,
    id: &'a str,
    problems: Vec<Problem>,
}

pub(crate) fn lint(rules: &RuleSet) -> Vec<Problem> {
    let mut problems = Vec::new();
    for doc_type in &rules.doc_types {
        let mut linter = Linter { rules, id: &doc_type.id, problems: Vec::new() };
        linter.doc_type(doc_type);
        problems.append(&mut linter.problems);
    }
    for list in &rules.lists {
        let mut linter = Linter { rules, id: &list.id, problems: Vec::new() };
        linter.list(list);
        problems.append(&mut linter.problems);
    }
    problems
}

/// What is wrong, with the name that may have been meant.
fn meant<'a>(text: String, name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match did_you_mean(name, known) {
        Some(hint) => format!("{text}; {hint}"),
        None => text,
    }
}

impl RuleSet {
    /// A problem in the file of a document type or a requirement list, at the first place where `at` stands.
    pub fn problem(&self, level: ProblemLevel, id: &str, at: &str, text: String) -> Problem {
        let (path, (line, column)) = match self.source(id) {
            Some(source) => (source.path.clone(), locate(&source.text, at)),
            None => (id.to_owned(), (1, 1)),
        };
        Problem { level, path, line, column, text }
    }
}

impl Linter<'_> {
    /// Reports a problem at the first place of the file where `at` stands between quotes or as a key.
    fn report(&mut self, level: ProblemLevel, at: &str, text: String) {
        self.problems.push(self.rules.problem(level, self.id, at, text));
    }

    fn error(&mut self, at: &str, text: String) {
        self.report(ProblemLevel::Error, at, text);
    }

    fn doc_type(&mut self, doc_type: &DocType) {
        for (role, anchors) in doc_type.anchors.groups() {
            for anchor in anchors {
                self.anchor(doc_type, role, anchor);
            }
        }
        let most = doc_type.anchors.most_points();
        if most < doc_type.min_score {
            self.report(
                ProblemLevel::Warning,
                "min_score",
                format!(
                    "`{}` can never win: all its anchors together have {most} points, it needs {}",
                    doc_type.id, doc_type.min_score
                ),
            );
        }
        let names = doc_type.holder.iter().flat_map(|h| {
            let names = [&h.family_name, &h.given_names, &h.full_name, &h.usage_name];
            names.into_iter().chain([&h.parents, &h.host, &h.birth_date, &h.address]).flatten()
        });
        for name in names {
            if !doc_type.fields.contains_key(name) {
                let text = format!("holder names the field `{name}`, which this type does not have");
                self.error(name, meant(text, name, doc_type.fields.keys().map(String::as_str)));
            }
        }
        if let Some(translation) = doc_type.holder.as_ref().and_then(|h| h.translation.as_ref()) {
            self.known_type(&translation.doc_type);
            self.known_field(&translation.doc_type, &translation.field);
        }
        for name in doc_type.apart.iter().filter(|name| !doc_type.fields.contains_key(*name)) {
            let text = format!("apart names the field `{name}`, which this type does not have");
            self.error(name, meant(text, name, doc_type.fields.keys().map(String::as_str)));
        }
        if doc_type.stacked && doc_type.apart.is_empty() {
            let text = "stacked needs a field in `apart`: it tells one document of the page from the next";
            self.error("stacked", text.to_owned());
        }
        for (name, field) in &doc_type.fields {
            if field.find.is_empty() && field.choices.is_empty() && !field.false_when_absent {
                self.error(name, format!("field `{name}` has no way to be found: give `find`"));
            }
            for find in &field.find {
                self.find(doc_type, name, find);
            }
            for pattern in field.unless.iter().chain(field.choices.iter().map(|c| &c.pattern)) {
                self.pattern(name, pattern);
            }
        }
    }

    fn anchor(&mut self, doc_type: &DocType, role: Role, anchor: &Anchor) {
        if let Some(pattern) = &anchor.pattern {
            self.pattern("anchors", pattern);
        }
        if anchor.any.is_empty() && anchor.pattern.is_none() && anchor.mrz.is_empty() && anchor.seen.is_none()
        {
            self.error("anchors", "an anchor has neither a phrase nor any, pattern, mrz or seen".to_owned());
        }
        for phrase in &anchor.any {
            if phrase.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
                self.error(phrase, format!("the anchor `{phrase}` is too short to tell anything"));
            }
            let ruled_out = doc_type.anchors.excludes.iter().any(|e| e.any.contains(phrase));
            if role != Role::Excludes && ruled_out {
                self.report(
                    ProblemLevel::Warning,
                    phrase,
                    format!("the anchor `{phrase}` can never win: `excludes` has it as well"),
                );
            }
        }
    }

    fn find(&mut self, doc_type: &DocType, name: &str, find: &Find) {
        let ways = [
            !find.label.is_empty(),
            find.pattern.is_some(),
            find.mrz.is_some(),
            find.anywhere,
            !find.ink_near.is_empty(),
            !find.ink_of_each.is_empty(),
            find.table.is_some(),
            find.stamp.is_some(),
            find.from.is_some(),
            !find.joined.is_empty(),
        ];
        if ways.iter().filter(|&&way| way).count() != 1 {
            self.error(
                name,
                format!("field `{name}`: a `find` takes exactly one of label, pattern, mrz, anywhere, ink_near, ink_of_each, table, stamp, from, joined"),
            );
        }
        if let Some(pattern) = &find.pattern {
            self.pattern(name, pattern);
        }
        if find.table.as_ref().is_some_and(|table| table.heads.len() < 2 || table.rows.is_empty()) {
            self.error(name, format!("field `{name}`: a table has two heads or more, and rows"));
        }
        if find.on_stamp && find.pattern.is_none() {
            self.error(name, format!("field `{name}`: `on_stamp` goes with a pattern"));
        }
        if let Some(pattern) = find.stamp.as_ref().and_then(|s| s.says.as_ref()) {
            self.pattern(name, pattern);
        }
        let others = [find.from.as_ref(), find.stamp.as_ref().and_then(|s| s.with.as_ref())];
        let mut others = others.into_iter().flatten().chain(&find.joined);
        if let Some(other) = others.find(|other| !doc_type.fields.contains_key(*other)) {
            let text = format!("field `{name}` is concluded from `{other}`, which this type does not have");
            self.error(name, meant(text, other, doc_type.fields.keys().map(String::as_str)));
        }
    }

    fn pattern(&mut self, field: &str, pattern: &crate::Pattern) {
        if let Err(error) = pattern.check() {
            self.error(pattern.source(), format!("`{field}`: the pattern is no regular expression: {error}"));
            return;
        }
        if let Some(c) = pattern.source().chars().find(|&c| c.is_lowercase() && !c.is_ascii()) {
            self.report(
                ProblemLevel::Warning,
                pattern.source(),
                format!("`{field}`: the pattern can never match: it has `{c}`, and patterns see folded text (upper case, no accents)"),
            );
        }
    }

    fn list(&mut self, list: &RequirementList) {
        if list.profiles.is_empty() {
            self.error("profiles", "the list has no profile".to_owned());
        }
        for profile in &list.profiles {
            for id in &profile.inferred_from {
                self.known_type(id);
            }
        }
        let mut seen = BTreeSet::new();
        for requirement in &list.requirements {
            if !seen.insert(&requirement.id) {
                self.error(&requirement.id, format!("the requirement `{}` stands twice", requirement.id));
            }
            self.requirement(list, requirement);
        }
    }

    fn requirement(&mut self, list: &RequirementList, requirement: &Requirement) {
        for id in &requirement.profiles {
            if list.profile(id).is_none() {
                let text = format!("requirement `{}`: there is no profile `{id}`", requirement.id);
                self.error(id, meant(text, id, list.profiles.iter().map(|p| p.id.as_str())));
            }
        }
        if requirement.accept.is_empty() && !requirement.same_person {
            self.error(
                &requirement.id,
                format!("nothing satisfies the requirement `{}`: give `accept`", requirement.id),
            );
        }
        if !requirement.same_person {
            self.known_code(&requirement.missing_code());
        }
        for accept in &requirement.accept {
            self.accept(accept);
        }
        for reject in &requirement.reject {
            self.known_type(&reject.doc_type);
            self.known_code(&reject.code);
        }
        if requirement.stance == Stance::Advised || requirement.option.is_some() {
            self.known_code(&requirement.advised_code());
        }
        for when in requirement.when.iter().chain(requirement.notes.iter().filter_map(|n| n.when.as_ref())) {
            self.when(when);
        }
        for note in &requirement.notes {
            self.known_code(&note.code);
        }
    }

    fn when(&mut self, when: &When) {
        let not_in = when.field_not_in.as_ref().map(|c| (&c.types, &c.field));
        let older = when.older.as_ref().map(|o| (&o.types, &o.field));
        for (types, field) in not_in.into_iter().chain(older) {
            for id in types {
                self.known_type(id);
                self.known_field(id, field);
            }
        }
        for document in when.there_is.iter().chain(&when.there_is_no) {
            self.document_with(document);
        }
    }

    fn document_with(&mut self, document: &DocumentWith) {
        for id in &document.types {
            self.known_type(id);
            if let Some(field) = &document.field {
                self.known_field(id, field);
            }
        }
    }

    fn accept(&mut self, accept: &Accept) {
        for id in &accept.types {
            self.known_type(id);
            for check in &accept.checks {
                if let Some(field) = check.field() {
                    self.known_field(id, field);
                }
                for condition in check.unless().iter().chain(check.only()) {
                    self.known_field(id, &condition.field);
                }
            }
            if let Some(series) = &accept.series {
                self.known_field(id, &series.field);
            }
            if let Some(spread) = &accept.spread {
                self.known_field(id, &spread.field);
            }
        }
        for code in accept.series.iter().flat_map(Series::all_codes) {
            self.known_code(&code);
        }
        for code in accept.spread.iter().flat_map(Spread::all_codes) {
            self.known_code(&code);
        }
        for check in &accept.checks {
            self.known_code(check.code());
            if let Check::Agrees { types, with, .. } = check {
                for id in types {
                    self.known_type(id);
                    self.known_field(id, with);
                }
            }
            if let Check::Accompanies { other, .. } = check {
                self.document_with(other);
            }
        }
    }

    fn known_type(&mut self, id: &str) {
        if self.rules.doc_type(id).is_none() {
            let known = self.rules.doc_types.iter().map(|t| t.id.as_str());
            self.error(id, meant(format!("there is no document type `{id}`"), id, known));
        }
    }

    fn known_field(&mut self, doc_type: &str, field: &str) {
        let Some(found) = self.rules.doc_type(doc_type) else { return };
        if !found.fields.contains_key(field) {
            let text = format!("the document type `{doc_type}` has no field `{field}`");
            self.error(field, meant(text, field, found.fields.keys().map(String::as_str)));
        }
    }

    fn known_code(&mut self, code: &str) {
        if !self.rules.catalog.entries.contains_key(code) {
            let text = format!("there is no text for the code `{code}`: add it to a file under messages/");
            self.error(code, meant(text, code, self.rules.catalog.entries.keys().map(String::as_str)));
        }
    }
}

impl Check {
    /// Code of the message when the check fails.
    pub fn code(&self) -> &str {
        match self {
            Self::Holder { code }
            | Self::Valid { code, .. }
            | Self::Present { code, .. }
            | Self::IsTrue { code, .. }
            | Self::IsNot { code, .. }
            | Self::OneOf { code, .. }
            | Self::NotExpired { code, .. }
            | Self::Recent { code, .. }
            | Self::Begun { code, .. }
            | Self::SchoolYear { code, .. }
            | Self::Accompanies { code, .. }
            | Self::Agrees { code, .. } => code,
        }
    }

    /// What makes a document do without it.
    pub fn unless(&self) -> &[FieldIs] {
        match self {
            Self::NotExpired { unless, .. } => unless.as_slice(),
            Self::Accompanies { unless, .. } => unless,
            _ => &[],
        }
    }

    /// What a document must have to be looked at.
    pub fn only(&self) -> Option<&FieldIs> {
        match self {
            Self::NotExpired { only, .. } => only.as_ref(),
            _ => None,
        }
    }

    /// The field it looks at.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Holder { .. } | Self::Accompanies { .. } => None,
            Self::Valid { field, .. }
            | Self::Present { field, .. }
            | Self::IsTrue { field, .. }
            | Self::IsNot { field, .. }
            | Self::OneOf { field, .. }
            | Self::NotExpired { field, .. }
            | Self::Recent { field, .. }
            | Self::Begun { field, .. }
            | Self::SchoolYear { field, .. }
            | Self::Agrees { field, .. } => Some(field),
        }
    }
}

fn locate(text: &str, at: &str) -> (usize, usize) {
    [format!("\"{at}\""), format!("'{at}'"), at.to_owned()]
        .iter()
        .find_map(|needle| text.find(needle.as_str()))
        .map_or((1, 1), |byte| position(text, byte))
}
