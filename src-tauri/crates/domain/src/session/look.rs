//! What a surface shows of the session.

use super::Session;
use super::known::What;
use crate::words::reason_in_words;
use crate::{
    Account, AccountView, Certainty, ChangedBy, Channel, Choosable, DeskError, Failure, Light,
    Link, Now, ReadPath, SignIn, StatusKind,
};

impl Session {
    /// The account as every surface shows it.
    pub fn view(&self, account: &Account, default: bool, now: Now) -> AccountView {
        let certainty = self.certainty(now);
        let known = self.known.status();
        let shown = self.shown(now).cloned();
        let changed_by = match &self.known.what {
            What::Status(known) => known.changed_by,
            What::Channel(known) => known.changed_by.or(shown.as_ref().map(|_| ChangedBy::You)),
            What::Nothing => shown.as_ref().map(|_| ChangedBy::You),
        };
        let reason = known.and_then(|known| known.reason.clone());
        AccountView {
            account: account.id.clone(),
            helpdesk: account.helpdesk,
            url: account.url.clone(),
            client_id: match &account.sign_in {
                SignIn::OAuth { client_id } => Some(client_id.clone()),
                SignIn::AccessToken | SignIn::ApiToken { .. } | SignIn::ApiKey { .. } => None,
            },
            agent: account.agent.clone(),
            default,
            relevant: true,
            link: self.link.state(now),
            light: self.light(now),
            headline: self.headline(now),
            certainty,
            as_of: self.known.at.map(|at| at.wall),
            since: match &self.known.what {
                What::Status(known) => known.since,
                What::Channel(known) => known.changed_at,
                What::Nothing => self
                    .remembered
                    .last_write
                    .as_ref()
                    .filter(|_| shown.is_some())
                    .map(|write| write.at),
            },
            timed: self.timed_view(now),
            previous: self.previous.clone(),
            changed_by,
            reason_in_words: reason
                .as_deref()
                .filter(|_| changed_by != Some(ChangedBy::You))
                .map(|reason| reason_in_words(self.desk, Some(reason))),
            reason,
            channels: self.channels(),
            phone: self.phone_view(now),
            switching_to: self.wanted().cloned(),
            statuses: self.choosable(),
            offer: self.offer_now(),
            failed: self.failed.clone(),
            trouble: self
                .link
                .trouble
                .as_ref()
                .map(|error| Failure::of(self.desk, error)),
            limits: self.limits(),
            note: self.note(now),
            presence: self.presence_view(),
            everywhere: Vec::new(),
            guard: self.guard.clone(),
            capabilities: Vec::new(),
            status: shown,
        }
    }

    fn light(&self, now: Now) -> Light {
        match self.link.state(now) {
            Link::SignedOut => return Light::SignedOut,
            Link::Locked => return Light::Locked,
            _ if self.wanted().is_some() => return Light::Switching,
            Link::Unreachable => return Light::Unreachable,
            Link::Ok | Link::RateLimited => {}
        }
        let kind = self.shown(now).map(|status| status.kind);
        match (self.certainty(now), kind) {
            (Certainty::Confirmed | Certainty::Projected, Some(kind)) => Light::Status(kind),
            (Certainty::Projected, None) => self
                .channel_kind()
                .map_or(Light::NotConfirmed, Light::Status),
            (Certainty::Assumed, Some(kind)) => Light::Unconfirmed(kind),
            (Certainty::Confirmed | Certainty::Assumed, None) | (Certainty::Unknown, _) => {
                Light::NotConfirmed
            }
        }
    }

    fn headline(&self, now: Now) -> String {
        let desk = self.desk.words();
        let switching = self
            .wanted()
            .map(|status| format!("Switching to {}\u{2026}", status.name));
        match self.link.state(now) {
            Link::SignedOut => return "Signed out".to_owned(),
            Link::Locked => return format!("{desk} account locked"),
            Link::Unreachable => return switching.unwrap_or_else(|| self.unreachable_in_words()),
            Link::Ok | Link::RateLimited => {}
        }
        if let Some(switching) = switching {
            return switching;
        }
        match (self.certainty(now), self.shown(now), &self.known.what) {
            (Certainty::Confirmed | Certainty::Projected, Some(status), _) => status.name.clone(),
            (Certainty::Assumed, Some(status), _) => format!("{} (unconfirmed)", status.name),
            (Certainty::Projected, None, What::Channel(known)) => known.words(),
            (Certainty::Unknown, Some(status), _) => format!("Was {}, not confirmed", status.name),
            (Certainty::Unknown, None, What::Channel(known)) => {
                format!("Phone was {}, not confirmed", known.state_in_words())
            }
            _ if self.known.path == Some(ReadPath::Nowhere) => "Not known".to_owned(),
            _ => "Checking\u{2026}".to_owned(),
        }
    }

    fn unreachable_in_words(&self) -> String {
        let desk = self.desk.words();
        match &self.link.trouble {
            Some(DeskError::Certificate { .. }) => {
                format!("{desk}\u{2019}s certificate is not trusted")
            }
            Some(
                DeskError::Unreachable { .. } | DeskError::Interrupted { .. } | DeskError::TimedOut,
            )
            | None => {
                format!("{desk} cannot be reached")
            }
            Some(DeskError::Unrenewed { .. }) => "The sign-in cannot be renewed".to_owned(),
            Some(_) => format!("{desk} gives no good answer"),
        }
    }

    /// The status that is being switched to.
    pub(super) fn wanted(&self) -> Option<&crate::NamedStatus> {
        self.newest().map(|choice| &choice.to)
    }

    pub(super) fn channel_kind(&self) -> Option<StatusKind> {
        match &self.known.what {
            What::Channel(known) => known.channel.kind(),
            What::Status(_) | What::Nothing => None,
        }
    }

    /// The channels as read, else as the known status maps them.
    fn channels(&self) -> Vec<Channel> {
        match &self.known.what {
            What::Channel(known) => vec![known.channel.clone()],
            What::Status(known) if known.channels.is_empty() => self
                .find(&known.status.id)
                .into_iter()
                .flat_map(|status| &status.channels)
                .map(|(name, state)| Channel {
                    name: name.clone(),
                    state: state.clone(),
                    work_items: None,
                    capacity: None,
                })
                .collect(),
            What::Status(known) => known.channels.clone(),
            What::Nothing => Vec::new(),
        }
    }

    fn choosable(&self) -> Vec<Choosable> {
        let choosable = |status: &crate::Status| Choosable {
            uses: self
                .remembered
                .uses
                .get(&status.id)
                .copied()
                .unwrap_or_default(),
            ..Choosable::from(status)
        };
        self.statuses.iter().map(choosable).collect()
    }

    fn limits(&self) -> Option<String> {
        let desk = self.desk.words();
        match self.known.path? {
            ReadPath::Nowhere => Some(format!(
                "{desk} does not let your role read your status. The light shows what you set last, marked as unconfirmed; \
                 a change by anybody else is not seen."
            )),
            ReadPath::TalkChannel => Some(format!(
                "{desk} lets your role read only your phone channel. The light shows what you set last while that channel \
                 agrees, and the channel itself when it does not."
            )),
            ReadPath::Own | ReadPath::OwnById | ReadPath::TalkIsStatus => None,
        }
    }
}
