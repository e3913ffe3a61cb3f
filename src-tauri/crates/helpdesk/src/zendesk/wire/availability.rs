//! Agent availability.

use domain::{Channel, Seen, StatusId, Written};
use serde::Deserialize;
use serde_json::Value;

use super::statuses::{default_kind, shown};
use super::{Id, optional};

/// An agent's availability, also the answer to a write:
/// <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/agent_availabilities/>.
#[derive(Deserialize)]
pub(in crate::zendesk) struct Availability {
    data: Data,
    #[serde(default, deserialize_with = "optional")]
    included: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct Data {
    attributes: AvailabilityAttributes,
}

#[derive(Deserialize)]
struct AvailabilityAttributes {
    /// "Returned only if Omnichannel Contact Center is enabled."
    agent_status: Option<AgentStatus>,
}

#[derive(Deserialize)]
pub(super) struct AgentStatus {
    id: Id,
    #[serde(default, deserialize_with = "optional")]
    name: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    pub(super) reason: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    pub(super) updated_at: Option<String>,
}

impl AgentStatus {
    pub(super) fn named(self) -> Written {
        let Self {
            id: Id(id), name, ..
        } = self;
        let name = match (name.filter(|name| !name.is_empty()), default_kind(&id)) {
            (Some(name), _) => shown(&name),
            (None, Some(kind)) => kind.words().to_owned(),
            (None, None) => format!("Status {id}"),
        };
        Written {
            id: StatusId(id),
            name,
        }
    }
}

impl Availability {
    /// What a read of it tells; `None` where unified statuses are switched off.
    pub(in crate::zendesk) fn seen(self) -> Option<Seen> {
        let mut status = self.data.attributes.agent_status?;
        let included = self.included.iter().flatten();
        let since = status.updated_at.take().and_then(|at| at.parse().ok());
        let reason = status.reason.take();
        let Written { id, name } = status.named();
        Some(Seen::Status {
            id,
            name,
            reason,
            since,
            channels: included.filter_map(channel).collect(),
        })
    }

    /// The status that a write led to.
    pub(in crate::zendesk) fn written(self) -> Option<Written> {
        self.data.attributes.agent_status.map(AgentStatus::named)
    }
}

/// <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/channels/>
#[derive(Deserialize)]
struct IncludedChannel {
    name: String,
    status: String,
    #[serde(default, deserialize_with = "optional")]
    work_item_count: Option<u32>,
    #[serde(default, deserialize_with = "optional")]
    max_capacity: Option<u32>,
}

/// A channel among what comes along with an availability; work items come the same way.
pub(super) fn channel(included: &Value) -> Option<Channel> {
    if included["type"] != "channels" {
        return None;
    }
    let it = IncludedChannel::deserialize(included.get("attributes")?).ok()?;
    Some(Channel {
        name: it.name,
        state: it.status,
        work_items: it.work_item_count,
        capacity: it.max_capacity,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Availability {
        serde_json::from_str(body).unwrap()
    }

    const WHOLE: &str = r#"{
        "data": {
            "id": "agent_availabilities|10011", "type": "agent_availabilities",
            "links": {"self": "https://example.zendesk.com/api/v2/agent_availabilities/10011"},
            "attributes": {
                "agent_id": 10011,
                "agent_status": {"id": 205, "name": "In a meeting", "reason": "AGENT_STATUS_SWITCHER",
                                 "updated_at": "2026-06-21T10:23:25.583732Z"},
                "group_ids": [1], "skills": [{"id": "1ae1"}], "version": 236},
            "relationships": {"channels": {"data": [{"id": "agent_availabilities|10011|channels|messaging", "type": "channels"}]}}},
        "included": [
            {"id": "agent_availabilities|10011|channels|messaging", "type": "channels",
             "attributes": {"name": "messaging", "status": "online", "max_capacity": 3, "work_item_count": 2, "updated_at": null},
             "relationships": {"work_items": {"data": [], "meta": {"has_more": true}}}},
            {"id": "agent_availabilities|10011|channels|messaging|work_items|201", "type": "work_items",
             "attributes": {"added_at": "2026-06-21T10:23:25Z", "reason": "ASSIGNED"}},
            {"type": "channels", "attributes": {"name": "talk", "status": "away", "max_capacity": -1}},
            {"type": "channels", "attributes": {"name": "support"}},
            {"type": "channels"}, null, 7]}"#;

    #[test]
    fn a_whole_availability_tells_status_reason_time_and_channels() {
        let Some(Seen::Status {
            id,
            name,
            reason,
            since,
            channels,
        }) = read(WHOLE).seen()
        else {
            panic!("no status");
        };
        assert_eq!((id, name.as_str()), (StatusId::new(205), "In a meeting"));
        assert_eq!(reason.as_deref(), Some("AGENT_STATUS_SWITCHER"));
        assert_eq!(since.unwrap().to_string(), "2026-06-21T10:23:25.583732Z");
        let talk = |state: &str| Channel {
            name: "talk".into(),
            state: state.into(),
            work_items: None,
            capacity: None,
        };
        let messaging = Channel {
            name: "messaging".into(),
            state: "online".into(),
            work_items: Some(2),
            capacity: Some(3),
        };
        assert_eq!(channels, [messaging, talk("away")]);
    }

    #[test]
    fn a_status_is_enough() {
        let name = |status: &str| {
            let body = format!(r#"{{"data":{{"attributes":{{"agent_status":{status}}}}}}}"#);
            match read(&body).seen() {
                Some(Seen::Status { id, name, .. }) => format!("{id} {name}"),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(name(r#"{"id":"3","name":"online"}"#), "3 Online");
        assert_eq!(
            name(r#"{"id":5,"name":"transfers_only","reason":7,"updated_at":"yesterday"}"#),
            "5 Transfers only"
        );
        assert_eq!(name(r#"{"id":4}"#), "4 Away");
        assert_eq!(name(r#"{"id":205,"name":null}"#), "205 Status 205");
    }

    #[test]
    fn without_unified_statuses_there_is_none() {
        for attributes in [
            r#"{"agent_id":10011,"version":1}"#,
            r#"{"agent_status":null}"#,
        ] {
            let body = format!(r#"{{"data":{{"attributes":{attributes}}},"included":null}}"#);
            assert_eq!(read(&body).seen(), None);
            assert_eq!(read(&body).written(), None);
        }
    }

    #[test]
    fn what_is_no_availability_is_not_understood() {
        for body in [
            "{}",
            r#"{"data":null}"#,
            r#"{"data":{}}"#,
            r#"{"data":{"attributes":{"agent_status":{"name":"online"}}}}"#,
        ] {
            assert!(
                serde_json::from_str::<Availability>(body).is_err(),
                "{body}"
            );
        }
    }
}
