//! What the agent asks for on the surfaces.

use std::collections::BTreeSet;

use domain::{Guard, Input, Leaving, StatusId, StatusKind};
use jiff::Timestamp;

use super::Stage;
use crate::broken::Holds;
use crate::story::Name;

impl Stage {
    pub(super) fn click(&mut self, name: Name, until: Option<Timestamp>) -> Holds {
        let name = self.scene.model.near_choice(name);
        let ticket = self.ticket();
        self.witness.wants(ticket, Some(name), until, &self.scene);
        self.input(Input::Choose {
            ticket,
            status: self.scene.model.id(name),
            until,
        })
    }

    pub(super) fn put_back(&mut self, named: Option<StatusId>) -> Holds {
        let ticket = self.ticket();
        self.witness
            .wants_back(ticket, named.as_ref(), &self.shown, &self.scene);
        self.input(Input::PutBack {
            ticket,
            status: named,
        })
    }

    pub(super) fn extend(&mut self, until: Timestamp) -> Holds {
        let ticket = self.ticket();
        self.witness.extends(ticket, until);
        self.input(Input::Extend { ticket, until })
    }

    pub(super) fn guards(&mut self, name: Name, on: [bool; 4]) -> Holds {
        let name = self.scene.model.near_choice(name);
        if name.kind() == StatusKind::Online {
            // The settings take no guard that keeps no work away.
            return Ok(());
        }
        let ways = [
            Leaving::Lock,
            Leaving::Sleep,
            Leaving::Shutdown,
            Leaving::Quit,
        ];
        let on: BTreeSet<Leaving> = ways
            .into_iter()
            .zip(on)
            .filter_map(|(way, is_on)| is_on.then_some(way))
            .collect();
        self.witness.guards(Some((name, on.clone())));
        let to = self.scene.model.id(name);
        self.guard = Some(Guard { to, on });
        self.session.set_guard(self.guard.clone());
        self.input(Input::Timeout)
    }
}
