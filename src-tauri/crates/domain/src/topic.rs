//! What a notification may be about.

use std::iter::successors;

use crate::Topic;

impl Topic {
    /// Every topic.
    pub fn all() -> impl Iterator<Item = Self> {
        successors(Some(Self::Offer), |topic| Self::next(*topic))
    }

    /// A match, so that no topic can be left out unseen.
    fn next(self) -> Option<Self> {
        match self {
            Self::Offer => Some(Self::Ending),
            Self::Ending => Some(Self::SwitchFailed),
            Self::SwitchFailed => Some(Self::Phone),
            Self::Phone => Some(Self::AfterCall),
            Self::AfterCall => Some(Self::Mode),
            Self::Mode => Some(Self::SignedOut),
            Self::SignedOut => None,
        }
    }
}
