//! What this computer's desktop offers: a session bus, somebody who shows tray icons, and somebody who shows
//! notifications.

#[cfg(target_os = "linux")]
mod linux;

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
    #[cfg_attr(
        not(target_os = "linux"),
        expect(clippy::unused_async, reason = "elsewhere nobody is asked")
    )]
    pub async fn look() -> Self {
        #[cfg(target_os = "linux")]
        {
            linux::look().await
        }
        #[cfg(not(target_os = "linux"))]
        {
            Self::NOT_KNOWN
        }
    }
}
