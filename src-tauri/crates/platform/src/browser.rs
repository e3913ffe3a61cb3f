//! The user's browser.

use domain::{Code, Failure};

/// Shows a page in the user's browser.
///
/// # Errors
/// The system knows no browser.
pub fn open_browser(address: &str) -> Result<(), Failure> {
    open::that_detached(address).map_err(|error| {
        // The error's text would repeat the address.
        tracing::warn!(kind = ?error.kind(), "no browser could be opened");
        Failure::new(
            Code::Lacking,
            "No browser could be opened. You are not signed in. Set a default browser and try again, \
             or sign in from a terminal: statusctl login zendesk --no-browser prints the address to open.",
        )
    })
}
