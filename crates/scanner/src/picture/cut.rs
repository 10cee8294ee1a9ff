use image::{DynamicImage, GenericImageView as _};

/// Bytes at the end of a JPEG that may follow its end marker: some cameras append their own data.
const TAIL: usize = 64 * 1024;
/// How far pixels that were never decoded differ from each other.
const FLAT: u8 = 2;

/// The share of a JPEG's rows that were never decoded. A decoder fills them with grey and says nothing.
pub(super) fn missing(bytes: &[u8], image: &DynamicImage) -> f32 {
    let tail = bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or_default();
    if tail.windows(2).any(|w| w == [0xff, 0xd9]) {
        return 0.0;
    }
    let (width, height) = image.dimensions();
    let last = image.get_pixel(width.saturating_sub(1), height.saturating_sub(1)).0;
    let same = |x: u32, y: u32| image.get_pixel(x, y).0.iter().zip(last).all(|(a, b)| a.abs_diff(b) <= FLAT);
    let step = (width / 200).max(1) as usize;
    let flat = (0..height).rev().take_while(|&y| (0..width).step_by(step).all(|x| same(x, y))).count();
    (flat as f32 / height.max(1) as f32).max(0.005)
}
