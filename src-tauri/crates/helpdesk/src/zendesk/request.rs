//! Zendesk's endpoints as requests, built without IO.

use domain::{DeskError, TeamFilter};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use serde_json::{Value, json};

use crate::{BaseUrl, Credentials};

/// The version that every sample of the unified status pages names.
const API_VERSION: (HeaderName, HeaderValue) = (
    HeaderName::from_static("zendesk-api-version"),
    HeaderValue::from_static("2023-02-01"),
);

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Entries on one page; the most that is allowed:
/// <https://developer.zendesk.com/api-reference/agent-availability/unified-agent-status-api/unified_agent_statuses/>.
const PAGE: (&str, &str) = ("page[size]", "100");

/// A request, or why none can be built from the credentials.
pub(super) type Built = Result<Request<Vec<u8>>, DeskError>;

/// Builds one agent's requests to one instance.
#[derive(Clone, Debug)]
pub(super) struct Requests {
    pub(super) base: BaseUrl,
    pub(super) credentials: Credentials,
}

impl Requests {
    /// Who is signed in: <https://developer.zendesk.com/api-reference/ticketing/users/users/#show-self>.
    pub(super) fn me(&self) -> Built {
        self.get(&["users", "me"], &[])
    }

    /// The access token that signs the request:
    /// <https://developer.zendesk.com/api-reference/ticketing/oauth/oauth_tokens/>.
    pub(super) fn current_token(&self) -> Built {
        self.get(&["oauth", "tokens", "current"], &[])
    }

    /// Revokes a token.
    pub(super) fn delete_token(&self, id: &str) -> Built {
        self.build(Method::DELETE, &["oauth", "tokens", id], &[], Vec::new())
    }

    /// The agent's groups, by pages:
    /// <https://developer.zendesk.com/api-reference/ticketing/groups/group_memberships/>.
    pub(super) fn group_memberships(&self, agent: &str, after: Option<&str>) -> Built {
        self.get(&["users", agent, "group_memberships"], &page(after))
    }

    /// What is switched on for the company:
    /// <https://developer.zendesk.com/api-reference/ticketing/account-configuration/account_settings/>.
    pub(super) fn account_settings(&self) -> Built {
        self.get(&["account", "settings"], &[])
    }

    /// The statuses that the agent may choose, by pages.
    pub(super) fn my_statuses(&self, after: Option<&str>) -> Built {
        self.get(
            &["agent_availabilities", "agent_statuses", "me"],
            &page(after),
        )
    }

    /// Chooses a status.
    ///
    /// The samples show the number both bare and in quotes; the resource's `id` is an integer.
    pub(super) fn choose(&self, status: u64) -> Built {
        let path = ["agent_availabilities", "agent_statuses", "agents", "me"];
        self.put(&path, &json!({ "id": status }))
    }

    /// The agent's own availability.
    pub(super) fn my_availability(&self) -> Built {
        self.get(&["agent_availabilities", "me"], &[])
    }

    /// An agent's availability by number:
    /// <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/agent_availabilities/>.
    pub(super) fn availability(&self, agent: &str) -> Built {
        self.get(&["agent_availabilities", agent], &[])
    }

    /// An agent's state in Talk:
    /// <https://developer.zendesk.com/api-reference/voice/talk-api/availabilities/>.
    pub(super) fn talk(&self, agent: &str) -> Built {
        self.get(&["channels", "voice", "availabilities", agent], &[])
    }

    /// Chooses an agent's state in Talk, where it is not inferred from the unified status.
    pub(super) fn choose_talk(&self, agent: &str, state: &str) -> Built {
        self.put(
            &["channels", "voice", "availabilities", agent],
            &json!({ "availability": { "agent_state": state } }),
        )
    }

    /// All statuses of the account, by pages; for admins.
    pub(super) fn statuses(&self, after: Option<&str>) -> Built {
        self.get(&["agent_availabilities", "agent_statuses"], &page(after))
    }

