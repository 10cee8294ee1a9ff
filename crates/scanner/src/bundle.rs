//! PDF files put together from pages of others.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use complet_model::ScannedFile;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use serde::{Deserialize, Serialize};

use crate::ask::{Answer, Ask, Hash};
use crate::error::ScanError;
use crate::folder::read_file;
use crate::kind::{Kind, sniff};
use crate::preview::{PageShape, Preview};
use crate::reader::Reader;
use crate::scan::{Scan, Scanner};
use crate::settings::{Limits, os_path};

/// A page of a scanned file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageOf {
    /// Index of the file in the scan.
    pub file: usize,
    /// Number of the page, from 1.
    pub page: u32,
}

/// A line of a sheet of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextLine {
    /// What it says. Letters that the fonts of every PDF reader lack are written without their accents.
    pub text: String,
    /// Set larger and in bold.
    pub heading: bool,
}

/// What is inherited from the nodes above a page.
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];
/// How deep a tree of pages may be.
const DEEPEST: usize = 64;
/// A4, in points.
const A4: (f32, f32) = (595.0, 842.0);
/// Pixels of the longer side of a picture: an A4 page at 250 dots per inch.
const LONG_EDGE: u32 = 2900;
/// JPEG's quality of pictures that are not copied.
const QUALITY: u8 = 85;

/// Pages put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundled {
    /// The PDF file; `None` when no page is left.
    pub pdf: Option<Vec<u8>>,
    /// Indices of the files whose pages are not in it: they could be neither copied nor drawn.
    pub left_out: BTreeSet<usize>,
}

/// A page to be put into a bundle, as whoever does it needs to know it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct BundlePage {
    #[serde(with = "os_path")]
    path: PathBuf,
    content: Hash,
    shape: PageShape,
    /// Wider than high.
    wide: bool,
}

impl Scanner {
    /// One PDF file of pages, upright and in the order given. Pages of PDF files are copied as they are;
    /// pictures, and pages of damaged PDF files, are drawn. `files` are the scan's own.
    ///
    /// A file on which this breaks is left out, and the others are put together without it.
    ///
    /// # Errors
    /// When no threads can be started.
    pub fn bundle(&self, scan: &Scan, files: &[ScannedFile], pages: &[PageOf]) -> Result<Bundled, ScanError> {
        let mut left_out: BTreeSet<usize> = pages.iter().map(|page| page.file).collect();
        let known: Vec<(usize, BundlePage)> = pages
            .iter()
            .filter_map(|wanted| {
                let page = files.get(wanted.file)?.pages.iter().find(|p| p.number == wanted.page)?;
                let (path, content) = scan.original(wanted.file)?;
                let wide = page.width > page.height;
                Some((wanted.file, BundlePage { path, content, shape: PageShape::of(page), wide }))
            })
            .collect();
        let whole = known.len() == pages.len();
        let of = |wanted: &dyn Fn(usize) -> bool| -> Vec<BundlePage> {
            known.iter().filter(|(file, _)| wanted(*file)).map(|(_, page)| page.clone()).collect()
        };
        if whole && let [Some(pdf)] = self.put_together(vec![of(&|_| true)])?.as_mut_slice() {
            return Ok(Bundled { pdf: Some(std::mem::take(pdf)), left_out: BTreeSet::new() });
        }
        // Which of them it is shows when each is tried alone.
        let each: Vec<usize> = left_out.iter().copied().collect();
        let alone = self.put_together(each.iter().map(|file| of(&|f| f == *file)).collect())?;
        for (file, _) in each.iter().zip(alone).filter(|(_, pdf)| pdf.is_some()) {
            let wanted = pages.iter().filter(|page| page.file == *file).count();
            if known.iter().filter(|(f, _)| f == file).count() == wanted {
                left_out.remove(file);
            }
        }
        let rest = of(&|file| !left_out.contains(&file));
        let pdf = if rest.is_empty() { None } else { self.put_together(vec![rest])?.pop().flatten() };
        if pdf.is_none() {
            left_out.extend(each);
        }
        Ok(Bundled { pdf, left_out })
    }

    /// A PDF file of each of the lists of pages; `None` where one of its pages cannot be put into it.
    fn put_together(&self, lists: Vec<Vec<BundlePage>>) -> Result<Vec<Option<Vec<u8>>>, ScanError> {
        let mut made: Vec<Option<Vec<u8>>> = lists.iter().map(|_| None).collect();
        let limits = self.settings().limits;
        let asks = lists.into_iter().map(|pages| Ask::Bundle { pages, limits }).collect();
        self.crew().work(asks, None, &mut |index, answer| {
            if let (Some(place), Answer::Bundle(pdf)) = (made.get_mut(index), answer) {
                *place = pdf;
            }
            true
        })?;
        Ok(made)
    }
}

