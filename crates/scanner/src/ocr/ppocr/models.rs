//! Where the models of the second engine are found, and what they must be.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use camino::Utf8Path;
use rten::{Model, ModelOptions};

use super::alphabet::Alphabet;
use super::labels::Labels;
use super::recogniser::Recogniser;

/// Names of the files with the BLAKE3 hashes they must have. Their SHA-256, which the set-up command
/// checks, stands in `models.sha256`; their origin in `docs/models.md`.
pub(super) const FILES: [(&str, &str); 3] = [
    ("PP-OCRv6_det_small.rten", "ff438db0b4cc3b83f51340235d731835a0bd5cfb5fe248ef51ef972b6b3ed48c"),
    ("PP-OCRv6_rec_small.rten", "1b969e1c143e211b0b2c8ce16ce214b77d0fdd483159312972a5252e400647ab"),
    ("ppocrv6_dict.txt", "7007f003ae541b5f4f8b018bbf2e449b21081036c839fd977c8be8dd5c43825c"),
];

/// The command that fetches the models.
pub(crate) const COMMAND: &str = "./dev models";

/// Both networks, and the labels that the second may see.
pub(super) struct Models {
    pub(super) detector: Model,
    pub(super) recogniser: Recogniser,
    pub(super) labels: Labels,
}

/// The folder that holds the models: the one given, that of the environment, or the first of the usual
/// ones that has them. `None` when none does.
pub(crate) fn folder(given: Option<&Utf8Path>) -> Option<PathBuf> {
    let has_all = |folder: &PathBuf| FILES.iter().all(|(name, _)| folder.join(name).is_file());
    folders(given).into_iter().find(has_all)
}

/// The files of a folder with models.
pub(crate) fn files(folder: &Path) -> [PathBuf; 3] {
    FILES.map(|(name, _)| folder.join(name))
}

/// Where the models are looked for. A folder that was named is the only one.
fn folders(given: Option<&Utf8Path>) -> Vec<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    if let Some(folder) = given.map(|f| f.as_std_path().to_owned()).or_else(|| set("COMPLET_MODELS")) {
        return vec![folder];
    }
    let data = set("XDG_DATA_HOME").or_else(|| Some(set("HOME")?.join(".local/share")));
    let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("models")));
    data.map(|d| d.join("complet/models"))
        .into_iter()
        .chain(["/usr/local/share/complet/models", "/usr/share/complet/models"].map(PathBuf::from))
        .chain(beside)
        .collect()
}

/// The models of a folder. They are loaded once and shared by all workers that use them at a time.
///
/// # Errors
/// When a file cannot be read, is not the one expected, or is no model.
pub(super) fn load(folder: &Path) -> Result<Arc<Models>, String> {
    static LOADED: Mutex<Option<(PathBuf, Arc<Models>)>> = Mutex::new(None);
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((from, models)) = &*loaded
        && from == folder
    {
        return Ok(Arc::clone(models));
    }
    let [detector, recogniser, characters] = FILES.map(|(name, hash)| checked(&folder.join(name), hash));
    let characters = String::from_utf8(characters?).map_err(|e| e.to_string())?;
    let alphabet = Alphabet::new(&characters);
    let models = Arc::new(Models {
        labels: Labels::new(&alphabet),
        detector: model(detector?)?,
        recogniser: Recogniser::new(model(recogniser?)?, alphabet)?,
    });
    *loaded = Some((folder.to_owned(), Arc::clone(&models)));
    Ok(models)
}

/// Reads a file and compares its hash: a model is code of a kind, and another version reads otherwise.
fn checked(path: &Path, hash: &str) -> Result<Vec<u8>, String> {
    let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    if blake3::hash(&bytes).to_hex().as_str() != hash {
        return Err(format!("{} is not the file expected; fetch it again: {COMMAND}", path.display()));
    }
    Ok(bytes)
}

fn model(bytes: Vec<u8>) -> Result<Model, String> {
    ModelOptions::with_all_ops().load(bytes).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_folder_without_the_models_is_passed_over() {
        let folder_without = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder_without.path()).unwrap();
        assert_eq!(folder(Some(path)), None);
        for (name, _) in FILES {
            std::fs::write(folder_without.path().join(name), "not a model").unwrap();
        }
        assert_eq!(folder(Some(path)), Some(folder_without.path().to_owned()));
        let error = load(folder_without.path()).map(|_| ()).unwrap_err();
        assert!(error.contains("not the file expected") && error.contains(COMMAND), "{error}");
    }
}