    /// The availability of many agents, by pages; for admins.
    ///
    /// The filters are those of Zendesk's own answers and client:
    /// <https://support.zendesk.com/hc/en-us/community/posts/8574613125530>.
    pub(super) fn availabilities(&self, filter: &TeamFilter, after: Option<&str>) -> Built {
        let mut query = page(after);
        if let Some(status) = &filter.status {
            query.push(("filter[agent_status_id]", &status.0));
        }
        let state;
        if let Some(channel) = &filter.channel {
            query.push(("filter[select_channel]", &channel.name));
            if let Some(wanted) = &channel.state {
                state = format!("{}:{wanted}", channel.name);
                query.push(("filter[channel_status]", &state));
            }
        }
        self.get(&["agent_availabilities"], &query)
    }

    /// Sets an agent's status; for admins.
    pub(super) fn choose_for(&self, agent: &str, status: u64) -> Built {
        let path = ["agent_availabilities", "agent_statuses", "agents", agent];
        self.put(&path, &json!({ "id": status }))
    }

    /// Users by their numbers: <https://developer.zendesk.com/api-reference/ticketing/users/users/#show-many-users>.
    pub(super) fn users(&self, ids: &[&str]) -> Built {
        self.get(&["users", "show_many"], &[("ids", &ids.join(","))])
    }

    /// The account's groups, by pages:
    /// <https://developer.zendesk.com/api-reference/ticketing/groups/groups/#list-groups>.
    pub(super) fn groups(&self, after: Option<&str>) -> Built {
        self.get(&["groups"], &page(after))
    }

    /// The rules for how much work agents can have:
    /// <https://developer.zendesk.com/api-reference/agent-availability/capacity-rules/capacity_rules_api/>.
    pub(super) fn capacity_rules(&self) -> Built {
        self.get(&["capacity", "rules"], &[])
    }

    /// Lets an agent's calls ring elsewhere.
    ///
    /// It names `via` alone: with omnichannel routing the interface refuses a request that names the state too
    /// (<https://support.zendesk.com/hc/en-us/articles/4779964251802>), and without, the state is not to change.
    pub(super) fn answer_by(&self, agent: &str, via: &str) -> Built {
        self.put(
            &["channels", "voice", "availabilities", agent],
            &json!({ "availability": { "via": via } }),
        )
    }

    fn get(&self, path: &[&str], query: &[(&str, &str)]) -> Built {
        self.build(Method::GET, path, query, Vec::new())
    }

    fn put(&self, path: &[&str], body: &Value) -> Built {
        let mut request = self.build(Method::PUT, path, &[], body.to_string().into_bytes())?;
        request.headers_mut().insert(CONTENT_TYPE, JSON);
        Ok(request)
    }

    fn build(&self, method: Method, path: &[&str], query: &[(&str, &str)], body: Vec<u8>) -> Built {
        let url = self.base.at(&[&["api", "v2"], path].concat(), query);
        let uri = Uri::try_from(url.as_str()).map_err(|_| DeskError::NotFound)?;
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, JSON);
        headers.insert(USER_AGENT, HeaderValue::from_static(crate::USER_AGENT));
        headers.insert(API_VERSION.0, API_VERSION.1);
        headers.insert(AUTHORIZATION, self.credentials.authorization()?);
        Ok(request)
    }
}

