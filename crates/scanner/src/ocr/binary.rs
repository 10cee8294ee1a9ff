use crate::area::Area;
use crate::raster::{Grey, histogram};

/// A picture in two shades: 1 is ink.
pub(crate) type Ink = Grey;

/// Ink and paper parted at the shade that parts the picture's shades best (Otsu), within sane bounds.
pub(crate) fn threshold(grey: &Grey) -> u8 {
    // Every other row tells as much.
    let counts = histogram(grey.rows().step_by(2).flatten());
    let total: u64 = counts.iter().sum();
    let all: u64 = counts.iter().zip(0u64..).map(|(c, i)| c * i).sum();
    let (mut below, mut sum, mut best, mut at) = (0u64, 0u64, 0.0f64, 160u8);
    for (shade, count) in (0u8..=255).zip(counts) {
        below += count;
        sum += count * u64::from(shade);
        let above = total - below;
        if below == 0 || above == 0 {
            continue;
        }
        let gap = sum as f64 / below as f64 - (all - sum) as f64 / above as f64;
        let spread = below as f64 * above as f64 * gap * gap;
        if spread > best {
            (best, at) = (spread, shade);
        }
    }
    at.clamp(110, 190)
}

/// The ink of a picture.
pub(crate) fn ink(grey: &Grey) -> Ink {
    let limit = threshold(grey);
    let pixels = grey.pixels.iter().map(|&p| u8::from(p <= limit)).collect();
    Ink { width: grey.width, height: grey.height, pixels }
}

/// Pixels of ink that hang together, corners included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Component {
    pub(crate) area: Area,
    pub(crate) pixels: u32,
}

/// Runs of ink a row: beyond this no page of text is left to find.
const MAX_RUNS: usize = 3_000_000;

/// The connected components of a picture; `None` when there are too many to be a page.
pub(crate) fn components(ink: &Ink) -> Option<Vec<Component>> {
    struct Run {
        start: u32,
        end: u32,
        row: u32,
        parent: u32,
    }
    fn root(runs: &mut [Run], mut i: u32) -> u32 {
        while let Some(parent) = runs.get(i as usize).map(|r| r.parent)
            && parent != i
        {
            let above = runs.get(parent as usize).map_or(parent, |r| r.parent);
            if let Some(run) = runs.get_mut(i as usize) {
                run.parent = above;
            }
            i = above;
        }
        i
    }

    let mut runs: Vec<Run> = Vec::new();
    let mut above = 0..0usize;
    for (y, row) in ink.rows().enumerate() {
        let first = runs.len();
        let mut x = 0usize;
        while let Some(offset) = row.get(x..).and_then(|rest| rest.iter().position(|&p| p != 0)) {
            let start = x + offset;
            let length = row.get(start..).and_then(|rest| rest.iter().position(|&p| p == 0));
            let end = length.map_or(row.len(), |l| start + l);
            let id = runs.len() as u32;
            runs.push(Run { start: start as u32, end: end as u32, row: y as u32, parent: id });
            x = end;
        }
        if runs.len() > MAX_RUNS {
            return None;
        }
        let mut up = above.clone();
        let mut candidate = up.next();
        for id in first..runs.len() {
            let Some((start, end)) = runs.get(id).map(|r| (r.start, r.end)) else { break };
            while let Some(c) = candidate {
                let Some((left, right)) = runs.get(c).map(|r| (r.start, r.end)) else { break };
                if left > end {
                    break;
                }
                if right >= start {
                    let (one, two) = (root(&mut runs, c as u32), root(&mut runs, id as u32));
                    if let Some(run) = runs.get_mut(one.max(two) as usize) {
                        run.parent = one.min(two);
                    }
                }
                // The last run above may also touch the next run of this row.
                if right > end {
                    break;
                }
                candidate = up.next();
            }
        }
        above = first..runs.len();
    }

    let mut found: Vec<Component> = Vec::new();
    let mut place = vec![u32::MAX; runs.len()];
    for id in 0..runs.len() {
        let home = root(&mut runs, id as u32) as usize;
        let Some(run) = runs.get(id) else { break };
        let (left, right, top) = (run.start as f32, run.end as f32, run.row as f32);
        let part = Component { area: Area::new(left, top, right, top + 1.0), pixels: run.end - run.start };
        let Some(slot) = place.get_mut(home) else { break };
        if let Some(whole) = found.get_mut(*slot as usize) {
            whole.area = whole.area.union(part.area);
            whole.pixels += part.pixels;
        } else {
            *slot = found.len() as u32;
            found.push(part);
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn picture(rows: &[&str]) -> Ink {
        let pixels = rows.iter().flat_map(|r| r.bytes().map(|b| u8::from(b == b'#'))).collect();
        Ink::new(rows[0].len(), rows.len(), pixels).unwrap()
    }

    #[test]
    fn components_join_over_corners_and_through_bends() {
        let found = components(&picture(&[
            "#..#....#", //
            "#..#...#.", //
            "####..#..", //
            ".........", //
            ".#.#.####", //
            "..#......", //
        ]))
        .unwrap();
        let mut sizes: Vec<(u32, f32)> = found.iter().map(|c| (c.pixels, c.area.width())).collect();
        sizes.sort_by(|a, b| a.partial_cmp(b).unwrap());
        assert_eq!(sizes, [(3, 3.0), (3, 3.0), (4, 4.0), (8, 4.0)]);
    }

    #[test]
    fn ink_is_parted_from_paper() {
        let mut grey = Grey::filled(60, 60, 240);
        grey.paint(10, 10, 20, 20, 60);
        let components = components(&ink(&grey)).unwrap();
        assert_eq!(components, [Component { area: Area::new(10.0, 10.0, 20.0, 20.0), pixels: 100 }]);
    }
}
