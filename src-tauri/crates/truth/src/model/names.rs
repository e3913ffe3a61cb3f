//! The statuses of the model's accounts, and what they mean.

use domain::StatusKind;

use crate::story::Name;

impl Name {
    pub(crate) const ALL: [Self; 8] = [
        Self::Offline,
        Self::Online,
        Self::Away,
        Self::TransfersOnly,
        Self::Lunch,
        Self::Coffee,
        Self::Meeting,
        Self::Training,
    ];
    /// What a Libredesk has.
    pub(crate) const OF_LIBREDESK: [Self; 5] = [
        Self::Offline,
        Self::Online,
        Self::Away,
        Self::Reassigning,
        Self::Idle,
    ];
    /// What an agent can choose there.
    pub(crate) const OFFERED_BY_LIBREDESK: [Self; 3] =
        [Self::Online, Self::Away, Self::Reassigning];
    /// What an account without omnichannel routing has.
    pub(crate) const OF_TALK: [Self; 4] =
        [Self::Offline, Self::Online, Self::Away, Self::TransfersOnly];

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Offline => "Offline",
            Self::Online => "Online",
            Self::Away => "Away",
            Self::TransfersOnly => "Transfers only",
            Self::Lunch => "Lunch",
            Self::Coffee => "Coffee",
            Self::Meeting => "Meeting",
            Self::Training => "Training",
            Self::Reassigning => "Away and reassign replies",
            Self::Idle => "Idle",
        }
    }

    pub(crate) fn kind(self) -> StatusKind {
        match self {
            Self::Offline | Self::Training => StatusKind::Offline,
            Self::Online | Self::Meeting => StatusKind::Online,
            Self::Away | Self::Lunch | Self::Coffee | Self::Reassigning | Self::Idle => {
                StatusKind::Away
            }
            Self::TransfersOnly => StatusKind::TransfersOnly,
        }
    }

    /// Libredesk's word for it.
    pub(super) fn libredesk_word(self) -> &'static str {
        match self {
            Self::Away => "away_manual",
            Self::Reassigning => "away_and_reassigning",
            Self::Idle => "away",
            Self::Offline => "offline",
            _ => "online",
        }
    }

    /// How much work arrives in it, compared with others.
    pub(crate) fn rank(self) -> u8 {
        match self.kind() {
            StatusKind::Online => 2,
            StatusKind::Away | StatusKind::TransfersOnly => 1,
            StatusKind::Offline => 0,
        }
    }

    /// What support, messaging and talk do in it; the help desk's own statuses say nothing of that.
    pub(super) fn channels(self) -> Option<[&'static str; 3]> {
        match self {
            Self::Offline
            | Self::Online
            | Self::Away
            | Self::TransfersOnly
            | Self::Reassigning
            | Self::Idle => None,
            Self::Lunch => Some(["away", "offline", "away"]),
            Self::Coffee => Some(["away", "away", "away"]),
            Self::Meeting => Some(["away", "online", "offline"]),
            Self::Training => Some(["offline", "offline", "transfers_only"]),
        }
    }

    /// What the phone channel does in it.
    pub(crate) fn phone(self) -> StatusKind {
        let talk = self
            .channels()
            .and_then(|states| StatusKind::parse(states[2]));
        talk.unwrap_or(self.kind())
    }

    /// Whether the phone channel may be so in it: of "Away", the documents say both.
    pub(crate) fn fits_phone(self, phone: StatusKind) -> bool {
        self.phone() == phone || (self == Self::Away && phone == StatusKind::Offline)
    }
}
