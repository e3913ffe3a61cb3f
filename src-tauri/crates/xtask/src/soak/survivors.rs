//! The list of mutants that survive, each with the reason why no test could catch it.

use std::fmt;

use super::blocks;
use crate::Result;

/// A mutant and where it was made; `why` is known only on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Survivor {
    /// Below the folder of the session.
    pub(super) file: String,
    /// In the words of `cargo mutants`.
    pub(super) mutation: String,
    /// The line that it is made in: line numbers change with everything above them.
    pub(super) stands: String,
    pub(super) why: String,
}

impl Survivor {
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.file, &self.mutation, &self.stands) == (&other.file, &other.mutation, &other.stands)
    }
}

impl fmt::Display for Survivor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n| {}", self.file, self.mutation, self.stands)
    }
}

/// Reads the list: blocks between empty lines, as its head explains.
///
/// # Errors
/// If a block is not as it should be.
pub(super) fn read(list: &str) -> Result<Vec<Survivor>> {
    blocks(list, read_block)
}

fn read_block(block: &[&str]) -> Result<Survivor> {
    let read = || {
        let [head, stands, why @ ..] = block else {
            return None;
        };
        let (file, mutation) = head.split_once(": ")?;
        let survivor = Survivor {
            file: file.to_owned(),
            mutation: mutation.to_owned(),
            stands: stands.strip_prefix("| ")?.to_owned(),
            why: why.join(" "),
        };
        Some(survivor).filter(|survivor| !survivor.why.is_empty())
    };
    read().ok_or_else(|| format!("not a survivor: {}", block.join(" / ")).into())
}

/// Takes "path/hold.rs:75:9: replace …" apart: file name, line, mutation.
pub(super) fn named(line: &str) -> Option<(&str, usize, &str)> {
    let (place, mutation) = line.split_once(": ")?;
    let mut parts = place.rsplitn(3, ':');
    let (_column, number, path) = (parts.next()?, parts.next()?, parts.next()?);
    let file = path.rsplit('/').next()?;
    Some((file, number.parse().ok()?, mutation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutant_is_read_as_the_tool_names_it() {
        let line = "src-tauri/crates/domain/src/session/hold.rs:75:9: replace Session::x -> bool with true";
        assert_eq!(
            named(line),
            Some(("hold.rs", 75, "replace Session::x -> bool with true"))
        );
        assert_eq!(named("nonsense"), None);
    }

    #[test]
    fn a_survivor_without_a_reason_is_none() {
        let list =
            "# Head.\n\nhold.rs: replace < with <= in Session::x\n| a < b\nThe same\ninstant.\n";
        let read_list = read(list).unwrap();
        assert_eq!(read_list[0].why, "The same instant.");
        assert_eq!(read_list[0].stands, "a < b");
        for list in [
            "hold.rs: replace\n| a < b",
            "hold.rs: replace\na < b\nwhy",
            "x",
        ] {
            assert!(read(list).is_err(), "{list}");
        }
    }
}
