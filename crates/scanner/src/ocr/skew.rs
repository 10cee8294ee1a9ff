use crate::area::Area;
use crate::ocr::binary::{Component, Ink};
use crate::raster::Grey;

/// The largest skew looked for, in degrees.
const MOST: f32 = 8.0;
/// Skew that does no harm.
const HARMLESS: f32 = 0.3;
/// Components looked at.
const SAMPLE: usize = 6_000;

/// The angle, in degrees clockwise, by which rows of text are skewed; 0 when there is none, or nothing
/// to tell it by. `text` are components of the size of letters.
///
/// Letters of a straight row share their lower edge: of all angles, the one that piles these edges up
/// the highest is right.
pub(crate) fn skew(text: &[Component]) -> f32 {
    if text.len() < 20 {
        return 0.0;
    }
    let step = text.len().div_ceil(SAMPLE);
    let feet: Vec<(f32, f32)> =
        text.iter().step_by(step).map(|c| (c.area.middle().0, c.area.bottom)).collect();
    let height = crate::layout::median(text.iter().map(|c| c.area.height())).unwrap_or(10.0);
    let bin = (height / 5.0).max(1.0);
    let score = |degrees: f32| pile(&feet, degrees.to_radians().tan(), bin);
    let best = |from: f32, to: f32, step: f32| {
        let count = ((to - from) / step).round() as i32;
        (0..=count)
            .map(|i| from + i as f32 * step)
            .map(|a| (a, score(a)))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.abs().total_cmp(&a.0.abs())))
            .map_or(0.0, |(a, _)| a)
    };
    let coarse = best(-MOST, MOST, 0.25);
    let fine = best(coarse - 0.2, coarse + 0.2, 0.05);
    let clear = score(fine) > score(0.0) * 1.08 && fine.abs() < MOST - 0.3;
    if fine.abs() >= HARMLESS && clear { fine } else { 0.0 }
}

/// True when letters line up in columns rather than rows: the page lies on its side.
pub(crate) fn lies_on_side(text: &[Component]) -> bool {
    if text.len() < 30 {
        return false;
    }
    let step = text.len().div_ceil(SAMPLE);
    let height = crate::layout::median(text.iter().map(|c| c.area.height())).unwrap_or(10.0);
    let bin = (height / 5.0).max(1.0);
    let best = |edge: &dyn Fn(Area) -> (f32, f32)| {
        let points: Vec<(f32, f32)> = text.iter().step_by(step).map(|c| edge(c.area)).collect();
        (-10..=10).map(|a| pile(&points, (a as f32 * 0.6).to_radians().tan(), bin)).fold(0.0, f32::max)
    };
    let rows = best(&|a| (a.middle().0, a.bottom)).max(best(&|a| (a.middle().0, a.top)));
    let columns = best(&|a| (a.middle().1, a.right)).max(best(&|a| (a.middle().1, a.left)));
    columns > rows * 1.25
}

/// Sum of squares of how many points fall on each row of a picture sheared by `slope`.
fn pile(points: &[(f32, f32)], slope: f32, bin: f32) -> f32 {
    let rows = points.iter().map(|(x, y)| ((y - x * slope) / bin).floor() as i32);
    let (Some(low), Some(high)) = (rows.clone().min(), rows.clone().max()) else { return 0.0 };
    let mut counts = vec![0.0f32; (high - low + 1).clamp(1, 1 << 20) as usize];
    for row in rows {
        if let Some(count) = counts.get_mut((row - low) as usize) {
            *count += 1.0;
        }
    }
    counts.iter().map(|c| c * c).sum()
}

/// A picture turned by a small angle, and how to get back.
pub(crate) struct Straightened {
    pub(crate) picture: Grey,
    /// Where the upper left corner of the picture it was made of lies in it, in pixels.
    pub(crate) offset: (f32, f32),
}

/// About where a box lies on a picture of this size before it is turned counter-clockwise by `degrees` about
/// its middle: as large, its middle moved.
pub(crate) fn unturned(area: Area, degrees: f32, (width, height): (f32, f32)) -> Area {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (x, y) = area.middle();
    let (dx, dy) = (x - width / 2.0, y - height / 2.0);
    area.moved(dx * cos - dy * sin - dx, dx * sin + dy * cos - dy)
}

/// Turns the picture counter-clockwise by `degrees` about its middle. It grows so that nothing is cut
/// off; what is new is white.
pub(crate) fn straighten(grey: &Grey, degrees: f32) -> Straightened {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (w, h) = (grey.width as f32, grey.height as f32);
    let width = (w * cos.abs() + h * sin.abs()).ceil() as usize;
    let height = (w * sin.abs() + h * cos.abs()).ceil() as usize;
    let (cx, cy) = (w / 2.0, h / 2.0);
    let (nx, ny) = (width as f32 / 2.0, height as f32 / 2.0);
    let mut pixels = Vec::with_capacity(width * height);
    // Source coordinates in 1/256 of a pixel: they move by the same step along a row.
    let fixed = |v: f32| (v * 256.0) as i64;
    let (step_x, step_y) = ((cos * 65536.0) as i64, (sin * 65536.0) as i64);
    for y in 0..height {
        let dy = y as f32 - ny;
        let mut sx = fixed(cx - nx * cos - dy * sin) << 8;
        let mut sy = fixed(cy - nx * sin + dy * cos) << 8;
        for _ in 0..width {
            pixels.push(sample(grey, sx >> 8, sy >> 8));
            sx += step_x;
            sy += step_y;
        }
    }
    Straightened { picture: Grey { width, height, pixels }, offset: (nx - cx, ny - cy) }
}

