//! Values that must not be shown, and the key that a machine of a developer makes for itself.

use std::{
    fmt,
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use turnout_core::ports::ids::IdSource as _;

use crate::system::RandomIds;

/// A value that must not be shown. No `Display`; `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the value.
    #[must_use]
    pub fn new(value: String) -> Self {
        Self(value)
    }

    /// The value, for the one who needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("********")
    }
}

/// Where the key that signs comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SigningKey {
    /// `SECRET_KEY`.
    Given(Secret),
    /// A file, made when it is first needed.
    Kept(PathBuf),
}

impl SigningKey {
    /// The key; makes and keeps one if need be. `fresh` is 32 random bytes. Reads and writes a file.
    ///
    /// # Errors
    /// When the file cannot be read or written, or is too short to be a key.
    pub fn obtain(&self, fresh: [u8; 32]) -> io::Result<Secret> {
        match self {
            Self::Given(secret) => Ok(secret.clone()),
            Self::Kept(path) => kept(path, fresh),
        }
    }
}

/// The key in the file, which only its owner may read. Of two processes that make one at once, both get the same.
fn kept(path: &Path, fresh: [u8; 32]) -> io::Result<Secret> {
    match read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        found => return found,
    }
    if let Some(folder) = path.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // written aside and linked, so that nobody ever reads half a key
    let text = hex::encode(fresh);
    let aside = path.with_extension(format!("{}.part", RandomIds.uuid()));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    let linked = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::hard_link(&aside, path));
    std::fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => read(path),
    }
}

fn read(path: &Path) -> io::Result<Secret> {
    let text = std::fs::read_to_string(path)?;
    let key = text.trim();
    if key.len() < 32 {
        let what = "is too short to be a key; delete it to have a new one made, which voids all links";
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{} {what}", path.display())));
    }
    Ok(Secret::new(key.to_owned()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_is_made_once_kept_and_readable_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("var/secret.key");
        let first = SigningKey::Kept(path.clone()).obtain([7; 32]).unwrap();
        let second = SigningKey::Kept(path.clone()).obtain([8; 32]).unwrap();
        assert_eq!(first.reveal(), "07".repeat(32));
        assert!(first == second);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn of_many_that_make_a_key_at_once_all_get_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let keys: Vec<Secret> = std::thread::scope(|scope| {
            let path = &path;
            let makers: Vec<_> = (0..8)
                .map(|number| {
                    scope.spawn(move || SigningKey::Kept(path.clone()).obtain([number; 32]).unwrap())
                })
                .collect();
            makers.into_iter().map(|maker| maker.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
    }

    #[test]
    fn a_file_that_is_no_key_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        std::fs::write(&path, "short").unwrap();
        assert!(SigningKey::Kept(path).obtain([7; 32]).is_err());
    }

    #[test]
    fn printing_a_secret_shows_nothing_of_it() {
        assert_eq!(format!("{:?}", SigningKey::Given(Secret::new("hush".into()))), "Given(********)");
    }
}
