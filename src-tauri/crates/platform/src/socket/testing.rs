//! What the stories of all systems begin with.

use std::path::Path;

use domain::{Hint, HintTopic, View};
use engine::{Asks, Handle};

use super::{Server, serve_at};

/// An app whose view holds one hint, with its engine's end in our hands.
pub(in crate::socket) fn app(path: &Path) -> (Server, Asks) {
    let (handle, asks) = Handle::pair(hinting("started"));
    (serve_at(path, handle).unwrap(), asks)
}

pub(in crate::socket) fn hinting(message: &str) -> View {
    let hint = Hint {
        topic: HintTopic::Tray,
        message: message.to_owned(),
    };
    View {
        accounts: Vec::new(),
        hints: vec![hint],
    }
}
