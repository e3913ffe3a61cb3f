//! A transport that answers by a script and remembers what it was asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use domain::DeskError;
use helpdesk::{Credentials, Transport, Upgraded, Zendesk};
use http::{Request, Response};

/// A fake network; clones share script and memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    answers: BTreeMap<String, Result<Response<Vec<u8>>, DeskError>>,
    asked: Vec<String>,
}

/// The refusal that the availability family documents for `code`.
pub(crate) fn coded(code: &str) -> String {
    format!(r#"{{"errors":[{{"code":"{code}","title":"Some words"}}]}}"#)
}

impl Script {
    /// Answers `asked`, as in "GET users/me", with a status and a body.
    pub(crate) fn on(self, asked: &str, status: u16, body: &str) -> Self {
        let response = Response::builder().status(status);
        self.put(asked, Ok(response.body(body.into()).unwrap()))
    }

    /// Answers with a header besides.
    pub(crate) fn on_with(
        self,
        asked: &str,
        status: u16,
        header: (&str, &str),
        body: &str,
    ) -> Self {
        let response = Response::builder()
            .status(status)
            .header(header.0, header.1);
        self.put(asked, Ok(response.body(body.into()).unwrap()))
    }

    /// Brings no answer.
    pub(crate) fn lost(self, asked: &str, error: DeskError) -> Self {
        self.put(asked, Err(error))
    }

    fn put(self, asked: &str, result: Result<Response<Vec<u8>>, DeskError>) -> Self {
        self.0
            .lock()
            .unwrap()
            .answers
            .insert(asked.to_owned(), result);
        self
    }

    /// What was asked, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.0.lock().unwrap().asked.clone()
    }

    /// The agent 10011's Zendesk behind this network.
    pub(crate) fn zendesk(&self) -> Zendesk<Self> {
        self.zendesk_of(Some("10011"))
    }

    /// Somebody's Zendesk behind this network.
    pub(crate) fn zendesk_of(&self, agent: Option<&str>) -> Zendesk<Self> {
        let base = "https://acme.zendesk.com".parse().unwrap();
        let credentials = Credentials::AccessToken("s3cret-token".into());
        Zendesk::new(self.clone(), base, credentials, agent.map(str::to_owned))
    }
}

impl Transport for Script {
    async fn upgrade(&self, _: Request<Vec<u8>>) -> Result<Upgraded, DeskError> {
        unreachable!("Zendesk speaks no other protocol")
    }

    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, DeskError> {
        assert_eq!(request.uri().host(), Some("acme.zendesk.com"));
        let path = request.uri().path_and_query().unwrap().as_str();
        let path = path.strip_prefix("/api/v2/").unwrap();
        let path = path.replace("%5B", "[").replace("%5D", "]");
        let body = String::from_utf8_lossy(request.body());
        let asked = format!("{} {path} {body}", request.method())
            .trim_end()
            .to_owned();
        let mut state = self.0.lock().unwrap();
        state.asked.push(asked.clone());
        match state.answers.get(&asked) {
            Some(Ok(response)) => Ok(response.clone()),
            Some(Err(error)) => Err(error.clone()),
            None => panic!("the script has no answer to `{asked}`"),
        }
    }
}
