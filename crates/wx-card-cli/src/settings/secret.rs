//! Where the app secret comes from. It is never on the command line.

use std::env;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use wx_card::core::Secret;

use crate::failure::Failure;

/// Far beyond any bundle of certificates and any secret.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// The setting that names the file of a profile's secret.
const PRIVATE_FILE: &str = "app_secret_file";

pub(super) const SECRET_VARIABLE: &str = "WX_APP_SECRET";

/// A place that holds a secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum SecretPlace {
    /// A variable of the environment.
    Variable(String),
    /// A file that was named on the command line.
    File(PathBuf),
    /// A file that the settings name: only its owner may read it.
    PrivateFile(PathBuf),
}

impl SecretPlace {
    /// Where it is, for people.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Variable(name) => format!("the variable {name}"),
            Self::File(path) | Self::PrivateFile(path) => path.display().to_string(),
        }
    }

    pub(super) fn read(&self) -> Result<Secret, Failure> {
        let secret = match self {
            Self::Variable(name) => from_environment(name),
            Self::File(path) => first_line(read("--app-secret-file", path)?),
            Self::PrivateFile(path) => {
                check_private(path)?;
                first_line(read(PRIVATE_FILE, path)?)
            }
        };
        let origin = match self {
            Self::Variable(name) if name == SECRET_VARIABLE => {
                format!("give --app-secret-file FILE or set {SECRET_VARIABLE}, which is")
            }
            place => format!("{} is", place.shown()),
        };
        match secret {
            Some(secret) if !secret.is_empty() => Ok(secret),
            Some(_) => Err(Failure::usage(format!("there is no app secret: {origin} empty"))),
            None => Err(Failure::usage(format!(
                "there is no app secret: {origin} not one line of text"
            ))),
        }
    }
}

/// Refuses a file that others than its owner may read or write.
#[cfg(unix)]
fn check_private(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt as _;

    let shown = path.display();
    let metadata = std::fs::metadata(path).map_err(|error| {
        Failure::usage(format!(
            "{PRIVATE_FILE}: {shown}: {error}; it holds the app secret on one line, and only you may read it (chmod 600)"
        ))
    })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "{shown}: others may read the app secret (mode {mode:03o}): run `chmod 600 {shown}`, and see who could read it"
    )))
}

#[cfg(not(unix))]
fn check_private(_path: &Path) -> Result<(), Failure> {
    Ok(())
}

/// The secret in the environment; an empty one if there is none.
fn from_environment(name: &str) -> Option<Secret> {
    match env::var(name) {
        Ok(secret) => Some(secret.into()),
        Err(env::VarError::NotPresent) => Some(Secret::from("")),
        Err(env::VarError::NotUnicode(_)) => None,
    }
}

/// The only line of `bytes`.
fn first_line(bytes: Vec<u8>) -> Option<Secret> {
    let mut text = String::from_utf8(bytes).ok()?;
    text.truncate(text.trim_end_matches(['\n', '\r']).len());
    (!text.contains('\n')).then(|| Secret::from(text))
}

/// What is in the file that `setting` names.
pub(super) fn read(setting: &str, path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes))
        .map_err(|error| Failure::usage(format!("{setting}: {}: {error}", path.display())))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_one_line() {
        let secret = |text: &str| first_line(text.as_bytes().to_vec());
        for text in ["abc", "abc\n", "abc\r\n"] {
            assert_eq!(secret(text), Some(Secret::from("abc")));
        }
        assert_eq!(secret("abc\ndef\n"), None);
        assert_eq!(first_line(vec![0xff]), None);
    }
}
