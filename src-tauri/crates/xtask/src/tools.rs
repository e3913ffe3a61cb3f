//! Tools that a person installs: Node and the parts of the Rust toolchain.

use std::path::Path;

use crate::Result;
use crate::process::{output_of, program};

/// The oldest Node that the UI's tools run on.
const NODE: (u32, u32) = (20, 19);

/// Checks that Node is there and new enough.
///
/// # Errors
///
/// If it is missing or too old; with what to do.
pub(crate) fn check_node(root: &Path) -> Result<()> {
    let (major, minor) = NODE;
    let advice = format!(
        "install Node {major}.{minor} or newer: from its site, with a version manager (`nvm install 22`), or from \
         your system if it is new enough"
    );
    let said = output_of(program("node", root).arg("--version"))
        .map_err(|fault| format!("the UI needs Node: {fault}\n{advice}"))?;
    match version(&said) {
        Some(found) if found >= NODE => Ok(()),
        _ => Err(format!(
            "Node {} is too old for the UI's tools\n{advice}",
            said.trim()
        )
        .into()),
    }
}

/// Checks that cargo can format and lint.
///
/// # Errors
///
/// If a component is missing; with the command that adds it.
pub(crate) fn check_rust(root: &Path) -> Result<()> {
    let missing: Vec<&str> = [("fmt", "rustfmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(verb, _)| output_of(program("cargo", root).args([verb, "--version"])).is_err())
        .map(|(_, component)| component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "the Rust toolchain lacks {0}; run: rustup component add {0}",
        missing.join(" ")
    )
    .into())
}

fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.trim().trim_start_matches('v').split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers_and_not_as_text() {
        assert!(version("v20.9.0\n").unwrap() < NODE);
        assert!(version("v20.19.0\n").unwrap() >= NODE);
        assert!(version("v9.99.1").unwrap() < NODE);
        assert!(version("v22.0.0").unwrap() >= NODE);
    }

    #[test]
    fn a_node_that_says_something_else_is_not_new_enough() {
        assert_eq!(version("command not found"), None);
    }
}
