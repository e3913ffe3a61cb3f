//! What went wrong, as a stable code and a sentence for people.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::words::short;
use crate::{DeskError, HelpDeskName};

/// Why something could not be done; surfaces and scripts branch on this, never on the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The help desk refused the credentials, or none are stored.
    SignedOut,
    /// The system's keyring is missing, locked or silent.
    NoSecretStore,
    /// No account of that name is signed in, or none at all.
    NoSuchAccount,
    /// The help desk offers no such status to this agent.
    NoSuchStatus,
    /// A name fits several statuses.
    AmbiguousStatus,
    /// The help desk has no such agent.
    NoSuchAgent,
    /// The agent's groups may not choose this status.
    NotEligible,
    /// The agent is on no call that a status could follow.
    NotOnACall,
    /// There is nothing to put back.
    NothingToPutBack,
    /// The timed status is over, or lasts longer already.
    NothingToExtend,
    /// The last account that counts for the light has to go on counting.
    LastMark,
    /// The help desk refused.
    Refused,
    /// The help desk account is locked.
    AccountLocked,
    /// The address leads to something that is not this help desk.
    NotThisHelpDesk,
    /// The help desk's certificate is not trusted.
    Certificate,
    /// The help desk could not be reached, or failed.
    Unreachable,
    /// No answer came in time.
    TimedOut,
    /// The help desk's request limit is used up.
    RateLimited,
    /// A newer choice took this one's place.
    Overtaken,
    /// Something else changed the status before this choice was applied.
    ChangedMeanwhile,
    /// The computer went to sleep before the choice was confirmed.
    Slept,
    /// Statuslight ended before the choice was answered.
    Ended,
    /// Another program of ours holds the profile and does not answer.
    Busy,
    /// The settings could not be read or written.
    Settings,
    /// The history could not be read or deleted.
    History,
    /// This computer lacks something that can be mended on it.
    Lacking,
    /// The command line was not understood.
    Usage,
    /// A fault of ours.
    Internal,
}

/// A failure that a person or a script is told about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Failure {
    /// What to branch on.
    pub code: Code,
    /// What happened, what it means for the agent, what to do.
    pub message: String,
    /// Seconds until another try makes sense, where the help desk said so.
    pub retry_after_s: Option<u64>,
}

impl Code {
    /// The cause in two or three words, for where a sentence has no place.
    pub fn words(self) -> &'static str {
        match self {
            Self::SignedOut => "signed out",
            Self::NoSecretStore => "no keyring",
            Self::NoSuchAccount => "no such account",
            Self::NoSuchStatus => "no longer there",
            Self::NoSuchAgent => "no such agent",
            Self::AmbiguousStatus => "name not unique",
            Self::NotEligible => "not for your groups",
            Self::NotOnACall => "not on a call",
            Self::NothingToPutBack => "status before unknown",
            Self::NothingToExtend => "over already",
            Self::LastMark => "one account has to count",
            Self::Refused => "refused",
            Self::AccountLocked => "account locked",
            Self::NotThisHelpDesk => "wrong answer",
            Self::Certificate => "certificate not trusted",
            Self::Unreachable | Self::TimedOut => "no answer",
            Self::RateLimited => "too many requests",
            Self::Overtaken => "a newer choice came",
            Self::ChangedMeanwhile => "changed meanwhile",
            Self::Slept => "computer slept",
            Self::Ended => "Statuslight ended",
            Self::Busy => "busy",
            Self::Settings => "settings unreadable",
            Self::History => "history unreadable",
            Self::Lacking => "missing on this computer",
            Self::Usage => "not understood",
            Self::Internal => "fault of Statuslight",
        }
    }
}

/// What is said where nobody knows what became of a request.
const UNSURE: &str = "Your status is not confirmed.";

