//! Listing the statuses that the agent may choose.

use std::collections::{BTreeMap, BTreeSet};

use domain::{DeskError, Listing, Status, StatusId, StatusKind};
use tracing::debug;

use super::Zendesk;
use super::request::Built;
use super::wire::{self, Id, Next};
use crate::Transport;

/// More pages than any true list has; 5,000 statuses fit.
const MOST_PAGES: usize = 50;

/// The agent's groups, as far as they can be known.
#[derive(Default)]
struct Groups {
    ids: BTreeSet<String>,
    /// Whether there are no others.
    complete: bool,
}

impl<T: Transport> Zendesk<T> {
    /// Lists the statuses on offer: the unified ones, or Talk's states where those are switched off.
    ///
    /// # Errors
    /// What an answer or the network means. Groups that the agent may not read are no error: then
    /// it stays open who may choose the statuses that name groups.
    pub async fn list(&self) -> Result<Listing, DeskError> {
        if !self.has_unified_statuses().await? {
            return Ok(talk_states());
        }
        let mut statuses = self
            .all_statuses(|after| self.requests.my_statuses(after))
            .await?;
        self.decide_eligibility(&mut statuses).await?;
        Ok(Listing { statuses })
    }

    /// Reads a list of statuses to its end: default ones first, each once.
    pub(super) async fn all_statuses(
        &self,
        request: impl Fn(Option<&str>) -> Built,
    ) -> Result<Vec<Status>, DeskError> {
        let mut default = Vec::new();
        let mut custom = Vec::new();
        let mut seen = BTreeSet::new();
        let mut pages = Pages::default();
        loop {
            let request = request(pages.cursor());
            let page: wire::Statuses = self.ask(request).await?.accepted()?.json()?;
            if page.default.is_none() && page.custom.is_none() {
                return Err(DeskError::Unintelligible {
                    detail: "JSON without statuses".to_owned(),
                });
            }
            let found = [
                (page.default, &mut default, false),
                (page.custom, &mut custom, true),
            ];
            for (part, all, is_custom) in found {
                let part = part.into_iter().flatten().map(|it| it.status(is_custom));
                all.extend(part.filter(|status| seen.insert(status.id.clone())));
            }
            if !pages.turn(page.paging.next()) {
                break;
            }
        }
        default.append(&mut custom);
        Ok(default)
    }

    /// Says who may choose the statuses that name groups; without such statuses nothing is asked.
    async fn decide_eligibility(&self, statuses: &mut [Status]) -> Result<(), DeskError> {
        let mut open: Vec<&mut Status> = statuses
            .iter_mut()
            .filter(|status| status.eligible.is_none())
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        let groups = self.groups().await?;
        for status in &mut open {
            let meets = status
                .group_ids
                .iter()
                .any(|group| groups.ids.contains(group));
            status.eligible = (meets || groups.complete).then_some(meets);
        }
        Ok(())
    }

    async fn groups(&self) -> Result<Groups, DeskError> {
        let mut groups = Groups::default();
        let Some(agent) = self.agent_id.as_deref() else {
            return Ok(groups);
        };
        let mut pages = Pages::default();
        loop {
            let request = self
                .requests
                .group_memberships(agent, pages.cursor.as_deref());
            let Some(answer) = self.ask(request).await?.offered()? else {
                return Ok(groups);
            };
            let page: wire::Memberships = answer.json()?;
            let next = page.paging.next();
            groups.complete = next == Next::End;
            let ids = page.group_memberships.into_iter().map(|it| it.group_id);
            groups.ids.extend(ids.map(|Id(id)| id));
            if !pages.turn(next) {
                return Ok(groups);
            }
        }
    }
}

/// Turns pages and stops where a server would have us turn them for ever.
#[derive(Default)]
pub(super) struct Pages {
    cursor: Option<String>,
    turned: BTreeSet<String>,
}

impl Pages {
    /// Where the page to ask for begins.
    pub(super) fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// Whether there is a next page to ask for, which is then at `cursor`.
    pub(super) fn turn(&mut self, next: Next) -> bool {
        let Next::After(cursor) = next else {
            return false;
        };
        if self.turned.len() + 1 >= MOST_PAGES || !self.turned.insert(cursor.clone()) {
            debug!(pages = self.turned.len() + 1, "the pages have no end");
            return false;
        }
        self.cursor = Some(cursor);
        true
    }
}

/// Talk's four states, in the order in which Zendesk's own menu has them.
fn talk_states() -> Listing {
    let kinds = [
        StatusKind::Online,
        StatusKind::Away,
        StatusKind::TransfersOnly,
        StatusKind::Offline,
    ];
    let status = |kind: StatusKind| Status {
        id: StatusId::new(wire::talk_word(kind)),
        name: kind.words().to_owned(),
        kind,
        custom: false,
        description: String::new(),
        channels: BTreeMap::from([("talk".to_owned(), wire::talk_word(kind).to_owned())]),
        group_ids: Vec::new(),
        eligible: Some(true),
    };
    Listing {
        statuses: kinds.map(status).to_vec(),
    }
}
