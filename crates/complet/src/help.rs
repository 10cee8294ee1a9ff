use std::collections::BTreeMap;

use clap::builder::Resettable;
use clap::{Arg, ArgAction, CommandFactory as _};
use complet_model::Lang;
use serde::Deserialize;

use crate::args::Args;

const FRENCH: &str = include_str!("../data/help.fr.toml");
/// What stands over the list of commands; other headings are the same words in French.
const HEADING: &str = "Commandes";

/// The command line, with its help in a language.
pub(crate) fn command(lang: Lang) -> clap::Command {
    let command = Args::command();
    match lang {
        Lang::En => command,
        // The text is part of the program, and a test reads it.
        Lang::Fr => match toml::from_str::<Texts>(FRENCH) {
            Ok(texts) => texts.command(command),
            Err(_) => command,
        },
    }
}

/// The help in another language than that of the code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    about: String,
    long_about: String,
    after_help: String,
    /// `{}` stands for the values to choose from, or the one that is chosen when none is given.
    choices: String,
    default: String,
    /// By the words that call them.
    commands: BTreeMap<String, String>,
    /// By their names, or those of the command, a point and their names.
    arguments: BTreeMap<String, String>,
}

impl Texts {
    fn command(&self, command: clap::Command) -> clap::Command {
        let argument = |id: &'static str| {
            Arg::new(id).long(id).help(self.argument("", id).unwrap_or_default().to_owned())
        };
        // clap's own are in English.
        let command = command
            .disable_help_flag(true)
            .disable_version_flag(true)
            .arg(argument("help").short('h').global(true).action(ArgAction::Help))
            .arg(argument("version").short('V').action(ArgAction::Version))
            .about(self.about.clone())
            .long_about(self.long_about.clone())
            .after_help(self.after_help.clone());
        let mut command = self.worded(command, "");
        // Only now there is clap's own command.
        command.build();
        self.about_help(command)
    }

    fn worded(&self, mut command: clap::Command, path: &str) -> clap::Command {
        // All of them, one after another, so that they keep their order.
        let ids: Vec<String> = command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
        for id in ids {
            let text = self.argument(path, &id);
            command = command.mut_arg(id, |arg| match text {
                Some(text) => self.argument_worded(arg, text),
                None => arg,
            });
        }
        let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        for name in names {
            let path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
            command = command.mut_subcommand(name, |sub| {
                let sub = match self.commands.get(&path) {
                    Some(about) => sub.about(about.clone()).long_about(Resettable::Reset),
                    None => sub,
                };
                self.worded(sub, &path)
            });
        }
        command.subcommand_help_heading(HEADING)
    }

    fn argument(&self, path: &str, id: &str) -> Option<&str> {
        let own = self.arguments.get(&format!("{path}.{id}"));
        own.or_else(|| self.arguments.get(id)).map(String::as_str)
    }

    fn argument_worded(&self, arg: Arg, text: &str) -> Arg {
        let mut help = text.to_owned();
        if arg.get_action().takes_values() {
            let values = arg.get_possible_values();
            let values: Vec<&str> = values
                .iter()
                .filter(|v| !v.is_hide_set())
                .map(clap::builder::PossibleValue::get_name)
                .collect();
            let defaults: Vec<_> = arg.get_default_values().iter().map(|v| v.to_string_lossy()).collect();
            for (values, form) in [(defaults.join(" "), &self.default), (values.join(", "), &self.choices)] {
                if !values.is_empty() {
                    help = format!("{help} {}", form.replace("{}", &values));
                }
            }
        }
        arg.help(help).long_help(Resettable::Reset).hide_possible_values(true).hide_default_value(true)
    }

    /// Words clap's own command, here and in commands that have commands.
    fn about_help(&self, mut command: clap::Command) -> clap::Command {
        let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        for name in names {
            command = command.mut_subcommand(name.clone(), |sub| match self.commands.get("help") {
                Some(about) if name == "help" => sub.about(about.clone()),
                _ => self.about_help(sub),
            });
        }
        command
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The commands and arguments that people see, as the texts name them: each with the names it may have.
    fn seen(
        command: &clap::Command,
        path: &str,
        commands: &mut Vec<String>,
        arguments: &mut Vec<[String; 2]>,
    ) {
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            arguments.push([format!("{path}.{}", arg.get_id()), arg.get_id().to_string()]);
        }
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            let path = if path.is_empty() {
                sub.get_name().to_owned()
            } else {
                format!("{path} {}", sub.get_name())
            };
            commands.push(path.clone());
            seen(sub, &path, commands, arguments);
        }
    }

    #[test]
    fn everything_has_french_help_and_no_help_is_left_over() {
        let texts: Texts = toml::from_str(FRENCH).unwrap();
        let (mut commands, mut arguments) = (Vec::new(), Vec::new());
        seen(&Args::command(), "", &mut commands, &mut arguments);
        let mut used: BTreeSet<&str> = ["help", "version"].into();
        for names in &arguments {
            let found = names.iter().find(|name| texts.arguments.contains_key(*name));
            used.insert(found.unwrap_or_else(|| panic!("no French help for the argument `{}`", names[0])));
        }
        for name in texts.arguments.keys() {
            assert!(used.contains(name.as_str()), "there is no argument `{name}`");
        }
        for name in &commands {
            assert!(texts.commands.contains_key(name), "no French help for the command `{name}`");
        }
        for name in texts.commands.keys() {
            assert!(name == "help" || commands.contains(name), "there is no command `{name}`");
        }
    }

    #[test]
    fn the_command_line_means_the_same_in_both_languages() {
        command(Lang::Fr).debug_assert();
        let line = ["complet", "check", "d", "--format", "html", "-vv", "--limit", "files=3", "--lang", "fr"];
        let [fr, en] = [Lang::Fr, Lang::En].map(|lang| {
            let matches = command(lang).get_matches_from(line);
            format!("{:?}", <Args as clap::FromArgMatches>::from_arg_matches(&matches).unwrap())
        });
        assert_eq!(fr, en);
        let help =
            command(Lang::Fr).try_get_matches_from(["complet", "check", "-h"]).unwrap_err().to_string();
        for words in ["Vérifier un dossier", "[par défaut : human]", "[au choix : fr, en]", "Écrire l’aide"]
        {
            assert!(help.contains(words), "{words}: {help}");
        }
        for words in ["[default", "[possible", "Print"] {
            assert!(!help.contains(words), "{words}: {help}");
        }
        let help = command(Lang::Fr).try_get_matches_from(["complet", "--help"]).unwrap_err().to_string();
        assert!(help.contains("Commandes:") && !help.contains("Print"), "{help}");
        let version = command(Lang::Fr).try_get_matches_from(["complet", "-V"]).unwrap_err();
        assert_eq!(version.kind(), clap::error::ErrorKind::DisplayVersion);
    }
}
