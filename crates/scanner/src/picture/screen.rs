//! Screenshots of programs that write light on dark.

use crate::raster::{Grey, Rgb, histogram};

/// Brightness under which the ground of a screen is dark, of 255.
const DARK: usize = 100;
/// How far from its brightness the ground reaches, and its share of all pixels: a screen is even, a table or the lid of
/// a scanner in the dark is not.
const EVEN: usize = 6;
const GROUND: f32 = 0.45;
/// How much lighter print is, and its share of all pixels.
const LIGHTER: usize = 90;
const PRINT: std::ops::Range<f32> = 0.003..0.25;
/// Share of light pixels between the first and the last of their rows from which they are a sheet rather than print.
const SHEET: f32 = 0.6;

/// Exchanges light and dark.
pub(crate) fn exchange(picture: &mut Rgb) {
    for shade in &mut picture.pixels {
        *shade = 255 - *shade;
    }
}

/// True for a screen with light print on an even dark ground.
pub(crate) fn is_light_on_dark(grey: &Grey) -> bool {
    let shades = histogram(&grey.pixels);
    let all = grey.pixels.len().max(1) as f32;
    let share = |range: std::ops::Range<usize>| {
        shades.get(range).unwrap_or_default().iter().sum::<u64>() as f32 / all
    };
    let commonest =
        shades.iter().enumerate().max_by_key(|(_, count)| **count).map_or(255, |(shade, _)| shade);
    let light = commonest + LIGHTER;
    if commonest >= DARK
        || share(commonest.saturating_sub(EVEN)..commonest + EVEN + 1) < GROUND
        || !PRINT.contains(&share(light..256))
    {
        return false;
    }
    // A card on the black ground of a scanner is light all over.
    let is_light = |shade: &u8| usize::from(*shade) >= light;
    let (mut lit, mut spanned) = (0usize, 0usize);
    for row in grey.rows() {
        let (first, last) = (row.iter().position(is_light), row.iter().rposition(is_light));
        if let Some((first, last)) = first.zip(last) {
            spanned += last + 1 - first;
            lit += row.iter().filter(|shade| is_light(shade)).count();
        }
    }
    (lit as f32) < spanned as f32 * SHEET
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn screen(paint: impl Fn(&mut Grey)) -> Option<Rgb> {
        let mut grey = Grey::filled(200, 300, 12);
        paint(&mut grey);
        let pixels = grey.pixels.iter().flat_map(|&shade| [shade; 3]).collect();
        let mut picture = Rgb::new(200, 300, pixels).unwrap();
        is_light_on_dark(&picture.grey()).then(|| {
            exchange(&mut picture);
            picture
        })
    }

    #[test]
    fn light_print_on_a_dark_ground_becomes_dark_print() {
        let letters = |grey: &mut Grey| {
            for line in 0..6 {
                for letter in 0..12 {
                    grey.paint(20 + letter * 12, 40 + line * 30, 23 + letter * 12, 50 + line * 30, 240);
                }
            }
        };
        let light = screen(letters).unwrap().grey();
        assert_eq!((light.at(0, 0), light.at(21, 45)), (243, 15));
        // A card on a dark ground, a page with nothing on it.
        assert!(screen(|grey| grey.paint(40, 40, 120, 100, 235)).is_none());
        assert!(screen(|_| {}).is_none());
        // Dark print on paper.
        let paper = |grey: &mut Grey| {
            grey.pixels.fill(250);
            letters(grey);
        };
        assert!(screen(paper).is_none());
    }
}
