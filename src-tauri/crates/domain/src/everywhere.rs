//! One choice for all accounts: a kind, and in each account the status that stands for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{AccountView, Choosable, Code, Failure, NamedStatus, StatusId, StatusKind};

/// The kinds in the order in which they are offered.
pub const KINDS: [StatusKind; 4] = [
    StatusKind::Online,
    StatusKind::Away,
    StatusKind::TransfersOnly,
    StatusKind::Offline,
];

/// The statuses that the agent wants in one account, by kind; a kind without one has the help desk's own.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Mapping(pub BTreeMap<StatusKind, StatusId>);

/// What a kind means in one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Everywhere {
    /// The kind.
    pub kind: StatusKind,
    /// The status that stands for it; nothing where none can be chosen.
    pub status: Option<NamedStatus>,
    /// Whether the agent said so.
    pub mapped: bool,
}

impl Mapping {
    /// What each kind means among these statuses: what the agent said, else the help desk's own status of that
    /// kind, else the first of the account's.
    ///
    /// What was mapped and cannot be chosen now is not replaced: the agent would get a status that nobody named.
    pub fn of(&self, statuses: &[Choosable]) -> Vec<Everywhere> {
        let of = |kind| {
            let can = |status: &&Choosable| status.eligible != Some(false);
            let mapped = self.0.get(&kind);
            let status = match mapped {
                Some(id) => statuses.iter().filter(can).find(|status| status.id == *id),
                None => statuses
                    .iter()
                    .filter(can)
                    .filter(|status| status.kind == kind)
                    .min_by_key(|status| status.custom),
            };
            Everywhere {
                kind,
                status: status.map(Choosable::named),
                mapped: mapped.is_some(),
            }
        };
        KINDS.map(of).into()
    }
}

impl AccountView {
    /// The status that stands for a kind here.
    ///
    /// # Errors
    /// None can be chosen, or the statuses are not known.
    pub fn status_for(&self, kind: StatusKind) -> Result<&NamedStatus, Failure> {
        let meaning = self.everywhere.iter().find(|one| one.kind == kind);
        let status = meaning.and_then(|one| one.status.as_ref());
        status.ok_or_else(|| {
            if self.statuses.is_empty() {
                let untold = || Failure::unlisted(self.helpdesk);
                return self.trouble.clone().unwrap_or_else(untold);
            }
            Failure::new(
                Code::NoSuchStatus,
                format!(
                    "No status that you can choose stands for {} here. Nothing was changed. \
                     Choose one in Statuslight\u{2019}s window.",
                    kind.words()
                ),
            )
        })
    }
}

/// What came of one choice for all accounts. Where the agent chose something newer, this one counts neither way.
///
/// # Errors
/// It failed somewhere: says for each such account why, and how many were switched. Or a newer choice came everywhere.
pub fn outcome(results: &[(String, Result<(), Failure>)]) -> Result<(), Failure> {
    let is_overtaken = |result: &Result<(), Failure>| {
        result
            .as_ref()
            .is_err_and(|failure| failure.code == Code::Overtaken)
    };
    let (overtaken, results): (Vec<_>, Vec<_>) =
        results.iter().partition(|(_, result)| is_overtaken(result));
    if results.is_empty()
        && let Some((_, newer)) = overtaken.first()
    {
        return newer.clone();
    }
    let failures: Vec<(&str, &Failure)> = results
        .iter()
        .filter_map(|(account, result)| Some((account.as_str(), result.as_ref().err()?)))
        .collect();
    let Some((_, first)) = failures.first() else {
        return Ok(());
    };
    let lines: Vec<String> = failures
        .iter()
        .map(|(account, failure)| format!("{account}: {}", failure.message))
        .collect();
    Err(Failure {
        code: first.code,
        message: format!(
            "{} of {} accounts were switched. {}",
            results.len() - failures.len(),
            results.len(),
            lines.join(" ")
        ),
        retry_after_s: first.retry_after_s,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(id: &str, kind: StatusKind, eligible: Option<bool>) -> Choosable {
        Choosable {
            id: StatusId::new(id),
            name: id.to_owned(),
            kind,
            custom: id.len() > 1,
            eligible,
            description: String::new(),
            channels: BTreeMap::new(),
            group_ids: Vec::new(),
            uses: 0,
        }
    }

    /// The status that each kind means, a dash where none does.
    fn ids(mapping: &Mapping, statuses: &[Choosable]) -> Vec<String> {
        let meaning = mapping.of(statuses).into_iter();
        meaning
            .map(|one| one.status.map_or("-".to_owned(), |status| status.id.0))
            .collect()
    }

    #[test]
    fn a_kind_means_the_help_desks_own_status_then_the_accounts_first_one_that_can_be_chosen() {
        let statuses = [
            status("Lunch", StatusKind::Away, None),
            status("3", StatusKind::Away, Some(true)),
            status("Escalations", StatusKind::TransfersOnly, Some(false)),
            status("Handover", StatusKind::TransfersOnly, None),
            status("Training", StatusKind::Offline, Some(false)),
        ];
        assert_eq!(
            ids(&Mapping::default(), &statuses),
            ["-", "3", "Handover", "-"]
        );
    }

    #[test]
    fn what_the_agent_mapped_is_meant_and_never_replaced() {
        let lunch = |eligible| {
            [
                status("3", StatusKind::Away, Some(true)),
                status("Lunch", StatusKind::Away, eligible),
            ]
        };
        let mapping = Mapping([(StatusKind::Away, StatusId::new("Lunch"))].into());
        assert_eq!(ids(&mapping, &lunch(Some(true)))[1], "Lunch");
        assert_eq!(ids(&mapping, &lunch(Some(false)))[1], "-");
    }

    #[test]
    fn a_partial_failure_says_how_many_were_switched_and_each_accounts_reason() {
        let failed = |message| Err(Failure::new(Code::Unreachable, message));
        let results = [
            ("acme".to_owned(), Ok(())),
            ("globex".to_owned(), failed("No answer.")),
            ("initech".to_owned(), failed("Not for you.")),
        ];
        let failure = outcome(&results).unwrap_err();
        assert_eq!(failure.code, Code::Unreachable);
        assert_eq!(
            failure.message,
            "1 of 3 accounts were switched. globex: No answer. initech: Not for you."
        );
        assert_eq!(outcome(&results[..1]), Ok(()));
    }

    #[test]
    fn where_the_agent_chose_something_newer_nothing_failed() {
        let overtaken = || Err(Failure::new(Code::Overtaken, "A newer choice came."));
        let mut results = vec![
            ("acme".to_owned(), Ok(())),
            ("globex".to_owned(), overtaken()),
        ];
        assert_eq!(outcome(&results), Ok(()));
        let failed = Failure::new(Code::Unreachable, "No answer.");
        results.push(("initech".to_owned(), Err(failed)));
        assert_eq!(
            outcome(&results).unwrap_err().message,
            "1 of 2 accounts were switched. initech: No answer."
        );
        assert_eq!(outcome(&results[1..2]), overtaken());
    }
}
