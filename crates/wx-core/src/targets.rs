//! Where calls with one token go: an address is written and checked once for each path, and then copied.

use std::fmt;
use std::sync::OnceLock;

use http::Uri;

/// Most addresses that are kept for one token. A till calls three operations; a platform with ten thousand accounts
/// pays a token's length for each address.
const MOST: usize = 8;

/// The addresses so far, one after the other. Looking for one takes no lock.
#[derive(Default)]
pub(crate) struct Targets(OnceLock<Box<Target>>);

struct Target {
    path: &'static str,
    uri: Uri,
    next: Targets,
}

impl Targets {
    /// The address of `path`, which `write` gives the first time.
    pub(crate) fn get_or_try_write<E>(
        &self,
        path: &'static str,
        write: impl FnOnce() -> Result<Uri, E>,
    ) -> Result<Uri, E> {
        let mut here = self;
        for _ in 0..MOST {
            match here.0.get() {
                Some(target) if target.path == path => return Ok(target.uri.clone()),
                Some(target) => here = &target.next,
                None => {
                    let uri = write()?;
                    let next = Self::default();
                    // Somebody else may have been faster; it is kept the next time then.
                    drop(here.0.set(Box::new(Target {
                        path,
                        uri: uri.clone(),
                        next,
                    })));
                    return Ok(uri);
                }
            }
        }
        write()
    }
}

impl fmt::Debug for Targets {
    // An address has the token in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Targets(..)")
    }
}

impl Clone for Targets {
    /// None yet: the copy is of another token, or soon will be.
    fn clone(&self) -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_written_once() {
        let targets = Targets::default();
        let mut written = Vec::new();
        for path in ["/a", "/b", "/a", "/c", "/b", "/c", "/a"] {
            let uri = targets.get_or_try_write(path, || {
                written.push(path);
                Uri::try_from(path)
            });
            assert_eq!(uri.unwrap(), path);
        }
        assert_eq!(written, ["/a", "/b", "/c"]);
    }

    #[test]
    fn what_cannot_be_written_is_tried_again() {
        let targets = Targets::default();
        assert_eq!(targets.get_or_try_write("/a", || Err(())), Err(()));
        assert_eq!(
            targets.get_or_try_write("/a", || Ok::<_, ()>(Uri::from_static("/a"))),
            Ok(Uri::from_static("/a"))
        );
    }

    #[test]
    fn more_than_are_kept_are_written_each_time() {
        let targets = Targets::default();
        let paths: Vec<&'static str> = (0..MOST + 1).map(|number| &*format!("/{number}").leak()).collect();
        for round in 0..2 {
            let mut written = 0;
            for path in &paths {
                let uri = targets.get_or_try_write(path, || {
                    written += 1;
                    Uri::try_from(*path)
                });
                assert_eq!(uri.unwrap(), *path);
            }
            assert_eq!(written, if round == 0 { MOST + 1 } else { 1 });
        }
    }

    #[test]
    fn it_shows_nothing() {
        let targets = Targets::default();
        drop(targets.get_or_try_write("/a", || Uri::try_from("/a?access_token=hidden")));
        assert_eq!(format!("{targets:?}"), "Targets(..)");
    }
}
