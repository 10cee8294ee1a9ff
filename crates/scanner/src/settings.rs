use std::path::PathBuf;

use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};

/// How files are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Languages of the OCR engine, by Tesseract's names joined with `+`.
    pub languages: String,
    /// Folder of Tesseract's `*.traineddata`; looked for in the usual places when `None`.
    pub tessdata: Option<Utf8PathBuf>,
    /// What is refused.
    pub limits: Limits,
    /// Pages read at the same time; one a processor core when `None`.
    pub jobs: Option<usize>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { languages: "fra".to_owned(), tessdata: None, limits: Limits::default(), jobs: None }
    }
}

/// What is refused, so that no file can take all the memory or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Files of one dossier, folders and hidden files included.
    pub files: usize,
    /// Bytes of one file.
    pub bytes_per_file: u64,
    /// Pages of one file.
    pub pages_per_file: usize,
    /// Pixels of one picture, as its header declares them.
    pub pixels_per_page: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { files: 5_000, bytes_per_file: 200_000_000, pages_per_file: 500, pixels_per_page: 100_000_000 }
    }
}

/// Asks for one page of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// The file.
    #[serde(with = "os_path")]
    pub path: PathBuf,
    /// Number of the page, from 1.
    pub page: u32,
    /// How it is read.
    pub settings: Settings,
}

/// Paths as text or, when they are none, as bytes: a path need not be Unicode.
mod os_path {
    use std::path::{Path, PathBuf};

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Form {
        Text(String),
        Bytes(Vec<u8>),
    }

    pub(super) fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        let form = match path.to_str() {
            Some(text) => Form::Text(text.to_owned()),
            None => Form::Bytes(path.as_os_str().as_encoded_bytes().to_vec()),
        };
        form.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
        Ok(match Form::deserialize(deserializer)? {
            Form::Text(text) => PathBuf::from(text),
            Form::Bytes(bytes) => from_bytes(bytes),
        })
    }

    #[cfg(unix)]
    fn from_bytes(bytes: Vec<u8>) -> PathBuf {
        use std::os::unix::ffi::OsStringExt as _;
        std::ffi::OsString::from_vec(bytes).into()
    }

    #[cfg(not(unix))]
    fn from_bytes(bytes: Vec<u8>) -> PathBuf {
        String::from_utf8_lossy(&bytes).into_owned().into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_request_survives_the_way_to_another_process() {
        use std::os::unix::ffi::OsStringExt as _;
        for path in [b"plain.pdf".to_vec(), b"quittance d\xe9cembre.pdf".to_vec()] {
            let request = PageRequest {
                path: std::ffi::OsString::from_vec(path).into(),
                page: 3,
                settings: Settings::default(),
            };
            let text = serde_json::to_string(&request).unwrap();
            assert_eq!(serde_json::from_str::<PageRequest>(&text).unwrap(), request);
        }
    }
}
