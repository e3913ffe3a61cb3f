//! The list of broken variants: one-line changes of the session, each against a rule.

use std::fs;
use std::path::Path;

use super::blocks;
use crate::Result;

/// A change of the session that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variant {
    pub(super) rule: u8,
    pub(super) what: String,
    /// Below the folder of the session.
    pub(super) file: String,
    /// A story that caught it when it was last looked for among all.
    pub(super) seed: Option<u64>,
    from: String,
    to: String,
}

/// Reads the list: blocks between empty lines, as its head explains.
///
/// # Errors
/// If a block is not as it should be.
pub(super) fn read(list: &str) -> Result<Vec<Variant>> {
    blocks(list, read_block)
}

fn read_block(block: &[&str]) -> Result<Variant> {
    let fault = || format!("not a variant: {}", block.join(" / "));
    let [head, file, change @ ..] = block else {
        return Err(fault().into());
    };
    let (rule, what) = head
        .strip_prefix("rule ")
        .and_then(|head| head.split_once(": "))
        .ok_or_else(fault)?;
    let lines = |sign: &str| {
        let lines = change.iter().filter_map(|line| line.strip_prefix(sign));
        lines.collect::<Vec<_>>().join("\n")
    };
    let (from, to) = (lines("- "), lines("+ "));
    if from.is_empty() || to.is_empty() {
        return Err(fault().into());
    }
    Ok(Variant {
        rule: rule.parse().map_err(|_| fault())?,
        what: what.to_owned(),
        file: (*file).to_owned(),
        seed: Some(lines("@ "))
            .filter(|seed| !seed.is_empty())
            .map(|seed| seed.parse())
            .transpose()
            .map_err(|_| fault())?,
        from,
        to,
    })
}

/// Checks that every variant can be made in the session below `folder`.
///
/// # Errors
/// If some cannot; names all of them.
pub(super) fn check(variants: &[Variant], folder: &Path) -> Result<()> {
    let faults: Vec<String> = variants
        .iter()
        .filter_map(|variant| {
            let text = fs::read_to_string(folder.join(&variant.file));
            let made = text
                .map_err(Into::into)
                .and_then(|text| variant.made_in(&text));
            made.err().map(|fault| fault.to_string())
        })
        .collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(faults.join("\n").into())
}

impl Variant {
    /// The file with the change made.
    ///
    /// # Errors
    /// If what is to be changed does not stand there exactly once.
    pub(super) fn made_in(&self, text: &str) -> Result<String> {
        match text.matches(&self.from).count() {
            1 => Ok(text.replacen(&self.from, &self.to, 1)),
            count => Err(format!(
                "rule {}: {}: it stands {count} times in {}: {}",
                self.rule, self.what, self.file, self.from
            )
            .into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# A list.\n\nrule 3: too late\nchoice.rs\n@ 7\n- 30\n+ 60\n\nrule 7: never\ntimed.rs\n- a {\n- b\n+ c {\n+ b\n";

    #[test]
    fn every_variant_fits_the_session_as_it_is() {
        let crates = crate::workspace::root().join("src-tauri/crates");
        let list = fs::read_to_string(crates.join("truth/broken.txt")).unwrap();
        let session = crate::workspace::root().join(super::super::SESSION);
        check(&read(&list).unwrap(), &session).unwrap();
    }

    #[test]
    fn a_list_is_read_block_by_block() {
        let variants = read(LIST).unwrap();
        assert_eq!(variants.len(), 2);
        assert_eq!(
            (variants[0].rule, variants[0].what.as_str()),
            (3, "too late")
        );
        assert_eq!(variants[1].from, "a {\nb");
        assert_eq!((variants[0].seed, variants[1].seed), (Some(7), None));
    }

    #[test]
    fn a_change_is_made_where_it_fits_once_and_nowhere_else() {
        let variant = &read(LIST).unwrap()[0];
        assert_eq!(variant.made_in("wait(30)").unwrap(), "wait(60)");
        for text in ["wait(3)", "wait(30); wait(30)"] {
            let fault = variant.made_in(text).unwrap_err().to_string();
            assert!(fault.contains("choice.rs"), "{fault}");
        }
    }

    #[test]
    fn a_block_that_lacks_something_is_named() {
        for list in [
            "rule 3: x\nchoice.rs\n- 30",
            "rule x: y\nf\n- a\n+ b",
            "rule 3: y\nf\n@ some\n- a\n+ b",
            "nonsense",
        ] {
            assert!(read(list).is_err(), "{list}");
        }
    }
}