/// Puts pages together; `None` when one can neither be copied nor drawn, or the file cannot be made.
pub(crate) fn put_together(reader: &mut Reader, pages: &[BundlePage], limits: &Limits) -> Option<Vec<u8>> {
    // A parser may fail on a hostile file in ways that nobody foresaw.
    let put = || {
        let mut bundle = Bundle::new();
        let mut sources: BTreeMap<&Path, Option<Document>> = BTreeMap::new();
        for BundlePage { path, content, shape, wide } in pages {
            let source = sources.entry(path.as_path()).or_insert_with(|| document(path, content, limits));
            // A sheet that was cut out of its picture is shown as it was read.
            let copied = source
                .as_ref()
                .filter(|_| shape.sheet.is_none())
                .and_then(|source| bundle.copy(path, source, shape.number, shape.turned));
            if copied.is_none() {
                bundle.draw(reader.preview(path, content, limits, shape, (LONG_EDGE, QUALITY))?, *wide);
            }
        }
        bundle.finish()
    };
    catch_unwind(AssertUnwindSafe(put)).ok().flatten()
}

fn document(path: &Path, content: &Hash, limits: &Limits) -> Option<Document> {
    let bytes = read_file(path, limits).ok()?;
    if sniff(&bytes) != Kind::Pdf || Hash::from(blake3::hash(&bytes)) != *content {
        return None;
    }
    let document = Document::load_mem(&bytes).ok()?;
    // What needs no password to be read may still be encrypted, and would be copied as noise.
    (!document.is_encrypted() && !document.trailer.has(b"Encrypt")).then_some(document)
}

/// A PDF file of lines of text, A4.
///
/// `None` when it cannot be put together.
pub fn text_sheet(lines: &[TextLine]) -> Option<Vec<u8>> {
    const MARGIN: f32 = 60.0;
    let mut bundle = Bundle::new();
    let font = |name: &str| {
        dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => name, "Encoding" => "WinAnsiEncoding" }
    };
    let fonts = [font("Helvetica"), font("Helvetica-Bold")].map(|font| bundle.document.add_object(font));
    let [plain, bold] = fonts;
    let mut content = Vec::new();
    let mut y = A4.1 - MARGIN;
    let mut rest = lines.iter().peekable();
    while let Some(line) = rest.next() {
        let (font, size, height) = if line.heading { ("F2", 14, 24.0) } else { ("F1", 10, 15.0) };
        content.extend(format!("BT /{font} {size} Tf {MARGIN} {y} Td (").into_bytes());
        for byte in win_ansi(&line.text) {
            if b"()\\".contains(&byte) {
                content.push(b'\\');
            }
            content.push(byte);
        }
        content.extend(b") Tj ET\n");
        y -= height;
        if y < MARGIN || rest.peek().is_none() {
            let resources = dictionary! { "Font" => dictionary! { "F1" => plain, "F2" => bold } };
            bundle.page(std::mem::take(&mut content), resources, A4);
            y = A4.1 - MARGIN;
        }
    }
    bundle.finish()
}

/// Text in the encoding that every PDF reader's own fonts have.
fn win_ansi(text: &str) -> Vec<u8> {
    text.chars()
        .flat_map(|c| match c {
            ' '..='~' | '\u{a0}'..='\u{ff}' => vec![c as u8],
            '€' => vec![0x80],
            '…' => vec![0x85],
            'Œ' => vec![0x8c],
            '‘' => vec![0x91],
            '’' => vec![0x92],
            '“' => vec![0x93],
            '”' => vec![0x94],
            '–' => vec![0x96],
            '—' => vec![0x97],
            'œ' => vec![0x9c],
            c if c.is_control() => Vec::new(),
            c => {
                let folded = complet_model::fold(&c.to_string());
                let folded = if c.is_lowercase() { folded.to_lowercase() } else { folded };
                folded.bytes().map(|b| if b.is_ascii_graphic() { b } else { b'?' }).collect()
            }
        })
        .collect()
}

/// A PDF file in the making.
struct Bundle {
    document: Document,
    pages: ObjectId,
    kids: Vec<Object>,
    /// What was copied of each file, by the file's own ids, so that a font of two pages is copied once.
    copied: BTreeMap<PathBuf, BTreeMap<ObjectId, ObjectId>>,
}

impl Bundle {
    fn new() -> Self {
        let mut document = Document::with_version("1.7");
        let pages = document.new_object_id();
        Self { document, pages, kids: Vec::new(), copied: BTreeMap::new() }
    }

