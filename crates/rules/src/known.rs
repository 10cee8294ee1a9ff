use crate::RequirementList;

/// An id that is not among those that are known.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{what}: {hint}")]
pub struct Unknown {
    /// What is not known.
    pub what: String,
    /// What may have been meant.
    pub hint: String,
}

/// Looks for `id` among `known`; `what` names the kind of thing, "profile".
///
/// # Errors
/// With the id that comes nearest, and all that are known when they are few.
pub fn check_known(what: &str, id: &str, known: &[&str]) -> Result<(), Unknown> {
    /// A longer list beside a proposal would be no help.
    const FEW: usize = 12;
    /// A longer one never is.
    const MANY: usize = 40;
    if known.contains(&id) {
        return Ok(());
    }
    let mut hints = Vec::new();
    hints.extend(did_you_mean(id, known.iter().copied()));
    if known.len() <= if hints.is_empty() { MANY } else { FEW } {
        let known: Vec<String> = known.iter().map(|k| format!("`{k}`")).collect();
        hints.push(format!("known: {}", known.join(", ")));
    }
    if hints.is_empty() {
        hints.push("none that is known comes near".to_owned());
    }
    Err(Unknown { what: format!("unknown {what} `{id}`"), hint: hints.join(" ") })
}

/// Looks for a profile in the requirement list.
///
/// # Errors
/// As [`check_known`].
pub fn check_profile(id: &str, list: &RequirementList) -> Result<(), Unknown> {
    let known: Vec<&str> = list.profiles.iter().map(|p| p.id.as_str()).collect();
    check_known("profile", id, &known)
}

/// "did you mean `employee`?", when one of those that are known is so like `id` that a typing error is
/// supposed.
pub fn did_you_mean<'a>(id: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    /// Likeness from which a typing error is supposed.
    const LIKE: f64 = 0.5;
    let (likeness, nearest) = known
        .into_iter()
        .map(|known| (strsim::normalized_damerau_levenshtein(known, id), known))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    (likeness >= LIKE).then(|| format!("did you mean `{nearest}`?"))
}

/// The same for what a TOML parser says of a key or a choice that is not known: it names all that are.
pub fn did_you_mean_in(message: &str) -> Option<String> {
    let (unknown, known) = message.split_once(", expected ")?;
    let unknown =
        ["unknown field ", "unknown variant "].iter().find_map(|start| unknown.strip_prefix(start))?;
    did_you_mean(unknown.trim_matches('`'), known.split('`').skip(1).step_by(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_proposed_and_nonsense_is_not() {
        let known = ["employee", "student"];
        assert_eq!(check_known("profile", "student", &known), Ok(()));
        let near = check_known("profile", "employe", &known).unwrap_err().to_string();
        assert!(near.contains("did you mean `employee`?"), "{near}");
        let far = check_known("profile", "zzz", &known).unwrap_err().to_string();
        assert!(!far.contains("did you mean") && far.contains("`student`"), "{far}");
    }

    #[test]
    fn what_the_parser_says_has_the_nearest_key() {
        let said = "unknown field `familly_name`, expected one of `family_name`, `given_names`";
        assert_eq!(did_you_mean_in(said).as_deref(), Some("did you mean `family_name`?"));
        let said = "unknown variant `advise`, expected `advised` or `ignored`";
        assert_eq!(did_you_mean_in(said).as_deref(), Some("did you mean `advised`?"));
        assert_eq!(did_you_mean_in("unknown field `zzz`, expected `family_name`"), None);
        assert_eq!(did_you_mean_in("unknown field `x`, there are no fields"), None);
        assert_eq!(did_you_mean_in("invalid type: string \"a\", expected u32"), None);
    }
}
