use std::env;

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};
use complet_model::Message;
use complet_rules::RuleSet;
use complet_scanner::{Cache, CacheInfo};

use crate::args::{CacheArgs, CacheCommand, Common};
use crate::exit::Exit;
use crate::output;

/// The folder, instead of that of the system for such things; empty for none.
const FOLDER: &str = "COMPLET_CACHE";
/// What entries are encrypted with.
pub(crate) const KEY: &str = "COMPLET_CACHE_KEY";
/// Bytes of the largest file that makes sense as a key.
const LONGEST_KEY: u64 = 64 * 1024;

/// `complet cache`: how large it is, or away with it.
pub(crate) fn run(command: &CacheCommand, common: &Common) -> anyhow::Result<Exit> {
    let (CacheCommand::Info { cache: args } | CacheCommand::Clear { cache: args }) = command;
    let rules = RuleSet::load(None)?;
    let say = |message: &Message| output::print(&(rules.catalog.message(message, common.lang()) + "\n"));
    let Some(cache) = open(args)? else {
        say(&Message::new("cache-none"))?;
        return Ok(Exit::Fine);
    };
    let (code, info) = match command {
        CacheCommand::Info { .. } => ("cache-info", cache.info()),
        CacheCommand::Clear { .. } => ("cache-cleared", cache.clear()?),
    };
    say(&told(code, &info))?;
    Ok(Exit::Fine)
}

fn told(code: &str, info: &CacheInfo) -> Message {
    let megabytes = |bytes: u64| format!("{:.1}", bytes as f64 / 1e6);
    Message::new(code)
        .text("folder", info.folder.display().to_string())
        .text("entries", info.entries.to_string())
        .text("megabytes", megabytes(info.bytes))
        .text("limit", megabytes(info.limit))
}

/// The cache that the command line and the environment ask for.
///
/// # Errors
/// When a folder or key that was asked for cannot be used.
pub(crate) fn open(args: &CacheArgs) -> anyhow::Result<Option<Cache>> {
    if args.no_cache {
        return Ok(None);
    }
    let Some(folder) = folder(args) else { return Ok(None) };
    let secret = secret(args.cache_key.as_deref())?;
    let limit = u64::from(args.cache_megabytes) * 1_000_000;
    Ok(Some(Cache::open(&folder, secret.as_deref(), limit)?))
}

fn folder(args: &CacheArgs) -> Option<Utf8PathBuf> {
    let set = |name: &str| env::var(name).ok().map(Utf8PathBuf::from);
    if let Some(folder) = args.cache_dir.clone().or_else(|| set(FOLDER)) {
        return (!folder.as_str().is_empty()).then_some(folder);
    }
    // As the XDG base directory specification has it: a relative path is none.
    let absolute = |name: &str| set(name).filter(|p| p.is_absolute());
    let usual = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
    usual.map(|p| p.join("complet"))
}

fn secret(file: Option<&Utf8Path>) -> anyhow::Result<Option<Vec<u8>>> {
    let Some(path) = file else {
        return Ok(env::var(KEY).ok().filter(|v| !v.is_empty()).map(|v| v.trim().as_bytes().to_vec()));
    };
    let read = || {
        use std::io::Read as _;
        let mut bytes = Vec::new();
        std::fs::File::open(path)?.take(LONGEST_KEY).read_to_end(&mut bytes)?;
        std::io::Result::Ok(bytes)
    };
    let bytes = read().with_context(|| format!("the cache key `{path}` cannot be read"))?;
    Ok(Some(bytes.trim_ascii().to_vec()))
}
