//! Reading a page in other languages than the engine's own: in the script it is in, and for the accents of names.

use super::{Attempt, CLEARLY_BETTER, attempt, common_height, look, mostly_unread};
use crate::area::Area;
use crate::ocr::accents::{self, Foreign};
use crate::ocr::rest::outside;
use crate::ocr::{Engine, Layout, OcrWord, Script, script};
use crate::raster::Grey;
use crate::settings::Settings;

/// Letters of a page under which its script cannot be told.
const MANY_LETTERS: usize = 40;
/// Mean confidence under which a page may be in another script.
const FOREIGN: f32 = 0.65;
/// Readings in languages of one script from which no other is tried.
const MOST_TRIED: usize = 3;
/// Letters in no sure word from which a part of a page may be in another script.
const UNREAD_LETTERS: usize = 15;
/// So many words of so many letters that are surely Latin make a badly read page one in Latin letters.
const LATIN_WORDS: usize = 8;
const LATIN_WORD: usize = 4;
/// Height of a strip of the page that shows its script, in heights of its common letters, the letters of a script
/// that are read in it at least, and how sure they are.
const STRIP: f32 = 12.0;
const STRIP_LETTERS: usize = 20;
const SURE_STRIP: f32 = 0.6;
/// The same for Thai, whose data is 70 % sure of letters of any script; the others are 30 % sure of those of another.
const SURE_THAI: f32 = 0.85;

/// What came of reading a page in another script.
pub(super) enum InScript {
    /// It is in Latin letters, for all that is known.
    Latin,
    Other(Attempt),
    /// There is no data for its script.
    Lacking(&'static Script),
}

impl Attempt {
    /// True when it was read so badly that it may be in letters that the engine does not know.
    pub(super) fn may_be_foreign(&self) -> bool {
        let words = self.words.iter().map(|w| (w.text.as_str(), w.confidence));
        let letters = self.page.letters.len();
        letters >= MANY_LETTERS && (self.confidence() < FOREIGN || mostly_unread(words, letters))
    }

    /// The page read in the script it seems to be in, what is in Latin letters kept. `flat` is the picture that
    /// this is a reading of.
    pub(super) fn in_its_script(
        &self,
        engine: &mut dyn Engine,
        flat: &Grey,
        dpi: u32,
        settings: &Settings,
    ) -> Result<InScript, String> {
        let script = match engine.turn(flat, dpi).and_then(|turn| turn.script) {
            Some(told) => Some(told),
            None => self.script_of_strip(engine, flat, dpi)?,
        };
        let Some(script) = script else { return Ok(InScript::Latin) };
        let Some(other) = self.read_in(script, engine, flat, dpi, settings)? else {
            return Ok(InScript::Lacking(script));
        };
        let read = script::sureness(&other.words, script).0;
        let is_better = other.score() > self.score() * CLEARLY_BETTER && read >= MANY_LETTERS / 2;
        Ok(if is_better { InScript::Other(other) } else { InScript::Latin })
    }

    /// The page read in a script, in the language that reads it best; `None` without data for any.
    fn read_in(
        &self,
        script: &'static Script,
        engine: &mut dyn Engine,
        flat: &Grey,
        dpi: u32,
        settings: &Settings,
    ) -> Result<Option<Self>, String> {
        let mut readings: Vec<(&str, Self)> = Vec::new();
        for &language in script.languages {
            let Some(reader) = engine.speaking(language) else { continue };
            let mut read = |layout: Layout| {
                attempt(&mut *reader, flat, look(flat, self.page.turned), dpi, layout, settings)
            };
            // In columns, short labels are dropped; read as one block, the page has them.
            let mut other = read(Layout::Page)?.with(read(Layout::Block)?);
            other.words = script::merged(&self.words, &other.words, script);
            readings.push((language, other));
            if readings.len() >= MOST_TRIED {
                break;
            }
        }
        let likeliest =
            (0..).zip(&readings).max_by(|(_, (_, a)), (_, (_, b))| a.score().total_cmp(&b.score()));
        let Some((at, _)) = likeliest else { return Ok(None) };
        let (language, mut other) = readings.swap_remove(at);
        for (_, witness) in &readings {
            script::confirm(&mut other.words, &witness.words);
        }
        tracing::debug!(
            script = script.name,
            language,
            latin = self.score(),
            with = other.score(),
            "in its script"
        );
        Ok(Some(other))
    }

