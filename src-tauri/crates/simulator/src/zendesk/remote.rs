//! What a test or a demo may ask of the account behind its agents' backs.

use std::time::Duration;

use super::Zendesk;
use super::account::{CustomStatus, Token, WorkItem};
use super::settings::{MeRefusal, Quota, Readability, Settings};
use super::state::{CurrentStatus, Person, Unknown};
use crate::fault::FaultRule;
use crate::log::Request;

impl Zendesk {
    /// How often a refresh token came that had been redeemed before.
    pub fn reused_refresh_tokens(&self) -> u32 {
        self.state().grants.reused()
    }

    /// Everything secret that was exchanged with the authorization server so far: codes, tokens, and PKCE verifiers.
    pub fn exchanged(&self) -> Vec<String> {
        self.state().grants.exchanged.clone()
    }

    /// Ends every access token that the authorization server has given out, before its time.
    pub fn end_access_tokens(&self) {
        self.state().grants.end_access();
    }

    /// Ends every refresh token, as an admin does who revokes the client's grants.
    pub fn end_grants(&self) {
        self.state().grants.end_all();
    }

    /// Sets an agent's status as somebody or something else would, with this reason.
    ///
    /// # Errors
    ///
    /// When there is no such agent or status.
    pub fn force_status(&self, agent: u64, status: u64, reason: &str) -> Result<(), Unknown> {
        self.state().set_status(agent, status, reason)
    }

    /// An agent's status.
    pub fn current_status(&self, agent: u64) -> Option<CurrentStatus> {
        self.state().current_status(agent)
    }

    /// Adds a custom status, or replaces the one with its id.
    pub fn add_status(&self, status: CustomStatus) {
        self.state().statuses.insert(status.id, status);
    }

    /// Deletes a custom status; whoever has it becomes offline with the reason `AGENT_STATUS_DELETED`.
    ///
    /// # Errors
    ///
    /// When there is no such custom status.
    pub fn delete_status(&self, status: u64) -> Result<(), Unknown> {
        self.state().delete_status(status)
    }

    /// Changes the groups that a person belongs to.
    ///
    /// # Errors
    ///
    /// When there is no such person.
    pub fn set_groups(&self, agent: u64, groups: &[u64]) -> Result<(), Unknown> {
        self.change(agent, |person| person.agent.groups = groups.to_vec())
    }

    /// Gives an agent a Talk seat, or takes it away.
    ///
    /// # Errors
    ///
    /// When there is no such person.
    pub fn set_talk_seat(&self, agent: u64, seat: bool) -> Result<(), Unknown> {
        self.change(agent, |person| person.agent.talk = seat)
    }

    /// Sets Talk's own state, which shows while omnichannel routing is off.
    ///
    /// # Errors
    ///
    /// When there is no such person, or Talk knows no such state.
    pub fn set_talk_state(&self, agent: u64, state: &str) -> Result<(), Unknown> {
        if !super::talk::STATES.contains(&state) {
            return Err(Unknown::Value);
        }
        self.change(agent, |person| state.clone_into(&mut person.talk_state))
    }

    /// Sets whether an agent is on a call: `on_call`, `wrap_up` or none.
    ///
    /// # Errors
    ///
    /// When there is no such person, or Talk knows no such call status.
    pub fn set_call_status(&self, agent: u64, call_status: Option<&str>) -> Result<(), Unknown> {
        if call_status.is_some_and(|status| !super::talk::CALL_STATUSES.contains(&status)) {
            return Err(Unknown::Value);
        }
        self.change(agent, |person| {
            person.call_status = call_status.map(str::to_owned);
        })
    }

    /// Where an agent's calls ring: `client` or `phone`.
    pub fn via(&self, agent: u64) -> Option<String> {
        self.state()
            .people
            .get(&agent)
            .map(|person| person.via.clone())
    }

    /// Talk's state for an agent, as its endpoint would tell it.
    pub fn talk_state(&self, agent: u64) -> Option<String> {
        let state = self.state();
        state
            .people
            .get(&agent)
            .map(|person| state.talk_state(person))
    }

    /// Changes the work that waits for an agent.
    ///
    /// # Errors
    ///
    /// When there is no such person.
    pub fn set_work_items(&self, agent: u64, items: Vec<WorkItem>) -> Result<(), Unknown> {
        self.change(agent, |person| {
            person.agent.work_items = items;
            person.version += 1;
        })
    }

    fn change(&self, agent: u64, change: impl FnOnce(&mut Person)) -> Result<(), Unknown> {
        self.state()
            .people
            .get_mut(&agent)
            .map(change)
            .ok_or(Unknown::Agent(agent))
    }

    /// How the server behaves.
    pub fn settings(&self) -> Settings {
        self.state().settings.clone()
    }

    /// Changes how the server behaves.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.state().settings);
    }

    /// Switches omnichannel routing.
    pub fn set_omnichannel(&self, on: bool) {
        self.configure(|settings| settings.omnichannel = on);
    }

    /// Decides how a non-admin may read their own availability, and how `me` is refused where they may not.
    pub fn set_readability(&self, readability: Readability, me_refusal: MeRefusal) {
        self.configure(|settings| {
            settings.readability = readability;
            settings.me_refusal = me_refusal;
        });
    }

    /// Changes the quota and begins a new minute.
    pub fn set_quota(&self, quota: Quota) {
        let mut state = self.state();
        state.settings.quota = quota;
        state.window = super::quota::Window::default();
    }

    /// Locks the account (423), or unlocks it.
    pub fn lock_account(&self, locked: bool) {
        self.configure(|settings| settings.locked = locked);
    }

    /// Makes the help desk exist, or not (404 for everything).
    pub fn set_exists(&self, exists: bool) {
        self.configure(|settings| settings.exists = exists);
    }

    /// Issues an access token.
    pub fn add_token(&self, token: &str, agent: u64, scope: &str) {
        self.state().tokens.insert(
            token.to_owned(),
            Token {
                agent,
                scope: scope.to_owned(),
            },
        );
    }

    /// Revokes an access token; tells whether it was good until now.
    pub fn revoke_token(&self, token: &str) -> bool {
        self.state().tokens.remove(token).is_some()
    }

    /// Changes the account's API token; none switches API tokens off.
    pub fn set_api_token(&self, token: Option<&str>) {
        self.state().api_token = token.map(str::to_owned);
    }

    /// Lets something go wrong.
    pub fn fault(&self, rule: impl Into<FaultRule>) {
        self.faults().add(rule.into());
    }

    /// The faults still in force.
    pub fn pending_faults(&self) -> Vec<FaultRule> {
        self.faults().list()
    }

    /// Ends every fault; a request that hangs goes on hanging.
    pub fn clear_faults(&self) {
        self.faults().clear();
    }

    /// Every request since the start or the last [`clear_requests`](Self::clear_requests), oldest first, at most 10,000.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.entrance.log.list()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.entrance.log.clear();
    }

    /// Waits until a request, past or future, satisfies the predicate; none when the time runs out first.
    ///
    /// The predicate sees a request when it arrives (`status` is none) and again when it is answered.
    pub async fn wait_for_request(
        &self,
        predicate: impl FnMut(&Request) -> bool,
        timeout: Duration,
    ) -> Option<Request> {
        self.shared.entrance.log.wait_for(predicate, timeout).await
    }

    /// The simulator's wall time, which follows `tokio::time`.
    pub fn now(&self) -> jiff::Timestamp {
        self.shared.entrance.clock.now()
    }
}
