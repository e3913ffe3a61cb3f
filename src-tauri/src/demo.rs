//! The demo: a Zendesk of our own inside the app, and a small life for it.

use std::time::Duration;

use domain::{Account, AccountId, Agent, Agreed, HelpDeskName, SignIn};
use engine::Config;
use engine::ports::{SecretName, Secrets};
use secrecy::SecretString;
use simulator::{Simulator, Zendesk, sample};

/// After so long the demo's Zendesk finds the agent idle.
const UNTIL_IDLE: Duration = Duration::from_secs(60);

/// The demo's Zendesk; it ends with this value.
pub(crate) struct Demo {
    zendesk: Zendesk,
    server: Simulator,
}

impl Demo {
    /// Starts it on this computer's loopback.
    ///
    /// # Errors
    /// No port could be had.
    pub(crate) async fn start() -> std::io::Result<Self> {
        let zendesk = Zendesk::default();
        let server = Simulator::http(&zendesk, 0).await?;
        Ok(Self { zendesk, server })
    }

    /// The settings with the demo's one account, whose invented secret goes to `secrets`.
    pub(crate) async fn config(&self, secrets: &dyn Secrets) -> Config {
        let account = Account {
            id: AccountId("demo".to_owned()),
            helpdesk: HelpDeskName::Zendesk,
            url: self.server.url(),
            agent: Agent {
                id: sample::ADA.to_string(),
                name: "Ada Example (demo)".to_owned(),
            },
            sign_in: SignIn::AccessToken,
            agreed: Agreed::default(),
        };
        let secret = SecretString::from(sample::ADA_TOKEN);
        if let Err(error) = secrets.store(&SecretName::of(&account), &secret).await {
            tracing::error!(%error, "the demo has no sign-in");
        }
        Config {
            accounts: vec![account],
            poll_interval_s: 5,
            ..Config::default()
        }
    }

    /// Lives: after a minute an idle timeout moves the agent to Away.
    pub(crate) async fn live(self) {
        tokio::time::sleep(UNTIL_IDLE).await;
        if let Err(error) =
            self.zendesk
                .force_status(sample::ADA, sample::AWAY, "AGENT_IDLE_TIMEOUT")
        {
            tracing::error!(?error, "the demo's agent cannot be idle");
        }
        std::future::pending::<()>().await;
    }
}
