use complet_model::ScannedFile;

use super::screen::{Screen, Sign};
use crate::unread::{left_aside, unread};
use crate::{Wording, ui};

/// What of the files could not be read, or was read badly, and why.
pub(super) fn write(files: &[ScannedFile], wording: Wording<'_>, screen: &mut Screen) {
    let lines = unread(files, wording);
    if !lines.is_empty() {
        screen.heading(ui::UNREAD.get(wording.lang));
    }
    for line in lines {
        let sign = if line.lost { Sign::BAD } else { Sign::DOUBT };
        screen.item(1, sign, &format!("{} — {}", line.place, line.why));
        if let Some(help) = line.help {
            screen.item(3, Sign::ARROW, &help);
        }
    }
    if let Some(aside) = left_aside(files, wording) {
        screen.blank();
        screen.aside(0, &aside);
    }
}
