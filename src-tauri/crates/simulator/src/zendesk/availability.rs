//! Agents' availability, as a JSON:API compound document.
//! <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/agent_availabilities/>

use serde_json::{Value, json};

use super::account::{CHANNELS, WorkItem};
use super::page::{Cursors, page};
use super::refusal::Refusal;
use super::route::{Call, Who};
use super::settings::{MeRefusal, Readability};
use super::state::{Person, State};
use super::{Answer, answer, precise};

/// A channel shows so many of its work items; a link leads to the rest, as in the documented sample.
const EMBEDDED: usize = 3;

/// `GET agent_availabilities/me` and `GET agent_availabilities/{id}`.
pub(super) fn show(state: &State, call: &Call<'_>, who: Who) -> Result<Answer, Refusal> {
    let person = readable(state, call, who)?;
    let (data, included) = document(state, call, person, None);
    Ok(answer(200, &json!({"data": data, "included": included})))
}

/// `GET agent_availabilities/{id}/channels/{channel}/relationships/work_items`, where a document's links lead.
pub(super) fn work_items(
    state: &State,
    call: &Call<'_>,
    who: Who,
    channel: &str,
) -> Result<Answer, Refusal> {
    let person = readable(state, call, who)?;
    if !channels(state, person).any(|known| known == channel) {
        return Err(Refusal::invalid_parameter());
    }
    let items: Vec<&WorkItem> = work(person, channel).collect();
    let page = page(&items, |item| item.id, Cursors::Integer, call)?;
    let data: Vec<Value> = page
        .items
        .iter()
        .map(|item| work_item(person, item))
        .collect();
    Ok(answer(
        200,
        &json!({"data": data, "links": page.links, "meta": page.meta}),
    ))
}

/// `GET agent_availabilities`, for admins.
pub(super) fn list(state: &State, call: &Call<'_>) -> Result<Answer, Refusal> {
    if !call.caller.is_admin() {
        return Err(Refusal::permissions());
    }
    let filter = Filter::read(call)?;
    let people: Vec<&Person> = state
        .people
        .values()
        .filter(|person| person.agent.role.has_status() && filter.passes(state, person))
        .collect();
    let page = page(&people, |person| person.agent.id, Cursors::Integer, call)?;
    let (data, included): (Vec<_>, Vec<_>) = page
        .items
        .iter()
        .map(|person| document(state, call, person, filter.select))
        .unzip();
    let included: Vec<Value> = included.into_iter().flatten().collect();
    Ok(answer(
        200,
        &json!({"data": data, "included": included, "links": page.links, "meta": page.meta}),
    ))
}

/// The person asked for, where the caller may read them.
fn readable<'a>(state: &'a State, call: &Call<'_>, who: Who) -> Result<&'a Person, Refusal> {
    let own = call.agent()?;
    let settings = &state.settings;
    let id = match who {
        Who::Me if settings.readability == Readability::Me => own,
        Who::Me => {
            return Err(match settings.me_refusal {
                MeRefusal::NotFound => Refusal::no_agent(),
                MeRefusal::BadRequest => Refusal::invalid_parameter(),
                MeRefusal::Forbidden => Refusal::permissions(),
            });
        }
        Who::Unreadable => return Err(Refusal::invalid_parameter()),
        Who::Id(id)
            if call.caller.is_admin()
                || (id == own && settings.readability == Readability::OwnId) =>
        {
            id
        }
        Who::Id(_) => return Err(Refusal::permissions()),
    };
    state.person_with_status(id).ok_or_else(Refusal::no_agent)
}

/// What a list is narrowed to; the names are those of Zendesk's own clients and answers, e.g.
/// <https://support.zendesk.com/hc/en-us/community/posts/8574613125530>.
#[derive(Debug, Default)]
struct Filter<'a> {
    status: Option<u64>,
    channel_status: Option<(&'a str, &'a str)>,
    remaining: Option<(&'a str, usize)>,
    agents: Option<Vec<u64>>,
    select: Option<&'a str>,
}

impl<'a> Filter<'a> {
    fn read(call: &'a Call<'_>) -> Result<Self, Refusal> {
        let mut filter = Self::default();
        for (name, value) in &call.query {
            let read = match name.as_str() {
                "filter[agent_status_id]" => value.parse().ok().map(|id| filter.status = Some(id)),
                "filter[channel_status]" => value
                    .split_once(':')
                    .map(|pair| filter.channel_status = Some(pair)),
                "filter[remaining_capacity]" => value
                    .split_once(':')
                    .and_then(|(channel, least)| Some((channel, least.parse().ok()?)))
                    .map(|pair| filter.remaining = Some(pair)),
                "filter[agent_id]" => value
                    .split(',')
                    .map(|id| id.trim().parse().ok())
                    .collect::<Option<_>>()
                    .map(|ids| filter.agents = Some(ids)),
                "filter[select_channel]" | "select_channel" => CHANNELS
                    .contains(&value.as_str())
                    .then(|| filter.select = Some(value)),
                // Groups are not a filter: https://support.zendesk.com/hc/en-us/community/posts/9155566922138
                other if other.starts_with("filter[") => None,
                _ => Some(()),
            };
            read.ok_or_else(Refusal::invalid_parameter)?;
        }
        Ok(filter)
    }

