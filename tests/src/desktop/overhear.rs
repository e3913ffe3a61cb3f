//! Listening to what others say on the session's bus.

use std::thread;

use zbus::MatchRule;
use zbus::blocking::{MessageIterator, fdo::MonitoringProxy};
use zbus::message::Message;

use super::place::Place;

/// Gives every message that matches one of `rules` to `note`, until the bus ends.
#[track_caller]
pub(super) fn overhear(
    place: &Place,
    rules: &[MatchRule<'_>],
    mut note: impl FnMut(&Message) + Send + 'static,
) {
    let connection = place.connect();
    let messages = MessageIterator::from(connection.clone());
    let monitor = MonitoringProxy::new(&connection).expect("the bus answers");
    monitor
        .become_monitor(rules, 0)
        .expect("the bus allows its owner to listen");
    thread::spawn(move || messages.flatten().for_each(|message| note(&message)));
}
