use complet_model::Lang;

use crate::args::{Common, LangArg};

/// The language that the command line asks for, before it is understood: its help is in a language as well.
pub(crate) fn asked() -> Lang {
    of_command_line(std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()))
        .unwrap_or_else(|| of_environment(|name| std::env::var(name).ok()))
}

fn of_command_line(mut args: impl Iterator<Item = String>) -> Option<Lang> {
    while let Some(arg) = args.next() {
        let value = match arg.strip_prefix("--lang") {
            Some("") => args.next()?,
            Some(rest) => rest.strip_prefix('=').unwrap_or_default().to_owned(),
            None => continue,
        };
        return [Lang::Fr, Lang::En].into_iter().find(|lang| lang.code() == value);
    }
    None
}

impl Common {
    /// The language of reports: as asked, else that of the environment, else English.
    pub(crate) fn lang(&self) -> Lang {
        match self.lang {
            Some(LangArg::Fr) => Lang::Fr,
            Some(LangArg::En) => Lang::En,
            None => of_environment(|name| std::env::var(name).ok()),
        }
    }
}

/// The first of the variables that is set and not empty decides, as everywhere on Unix.
fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| variable(name))
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    let language = locale.split(['_', '.', '@']).next().unwrap_or_default();
    if language.eq_ignore_ascii_case("fr") { Lang::Fr } else { Lang::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Lang {
        of_environment(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_command_line_decides_before_it_is_understood() {
        let of = |line: &str| of_command_line(line.split(' ').map(str::to_owned));
        assert_eq!(of("check d --lang fr -h"), Some(Lang::Fr));
        assert_eq!(of("--lang=en check"), Some(Lang::En));
        assert_eq!(of("check --lang"), None);
        assert_eq!(of("check --language fr"), None);
    }

    #[test]
    fn the_first_variable_that_says_something_decides() {
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8")]), Lang::Fr);
        assert_eq!(of(&[("LC_ALL", ""), ("LC_MESSAGES", "fr"), ("LANG", "de_DE")]), Lang::Fr);
        assert_eq!(of(&[("LC_ALL", "C"), ("LANG", "fr_FR.UTF-8")]), Lang::En);
        assert_eq!(of(&[("LANG", "frr_DE")]), Lang::En);
        assert_eq!(of(&[]), Lang::En);
    }
}
