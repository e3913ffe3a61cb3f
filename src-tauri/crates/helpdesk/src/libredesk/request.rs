//! Libredesk's requests.

use domain::{Availability, DeskError};
use http::header::{
    ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_TYPE, ORIGIN, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_VERSION, UPGRADE, USER_AGENT,
};
use http::{HeaderValue, Method, Request, Uri};
use serde_json::json;

use crate::{BaseUrl, Credentials};

/// Without this type the server reads a body as a form, and finds no status in it.
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Why a request was to be built, which fails where the secret fits in no header.
pub(super) type Built = Result<Request<Vec<u8>>, DeskError>;

/// Builds requests for one instance and one agent.
#[derive(Clone, Debug)]
pub(super) struct Requests {
    pub(super) base: BaseUrl,
    pub(super) credentials: Credentials,
}

impl Requests {
    /// Public settings, which tell a Libredesk by their dotted names; without credentials, since it needs none.
    pub(super) fn config(&self) -> Built {
        self.build(Method::GET, &["api", "v1", "config"], Vec::new())
    }

    /// Whether the server lives, as releases before 0.7.4 have no public settings.
    pub(super) fn health(&self) -> Built {
        self.build(Method::GET, &["health"], Vec::new())
    }

    /// What a Zendesk answers to anybody, and a Libredesk does not have.
    pub(super) fn zendesk_me(&self) -> Built {
        self.build(Method::GET, &["api", "v2", "users", "me"], Vec::new())
    }

    /// The agent.
    pub(super) fn me(&self) -> Built {
        self.signed(Method::GET, &["agents", "me"], Vec::new())
    }

    /// Settings for any agent, with the server's version.
    pub(super) fn settings(&self) -> Built {
        self.signed(Method::GET, &["settings", "general"], Vec::new())
    }

    /// All agents, for any agent.
    pub(super) fn agents(&self) -> Built {
        self.signed(Method::GET, &["agents", "compact"], Vec::new())
    }

    /// Sets the agent's availability; as one of idleness, the server drops it where the agent is away by choice.
    pub(super) fn choose(&self, availability: Availability, by_idleness: bool) -> Built {
        let mut body = json!({ "status": availability.word() });
        if by_idleness {
            body["source"] = json!("idle");
        }
        let body = body.to_string().into_bytes();
        let mut request = self.signed(Method::PUT, &["agents", "me", "availability"], body)?;
        request.headers_mut().insert(CONTENT_TYPE, JSON);
        Ok(request)
    }

    /// Opens the websocket, with one of the origins that a server may take; `None` after the last one.
    ///
    /// From 2.1.0 on the origin has to be https with the host as the server sees it, or `localhost`; a proxy may
    /// have dropped the port from that.
    pub(super) fn socket(&self, key: &str, attempt: usize) -> Option<Built> {
        let origin = match attempt {
            0 => format!("https://{}", self.base.authority()),
            1 => format!("https://{}", self.base.host()),
            2 => "http://localhost".to_owned(),
            _ => return None,
        };
        Some(self.upgrade(key, &origin))
    }

    fn upgrade(&self, key: &str, origin: &str) -> Built {
        let mut request = self.build(Method::GET, &["ws"], Vec::new())?;
        let headers = request.headers_mut();
        let value = |text: &str| HeaderValue::from_str(text).map_err(|_| DeskError::NotFound);
        headers.insert(AUTHORIZATION, self.credentials.authorization()?);
        headers.insert(ORIGIN, value(origin)?);
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        headers.insert(SEC_WEBSOCKET_KEY, value(key)?);
        Ok(request)
    }

    fn signed(&self, method: Method, path: &[&str], body: Vec<u8>) -> Built {
        let mut request = self.build(method, &[&["api", "v1"], path].concat(), body)?;
        request
            .headers_mut()
            .insert(AUTHORIZATION, self.credentials.authorization()?);
        Ok(request)
    }

    fn build(&self, method: Method, path: &[&str], body: Vec<u8>) -> Built {
        let url = self.base.at(path, &[]);
        let uri = Uri::try_from(url.as_str()).map_err(|_| DeskError::NotFound)?;
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, JSON);
        headers.insert(USER_AGENT, HeaderValue::from_static(crate::USER_AGENT));
        if let Some(agreed) = self.base.agreed_unencrypted() {
            request.extensions_mut().insert(agreed);
        }
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests() -> Requests {
        Requests {
            base: BaseUrl::new(
                domain::HelpDeskName::Libredesk,
                "https://help.example.com:8443/desk/",
                false,
            )
            .unwrap(),
            credentials: Credentials::ApiKey {
                key: "k3y".to_owned(),
                secret: "s3cret".into(),
            },
        }
    }

    fn line(request: Built) -> String {
        let request = request.unwrap();
        let body = String::from_utf8(request.body().clone()).unwrap();
        format!("{} {} {body}", request.method(), request.uri())
            .trim_end()
            .to_owned()
    }

    #[test]
    fn every_endpoint_has_its_method_path_and_body_under_the_prefix() {
        let to = requests();
        let lines = [
            line(to.config()),
            line(to.health()),
            line(to.me()),
            line(to.settings()),
            line(to.agents()),
            line(to.choose(Availability::AwayAndReassigning, false)),
            line(to.choose(Availability::Idle, true)),
            line(to.choose(Availability::Online, true)),
        ];
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn the_key_goes_only_to_what_needs_it() {
        let to = requests();
        let signed = |request: Built| request.unwrap().headers().contains_key(AUTHORIZATION);
        assert!(signed(to.me()) && signed(to.choose(Availability::Away, false)));
        assert!(signed(to.socket("a2V5", 0).unwrap()));
        assert!(!signed(to.config()) && !signed(to.health()) && !signed(to.zendesk_me()));
    }

    #[test]
    fn the_origins_that_a_server_may_take_are_tried_in_turn() {
        let to = requests();
        let origins: Vec<String> = (0..)
            .map_while(|attempt| to.socket("a2V5", attempt))
            .map(|request| {
                let request = request.unwrap();
                let origin = request.headers()[ORIGIN].to_str().unwrap();
                origin.to_owned()
            })
            .collect();
        assert_eq!(
            origins,
            [
                "https://help.example.com:8443",
                "https://help.example.com",
                "http://localhost"
            ]
        );
    }
}
