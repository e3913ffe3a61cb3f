//! An OAuth sign-in as it is kept: both tokens and when to renew them, as one secret.

use std::fmt;
use std::time::Duration;

use helpdesk::Granted;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::secret_json::secret_json;

/// An access token, the refresh token that replaces both, and when that is due.
#[derive(Clone, Deserialize)]
pub struct Tokens {
    pub(crate) access: SecretString,
    pub(crate) refresh: SecretString,
    /// Nothing for tokens without an end.
    pub(crate) renew_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct Written<'a> {
    access: &'a str,
    refresh: &'a str,
    renew_at: Option<Timestamp>,
}

impl Tokens {
    /// What was granted just now, to be renewed after eight to nine tenths of its life: `chance` keeps many apart.
    ///
    /// A grant without a refresh token leaves the one before in force (RFC 6749 section 6).
    pub(crate) fn granted(
        granted: Granted,
        before: &SecretString,
        now: Timestamp,
        chance: f64,
    ) -> Self {
        let renew_at = |lifetime: Duration| {
            let wait = SignedDuration::try_from(lifetime.mul_f64(0.8 + 0.1 * chance)).ok()?;
            now.checked_add(wait).ok()
        };
        Self {
            access: granted.access,
            refresh: granted.refresh.unwrap_or_else(|| before.clone()),
            renew_at: granted.lifetime.and_then(renew_at),
        }
    }

    /// Reads what [`Tokens::written`] wrote; `None` for anything else.
    pub(crate) fn read(secret: &SecretString) -> Option<Self> {
        // The error's text could quote the secret.
        serde_json::from_str(secret.expose_secret()).ok()
    }

    /// The one secret to keep.
    pub(crate) fn written(&self) -> SecretString {
        let (access, refresh) = (self.access.expose_secret(), self.refresh.expose_secret());
        let written = Written {
            access,
            refresh,
            renew_at: self.renew_at,
        };
        let text = secret_json(&written, access.len() + refresh.len()).unwrap_or_else(|| {
            tracing::warn!("the tokens could not be put into words");
            Zeroizing::default()
        });
        std::str::from_utf8(&text).unwrap_or_default().into()
    }

    /// Whether these are the same tokens.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.refresh.expose_secret() == other.refresh.expose_secret()
            && self.access.expose_secret() == other.access.expose_secret()
    }

    pub(crate) fn are_due(&self, now: Timestamp) -> bool {
        self.renew_at.is_some_and(|at| at <= now)
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokens(.., renew at {:?})", self.renew_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(lifetime_s: Option<u64>, refresh: Option<&str>) -> Granted {
        Granted {
            access: "s3cret-access".into(),
            refresh: refresh.map(Into::into),
            lifetime: lifetime_s.map(Duration::from_secs),
        }
    }

    fn tokens(lifetime_s: Option<u64>, chance: f64) -> Tokens {
        let before = "s3cret-before".into();
        let granted = granted(lifetime_s, Some("s3cret-\"refresh"));
        Tokens::granted(granted, &before, Timestamp::UNIX_EPOCH, chance)
    }

    #[test]
    fn what_is_kept_reads_as_it_was_written_and_no_text_shows_it() {
        let tokens = tokens(Some(1800), 0.5);
        let read = Tokens::read(&tokens.written()).unwrap();
        assert!(read.is(&tokens) && read.renew_at == tokens.renew_at);
        assert!(!format!("{tokens:?}").contains("s3cret"));
        assert!(Tokens::read(&"a-pasted-token".into()).is_none());
    }

    #[test]
    fn they_are_renewed_well_before_their_end_and_not_all_at_the_same_moment() {
        let due_s = |chance| tokens(Some(1800), chance).renew_at.unwrap().as_second();
        assert_eq!((due_s(0.0), due_s(1.0)), (1440, 1620));
        assert!(!tokens(None, 0.5).are_due(Timestamp::MAX), "without an end");
    }

    #[test]
    fn a_grant_without_a_refresh_token_leaves_the_one_before() {
        let before = "s3cret-before".into();
        let granted = granted(Some(1800), None);
        let tokens = Tokens::granted(granted, &before, Timestamp::UNIX_EPOCH, 0.0);
        assert_eq!(tokens.refresh.expose_secret(), "s3cret-before");
    }
}
