//! Lines of anything on the local socket.

use std::borrow::Cow;
use std::time::Duration;

use domain::{
    Account, AccountId, Agent, HelpDeskName, Input, Listing, Now, Remembered, Session, SignIn,
    Status, StatusId, StatusKind, View,
};
use serde::de::DeserializeOwned;
use truth::bytes::Corpus;

use super::wire::{FromApp, LONGEST_FROM_APP, LONGEST_TO_APP, Lines, ToApp};
use crate::nonsense::{corpus, try_with};

/// Reads lines to their end; how many messages there were.
fn read<T: DeserializeOwned>(bytes: &[u8], limit: usize) -> usize {
    // An end of the line makes a whole message of what has none.
    let bytes = [bytes, b"\n"].concat();
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(async {
        let mut lines = Lines::new(bytes.as_slice(), limit);
        let mut count = 0;
        while let Ok(Some(_)) = lines.next::<T>().await {
            count += 1;
        }
        count
    })
}

#[test]
fn a_visitor_may_send_anything() {
    let mut count = 0;
    try_with(&corpus("to_app"), |bytes| {
        count += read::<ToApp>(bytes, LONGEST_TO_APP);
    });
    assert!(count > 0, "not even the true ones got through");
}

#[test]
fn an_app_may_send_anything() {
    let hello = FromApp::Hello {
        version: Cow::Borrowed("1.0.0"),
    };
    let done = FromApp::Done { id: 7, error: None };
    let view = view();
    let items = [hello, FromApp::View(Cow::Borrowed(&view)), done];
    let items = items.iter().map(|item| serde_json::to_vec(item).unwrap());
    let mut count = 0;
    try_with(&Corpus::of(items), |bytes| {
        count += read::<FromApp<'_>>(bytes, LONGEST_FROM_APP);
    });
    assert!(count > 0, "not even the true ones got through");
}

/// A view with something in it.
fn view() -> View {
    let account = Account {
        id: AccountId("acme".to_owned()),
        helpdesk: HelpDeskName::Zendesk,
        url: "https://acme.zendesk.com".to_owned(),
        agent: Agent {
            id: "10011".to_owned(),
            name: "Ada".to_owned(),
        },
        sign_in: SignIn::AccessToken,
        agreed: domain::Agreed::default(),
    };
    let now = Now {
        since_boot: Duration::from_secs(100),
        wall: "2026-11-23T14:00:00Z".parse().unwrap(),
    };
    let away = Status {
        id: StatusId::new(4),
        name: "Away".to_owned(),
        kind: StatusKind::Away,
        custom: false,
        description: "Not here".to_owned(),
        channels: [("talk".to_owned(), "away".to_owned())].into(),
        group_ids: vec!["7".to_owned()],
        eligible: Some(true),
    };
    let interval = Duration::from_secs(30);
    let mut session = Session::new(HelpDeskName::Zendesk, interval, Remembered::default());
    let statuses = vec![away];
    session.handle(Input::Listed(Ok(Listing { statuses })), now, 0.5);
    View {
        accounts: vec![session.view(&account, true, now)],
        hints: Vec::new(),
    }
}
