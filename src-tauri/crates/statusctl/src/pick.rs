//! Which account and which status is meant.

use domain::{AccountId, AccountView, Choosable, Code, Failure, HelpDeskName, known_word, short};

/// As much of a name as a sentence has room for.
const NAME: usize = 60;

/// Which of the accounts is meant: the named one, the only one, else the default one.
///
/// # Errors
/// There is no such account, or none at all.
pub(crate) fn account(
    known: &[(AccountId, bool)],
    wanted: Option<&str>,
) -> Result<AccountId, Failure> {
    let found = match wanted {
        Some(name) => known
            .iter()
            .find(|(AccountId(id), _)| id.eq_ignore_ascii_case(name)),
        None => known.iter().find(|(_, default)| *default).or(known.first()),
    };
    if let Some((id, _)) = found {
        return Ok(id.clone());
    }
    let names: Vec<&str> = known.iter().map(|(AccountId(id), _)| id.as_str()).collect();
    let message = match wanted {
        Some(name) if !names.is_empty() => format!(
            "There is no account \u{201c}{}\u{201d} here. The accounts are: {}.",
            short(name, NAME),
            names.join(", ")
        ),
        _ => "Nobody is signed in on this computer. Sign in with \u{201c}statusctl login zendesk\u{201d} or in \
              Statuslight\u{2019}s window."
            .to_owned(),
    };
    Err(Failure::new(Code::NoSuchAccount, message))
}

/// Which of the statuses is meant: by its exact id, else by its name in any case.
///
/// # Errors
/// None fits, or several do.
pub(crate) fn status<'a>(
    statuses: &'a [Choosable],
    wanted: &str,
) -> Result<&'a Choosable, Failure> {
    if let Some(found) = statuses.iter().find(|status| status.id.0 == wanted) {
        return Ok(found);
    }
    let plain = |name: &str| name.trim().to_lowercase();
    let named: Vec<&Choosable> = statuses
        .iter()
        .filter(|status| plain(&status.name) == plain(wanted))
        .collect();
    match named[..] {
        [found] => Ok(found),
        [] => Err(Failure::new(
            Code::NoSuchStatus,
            format!(
                "There is no status \u{201c}{}\u{201d}. Nothing was changed. \u{201c}statusctl list\u{201d} shows those to choose from.",
                short(wanted, NAME)
            ),
        )),
        _ => {
            let ids: Vec<&str> = named.iter().map(|status| status.id.0.as_str()).collect();
            Err(Failure::new(
                Code::AmbiguousStatus,
                format!(
                    "Several statuses are named \u{201c}{}\u{201d}. Nothing was changed. Choose one by its id: {}.",
                    short(wanted, NAME),
                    ids.join(", ")
                ),
            ))
        }
    }
}

/// The same for an account, whose help desk may know words that are no names of statuses.
///
/// # Errors
/// As [`status`].
pub(crate) fn status_of<'a>(
    account: &'a AccountView,
    wanted: &str,
) -> Result<&'a Choosable, Failure> {
    let found = status(&account.statuses, wanted);
    let is_unknown = matches!(&found, Err(failure) if failure.code == Code::NoSuchStatus);
    if is_unknown
        && account.helpdesk == HelpDeskName::Libredesk
        && let Some(known) = known_word(wanted)?
    {
        return status(&account.statuses, known.word());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn accounts(names: &[(&str, bool)]) -> Vec<(AccountId, bool)> {
        names
            .iter()
            .map(|(name, default)| (AccountId((*name).to_owned()), *default))
            .collect()
    }

    #[test]
    fn without_a_name_the_default_account_is_meant() {
        let two = accounts(&[("acme", false), ("beta", true)]);
        assert_eq!(account(&two, None).unwrap().0, "beta");
        assert_eq!(account(&two, Some("ACME")).unwrap().0, "acme");
        assert_eq!(account(&two[..1], None).unwrap().0, "acme");
    }

    #[test]
    fn an_unknown_account_is_answered_with_those_that_are_there() {
        let two = accounts(&[("acme", false), ("beta", true)]);
        let failure = account(&two, Some("gamma")).unwrap_err();
        assert_eq!(failure.code, Code::NoSuchAccount);
        assert_eq!(
            failure.message,
            "There is no account \u{201c}gamma\u{201d} here. The accounts are: acme, beta."
        );
        let failure = account(&[], Some("gamma")).unwrap_err();
        assert!(
            failure.message.contains("statusctl login"),
            "{}",
            failure.message
        );
    }

    #[test]
    fn a_status_is_found_by_its_id_before_any_name() {
        let statuses = [sample::choosable("4", "Away"), sample::choosable("9", "4")];
        assert_eq!(status(&statuses, "4").unwrap().id.0, "4");
        assert_eq!(status(&statuses, "9").unwrap().id.0, "9");
    }

    #[test]
    fn a_status_is_found_by_its_name_in_any_case() {
        let statuses = [
            sample::choosable("201", " Lunch "),
            sample::choosable("202", "\u{c9}t\u{e9}"),
        ];
        assert_eq!(status(&statuses, "lUNCH").unwrap().id.0, "201");
        assert_eq!(status(&statuses, "\u{e9}T\u{c9}").unwrap().id.0, "202");
    }

    #[test]
    fn a_part_of_a_name_is_not_enough() {
        let statuses = [sample::choosable("201", "Lunch break")];
        let failure = status(&statuses, "Lunch").unwrap_err();
        assert_eq!(failure.code, Code::NoSuchStatus);
    }

    #[test]
    fn several_statuses_of_one_name_are_told_apart_by_their_ids() {
        let statuses = [
            sample::choosable("201", "Lunch"),
            sample::choosable("3", "Online"),
            sample::choosable("305", "lunch"),
        ];
        let failure = status(&statuses, "Lunch").unwrap_err();
        assert_eq!(failure.code, Code::AmbiguousStatus);
        assert_eq!(
            failure.message,
            "Several statuses are named \u{201c}Lunch\u{201d}. Nothing was changed. Choose one by its id: 201, 305."
        );
    }

    #[test]
    fn what_was_typed_cannot_disturb_the_terminal() {
        let failure = status(&[], "\u{1b}[2J\u{202e}x").unwrap_err();
        assert!(
            failure.message.contains("\u{201c}[2Jx\u{201d}"),
            "{}",
            failure.message
        );
    }
}
