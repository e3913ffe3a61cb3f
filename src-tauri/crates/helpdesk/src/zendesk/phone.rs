//! The agent's phone: where calls ring, and whether one is under way.

use domain::{DeskError, Phone, Via};

use super::write::without;
use super::{Zendesk, wire};
use crate::Transport;

impl<T: Transport> Zendesk<T> {
    /// Reads where calls ring and whether one is under way; `None` for an agent without a seat in Talk.
    ///
    /// # Errors
    /// What the answer or the network means.
    pub async fn phone(&self) -> Result<Option<Phone>, DeskError> {
        let Some(agent) = self.agent_id.as_deref() else {
            return Ok(None);
        };
        let answer = self.ask(self.requests.talk(agent)).await?.offered()?;
        answer
            .map(|answer| Ok(answer.json::<wire::Talk>()?.phone()))
            .transpose()
    }

    /// Lets calls ring elsewhere and tells what Zendesk says of the phone then.
    ///
    /// # Errors
    /// What the answer or the network means.
    pub async fn answer_by(&self, via: Via) -> Result<Phone, DeskError> {
        let agent = self.agent_id.as_deref().ok_or(DeskError::NotFound)?;
        let request = self.requests.answer_by(agent, wire::via_word(via));
        let answer = self.ask(request).await?.accepted()?;
        let phone = answer.json::<wire::Talk>()?.phone();
        phone.via.ok_or_else(|| without("via"))?;
        Ok(phone)
    }
}
