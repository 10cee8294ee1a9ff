use complet_rules::RequirementList;

/// An id that is not among those that are known.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{what}: {hint}")]
pub(crate) struct Unknown {
    /// What is not known.
    pub(crate) what: String,
    /// What may have been meant.
    pub(crate) hint: String,
}

/// Looks for `id` among `known`; `what` names the kind of thing, "profile".
///
/// # Errors
/// With the id that comes nearest, and all that are known when they are few.
pub(crate) fn check_known(what: &str, id: &str, known: &[&str]) -> Result<(), Unknown> {
    /// A longer list would be no help.
    const FEW: usize = 12;
    /// Likeness from which a typing error is supposed.
    const LIKE: f64 = 0.5;
    if known.contains(&id) {
        return Ok(());
    }
    let nearest = known
        .iter()
        .map(|k| (strsim::normalized_damerau_levenshtein(k, id), *k))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness >= LIKE);
    let mut hints = Vec::new();
    if let Some((_, nearest)) = nearest {
        hints.push(format!("did you mean `{nearest}`?"));
    }
    if known.len() <= FEW {
        let known: Vec<String> = known.iter().map(|k| format!("`{k}`")).collect();
        hints.push(format!("known: {}", known.join(", ")));
    }
    Err(Unknown { what: format!("unknown {what} `{id}`"), hint: hints.join(" ") })
}

/// Looks for a profile in the requirement list.
///
/// # Errors
/// As [`check_known`].
pub(crate) fn check_profile(id: &str, list: &RequirementList) -> Result<(), Unknown> {
    let known: Vec<&str> = list.profiles.iter().map(|p| p.id.as_str()).collect();
    check_known("profile", id, &known)
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
}
