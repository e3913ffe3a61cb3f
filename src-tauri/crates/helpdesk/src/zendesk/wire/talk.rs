//! Talk availability.

use domain::{CallStatus, Phone, StatusId, StatusKind, Via, Written};
use serde::Deserialize;

use super::optional;
use super::statuses::shown;

/// An agent's state in Talk, also the answer to a write:
/// <https://developer.zendesk.com/api-reference/voice/talk-api/availabilities/>.
#[derive(Deserialize)]
pub(in crate::zendesk) struct Talk {
    availability: TalkAvailability,
}

#[derive(Deserialize)]
struct TalkAvailability {
    agent_state: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    via: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    call_status: Option<String>,
}

impl Talk {
    /// Where calls ring, and whether one is under way.
    pub(in crate::zendesk) fn phone(&self) -> Phone {
        let TalkAvailability {
            via, call_status, ..
        } = &self.availability;
        Phone {
            via: via.as_deref().and_then(|via| {
                [Via::Client, Via::Phone]
                    .into_iter()
                    .find(|known| via_word(*known) == via)
            }),
            call: call_status.as_deref().map(|status| match status {
                "on_call" => CallStatus::OnCall,
                "wrap_up" => CallStatus::WrapUp,
                _ => CallStatus::Busy,
            }),
        }
    }

    /// The state in the interface's word, if the agent has one.
    ///
    /// Zendesk spells one of them now `transfers_only`, now `transfers only`.
    pub(in crate::zendesk) fn state(self) -> Option<String> {
        let state = self.availability.agent_state?;
        Some(StatusKind::parse(&state).map_or(state, |kind| talk_word(kind).to_owned()))
    }
}

/// Talk's word for where calls ring.
pub(in crate::zendesk) fn via_word(via: Via) -> &'static str {
    match via {
        Via::Client => "client",
        Via::Phone => "phone",
    }
}

/// Talk's word for a kind, which is also the identifier of the status that it is.
pub(in crate::zendesk) fn talk_word(kind: StatusKind) -> &'static str {
    match kind {
        StatusKind::Online => "online",
        StatusKind::Away => "away",
        StatusKind::TransfersOnly => "transfers_only",
        StatusKind::Offline => "offline",
    }
}

/// The status that a state in Talk is, where Talk's states are the statuses.
pub(in crate::zendesk) fn talk_status(state: String) -> Written {
    Written {
        name: shown(&state),
        id: StatusId(state),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_in_either_spelling() {
        let state = |body: &str| serde_json::from_str::<Talk>(body).unwrap().state();
        assert_eq!(
            state(r#"{"availability":{"via":"client","agent_state":"away","call_status":null}}"#),
            Some("away".into())
        );
        assert_eq!(
            state(r#"{"availability":{"agent_state":"transfers only"}}"#),
            Some("transfers_only".into())
        );
        assert_eq!(
            state(r#"{"availability":{"agent_state":"on_call"}}"#),
            Some("on_call".into())
        );
        assert_eq!(
            state(r#"{"availability":{"via":"client","available":true}}"#),
            None
        );
        assert!(serde_json::from_str::<Talk>("{}").is_err());
    }

    #[test]
    fn the_phone_is_read_as_far_as_it_is_told() {
        let phone = |rest: &str| {
            let body = format!(r#"{{"availability":{{"agent_state":"online"{rest}}}}}"#);
            serde_json::from_str::<Talk>(&body).unwrap().phone()
        };
        let told = |via, call| Phone { via, call };
        assert_eq!(
            phone(r#","via":"client","call_status":null"#),
            told(Some(Via::Client), None)
        );
        assert_eq!(
            phone(r#","via":"phone","call_status":"on_call""#),
            told(Some(Via::Phone), Some(CallStatus::OnCall))
        );
        assert_eq!(
            phone(r#","call_status":"wrap_up""#),
            told(None, Some(CallStatus::WrapUp))
        );
        // A word that is not documented is a call of some sort, and no known place.
        assert_eq!(
            phone(r#","via":"fax","call_status":"ringing""#),
            told(None, Some(CallStatus::Busy))
        );
    }

    #[test]
    fn a_state_is_a_status_with_a_readable_name() {
        let Written { id, name } = talk_status("transfers_only".to_owned());
        assert_eq!(
            (id.0.as_str(), name.as_str()),
            ("transfers_only", "Transfers only")
        );
    }
}