    /// Copies a page with all it refers to.
    fn copy(&mut self, file: &Path, source: &Document, number: u32, turned: u16) -> Option<()> {
        let id = *source.get_pages().get(&number)?;
        let mut page = inherit(source, id)?;
        page.remove(b"Parent");
        // What would lead back to the file it came from, or run.
        for key in [b"AA".as_slice(), b"StructParents", b"B"] {
            page.remove(key);
        }
        let rotate = page.get(b"Rotate").and_then(Object::as_i64).unwrap_or(0);
        page.set("Rotate", (rotate + i64::from(turned)).rem_euclid(360));
        let mut copied = self.copied.remove(file).unwrap_or_default();
        let mut waiting = Vec::new();
        // Annotations name their page.
        let new = self.document.new_object_id();
        copied.insert(id, new);
        let mut object = Object::Dictionary(page);
        self.rename(&mut object, &mut copied, &mut waiting);
        let mut seen = BTreeSet::new();
        while let Some(old) = waiting.pop() {
            if !seen.insert(old) {
                continue;
            }
            let (Some(&target), Ok(found)) = (copied.get(&old), source.get_object(old)) else { continue };
            let is_page = found.as_dict().is_ok_and(|d| d.has_type(b"Page") || d.has_type(b"Pages"));
            // A link to another page would bring it along, unseen.
            let mut found = if is_page { Object::Null } else { found.clone() };
            self.rename(&mut found, &mut copied, &mut waiting);
            self.document.objects.insert(target, found);
        }
        if let Object::Dictionary(page) = &mut object {
            page.set("Parent", self.pages);
        }
        self.document.objects.insert(new, object);
        // The next page that names this one must not take the place of a copy with other attributes.
        copied.remove(&id);
        self.copied.insert(file.to_owned(), copied);
        self.kids.push(new.into());
        Some(())
    }

    /// Gives all references in `object` their new ids; those seen first are to be copied.
    fn rename(
        &mut self,
        object: &mut Object,
        copied: &mut BTreeMap<ObjectId, ObjectId>,
        waiting: &mut Vec<ObjectId>,
    ) {
        match object {
            Object::Reference(id) => {
                let known = copied.get(id).copied();
                let new = known.unwrap_or_else(|| {
                    let new = self.document.new_object_id();
                    copied.insert(*id, new);
                    waiting.push(*id);
                    new
                });
                *id = new;
            }
            Object::Array(items) => items.iter_mut().for_each(|item| self.rename(item, copied, waiting)),
            Object::Dictionary(dictionary) => self.rename_all(dictionary, copied, waiting),
            Object::Stream(stream) => self.rename_all(&mut stream.dict, copied, waiting),
            _ => {}
        }
    }

    fn rename_all(
        &mut self,
        dictionary: &mut Dictionary,
        copied: &mut BTreeMap<ObjectId, ObjectId>,
        waiting: &mut Vec<ObjectId>,
    ) {
        // The tree of pages above would bring all the other pages along.
        dictionary.remove(b"Parent");
        dictionary.iter_mut().for_each(|(_, value)| self.rename(value, copied, waiting));
    }

    /// Adds a picture as a page of its own size, as far as it is known.
    fn draw(&mut self, picture: Preview, wide: bool) {
        let Preview { width, height, jpeg, grey } = picture;
        let space = if grey { "DeviceGray" } else { "DeviceRGB" };
        let image = Stream::new(
            dictionary! {
                "Type" => "XObject", "Subtype" => "Image", "Width" => i64::from(width),
                "Height" => i64::from(height), "ColorSpace" => space, "BitsPerComponent" => 8,
                "Filter" => "DCTDecode",
            },
            jpeg,
        );
        let image = self.document.add_object(image);
        // On paper of the usual size, the way the picture lies; a small card keeps its shape.
        let (long, short) = (A4.1, A4.0);
        let (paper_width, paper_height) = if wide { (long, short) } else { (short, long) };
        let scale = (paper_width / width as f32).min(paper_height / height as f32);
        let (width, height) = (width as f32 * scale, height as f32 * scale);
        let content = format!("q {width} 0 0 {height} 0 0 cm /I Do Q");
        let resources = dictionary! { "XObject" => dictionary! { "I" => image } };
        self.page(content.into_bytes(), resources, (width, height));
    }

    fn page(&mut self, content: Vec<u8>, resources: Dictionary, (width, height): (f32, f32)) {
        let content = self.document.add_object(Stream::new(Dictionary::new(), content));
        let page = self.document.add_object(dictionary! {
            "Type" => "Page", "Parent" => self.pages, "Contents" => content, "Resources" => resources,
            "MediaBox" => vec![0.into(), 0.into(), width.into(), height.into()],
        });
        self.kids.push(page.into());
    }

    fn finish(mut self) -> Option<Vec<u8>> {
        let count = i64::try_from(self.kids.len()).ok()?;
        let pages = dictionary! { "Type" => "Pages", "Kids" => self.kids, "Count" => count };
        self.document.objects.insert(self.pages, pages.into());
        let catalog = self.document.add_object(dictionary! { "Type" => "Catalog", "Pages" => self.pages });
        self.document.trailer.set("Root", catalog);
        let mut bytes = Vec::new();
        self.document.save_to(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// A page's dictionary with what it inherits.
fn inherit(source: &Document, id: ObjectId) -> Option<Dictionary> {
    let mut page = source.get_dictionary(id).ok()?.clone();
    let mut above = page.get(b"Parent").and_then(Object::as_reference).ok();
    for _ in 0..DEEPEST {
        let Some(node) = above.and_then(|id| source.get_dictionary(id).ok()) else { break };
        for key in INHERITED {
            if let (false, Ok(value)) = (page.has(key), node.get(key)) {
                page.set(key, value.clone());
            }
        }
        above = node.get(b"Parent").and_then(Object::as_reference).ok();
    }
    Some(page)
}
