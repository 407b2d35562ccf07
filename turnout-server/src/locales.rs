//! The folder of an operator's own sentences: `TURNOUT_LOCALES_DIR`. A file `pt-BR.ftl` is a language, or a part of one;
//! `pt-BR.tsv` beside it has its stamps.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use turnout_core::{language::Language, wording::OwnWording};

/// A language of the folder.
pub struct OwnLocale {
    /// The language.
    pub language: Language,
    /// Its sentences, Fluent.
    pub source: String,
    /// Of which English sentences they are the translations, if somebody noted it.
    pub stamps: Option<String>,
    /// The file.
    pub path: PathBuf,
}

/// All languages of the folder, by name; none without a folder.
///
/// # Errors
/// When the folder or a file in it cannot be read, or the name of a file is no language.
pub fn read(folder: Option<&Path>) -> anyhow::Result<Vec<OwnLocale>> {
    let Some(folder) = folder else { return Ok(Vec::new()) };
    let unread = |path: &Path| format!("{} cannot be read", path.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| unread(folder))? {
        let path = entry.with_context(|| unread(folder))?.path();
        if path.extension().is_none_or(|end| end != "ftl") {
            continue;
        }
        let tag = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(language) = Language::parse(tag) else {
            bail!("{}: name it after its language, such as pt-BR.ftl", path.display());
        };
        let source = std::fs::read_to_string(&path).with_context(|| unread(&path))?;
        let stamps = path.with_extension("tsv");
        let stamps = match stamps.exists() {
            true => Some(std::fs::read_to_string(&stamps).with_context(|| unread(&stamps))?),
            false => None,
        };
        found.push(OwnLocale { language, source, stamps, path });
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// Our own voice, with the languages of the folder.
///
/// # Errors
/// When the folder cannot be read, or a file in it is no Fluent.
pub fn wording(folder: Option<&Path>) -> anyhow::Result<OwnWording> {
    let mut wording = OwnWording::new();
    for locale in read(folder)? {
        wording = wording
            .with_language(&locale.language, &locale.source)
            .with_context(|| format!("{} cannot be used", locale.path.display()))?;
    }
    Ok(wording)
}