    fn passes(&self, state: &State, person: &Person) -> bool {
        let has = |wanted: &str| channels(state, person).any(|channel| channel == wanted);
        self.status
            .is_none_or(|status| state.settings.omnichannel && person.status == status)
            && self
                .agents
                .as_ref()
                .is_none_or(|agents| agents.contains(&person.agent.id))
            && self.channel_status.is_none_or(|(channel, status)| {
                has(channel) && channel_status(state, person, channel) == status
            })
            && self.remaining.is_none_or(|(channel, least)| {
                let most = usize::try_from(capacity(person, channel)).unwrap_or_default();
                has(channel) && most.saturating_sub(work(person, channel).count()) >= least
            })
    }
}

/// An agent's `data`, and what is `included` beside it.
fn document(
    state: &State,
    call: &Call<'_>,
    person: &Person,
    select: Option<&str>,
) -> (Value, Vec<Value>) {
    let id = person.agent.id;
    let shown: Vec<&str> = channels(state, person)
        .filter(|channel| select.is_none_or(|select| select == *channel))
        .collect();
    let mut attributes = json!({
        "agent_id": id,
        "group_ids": person.agent.groups,
        "skills": [],
        "version": person.version,
    });
    // "Returned only if Omnichannel Contact Center is enabled".
    // https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/agent_availability_attributes/
    if state.settings.omnichannel {
        attributes["agent_status"] = json!({
            "id": person.status,
            "name": state.status_name(person.status),
            "reason": person.reason,
            "updated_at": precise(person.updated_at),
        });
    }
    let references: Vec<Value> = shown
        .iter()
        .map(|channel| json!({"id": channel_id(person, channel), "type": "channels"}))
        .collect();
    let data = json!({
        "id": format!("agent_availabilities|{id}"),
        "type": "agent_availabilities",
        "links": {"self": format!("{}/api/v2/agent_availabilities/{id}", call.base)},
        "attributes": attributes,
        "relationships": {"channels": {"data": references}},
    });
    let items = shown
        .iter()
        .flat_map(|channel| work(person, channel).take(EMBEDDED));
    let items: Vec<Value> = items.map(|item| work_item(person, item)).collect();
    let included = shown
        .iter()
        .map(|channel| channel_document(state, call, person, channel))
        .chain(items)
        .collect();
    (data, included)
}

/// <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/channels/>
fn channel_document(state: &State, call: &Call<'_>, person: &Person, channel: &str) -> Value {
    let items: Vec<&WorkItem> = work(person, channel).collect();
    let embedded = &items[..items.len().min(EMBEDDED)];
    let next = embedded.last().filter(|_| items.len() > EMBEDDED).map(|last| {
        format!(
            "{}/api/v2/agent_availabilities/{}/channels/{channel}/relationships/work_items?page%5Bafter%5D={}",
            call.base, person.agent.id, last.id
        )
    });
    let references: Vec<Value> = embedded
        .iter()
        .map(|item| json!({"id": work_item_id(person, item), "type": "work_items"}))
        .collect();
    json!({
        "id": channel_id(person, channel),
        "type": "channels",
        "attributes": {
            "name": channel,
            "status": channel_status(state, person, channel),
            "max_capacity": capacity(person, channel),
            "work_item_count": items.len(),
            "updated_at": precise(person.updated_at),
        },
        "relationships": {"work_items": {
            "data": references,
            "links": {"next": next},
            "meta": {"has_more": items.len() > EMBEDDED},
        }},
    })
}

/// <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/work_items/>
fn work_item(person: &Person, item: &WorkItem) -> Value {
    json!({
        "id": work_item_id(person, item),
        "type": "work_items",
        "attributes": {"added_at": precise(item.added_at), "reason": item.reason},
    })
}

fn channels(state: &State, person: &Person) -> impl Iterator<Item = &'static str> {
    let talk = state.settings.voice && person.agent.talk;
    CHANNELS
        .into_iter()
        .filter(move |channel| talk || *channel != "talk")
}

fn channel_status(state: &State, person: &Person, channel: &str) -> String {
    if channel == "talk" {
        state.talk_state(person)
    } else {
        state.channel_state(person.status, channel)
    }
}

fn capacity(person: &Person, channel: &str) -> u32 {
    person
        .agent
        .capacity
        .get(channel)
        .copied()
        .unwrap_or_default()
}

fn work<'a>(person: &'a Person, channel: &'a str) -> impl Iterator<Item = &'a WorkItem> {
    person
        .agent
        .work_items
        .iter()
        .filter(move |item| item.channel == channel)
}

fn channel_id(person: &Person, channel: &str) -> String {
    format!(
        "agent_availabilities|{}|channels|{channel}",
        person.agent.id
    )
}

fn work_item_id(person: &Person, item: &WorkItem) -> String {
    format!(
        "{}|work_items|{}",
        channel_id(person, &item.channel),
        item.id
    )
}
