use std::fmt;

/// What a file is, told by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Pdf,
    Jpeg,
    Png,
    WebP,
    Gif,
    Bmp,
    Tiff,
    Heic,
    /// A kind that is not read; the code of the message that says so.
    Other(&'static str),
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pdf => "PDF",
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::Heic => "HEIC",
            Self::Other(code) => code,
        })
    }
}

/// How far into a file the header of a PDF may stand.
const PDF_HEADER_WITHIN: usize = 1024;

/// Tells the kind of a file from its content; its name is not asked.
pub(crate) fn sniff(bytes: &[u8]) -> Kind {
    let head = bytes.get(..PDF_HEADER_WITHIN.min(bytes.len())).unwrap_or_default();
    match head {
        [0xff, 0xd8, 0xff, ..] => return Kind::Jpeg,
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => return Kind::Png,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => return Kind::WebP,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => return Kind::Gif,
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => return Kind::Tiff,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => return sniff_container(head),
        // A bitmap's header says its own size, between the old 12 and the latest 124 bytes.
        [b'B', b'M', _, _, _, _, _, _, _, _, _, _, _, _, 12..=124, 0, 0, 0, ..] => return Kind::Bmp,
        _ => {}
    }
    if find(head, b"%PDF-").is_some() {
        return Kind::Pdf;
    }
    Kind::Other(match head {
        [b'P', b'K', 3, 4, ..] => sniff_zip(bytes),
        [b'P', b'K', 5 | 7, ..]
        | [b'R', b'a', b'r', b'!', ..]
        | [b'7', b'z', 0xbc, 0xaf, ..]
        | [0x1f, 0x8b, ..] => "unsupported-archive",
        [0xd0, 0xcf, 0x11, 0xe0, ..] | [b'{', b'\\', b'r', b't', b'f', ..] => "unsupported-office",
        [b'8', b'B', b'P', b'S', ..] => "unsupported-picture",
        _ => sniff_text(head),
    })
}

/// HEIC, AVIF and films share one container.
fn sniff_container(head: &[u8]) -> Kind {
    let size = head.first_chunk::<4>().map_or(0, |s| u32::from_be_bytes(*s) as usize).clamp(12, 256);
    let brands = head.get(8..size.min(head.len())).unwrap_or_default();
    let has = |wanted: &[&[u8]]| brands.chunks_exact(4).any(|b| wanted.contains(&b));
    if has(&[b"avif", b"avis"]) {
        Kind::Other("unsupported-avif")
    } else if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        Kind::Heic
    } else {
        Kind::Other("unsupported-film")
    }
}

fn sniff_zip(bytes: &[u8]) -> &'static str {
    let head = bytes.get(..bytes.len().min(64 * 1024)).unwrap_or_default();
    let office: [&[u8]; 6] = [
        b"word/",
        b"xl/",
        b"ppt/",
        b"[Content_Types].xml",
        b"application/vnd.oasis.opendocument",
        b"Index/Document.iwa",
    ];
    if office.iter().any(|name| find(head, name).is_some()) {
        "unsupported-office"
    } else {
        "unsupported-archive"
    }
}

fn sniff_text(head: &[u8]) -> &'static str {
    let text = String::from_utf8_lossy(head).to_lowercase();
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with("<!doctype html") || start.starts_with("<html") || start.contains("<head") {
        return "unsupported-html";
    }
    if start.starts_with("<svg") || (start.starts_with("<?xml") && start.contains("<svg")) {
        return "unsupported-picture";
    }
    let is_mail = |l: &str| {
        ["received: ", "return-path: ", "mime-version: ", "message-id: "].iter().any(|h| l.starts_with(h))
    };
    if start.lines().take(20).any(is_mail) {
        return "unsupported-mail";
    }
    let binary = head.iter().filter(|b| matches!(b, 0..=8 | 14..=26 | 28..=31)).count();
    let utf16 = matches!(head, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    if utf16 || binary * 50 <= head.len() { "unsupported-text" } else { "unsupported-other" }
}

pub(crate) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|w| w == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_content() {
        let cases: &[(&[u8], Kind)] = &[
            (b"\xff\xd8\xff\xe0 and so on", Kind::Jpeg),
            (b"\n\nsome mail header\n%PDF-1.4", Kind::Pdf),
            (b"II*\0....", Kind::Tiff),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Kind::Heic),
            (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", Kind::Other("unsupported-avif")),
            (b"\0\0\0\x18ftypisom\0\0\0\0isommp41", Kind::Other("unsupported-film")),
            (b"PK\x03\x04........word/document.xml", Kind::Other("unsupported-office")),
            (b"PK\x03\x04........photo.jpg", Kind::Other("unsupported-archive")),
            (b"<!DOCTYPE html><html>", Kind::Other("unsupported-html")),
            (b"Bonjour,\nvoici mes quittances", Kind::Other("unsupported-text")),
            (b"BM is how this letter begins", Kind::Other("unsupported-text")),
            (b"\x00\x01\x02\x03\x04\x05\x06", Kind::Other("unsupported-other")),
        ];
        for (bytes, kind) in cases {
            assert_eq!(sniff(bytes), *kind, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
