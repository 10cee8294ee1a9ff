use serde::{Deserialize, Serialize};

/// A box on a page, in fractions of the upright page's width and height: (0, 0) is the top left corner
/// and (1, 1) the bottom right one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BBox {
    /// Distance of the left edge from the left side of the page, as a fraction of its width.
    pub left: f32,
    /// Distance of the upper edge from the top of the page, as a fraction of its height.
    pub top: f32,
    /// Distance of the right edge from the left side of the page, as a fraction of its width.
    pub right: f32,
    /// Distance of the lower edge from the top of the page, as a fraction of its height.
    pub bottom: f32,
}

impl BBox {
    /// The whole page.
    pub const PAGE: Self = Self { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };

    /// A box from its edges, put in order and clamped to the page; an edge that is no number is 0.
    pub fn new(left: f32, top: f32, right: f32, bottom: f32) -> Self {
        let clamp = |v: f32| if v.is_finite() { v.clamp(0.0, 1.0) } else { 0.0 };
        let [left, top, right, bottom] = [left, top, right, bottom].map(clamp);
        Self { left: left.min(right), top: top.min(bottom), right: left.max(right), bottom: top.max(bottom) }
    }

    /// The smallest box that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// The smallest box that holds all of `boxes`; `None` when there is none.
    pub fn around(boxes: impl IntoIterator<Item = Self>) -> Option<Self> {
        boxes.into_iter().reduce(Self::union)
    }

    /// Width as a fraction of the page's width.
    pub fn width(self) -> f32 {
        self.right - self.left
    }

    /// Height as a fraction of the page's height.
    pub fn height(self) -> f32 {
        self.bottom - self.top
    }

    /// Where the box lies once a page of this width and height, in any unit, is turned clockwise by `degrees` about its
    /// middle: as large, its own middle moved.
    #[must_use]
    pub fn turned(self, degrees: f32, width: f32, height: f32) -> Self {
        if degrees == 0.0 || width <= 0.0 || height <= 0.0 {
            return self;
        }
        let (sin, cos) = degrees.to_radians().sin_cos();
        let x = (f32::midpoint(self.left, self.right) - 0.5) * width;
        let y = (self.middle() - 0.5) * height;
        let (right, down) = ((x * cos - y * sin - x) / width, (x * sin + y * cos - y) / height);
        Self::new(self.left + right, self.top + down, self.right + right, self.bottom + down)
    }

    /// Height of the middle line, as a fraction of the page's height.
    pub fn middle(self) -> f32 {
        f32::midpoint(self.top, self.bottom)
    }

    /// How much of the lower of the two boxes lies beside the other, from 0 (one is above the other)
    /// to 1 (on the same row).
    pub fn row_overlap(self, other: Self) -> f32 {
        overlap((self.top, self.bottom), (other.top, other.bottom))
    }

    /// How much of the narrower of the two boxes lies above or below the other, from 0 to 1.
    pub fn column_overlap(self, other: Self) -> f32 {
        overlap((self.left, self.right), (other.left, other.right))
    }
}

fn overlap(a: (f32, f32), b: (f32, f32)) -> f32 {
    let shared = a.1.min(b.1) - a.0.max(b.0);
    let shorter = (a.1 - a.0).min(b.1 - b.0);
    if shorter > 0.0 { (shared / shorter).clamp(0.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_put_in_order_and_clamped() {
        assert_eq!(BBox::new(0.5, 1.4, -0.2, 0.1), BBox { left: 0.0, top: 0.1, right: 0.5, bottom: 1.0 });
        assert_eq!(BBox::new(f32::NAN, 0.0, 1.0, 1.0), BBox::PAGE);
    }

    #[test]
    fn a_box_moves_with_the_page_that_is_turned() {
        // Right of the middle, on a page twice as high as wide: clockwise is down.
        let right = BBox::new(0.8, 0.49, 1.0, 0.51);
        let turned = right.turned(90.0, 100.0, 200.0);
        let is_near = |a: f32, b: f32| (a - b).abs() < 1e-5;
        assert!(is_near(f32::midpoint(turned.left, turned.right), 0.5), "{turned:?}");
        assert!(is_near(turned.middle(), 0.7) && is_near(turned.width(), 0.2), "{turned:?}");
        let back = right.turned(3.0, 100.0, 200.0).turned(-3.0, 100.0, 200.0);
        assert!(is_near(back.left, right.left) && is_near(back.top, right.top), "{back:?}");
        assert_eq!(right.turned(0.0, 100.0, 200.0), right);
    }

    #[test]
    fn rows_and_columns() {
        let label = BBox::new(0.1, 0.10, 0.2, 0.12);
        let value = BBox::new(0.3, 0.105, 0.5, 0.125);
        assert!(label.row_overlap(value) > 0.7);
        assert!(label.column_overlap(value) < 0.01);
    }
}
