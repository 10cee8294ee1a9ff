/// A box in the units of a page or a raster (points or pixels), with the y axis downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
}

impl Area {
    pub(crate) fn new(x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        Self { left: x0.min(x1), top: y0.min(y1), right: x0.max(x1), bottom: y0.max(y1) }
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(crate) fn around(areas: impl IntoIterator<Item = Self>) -> Option<Self> {
        areas.into_iter().reduce(Self::union)
    }

    pub(crate) fn width(self) -> f32 {
        self.right - self.left
    }

    pub(crate) fn height(self) -> f32 {
        self.bottom - self.top
    }

    pub(crate) fn size(self) -> f32 {
        self.width() * self.height()
    }

    pub(crate) fn middle(self) -> (f32, f32) {
        (f32::midpoint(self.left, self.right), f32::midpoint(self.top, self.bottom))
    }

    /// The part both share; empty boxes have a size of zero.
    pub(crate) fn shared(self, other: Self) -> f32 {
        let width = self.right.min(other.right) - self.left.max(other.left);
        let height = self.bottom.min(other.bottom) - self.top.max(other.top);
        width.max(0.0) * height.max(0.0)
    }

    /// The part of the smaller of two boxes that lies in the other.
    pub(crate) fn overlap(self, other: Self) -> f32 {
        self.shared(other) / self.size().min(other.size()).max(f32::MIN_POSITIVE)
    }

    /// True for a place inside, or on the edge.
    pub(crate) fn holds(self, (x, y): (f32, f32)) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }

    pub(crate) fn grown(self, by: f32) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    /// The box on a picture of this size once the picture is turned clockwise by 0, 90, 180 or 270 degrees.
    pub(crate) fn turned(self, degrees: u16, (width, height): (f32, f32)) -> Self {
        let Self { left, top, right, bottom } = self;
        match degrees {
            90 => Self::new(height - bottom, left, height - top, right),
            180 => Self::new(width - right, height - bottom, width - left, height - top),
            270 => Self::new(top, width - right, bottom, width - left),
            _ => self,
        }
    }

    pub(crate) fn touches(self, other: Self) -> bool {
        self.left <= other.right
            && other.left <= self.right
            && self.top <= other.bottom
            && other.top <= self.bottom
    }

    /// The part inside `frame`; `None` when nothing is.
    pub(crate) fn clipped(self, frame: Self) -> Option<Self> {
        let cut = Self {
            left: self.left.max(frame.left),
            top: self.top.max(frame.top),
            right: self.right.min(frame.right),
            bottom: self.bottom.min(frame.bottom),
        };
        (cut.left < cut.right && cut.top < cut.bottom).then_some(cut)
    }

    pub(crate) fn scaled(self, x: f32, y: f32) -> Self {
        Self { left: self.left * x, top: self.top * y, right: self.right * x, bottom: self.bottom * y }
    }

    pub(crate) fn moved(self, x: f32, y: f32) -> Self {
        Self { left: self.left + x, top: self.top + y, right: self.right + x, bottom: self.bottom + y }
    }

    /// As fractions of a page of this size.
    pub(crate) fn of_page(self, width: f32, height: f32) -> complet_model::BBox {
        let (width, height) = (width.max(f32::MIN_POSITIVE), height.max(f32::MIN_POSITIVE));
        complet_model::BBox::new(
            self.left / width,
            self.top / height,
            self.right / width,
            self.bottom / height,
        )
    }
}

/// Joins boxes that lie within `gap` of each other until none do.
pub(crate) fn cluster(mut areas: Vec<Area>, gap: f32) -> Vec<Area> {
    areas.retain(|a| [a.left, a.top, a.right, a.bottom].iter().all(|v| v.is_finite()));
    loop {
        areas.sort_by(|a, b| a.left.total_cmp(&b.left));
        let before = areas.len();
        let mut joined: Vec<Area> = Vec::with_capacity(before);
        for area in areas {
            // Only boxes that reach this far right can touch; the list is short after the first round.
            match joined.iter_mut().rev().find(|j| j.grown(gap).touches(area)) {
                Some(j) => *j = j.union(area),
                None => joined.push(area),
            }
        }
        areas = joined;
        if areas.len() == before {
            return areas;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_join_through_a_chain() {
        let chain = vec![
            Area::new(0.0, 0.0, 1.0, 1.0),
            Area::new(4.0, 0.0, 5.0, 1.0),
            Area::new(2.0, 0.0, 3.0, 1.0),
            Area::new(40.0, 0.0, 41.0, 1.0),
        ];
        assert_eq!(cluster(chain, 1.0), [Area::new(0.0, 0.0, 5.0, 1.0), Area::new(40.0, 0.0, 41.0, 1.0)]);
    }
}
