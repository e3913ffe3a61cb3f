//! How a command can end other than well, and the exit code for it.

use std::io;

use domain::{Code, Failure};

/// Why a command ended without having done what was asked.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It failed.
    Failure(Failure),
    /// It was called wrongly.
    Usage(String),
    /// It has told all by itself what was wrong.
    Told(u8),
    /// Nobody reads the output any more.
    Unread,
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::Unread;
        }
        let text = format!("The output could not be written ({error}).");
        Self::Failure(Failure::new(Code::Internal, text))
    }
}

/// The exit code that scripts branch on.
pub(crate) fn exit_code(code: Code) -> u8 {
    match code {
        Code::Settings | Code::History | Code::Lacking | Code::Internal => 1,
        Code::Usage => 2,
        Code::SignedOut | Code::NoSecretStore | Code::NoSuchAccount => 3,
        Code::NoSuchStatus
        | Code::NoSuchAgent
        | Code::AmbiguousStatus
        | Code::NotEligible
        | Code::NotOnACall
        | Code::NothingToPutBack
        | Code::NothingToExtend
        | Code::LastMark => 4,
        Code::Refused | Code::AccountLocked | Code::Overtaken | Code::ChangedMeanwhile => 5,
        Code::NotThisHelpDesk
        | Code::Certificate
        | Code::Unreachable
        | Code::TimedOut
        | Code::RateLimited
        | Code::Slept
        | Code::Ended
        | Code::Busy => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_exit_code() {
        let expected = [
            (Code::SignedOut, 3),
            (Code::NoSecretStore, 3),
            (Code::NoSuchAccount, 3),
            (Code::NoSuchStatus, 4),
            (Code::AmbiguousStatus, 4),
            (Code::NoSuchAgent, 4),
            (Code::NotEligible, 4),
            (Code::NotOnACall, 4),
            (Code::NothingToPutBack, 4),
            (Code::NothingToExtend, 4),
            (Code::LastMark, 4),
            (Code::Refused, 5),
            (Code::AccountLocked, 5),
            (Code::Overtaken, 5),
            (Code::ChangedMeanwhile, 5),
            (Code::NotThisHelpDesk, 6),
            (Code::Certificate, 6),
            (Code::Unreachable, 6),
            (Code::TimedOut, 6),
            (Code::RateLimited, 6),
            (Code::Slept, 6),
            (Code::Ended, 6),
            (Code::Busy, 6),
            (Code::Settings, 1),
            (Code::History, 1),
            (Code::Lacking, 1),
            (Code::Internal, 1),
            (Code::Usage, 2),
        ];
        for (code, exit) in expected {
            assert_eq!(exit_code(code), exit, "{code:?}");
        }
    }

    #[test]
    fn a_reader_that_left_is_no_fault() {
        let left = io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(matches!(Ended::from(left), Ended::Unread));
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert!(matches!(Ended::from(full), Ended::Failure(_)));
    }
}