    /// The script in which the strip of the page with the most letters is read for sure: the orientation data tells
    /// rare scripts badly. `None` where there is no data for it.
    fn script_of_strip(
        &self,
        engine: &mut dyn Engine,
        flat: &Grey,
        dpi: u32,
    ) -> Result<Option<&'static Script>, String> {
        if self.words.iter().filter(|w| script::is_latin(w, LATIN_WORD)).count() >= LATIN_WORDS {
            return Ok(None);
        }
        let Some(strip) = self.strip(flat) else { return Ok(None) };
        let mut best: Option<(&'static Script, f32)> = None;
        for script in Script::all() {
            let mut languages = script.languages.iter();
            let Some(language) = languages.find(|language| engine.speaking(language).is_some()) else {
                continue;
            };
            let Some(reader) = engine.speaking(language) else { continue };
            let (letters, sure) = script::sureness(&reader.recognise(&strip, dpi, Layout::Block)?, script);
            tracing::debug!(script = script.name, letters, sure, "strip");
            let least = if script.name == "Thai" { SURE_THAI } else { SURE_STRIP };
            if letters >= STRIP_LETTERS && sure >= least && best.is_none_or(|(_, before)| sure > before) {
                best = Some((script, sure));
            }
        }
        Ok(best.map(|(script, _)| script))
    }

    /// The strip across the page that has the most letters.
    fn strip(&self, flat: &Grey) -> Option<Grey> {
        let letters = &self.page.letters;
        let height = STRIP * common_height(letters);
        let tops = letters.iter().map(|letter| letter.area.top);
        let held =
            |top: f32| letters.iter().filter(|l| l.area.top >= top && l.area.bottom <= top + height).count();
        let top = tops.max_by_key(|&top| held(top))?;
        flat.part(Area::new(0.0, top - height / STRIP, flat.width as f32, top + height))
    }

    /// Letters that lie in no word that is one for sure.
    fn unread(&self) -> usize {
        let is_word = |w: &&OcrWord| w.has_letters() && w.confidence >= script::SURE_LATIN;
        outside(&self.page.letters, self.words.iter().filter(is_word)).count()
    }

    /// Reads the page as the language does that it speaks of, for letters that French has not; takes what is
    /// surely better, and returns the words with such letters.
    pub(super) fn with_accents(
        &mut self,
        engine: &mut dyn Engine,
        flat: &Grey,
        dpi: u32,
        settings: &Settings,
    ) -> Result<Vec<Foreign>, String> {
        let spoken_of = accents::spoken_of(self.words.iter().map(|w| w.text.as_str()));
        // Most pages that speak of a country of another script have nothing in it.
        let spoken_of =
            spoken_of.filter(|language| !Script::is_for(language) || self.unread() >= UNREAD_LETTERS);
        let Some(reader) = spoken_of.and_then(|language| engine.speaking(language)) else {
            return Ok(Vec::new());
        };
        let other = attempt(reader, flat, look(flat, self.page.turned), dpi, Layout::Page, settings)?;
        let in_language = other.score() > self.score();
        let corrected = accents::corrected(&self.words, &other.words, in_language);
        // A few letters of another script are strokes of a drawing or of a signature.
        if spoken_of.is_some_and(Script::is_for) && accents::foreign_letters(&corrected) < UNREAD_LETTERS {
            return Ok(Vec::new());
        }
        self.words = corrected;
        let foreign = Foreign::among(&other.words, other.offset);
        tracing::debug!(spoken_of, in_language, words = foreign.len(), "read for its accents");
        Ok(foreign)
    }
}
