//! Unified statuses.

use std::collections::BTreeMap;

use domain::{Status, StatusId, StatusKind};
use serde::Deserialize;

use super::paging::Paging;
use super::{Id, optional};

/// A page of `agent_statuses/me`:
/// <https://developer.zendesk.com/api-reference/agent-availability/unified-agent-status-api/unified_agent_statuses/>.
#[derive(Deserialize)]
pub(in crate::zendesk) struct Statuses {
    pub(in crate::zendesk) default: Option<Vec<UnifiedStatus>>,
    pub(in crate::zendesk) custom: Option<Vec<UnifiedStatus>>,
    #[serde(flatten)]
    pub(in crate::zendesk) paging: Paging,
}

#[derive(Deserialize)]
pub(in crate::zendesk) struct UnifiedStatus {
    id: Id,
    attributes: StatusAttributes,
}

#[derive(Deserialize)]
struct StatusAttributes {
    name: String,
    #[serde(default, deserialize_with = "optional")]
    description: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    channels: Option<BTreeMap<String, Option<String>>>,
    /// Strict where present: a group that is not understood must not open a status to everybody.
    group_ids: Option<Vec<Id>>,
}

impl UnifiedStatus {
    /// The status; who may choose it is open wherever it names groups.
    pub(in crate::zendesk) fn status(self, custom: bool) -> Status {
        let Self {
            id: Id(id),
            attributes: it,
        } = self;
        let channels = it.channels.unwrap_or_default().into_iter();
        let channels: BTreeMap<String, String> = channels
            .filter_map(|(channel, state)| Some((channel, state?)))
            .collect();
        let inferred = || StatusKind::inferred(channels.values().map(String::as_str));
        let kind = if custom {
            inferred()
        } else {
            default_kind(&id)
                .or_else(|| StatusKind::parse(&it.name))
                .unwrap_or_else(inferred)
        };
        let group_ids: Vec<String> = it
            .group_ids
            .into_iter()
            .flatten()
            .map(|Id(id)| id)
            .collect();
        Status {
            name: if custom { it.name } else { shown(&it.name) },
            id: StatusId(id),
            kind,
            custom,
            description: it.description.unwrap_or_default(),
            eligible: group_ids.is_empty().then_some(true),
            channels,
            group_ids,
        }
    }
}

/// The default statuses have the same numbers everywhere:
/// <https://developer.zendesk.com/api-reference/agent-availability/unified-agent-status-api/introduction/>.
pub(super) fn default_kind(id: &str) -> Option<StatusKind> {
    match id {
        "2" => Some(StatusKind::Offline),
        "3" => Some(StatusKind::Online),
        "4" => Some(StatusKind::Away),
        "5" => Some(StatusKind::TransfersOnly),
        _ => None,
    }
}

/// A status's name as an agent reads it: default ones are written as words of the interface.
pub(super) fn shown(name: &str) -> String {
    let is_word = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let kind = StatusKind::parse(name).filter(|_| is_word);
    kind.map_or_else(|| name.to_owned(), |kind| kind.words().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(custom: bool, body: &str) -> Status {
        serde_json::from_str::<UnifiedStatus>(body)
            .unwrap()
            .status(custom)
    }

    #[test]
    fn a_custom_status_is_read_with_everything_it_says() {
        let body = r#"{"attributes":{"channels":{"messaging":"away","support":"ONLINE","talk":"away","fax":null},"description":"Used while attending meetings","group_ids":[123456,"234567"],"name":"In a meeting"},"id":205,"type":"agent_status","updated_at":"2021-07-21T17:32:28Z"}"#;
        let meeting = status(true, body);
        assert_eq!(meeting.id, StatusId::new(205));
        assert_eq!(meeting.name, "In a meeting");
        assert_eq!(meeting.kind, StatusKind::Online);
        assert!(meeting.custom);
        assert_eq!(meeting.description, "Used while attending meetings");
        assert_eq!(meeting.group_ids, ["123456", "234567"]);
        assert_eq!(meeting.eligible, None);
        let channels: Vec<_> = meeting
            .channels
            .iter()
            .map(|(name, state)| (name.as_str(), state.as_str()))
            .collect();
        assert_eq!(
            channels,
            [
                ("messaging", "away"),
                ("support", "ONLINE"),
                ("talk", "away")
            ]
        );
    }

    #[test]
    fn a_default_status_is_known_by_its_number_else_by_its_name() {
        let shape = |id: &str, name: &str| {
            let read = status(
                false,
                &format!(r#"{{"attributes":{{"description":null,"name":"{name}"}},"id":{id}}}"#),
            );
            assert_eq!(read.eligible, Some(true));
            (read.name, read.kind)
        };
        assert_eq!(
            shape("2", "offline"),
            ("Offline".into(), StatusKind::Offline)
        );
        assert_eq!(shape("3", "online"), ("Online".into(), StatusKind::Online));
        assert_eq!(shape("\"4\"", "away"), ("Away".into(), StatusKind::Away));
        assert_eq!(
            shape("5", "transfers_only"),
            ("Transfers only".into(), StatusKind::TransfersOnly)
        );
        assert_eq!(
            shape("5", "Transfers Only"),
            ("Transfers Only".into(), StatusKind::TransfersOnly)
        );
        assert_eq!(
            shape("3", "connecté"),
            ("connecté".into(), StatusKind::Online)
        );
        assert_eq!(shape("1", "away"), ("Away".into(), StatusKind::Away));
        assert_eq!(
            shape("9", "resting"),
            ("resting".into(), StatusKind::Offline)
        );
    }

    #[test]
    fn a_custom_status_may_be_named_anything_and_map_nothing() {
        let long = "\u{1f37d}\u{202e}<b>".repeat(80);
        let read = status(
            true,
            &serde_json::json!({"id": 300, "attributes": {"name": long}}).to_string(),
        );
        assert_eq!(read.name, long);
        assert_eq!(
            (read.kind, read.eligible),
            (StatusKind::Offline, Some(true))
        );
        let named_like_a_default = r#"{"id":301,"attributes":{"name":"online","channels":{"talk":"away","messaging":"away"}}}"#;
        let read = status(true, named_like_a_default);
        assert_eq!(
            (read.name.as_str(), read.kind),
            ("online", StatusKind::Away)
        );
    }

    #[test]
    fn a_status_without_a_number_or_a_name_is_not_understood() {
        for body in [
            r#"{"attributes":{"name":"Lunch"}}"#,
            r#"{"id":null,"attributes":{"name":"Lunch"}}"#,
            r#"{"id":1.5,"attributes":{"name":"Lunch"}}"#,
            r#"{"id":205,"attributes":{}}"#,
            r#"{"id":205,"attributes":{"name":"Lunch","group_ids":[{}]}}"#,
        ] {
            assert!(
                serde_json::from_str::<UnifiedStatus>(body).is_err(),
                "{body}"
            );
        }
    }
}
