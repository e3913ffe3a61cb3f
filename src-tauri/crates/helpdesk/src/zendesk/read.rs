//! Reading the current status: the best place that this agent may read.

use domain::{Channel, DeskError, ReadPath, Reading, Seen, Written};

use super::{Zendesk, wire};
use crate::Transport;

/// What one place tells.
enum Told {
    /// This.
    Seen(Reading),
    /// That unified statuses are switched off.
    NoStatus,
    /// Nothing, to this agent.
    NotOffered,
}

impl<T: Transport> Zendesk<T> {
    /// Reads the current status where it was readable last, else wherever it is best readable.
    ///
    /// With `known` one request is enough, or none for [`ReadPath::Nowhere`]; only where that place
    /// has become unreadable are the others tried.
    ///
    /// # Errors
    /// What an answer or the network means; a place that is not offered to this agent is no error.
    pub async fn fetch(&self, known: Option<ReadPath>) -> Result<Reading, DeskError> {
        let mut has_status = true;
        if let Some(path) = known {
            match self.read(path).await? {
                Told::Seen(reading) => return Ok(reading),
                Told::NoStatus => has_status = false,
                Told::NotOffered => {}
            }
        }
        for path in [ReadPath::Own, ReadPath::OwnById] {
            if !has_status || Some(path) == known {
                continue;
            }
            match self.read(path).await? {
                Told::Seen(reading) => return Ok(reading),
                Told::NoStatus => has_status = false,
                Told::NotOffered => {}
            }
        }
        let talk_was_refused =
            matches!(known, Some(ReadPath::TalkIsStatus | ReadPath::TalkChannel));
        if self.agent_id.is_some() && !talk_was_refused {
            let path = if self.has_unified_statuses().await? {
                ReadPath::TalkChannel
            } else {
                ReadPath::TalkIsStatus
            };
            if let Told::Seen(reading) = self.read(path).await? {
                return Ok(reading);
            }
        }
        Ok(nowhere())
    }

    async fn read(&self, path: ReadPath) -> Result<Told, DeskError> {
        let request = match (path, self.agent_id.as_deref()) {
            (ReadPath::Nowhere, _) => return Ok(Told::Seen(nowhere())),
            (ReadPath::Own, _) => self.requests.my_availability(),
            (_, None) => return Ok(Told::NotOffered),
            (ReadPath::OwnById, Some(agent)) => self.requests.availability(agent),
            (ReadPath::TalkIsStatus | ReadPath::TalkChannel, Some(agent)) => {
                self.requests.talk(agent)
            }
        };
        let Some(answer) = self.ask(request).await?.offered()? else {
            return Ok(Told::NotOffered);
        };
        let budget = answer.budget();
        let told = |seen, phone| {
            Told::Seen(Reading {
                path,
                seen,
                budget,
                phone,
            })
        };
        if matches!(path, ReadPath::Own | ReadPath::OwnById) {
            let seen = answer.json::<wire::Availability>()?.seen();
            return Ok(seen.map_or(Told::NoStatus, |seen| told(seen, None)));
        }
        let talk = answer.json::<wire::Talk>()?;
        let phone = Some(talk.phone());
        let state = talk.state();
        Ok(state.map_or(Told::NotOffered, |state| told(in_talk(path, state), phone)))
    }
}

fn nowhere() -> Reading {
    Reading {
        path: ReadPath::Nowhere,
        seen: Seen::Nothing,
        budget: None,
        phone: None,
    }
}

fn in_talk(path: ReadPath, state: String) -> Seen {
    let talk = Channel {
        name: "talk".to_owned(),
        state: state.clone(),
        work_items: None,
        capacity: None,
    };
    if path == ReadPath::TalkChannel {
        return Seen::Channel(talk);
    }
    let Written { id, name } = wire::talk_status(state);
    Seen::Status {
        id,
        name,
        reason: None,
        since: None,
        channels: vec![talk],
    }
}
