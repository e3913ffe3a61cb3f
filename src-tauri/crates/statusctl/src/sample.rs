//! Invented accounts for tests.

use std::collections::BTreeMap;

use domain::{
    AccountId, AccountView, Agent, Certainty, ChangedBy, Channel, Choosable, HelpDeskName, Light,
    Link, NamedStatus, StatusId, StatusKind,
};
use jiff::Timestamp;

pub(crate) fn at(text: &str) -> Timestamp {
    format!("2026-03-02T{text}Z").parse().unwrap()
}

pub(crate) fn named(id: &str, name: &str, kind: StatusKind) -> NamedStatus {
    NamedStatus {
        id: StatusId::new(id),
        name: name.to_owned(),
        kind,
        custom: id.len() > 1,
    }
}

pub(crate) fn choosable(id: &str, name: &str) -> Choosable {
    Choosable {
        id: StatusId::new(id),
        name: name.to_owned(),
        kind: StatusKind::parse(name).unwrap_or(StatusKind::Away),
        custom: id.len() > 1,
        eligible: Some(true),
        description: String::new(),
        channels: BTreeMap::new(),
        group_ids: Vec::new(),
        uses: 0,
    }
}

fn channel(name: &str, state: &str, items: Option<u32>, capacity: Option<u32>) -> Channel {
    Channel {
        name: name.to_owned(),
        state: state.to_owned(),
        work_items: items,
        capacity,
    }
}

/// An account just after the start.
pub(crate) fn checking() -> AccountView {
    AccountView {
        account: AccountId("acme".to_owned()),
        helpdesk: HelpDeskName::Zendesk,
        client_id: None,
        url: "https://acme.zendesk.com".to_owned(),
        agent: Agent {
            id: "10011".to_owned(),
            name: "Ada Agent".to_owned(),
        },
        default: true,
        relevant: true,
        link: Link::Ok,
        light: Light::NotConfirmed,
        headline: "Checking\u{2026}".to_owned(),
        status: None,
        certainty: Certainty::Unknown,
        as_of: None,
        since: None,
        timed: None,
        previous: None,
        changed_by: None,
        reason: None,
        reason_in_words: None,
        channels: Vec::new(),
        phone: None,
        switching_to: None,
        statuses: Vec::new(),
        offer: None,
        failed: None,
        trouble: None,
        everywhere: Vec::new(),
        guard: None,
        limits: None,
        capabilities: Vec::new(),
        note: None,
        presence: None,
    }
}

/// An account at rest, with every sort of status to choose from.
pub(crate) fn at_lunch() -> AccountView {
    let mut meeting = choosable("205", "Team\nmeeting");
    meeting.kind = StatusKind::Online;
    meeting.description = "Weekly".to_owned();
    meeting.channels = BTreeMap::from([
        ("messaging".to_owned(), "away".to_owned()),
        ("support".to_owned(), "online".to_owned()),
    ]);
    meeting.group_ids = vec!["360001".to_owned()];
    let mut coaching = choosable("206", "Coaching");
    coaching.eligible = Some(false);
    let mut unclear = choosable("207", "Back office");
    unclear.eligible = None;
    AccountView {
        light: Light::Status(StatusKind::Away),
        headline: "Lunch".to_owned(),
        status: Some(named("201", "Lunch", StatusKind::Away)),
        certainty: Certainty::Confirmed,
        as_of: Some(at("12:31:07")),
        since: Some(at("12:03:00")),
        previous: Some(named("3", "Online", StatusKind::Online)),
        changed_by: Some(ChangedBy::You),
        channels: vec![
            channel("support", "away", Some(2), Some(10)),
            channel("messaging", "away", Some(1), None),
            channel("talk", "wrap_up", None, None),
        ],
        statuses: vec![
            choosable("3", "Online"),
            choosable("5", "Transfers only"),
            choosable("201", "Lunch"),
            meeting,
            coaching,
            unclear,
        ],
        ..checking()
    }
}
