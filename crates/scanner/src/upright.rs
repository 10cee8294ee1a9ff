//! The way from a picture as it lies in its file to the upright, level page that was read off it.

use crate::area::Area;
use crate::ocr::skew::unturned;

/// The upright page a picture was read as.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Upright {
    /// Degrees the picture was turned clockwise.
    pub(crate) turned: u16,
    /// Width and height of the picture as it lies in its file, in pixels.
    pub(crate) picture: (f32, f32),
    /// Width and height of the page in the units of its words.
    pub(crate) page: (f32, f32),
    /// Degrees by which it was turned counter-clockwise so that its lines are level.
    pub(crate) skew: f32,
}

/// A line of letters on a picture, in pixels as it lies in its file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LyingLine {
    /// The box around it.
    pub(crate) area: Area,
    /// Height of its capitals.
    pub(crate) capital: f32,
    /// Degrees to turn the picture clockwise so that the line is upright: 0, 90, 180 or 270.
    pub(crate) turn: u16,
}

impl LyingLine {
    /// The same on a picture so many times as large.
    pub(crate) fn scaled(self, factor: f32) -> Self {
        Self { area: self.area.scaled(factor, factor), capital: self.capital * factor, ..self }
    }
}

impl Upright {
    /// The box of a line on the level page: that of one that lies askew is higher than the line.
    pub(crate) fn line(&self, line: LyingLine) -> Area {
        /// Height of a level line, in capitals.
        const LEVEL: f32 = 1.6;
        let area = self.area(line.area);
        let across = if self.turned.is_multiple_of(180) { line.area.height() } else { line.area.width() };
        let level = area.height() * LEVEL * line.capital / across.max(1.0);
        let height =
            (area.height() - area.width() * self.skew.to_radians().sin().abs()).max(level).min(area.height());
        let (_, middle) = area.middle();
        Area::new(area.left, middle - height / 2.0, area.right, middle + height / 2.0)
    }

    /// A box of the picture on the level page.
    fn area(&self, area: Area) -> Area {
        let (w, h) = self.picture;
        let turned = area.turned(self.turned, self.picture);
        let (w, h) = if self.turned.is_multiple_of(180) { (w, h) } else { (h, w) };
        let lying = turned.scaled(self.page.0 / w.max(1.0), self.page.1 / h.max(1.0));
        unturned(lying, -self.skew, self.page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Grey;

    #[test]
    fn boxes_follow_the_turn_of_the_page() {
        let mut picture = Grey::filled(30, 20, 255);
        picture.paint(3, 5, 20, 8, 0);
        for turned in [0, 90, 180, 270] {
            let page = picture.turned(turned);
            let size = (page.width as f32, page.height as f32);
            let upright = Upright { turned, picture: (30.0, 20.0), page: size, skew: 0.0 };
            let area = upright.area(Area::new(3.0, 5.0, 20.0, 8.0));
            for (x, y) in [(area.left, area.top), (area.right - 1.0, area.bottom - 1.0)] {
                assert_eq!(page.at(x as usize, y as usize), 0, "{turned} {area:?}");
            }
            assert_eq!(page.at(area.right as usize, area.top as usize), 255, "{turned} {area:?}");
        }
    }

    #[test]
    fn a_line_that_lies_askew_is_put_onto_the_level_page() {
        // Lines that fall by 100 over 1000: their boxes are as much higher, and lie in each other.
        let skew = 0.1f32.atan().to_degrees();
        let upright = Upright { turned: 0, picture: (2000.0, 2000.0), page: (2000.0, 2000.0), skew };
        let line = |top: f32, height: f32| {
            upright.line(LyingLine {
                area: Area::new(500.0, top, 1500.0, top + height),
                capital: 18.0,
                turn: 0,
            })
        };
        let [first, second] = [1000.0, 1040.0].map(|top| line(top, 130.0));
        assert!((25.0..40.0).contains(&first.height()), "{first:?}");
        assert!(first.bottom < second.middle().1 && first.middle().1 < second.top, "{first:?} {second:?}");
        // One that is level is as high as it was.
        assert!((line(1000.0, 30.0).height() - 30.0).abs() < 1.5);
    }
}
