//! The way to the simulators in this process, and the renewals on it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::DeskError;
use helpdesk::{Transport, Upgraded};
use simulator::Zendesk;
use tokio::time::timeout;

/// Ada's further accounts.
pub(super) const FURTHER: [&str; 3] = ["globex", "hooli", "initech"];

/// The renewals of a sign-in that are under way, and the most there were at once.
#[derive(Clone, Default)]
pub struct Renewals(Arc<Mutex<(u32, u32)>>);

impl Renewals {
    /// The most there were at once.
    pub fn most(&self) -> u32 {
        self.0.lock().unwrap().1
    }

    fn begin(&self) -> UnderWay {
        let mut count = self.0.lock().unwrap();
        count.0 += 1;
        count.1 = count.1.max(count.0);
        UnderWay(self.clone())
    }
}

struct UnderWay(Renewals);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.lock().unwrap().0 -= 1;
    }
}

#[derive(Clone)]
pub(super) struct InProcess {
    pub(super) zendesk: Zendesk,
    /// Where the further accounts are.
    pub(super) others: Vec<Zendesk>,
    pub(super) renewals: Renewals,
}

impl InProcess {
    pub(super) fn to(zendesk: &Zendesk) -> Self {
        Self {
            zendesk: zendesk.clone(),
            others: Vec::new(),
            renewals: Renewals::default(),
        }
    }
}

impl Transport for InProcess {
    async fn upgrade(&self, _: http::Request<Vec<u8>>) -> Result<Upgraded, DeskError> {
        unreachable!("Zendesk speaks no other protocol")
    }

    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, DeskError> {
        let is_renewal = request.uri().path() == "/oauth/tokens";
        let _under_way = is_renewal.then(|| self.renewals.begin());
        // The real transport's limit.
        let host = request.uri().host().unwrap_or_default();
        let mut others = FURTHER.iter().zip(&self.others);
        let other = others.find(|(name, _)| host.strip_suffix(".zendesk.test") == Some(**name));
        let other = other.map(|(_, other)| other);
        let asked = other.unwrap_or(&self.zendesk).handle(request);
        let answer = timeout(Duration::from_secs(10), asked).await;
        match answer {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(_reset)) => Err(DeskError::Interrupted {
                detail: "connection reset".to_owned(),
            }),
            Err(_slow) => Err(DeskError::TimedOut),
        }
    }
}
