use std::io::ErrorKind;

use anyhow::{Context as _, bail};
use camino::Utf8Path;
use complet_model::{Lang, Message};
use complet_rules::RuleSet;

use crate::args::{Common, Init};
use crate::exit::Exit;
use crate::{config, output};

/// The settings with nothing set and everything explained.
pub(crate) const fn template(lang: Lang) -> &'static str {
    match lang {
        Lang::Fr => include_str!("../data/dossier.fr.toml"),
        Lang::En => include_str!("../data/dossier.en.toml"),
    }
}

/// `complet init`: writes the settings of a new dossier and says how to go on.
pub(crate) fn run(args: &Init, common: &Common) -> anyhow::Result<Exit> {
    let folder = &args.dossier;
    std::fs::create_dir_all(folder).with_context(|| format!("the folder `{folder}` cannot be made"))?;
    let file = if folder == "." { config::NAME.into() } else { folder.join(config::NAME) };
    write(&file, template(common.lang()))?;
    let rules = RuleSet::load(None)?;
    let message = Message::new("init-done").text("file", file.as_str()).text("argument", argument(folder));
    output::print(&rules.catalog.message(&message, common.lang()))?;
    Ok(Exit::Fine)
}

fn write(path: &Utf8Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    match file.and_then(|mut file| file.write_all(text.as_bytes())) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("`{path}` is there already and is left as it is: remove it first for a new one")
        }
        Err(error) => Err(error).with_context(|| format!("`{path}` cannot be written")),
    }
}

/// A path as it is typed in a shell.
fn argument(path: &Utf8Path) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+@".contains(c);
    let text = path.as_str();
    if !text.starts_with('-') && text.chars().all(is_plain) {
        return text.to_owned();
    }
    let text = if text.starts_with('-') { format!("./{text}") } else { text.to_owned() };
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_can_be_pasted_into_a_shell() {
        assert_eq!(argument(Utf8Path::new("clients/nguyễn")), "clients/nguyễn");
        assert_eq!(argument(Utf8Path::new("l'été 2026")), r"'l'\''été 2026'");
        assert_eq!(argument(Utf8Path::new("-f")), "'./-f'");
    }
}
