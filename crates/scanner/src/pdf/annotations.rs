//! What was put on a page after it was made: stamps, pen strokes, typed notes. hayro draws those that
//! bring their look along; here is what they are.

use std::collections::HashSet;

use complet_model::{Mark, MarkKind};
use hayro::hayro_interpret::{RenderContent, TransformExt as _};
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Rect, String as PdfString};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo;

use crate::area::Area;
use crate::pdf::fields::{Field, Value, decode};

/// Flags of what no viewer shows: hidden, not for the screen.
const UNSEEN: u32 = 1 << 1 | 1 << 5;
/// Annotations looked at on one page.
const MAX_ANNOTATIONS: usize = 5_000;
/// Bytes kept of a typed note.
const MAX_NOTE: usize = 20_000;

/// The annotations of a page that a viewer shows.
pub(crate) fn visible<'a>(page: &Page<'a>) -> impl Iterator<Item = Dict<'a>> {
    let off = layers_off(page);
    let list = page.raw().get::<Array<'a>>("Annots");
    list.into_iter()
        .flat_map(|list| list.iter::<Dict<'a>>())
        .take(MAX_ANNOTATIONS)
        .filter(move |a| a.get::<u32>("F").unwrap_or(0) & UNSEEN == 0 && !is_off(a, &off))
}

/// The parts of a page to be drawn. hayro draws annotations of layers that are switched off: on a page
/// with such, no annotation is drawn rather than one that nobody sees.
pub(crate) fn shown(page: &Page<'_>) -> RenderContent {
    let off = layers_off(page);
    let hidden = !off.is_empty()
        && page
            .raw()
            .get::<Array<'_>>("Annots")
            .is_some_and(|list| list.iter::<Dict<'_>>().take(MAX_ANNOTATIONS).any(|a| is_off(&a, &off)));
    if hidden { RenderContent::PAGE } else { RenderContent::all() }
}

/// The layers (optional content groups) that are switched off when the file is opened.
fn layers_off(page: &Page<'_>) -> HashSet<ObjectIdentifier> {
    let mut off = HashSet::new();
    let catalog = page.xref().get::<Dict<'_>>(page.xref().root_id());
    let Some(properties) = catalog.and_then(|c| c.get::<Dict<'_>>("OCProperties")) else { return off };
    let Some(start) = properties.get::<Dict<'_>>("D") else { return off };
    let members = |dict: &Dict<'_>, key: &str| -> Vec<ObjectIdentifier> {
        let list = dict.get::<Array<'_>>(key);
        list.iter().flat_map(Array::raw_iter).filter_map(|i| i.as_obj_ref()).map(Into::into).collect()
    };
    if start.get::<Name<'_>>("BaseState").is_some_and(|n| n.as_str() == "OFF") {
        off.extend(members(&properties, "OCGs"));
    }
    for id in members(&start, "ON") {
        off.remove(&id);
    }
    off.extend(members(&start, "OFF"));
    off
}

/// True when an annotation belongs to a layer that is off, or to a set of layers all of which are.
fn is_off(annotation: &Dict<'_>, off: &HashSet<ObjectIdentifier>) -> bool {
    let Some(layer) = annotation.get_ref("OC").map(ObjectIdentifier::from) else { return false };
    if off.contains(&layer) {
        return true;
    }
    let Some(set) = annotation.get::<Dict<'_>>("OC") else { return false };
    let one = set.get_ref("OCGs").map(ObjectIdentifier::from);
    let list = set.get::<Array<'_>>("OCGs");
    let mut members = list
        .iter()
        .flat_map(Array::raw_iter)
        .filter_map(|i| i.as_obj_ref())
        .map(Into::into)
        .chain(one)
        .peekable();
    members.peek().is_some() && members.all(|id| off.contains(&id))
}

/// Where an annotation or a field stands on the upright page, in points.
pub(crate) fn place(page: &Page<'_>, annotation: &Dict<'_>) -> Option<Area> {
    let (width, height) = page.render_dimensions();
    let rect = annotation.get::<Rect>("Rect")?;
    let rect = kurbo::Rect::new(rect.x0, rect.y0, rect.x1, rect.y1);
    let rect = page.initial_transform(true).to_kurbo().transform_rect_bbox(rect);
    let area = Area::new(rect.x0 as f32, rect.y0 as f32, rect.x1 as f32, rect.y1 as f32);
    area.clipped(Area::new(0.0, 0.0, width, height))
}

/// True when it brings its look along.
pub(crate) fn has_look(annotation: &Dict<'_>) -> bool {
    annotation.get::<Dict<'_>>("AP").is_some_and(|ap| ap.contains_key("N"))
}

/// The stamps and pen strokes among the annotations. Viewers draw no stamp without its look, but pen
/// strokes they do.
pub(crate) fn marks(page: &Page<'_>) -> Vec<Mark> {
    let (width, height) = page.render_dimensions();
    visible(page)
        .filter_map(|a| {
            let kind = match a.get::<Name<'_>>("Subtype")?.as_str() {
                "Stamp" if has_look(&a) => MarkKind::Stamp,
                "Ink" => MarkKind::Ink,
                _ => return None,
            };
            Some(Mark::new(kind, place(page, &a)?.of_page(width, height)))
        })
        .collect()
}

/// Typed notes that do not bring their look along: viewers show their text all the same.
pub(crate) fn notes(page: &Page<'_>) -> Vec<Field> {
    visible(page)
        .filter(|a| a.get::<Name<'_>>("Subtype").is_some_and(|n| n.as_str() == "FreeText") && !has_look(a))
        .filter_map(|a| {
            let text = match a.get::<Object<'_>>("Contents")? {
                Object::String(s) => note(&s),
                _ => return None,
            };
            (!text.trim().is_empty()).then_some(())?;
            Some(Field { value: Value::Text(text), area: place(page, &a)?, comb: false })
        })
        .collect()
}

fn note(text: &PdfString<'_>) -> String {
    let bytes = text.as_bytes();
    decode(bytes.get(..MAX_NOTE).unwrap_or(bytes))
}