fn page(after: Option<&str>) -> Vec<(&str, &str)> {
    let cursor = after.map(|after| ("page[after]", after));
    [PAGE].into_iter().chain(cursor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests() -> Requests {
        Requests {
            base: "https://acme.zendesk.com".parse().unwrap(),
            credentials: Credentials::AccessToken("s3cret-token".into()),
        }
    }

    /// Method, path with query, and body.
    fn line(request: Built) -> String {
        let request = request.unwrap();
        assert_eq!(request.uri().scheme_str(), Some("https"));
        assert_eq!(request.uri().host(), Some("acme.zendesk.com"));
        let path = request.uri().path_and_query().unwrap().as_str();
        let path = path.strip_prefix("/api/v2/").unwrap();
        let body = String::from_utf8(request.body().clone()).unwrap();
        format!("{} {path} {body}", request.method())
            .trim_end()
            .to_owned()
    }

    #[test]
    fn every_endpoint_has_its_method_path_and_body() {
        let to = requests();
        assert_eq!(line(to.me()), "GET users/me");
        assert_eq!(
            line(to.group_memberships("10011", None)),
            "GET users/10011/group_memberships?page%5Bsize%5D=100"
        );
        assert_eq!(
            line(to.group_memberships("10011", Some("eyJv=="))),
            "GET users/10011/group_memberships?page%5Bsize%5D=100&page%5Bafter%5D=eyJv%3D%3D"
        );
        assert_eq!(line(to.account_settings()), "GET account/settings");
        assert_eq!(
            line(to.my_statuses(None)),
            "GET agent_availabilities/agent_statuses/me?page%5Bsize%5D=100"
        );
        assert_eq!(
            line(to.my_statuses(Some("206"))),
            "GET agent_availabilities/agent_statuses/me?page%5Bsize%5D=100&page%5Bafter%5D=206"
        );
        assert_eq!(
            line(to.choose(205)),
            r#"PUT agent_availabilities/agent_statuses/agents/me {"id":205}"#
        );
        assert_eq!(line(to.my_availability()), "GET agent_availabilities/me");
        assert_eq!(
            line(to.availability("10011")),
            "GET agent_availabilities/10011"
        );
        assert_eq!(
            line(to.talk("10011")),
            "GET channels/voice/availabilities/10011"
        );
        assert_eq!(
            line(to.choose_talk("10011", "transfers_only")),
            r#"PUT channels/voice/availabilities/10011 {"availability":{"agent_state":"transfers_only"}}"#
        );
    }

    #[test]
    fn what_admins_ask_has_its_path_and_filters() {
        let to = requests();
        let filter = TeamFilter {
            status: Some(domain::StatusId::new(205)),
            channel: Some(domain::NarrowedChannel {
                name: "talk".into(),
                state: Some("online".into()),
            }),
        };
        assert_eq!(
            line(to.availabilities(&TeamFilter::default(), None)),
            "GET agent_availabilities?page%5Bsize%5D=100"
        );
        assert_eq!(
            line(to.availabilities(&filter, Some("7"))),
            "GET agent_availabilities?page%5Bsize%5D=100&page%5Bafter%5D=7&filter%5Bagent_status_id%5D=205\
             &filter%5Bselect_channel%5D=talk&filter%5Bchannel_status%5D=talk%3Aonline"
        );
        assert_eq!(
            line(to.choose_for("10015", 201)),
            r#"PUT agent_availabilities/agent_statuses/agents/10015 {"id":201}"#
        );
        assert_eq!(line(to.users(&["1", "2"])), "GET users/show_many?ids=1%2C2");
        assert_eq!(
            line(to.statuses(None)),
            "GET agent_availabilities/agent_statuses?page%5Bsize%5D=100"
        );
        assert_eq!(line(to.groups(None)), "GET groups?page%5Bsize%5D=100");
        assert_eq!(line(to.capacity_rules()), "GET capacity/rules");
    }

    #[test]
    fn every_request_says_what_it_accepts_and_who_asks() {
        let to = requests();
        for (built, writes) in [(to.me(), false), (to.choose(3), true)] {
            let request = built.unwrap();
            let header = |name: &str| {
                request
                    .headers()
                    .get(name)
                    .map(|value| value.to_str().unwrap())
            };
            assert_eq!(header("accept"), Some("application/json"));
            assert_eq!(header("zendesk-api-version"), Some("2023-02-01"));
            assert_eq!(
                header("user-agent"),
                Some(concat!("Statuslight/", env!("CARGO_PKG_VERSION")))
            );
            assert_eq!(header("authorization"), Some("Bearer s3cret-token"));
            assert_eq!(header("content-type"), writes.then_some("application/json"));
        }
    }

    #[test]
    fn a_request_can_be_printed_without_its_secret() {
        let to = requests();
        let text = format!("{to:?} {:?}", to.me());
        assert!(!text.contains("s3cret"), "{text}");
        assert!(text.contains("users/me"));
    }
}
