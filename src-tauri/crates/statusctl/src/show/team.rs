//! The team as people and scripts read it.

use std::fmt::Write as _;

use domain::{
    CapacityRule, Channel, Group, NamedStatus, StatusKind, Team, TeamAgent, clock, short,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::Paint;
use super::text::{NAME, SENTENCE, channel};

/// An agent of the team: `team`; the shape is a promise.
#[derive(Debug, Serialize)]
pub(crate) struct Member<'a> {
    id: &'a str,
    name: &'a str,
    you: bool,
    status: Option<&'a NamedStatus>,
    reason: Option<&'a str>,
    since: Option<Timestamp>,
    channels: &'a [Channel],
    group_ids: &'a [String],
}

impl<'a> From<&'a TeamAgent> for Member<'a> {
    fn from(agent: &'a TeamAgent) -> Self {
        Self {
            id: &agent.id,
            name: &agent.name,
            you: agent.you,
            status: agent.status.as_ref(),
            reason: agent.reason.as_deref(),
            since: agent.since,
            channels: &agent.channels,
            group_ids: &agent.group_ids,
        }
    }
}

/// What became of `team set`; the shape is a promise.
#[derive(Debug, Serialize)]
pub(crate) struct SetAgent<'a> {
    pub(crate) agent: Named<'a>,
    pub(crate) status: &'a NamedStatus,
}

/// Somebody with a name.
#[derive(Debug, Serialize)]
pub(crate) struct Named<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
}

/// The agents, one on a line; names come last, since some are wider than they are long.
pub(crate) fn team(team: &Team, zone: &TimeZone, paint: Paint) -> String {
    if team.agents.is_empty() {
        return "No agent fits.".to_owned();
    }
    let id = width(team.agents.iter().map(|agent| agent.id.as_str()));
    let since = |agent: &TeamAgent| {
        agent
            .since
            .map(|since| clock(since, team.as_of, zone))
            .unwrap_or_default()
    };
    let times: Vec<String> = team.agents.iter().map(since).collect();
    let time = width(times.iter().map(String::as_str));
    let row = |(agent, since): (&TeamAgent, &String)| {
        let mark = if agent.you { '*' } else { ' ' };
        let kind = match &agent.status {
            Some(status) => paint.kind(
                status.kind,
                &format!("{:14}", status.kind.words().to_lowercase()),
            ),
            None => format!("{:14}", "-"),
        };
        let mut line = format!(
            "{mark} {:id$}  {kind}  {since:time$}  {}",
            agent.id,
            short(&agent.name, NAME)
        );
        let named = agent.status.as_ref();
        let named = named.filter(|status| status.name != status.kind.words());
        if let Some(status) = named {
            let _ = write!(line, " - {}", short(&status.name, NAME));
        }
        let channels: Vec<String> = agent.channels.iter().map(channel).collect();
        if !channels.is_empty() {
            let _ = write!(line, " - {}", short(&channels.join(", "), SENTENCE));
        }
        line.trim_end().to_owned()
    };
    let rows: Vec<String> = team.agents.iter().zip(&times).map(row).collect();
    rows.join("\n")
}

/// The groups by which the team can be narrowed.
pub(crate) fn groups(groups: &[Group]) -> String {
    if groups.is_empty() {
        return "No groups can be read.".to_owned();
    }
    let id = width(groups.iter().map(|group| group.id.as_str()));
    let row = |group: &Group| format!("{:id$}  {}", group.id, short(&group.name, NAME));
    groups.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// How much work agents can have.
pub(crate) fn rules(rules: &[&CapacityRule]) -> String {
    if rules.is_empty() {
        return "The account has no capacity rules.".to_owned();
    }
    let row = |rule: &&CapacityRule| {
        let mut line = format!("{}  {}", rule.id, short(&rule.name, NAME));
        if rule.default {
            line.push_str(" (default)");
        }
        if let Some(agents) = rule.agents.filter(|_| !rule.default) {
            let plural = if agents == 1 { "" } else { "s" };
            let _ = write!(line, " ({agents} agent{plural})");
        }
        let capacities = rule.capacities.iter();
        let capacities: Vec<String> = capacities
            .map(|(channel, most)| format!("{} {most}", short(channel, NAME)))
            .collect();
        if !capacities.is_empty() {
            let _ = write!(line, " - {}", capacities.join(", "));
        }
        line
    };
    rules.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// A status in a sentence: its name, and its colour where the name does not say it.
pub(crate) fn in_words(status: &NamedStatus) -> String {
    let kind: StatusKind = status.kind;
    let name = short(&status.name, NAME);
    if name == kind.words() {
        name
    } else {
        format!("{name} ({})", kind.words().to_lowercase())
    }
}

fn width<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts
        .map(|text| text.chars().count())
        .max()
        .unwrap_or_default()
}
