//! Libredesk's availabilities: what they are called here, and what they mean for an agent's work.
//!
//! The five words are those of the server's own enumeration (release 2.7.0); the published page names others, which
//! the server answers with a failure.

use crate::{Code, Failure, NamedStatus, Status, StatusId, StatusKind};

/// What a Libredesk agent can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// At work.
    Online,
    /// Away by choice.
    Away,
    /// Away by choice, and replies to one's closed conversations go back to the team.
    AwayAndReassigning,
    /// Away as a browser tab or the agent's rule saw it.
    Idle,
    /// Not seen for five minutes.
    Offline,
}

impl Availability {
    /// All there are.
    pub const ALL: [Self; 5] = [
        Self::Online,
        Self::Away,
        Self::AwayAndReassigning,
        Self::Idle,
        Self::Offline,
    ];
    /// Those that an agent can choose and that stay chosen.
    pub const CHOOSABLE: [Self; 3] = [Self::Online, Self::Away, Self::AwayAndReassigning];

    /// The server's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Away => "away_manual",
            Self::AwayAndReassigning => "away_and_reassigning",
            Self::Idle => "away",
            Self::Offline => "offline",
        }
    }

    /// Reads the server's word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As a status with its name and light.
    pub fn named(self) -> NamedStatus {
        let (name, kind) = match self {
            Self::Online => ("Online", StatusKind::Online),
            Self::Away => ("Away", StatusKind::Away),
            Self::AwayAndReassigning => ("Away and reassign replies", StatusKind::Away),
            Self::Idle => ("Idle", StatusKind::Away),
            Self::Offline => ("Offline", StatusKind::Offline),
        };
        NamedStatus {
            id: StatusId::new(self.word()),
            name: name.to_owned(),
            kind,
            custom: false,
        }
    }

    /// As a status to choose from.
    pub fn status(self) -> Status {
        let NamedStatus {
            id,
            name,
            kind,
            custom,
        } = self.named();
        Status {
            id,
            name,
            kind,
            custom,
            eligible: Some(true),
            description: self.meaning().to_owned(),
            channels: [].into(),
            group_ids: Vec::new(),
        }
    }

    /// What it means for work: only who is away by choice is spared by the automatic assignment.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Online => "New conversations are assigned to you.",
            Self::Away => "No new conversations are assigned to you.",
            Self::AwayAndReassigning => {
                "No new conversations are assigned to you, and a reply to one that you closed goes back to your team."
            }
            Self::Idle | Self::Offline => {
                "You still receive conversations: only Away stops Libredesk from assigning them."
            }
        }
    }

    /// Why the server set it by itself, as far as its own rules tell.
    pub(crate) fn likely_reason(self) -> Option<&'static str> {
        match self {
            Self::Offline => Some(
                "Libredesk does this when it has seen no browser tab of yours for five minutes; another program or an admin can too.",
            ),
            Self::Idle => {
                Some("Libredesk does this when a browser tab of yours was idle for five minutes.")
            }
            Self::Online | Self::Away | Self::AwayAndReassigning => None,
        }
    }
}

/// What a word means that people know and that is no status to choose: Libredesk's published page has `available`,
/// `busy` and `offline`, which its server does not take or does not keep.
///
/// # Errors
/// It is a status that nobody can choose.
pub fn known_word(word: &str) -> Result<Option<Availability>, Failure> {
    let word = word.trim().to_lowercase();
    match word.as_str() {
        "available" => Ok(Some(Availability::Online)),
        "busy" => Ok(Some(Availability::Away)),
        "offline" | "idle" => Err(Failure::new(
            Code::NoSuchStatus,
            format!(
                "Libredesk sets \u{201c}{}\u{201d} by itself, and who is in it still receives conversations. \
                 Nothing was changed. Choose Away to stop receiving them.",
                if word == "idle" { "Idle" } else { "Offline" }
            ),
        )),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_server_reads_as_it_is_written_and_no_other() {
        for one in Availability::ALL {
            assert_eq!(Availability::parse(one.word()), Some(one));
            assert_eq!(one.named().id.0, one.word());
        }
        for other in ["available", "busy", "", "ONLINE", "Away", "invisible"] {
            assert_eq!(Availability::parse(other), None, "{other}");
        }
    }

    #[test]
    fn words_of_the_published_page_mean_something_and_are_never_a_status() {
        assert_eq!(
            known_word(" Available ").unwrap(),
            Some(Availability::Online)
        );
        assert_eq!(known_word("BUSY").unwrap(), Some(Availability::Away));
        assert_eq!(known_word("lunch").unwrap(), None);
        let refused = known_word("offline").unwrap_err();
        assert_eq!(refused.code, Code::NoSuchStatus);
        assert!(
            refused.message.contains("still receives"),
            "{}",
            refused.message
        );
    }

    #[test]
    fn who_still_receives_conversations_is_told_so() {
        let table: Vec<String> = Availability::ALL
            .into_iter()
            .map(|one| {
                let status = one.named();
                let light = status.kind.words();
                format!("{} ({light}): {}", status.name, one.meaning())
            })
            .collect();
        insta::assert_snapshot!(table.join("\n"));
    }
}