impl Failure {
    /// A failure that the help desk had no part in.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            retry_after_s: None,
        }
    }

    /// Nothing can be chosen before the list came.
    pub(crate) fn unlisted(desk: HelpDeskName) -> Self {
        let message = format!(
            "{} has not told its statuses yet. Nothing was changed. Try again in a moment.",
            desk.words()
        );
        Self::new(Code::Unreachable, message)
    }

    /// The same of a switch that was surely not made.
    #[must_use]
    pub fn unchanged(mut self) -> Self {
        self.message = self.message.replace(UNSURE, "Nothing was changed.");
        self
    }

    /// Explains why the certificate authorities that the settings name are of no use.
    pub fn bad_authorities(why: &str) -> Self {
        Self::new(
            Code::Settings,
            format!(
                "The certificate authorities of \u{201c}ca_file\u{201d} in the settings cannot be used ({why}), so only the \
                 system\u{2019}s are trusted. Name a PEM file there or remove it, then start Statuslight again."
            ),
        )
    }

    /// Explains a help desk's error to somebody who is signing in.
    pub fn signing_in(desk: HelpDeskName, error: &DeskError) -> Self {
        let name = desk.words();
        let message = match error {
            DeskError::Unauthorized => match desk {
                HelpDeskName::Zendesk => format!(
                    "{name} did not accept this token. You are not signed in. \
                     Check that the token is whole and belongs to this address."
                ),
                HelpDeskName::Libredesk => format!(
                    "{name} did not accept this key and secret. You are not signed in. Check that both are whole; \
                     an admin can see whether you are enabled, and create a new key, which ends the one before."
                ),
            },
            DeskError::RateLimited { .. } => format!(
                "{name} has had too many requests from your company and asks to wait. \
                 You are not signed in. Try again later."
            ),
            DeskError::Server { status, .. } => {
                format!(
                    "{name} failed (HTTP {status}). You are not signed in. Try again in a moment."
                )
            }
            DeskError::Unreachable { detail } => format!(
                "Nothing answers at this address ({detail}). You are not signed in. \
                 Check its spelling and your network."
            ),
            DeskError::Interrupted { detail } => format!(
                "The connection broke ({detail}). You are not signed in. \
                 Check your network, and that this is {name}\u{2019}s address."
            ),
            DeskError::TimedOut => "There was no answer in time. You are not signed in. \
                 Check the address and your network, then try again."
                .to_owned(),
            DeskError::Unintelligible { detail } => format!(
                "What answers at this address is not {name} ({detail}). You are not signed in. \
                 Check the address; a proxy or a sign-in page may stand between."
            ),
            DeskError::TooLarge => format!(
                "What answers at this address is not {name}: the answer is too large. \
                 You are not signed in. Check the address."
            ),
            DeskError::AccountLocked => format!(
                "Your company\u{2019}s {name} account is locked. You are not signed in. \
                 Try again when an admin has unlocked it."
            ),
            _ => return Self::of(desk, error),
        };
        Self {
            message,
            ..Self::of(desk, error)
        }
    }

    /// Explains a help desk's error to the agent.
    pub fn of(desk: HelpDeskName, error: &DeskError) -> Self {
        let name = desk.words();
        let (code, message) = match error {
            DeskError::Unauthorized => (
                Code::SignedOut,
                format!("{name} refused the sign-in. Your status cannot be read or changed. Sign in again."),
            ),
            DeskError::Anonymous => (
                Code::SignedOut,
                format!(
                    "{name} does not know these credentials: it answered as to an anonymous visitor. \
                     Check the address, the e-mail and the token, and sign in again."
                ),
            ),
            DeskError::NotAnAgent { role } => (
                Code::Refused,
                format!("{name} says your role is \u{201c}{role}\u{201d}, which has no agent status. Sign in as an agent.", role = short(role, 40)),
            ),
            DeskError::Forbidden => (
                Code::Refused,
                format!("{name} does not let your role do that. Nothing was changed. Ask an admin which permissions you have."),
            ),
            DeskError::NotEligible => (
                Code::NotEligible,
                "Your groups may not use this status. Nothing was changed. Choose another, or ask an admin.".to_owned(),
            ),
            DeskError::NoSuchStatus => (
                Code::NoSuchStatus,
                format!("{name} no longer has this status. Nothing was changed. The list is being read anew; choose another."),
            ),
            DeskError::NotFound => (
                Code::NotThisHelpDesk,
                match desk {
                    HelpDeskName::Zendesk => "No Zendesk answers at this address. Check the address, the subdomain above all.",
                    HelpDeskName::Libredesk => "No Libredesk answers at this address. Check the address, the path above all.",
                }
                .to_owned(),
            ),
            DeskError::Refused { status } => (
                Code::Refused,
                format!("{name} refused the request (HTTP {status}). Nothing was changed. If it goes on, report it to your admin."),
            ),
            DeskError::Conflict => (
                Code::Refused,
                format!("{name} is still busy with an earlier change of your status. This choice was not applied. Choose again."),
            ),
            DeskError::AccountLocked => (
                Code::AccountLocked,
                format!("Your company\u{2019}s {name} account is locked. Statuses cannot be changed until an admin unlocks it."),
            ),
            DeskError::RateLimited { retry_after } => (
                Code::RateLimited,
                format!(
                    "{name} has had too many requests from your company and asks to wait{}. Nothing was changed. Try again then.",
                    retry_after.map(wait_in_words).unwrap_or_default()
                ),
            ),
            DeskError::Server { status, .. } => (
                Code::Unreachable,
                format!("{name} failed (HTTP {status}). {UNSURE} Try again in a moment."),
            ),
            DeskError::Unreachable { detail } => (
                Code::Unreachable,
                format!("{name} cannot be reached ({detail}). {UNSURE} Check your network."),
            ),
            DeskError::Unrenewed { detail } => (
                Code::Unreachable,
                format!("Your sign-in to {name} cannot be renewed just now: {detail}. {UNSURE} Try again in a moment; if it goes on, tell your admin."),
            ),
            DeskError::Interrupted { detail } => (
                Code::Unreachable,
                format!("The connection to {name} broke ({detail}). {UNSURE} Check your network."),
            ),
            DeskError::TimedOut => (
                Code::TimedOut,
                format!("{name} did not answer in time. {UNSURE} Check your network, then try again."),
            ),
            DeskError::Certificate { host, detail } => (
                Code::Certificate,
                format!(
                    "The certificate of {host} is not trusted ({detail}). Nothing was sent. \
                     If your company inspects traffic, ask IT to install its certificate on this computer."
                ),
            ),
            DeskError::Redirected { target } => (
                Code::NotThisHelpDesk,
                format!("The address sent us on to {target}, and your credentials were not sent there. Check the address, or sign in to your network first."),
            ),
            DeskError::Unintelligible { detail } => (
                Code::NotThisHelpDesk,
                format!("The answer is not {name}\u{2019}s ({detail}). {UNSURE} A proxy or a sign-in page may stand between; check the address and your network."),
            ),
            DeskError::TooLarge => (
                Code::NotThisHelpDesk,
                format!("The answer is too large to be {name}\u{2019}s and was not read. {UNSURE} Check the address and your network."),
            ),
        };
        Self {
            code,
            message,
            retry_after_s: error.retry_after().map(|wait| wait.as_secs()),
        }
    }
}

/// How long to wait, as the end of a clause; a time that no person waits for is left out.
fn wait_in_words(wait: Duration) -> String {
    match wait.as_secs() {
        0 | 1 => " a moment".to_owned(),
        seconds @ 2..=120 => format!(" {seconds} seconds"),
        seconds @ 121..=7200 => format!(" {} minutes", seconds.div_ceil(60)),
        _ => String::new(),
    }
}