/// The shade between the four pixels around a place given in 1/256 of a pixel; white outside.
fn sample(grey: &Grey, x: i64, y: i64) -> u8 {
    let (right_part, lower_part) = ((x & 255) as u32, (y & 255) as u32);
    let (Ok(left), Ok(top)) = (usize::try_from(x >> 8), usize::try_from(y >> 8)) else { return 255 };
    if left + 1 >= grey.width || top + 1 >= grey.height {
        return 255;
    }
    let index = top * grey.width + left;
    let pair = |at: usize| grey.pixels.get(at..at + 2).and_then(<[u8]>::first_chunk::<2>);
    let between = |[a, b]: [u8; 2]| u32::from(a) * (256 - right_part) + u32::from(b) * right_part;
    let (Some(upper), Some(lower)) = (pair(index), pair(index + grey.width)) else { return 255 };
    ((between(*upper) * (256 - lower_part) + between(*lower) * lower_part) >> 16) as u8
}

/// Components of the size of letters, for a picture of this resolution.
pub(crate) fn letters(components: &[Component], ink: &Ink) -> Vec<Component> {
    let long = ink.width.max(ink.height) as f32;
    // 5 to 40 points on a page whose longer side is 842 points; cards are photographed larger.
    let (small, large) = ((long / 842.0 * 2.6).max(4.0), long / 842.0 * 44.0);
    components
        .iter()
        .filter(|c| {
            let (w, h) = (c.area.width(), c.area.height());
            (small..=large).contains(&h) && w <= large * 1.5 && w >= 1.0 && c.pixels as f32 > w * h * 0.08
        })
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::float_cmp)]

    use super::*;
    use crate::ocr::binary::{components, ink};

    /// Rows of letter-like bars.
    fn page() -> Grey {
        let mut grey = Grey::filled(800, 1000, 255);
        for row in 0..30 {
            for letter in 0..40 {
                let (x, y) = (60 + letter * 16, 60 + row * 28);
                let tall = if (letter * 7 + row) % 3 == 0 { 14 } else { 10 };
                grey.paint(x, y + 14 - tall, x + 8, y + 14, 30);
            }
        }
        grey
    }

    fn measured(grey: &Grey) -> f32 {
        let ink = ink(grey);
        skew(&letters(&components(&ink).unwrap(), &ink))
    }

    #[test]
    fn skew_is_measured_and_taken_out() {
        assert_eq!(measured(&page()), 0.0);
        for angle in [-3.0, -1.0, 0.6, 2.0] {
            // Turning counter-clockwise by the negative angle skews clockwise.
            let skewed = straighten(&page(), -angle).picture;
            let found = measured(&skewed);
            assert!((found - angle).abs() < 0.15, "{angle}: {found}");
            assert_eq!(measured(&straighten(&skewed, found).picture), 0.0);
        }
    }

    #[test]
    fn a_box_is_found_where_it_was_before_the_skew_was_taken_out() {
        let mut grey = Grey::filled(800, 1000, 255);
        grey.paint(700, 100, 720, 116, 0);
        let Straightened { picture, offset } = straighten(&grey, 4.0);
        let found = components(&ink(&picture)).unwrap().first().unwrap().area;
        let (x, y) = unturned(found.moved(-offset.0, -offset.1), 4.0, (800.0, 1000.0)).middle();
        assert!((x - 710.0).abs() < 1.5 && (y - 108.0).abs() < 1.5, "{x} {y}");
    }

    #[test]
    fn a_page_on_its_side_shows() {
        let letters_of = |grey: &Grey| {
            let ink = ink(grey);
            letters(&components(&ink).unwrap(), &ink)
        };
        // Letters of uneven widths: only their feet line up.
        let mut grey = Grey::filled(800, 1000, 255);
        for row in 0..30 {
            let mut x = 60 + row * 13 % 31;
            for letter in 0..36 {
                let (wide, tall) = (5 + (letter * 5 + row * 3) % 8, 10 + (letter * 7 + row) % 3 * 2);
                grey.paint(x, 74 + row * 28 - tall, x + wide, 74 + row * 28, 30);
                x += wide + 5;
            }
        }
        assert!(!lies_on_side(&letters_of(&grey)));
        assert!(!lies_on_side(&letters_of(&grey.turned(180))));
        assert!(lies_on_side(&letters_of(&grey.turned(90))));
    }
}
