use clap_complete::Shell;
use complet_rules::check_known;

use crate::args::Common;
use crate::exit::Exit;
use crate::{help, output};

/// `complet completions`: a script that completes the command line.
pub(crate) fn completions(shell: Shell, common: &Common) -> anyhow::Result<Exit> {
    // clap_complete panics when it cannot write: it gets memory, and the output is ours.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut help::command(common.lang()), "complet", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}

/// `complet man`: the manual page of the program, or of one of its commands.
pub(crate) fn man(command: Option<&str>, common: &Common) -> anyhow::Result<Exit> {
    let mut page = help::command(common.lang());
    page.build();
    if let Some(name) = command {
        let known: Vec<&str> = page.get_subcommands().map(clap::Command::get_name).collect();
        check_known("command", name, &known)?;
        if let Some(found) = page.find_subcommand(name) {
            page = found.clone();
        }
    }
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Fine)
}
