//! What this computer's desktop offers: a session bus, somebody who shows tray icons, and somebody who shows
//! notifications.

#[cfg(target_os = "linux")]
mod linux;

use std::time::Duration;

/// So long the desktop may take to answer.
const LIMIT: Duration = Duration::from_secs(3);

/// What a desktop offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Desktop {
    /// The session bus, by which the others are reached.
    pub bus: Offered,
    /// Somebody who shows tray icons.
    pub tray: Offered,
    /// Somebody who shows notifications.
    pub notifications: Offered,
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offered {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// Nobody can tell.
    NotKnown,
}

impl Desktop {
    /// Where nothing can be known from outside the desktop.
    const NOT_KNOWN: Self = Self {
        bus: Offered::NotKnown,
        tray: Offered::NotKnown,
        notifications: Offered::NotKnown,
    };

    /// Looks at this computer's.
    pub async fn look() -> Self {
        let look = async {
            #[cfg(target_os = "linux")]
            {
                linux::look().await
            }
            #[cfg(not(target_os = "linux"))]
            {
                Self::NOT_KNOWN
            }
        };
        let looked = tokio::time::timeout(LIMIT, look).await;
        looked.unwrap_or(Self::NOT_KNOWN)
    }
}
