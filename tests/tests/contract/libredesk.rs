//! The Libredesk client against the simulator over real sockets, row by row of what the server was seen to do.

use std::sync::Arc;
use std::time::Duration;

use domain::{
    Availability, Closed, DeskError, Heard, HelpDeskName, Power, ReadPath, Seen, StatusId,
    TeamFilter,
};
use helpdesk::{BaseUrl, Credentials, HelpDesk, Https, Libredesk as Client, Socket};
use simulator::libredesk::sample;
use simulator::{Certificate, Fault, FaultRule, Libredesk, Simulator, WebsocketMode, Zendesk};
use tokio::time::timeout;

const ME: &str = "/api/v1/agents/me";
const SET: &str = "/api/v1/agents/me/availability";

struct Contract {
    desk: Libredesk,
    server: Simulator,
}

impl Contract {
    async fn new() -> Self {
        let desk = Libredesk::default();
        let server = Simulator::http(&desk, 0).await.expect("a free port");
        Self { desk, server }
    }

    fn ada(&self) -> Client<Arc<Https>> {
        self.with(sample::KEY, sample::SECRET)
    }

    fn with(&self, key: &str, secret: &str) -> Client<Arc<Https>> {
        client(&self.server.url(), key, secret)
    }

    fn status(&self) -> String {
        self.desk.status(sample::ADA).expect("Ada is there")
    }
}

fn https() -> Arc<Https> {
    Arc::new(Https::new().expect("TLS can be set up"))
}

fn at(url: &str) -> BaseUrl {
    BaseUrl::new(HelpDeskName::Libredesk, url, false).expect("a usable address")
}

fn key(key: &str, secret: &str) -> Credentials {
    Credentials::ApiKey {
        key: key.to_owned(),
        secret: secret.into(),
    }
}

fn client(url: &str, name: &str, secret: &str) -> Client<Arc<Https>> {
    let agent = Some(sample::ADA.to_string());
    Client::new(https(), at(url), key(name, secret), agent)
}

async fn find(url: &str) -> Result<(String, String), DeskError> {
    let desk = HelpDeskName::Libredesk;
    let found = HelpDesk::probe(desk, at(url), key(sample::KEY, sample::SECRET), https()).await;
    found.map(|(base, agent)| (base.to_string(), agent.name))
}

fn id(availability: Availability) -> StatusId {
    StatusId::new(availability.word())
}

fn name_of(seen: Seen) -> String {
    match seen {
        Seen::Status { name, .. } => name,
        other => panic!("a status, not {other:?}"),
    }
}

async fn next(socket: &mut Socket) -> Heard {
    let heard = timeout(Duration::from_secs(30), socket.next()).await;
    heard.expect("something is heard in time")
}

#[tokio::test]
async fn each_availability_is_read_under_its_name() {
    let contract = Contract::new().await;
    let ada = contract.ada();
    for availability in Availability::ALL {
        contract
            .desk
            .set_in_browser(sample::ADA, availability.word());
        let reading = ada.fetch().await.unwrap();
        assert_eq!(reading.path, ReadPath::Own);
        assert_eq!(name_of(reading.seen), availability.named().name);
    }
}

#[tokio::test]
async fn what_can_be_chosen_is_written_by_its_word_and_confirmed_by_the_answer() {
    let contract = Contract::new().await;
    let ada = contract.ada();
    for availability in Availability::CHOOSABLE {
        let written = ada.push(&id(availability)).await.unwrap();
        assert_eq!(written.id, id(availability));
        assert_eq!(contract.status(), availability.word());
    }
    let put = contract.desk.requests().pop().unwrap();
    assert_eq!(
        put.json(),
        serde_json::json!({"status": "away_and_reassigning"})
    );
}

#[tokio::test]
async fn what_the_server_does_not_know_or_keep_is_never_sent() {
    let contract = Contract::new().await;
    let ada = contract.ada();
    for word in ["available", "busy", "offline", "away", "", "ONLINE"] {
        let refused = ada.push(&StatusId::new(word)).await;
        assert_eq!(refused, Err(DeskError::NoSuchStatus), "{word}");
    }
    assert!(contract.desk.requests().is_empty());
}

#[tokio::test]
async fn idleness_is_said_to_be_it_and_the_answer_tells_what_holds() {
    let contract = Contract::new().await;
    let ada = contract.ada();
    let written = ada.push_idle(&id(Availability::Idle)).await.unwrap();
    assert_eq!(written.name, "Idle");
    let put = contract.desk.requests().pop().unwrap();
    let body = serde_json::json!({"status": "away", "source": "idle"});
    assert_eq!(put.json(), body);
    for chosen in [Availability::Away, Availability::AwayAndReassigning] {
        ada.push(&id(chosen)).await.unwrap();
        let written = ada.push_idle(&id(Availability::Online)).await.unwrap();
        assert_eq!(written.id, id(chosen), "what was chosen stays");
    }
}

#[tokio::test]
async fn a_wrong_a_revoked_and_a_disabled_key_are_refused_for_good() {
    let contract = Contract::new().await;
    for (name, secret) in [(sample::KEY, "wrong"), ("wrong", sample::SECRET)] {
        let who = contract.with(name, secret).who().await;
        assert_eq!(who, Err(DeskError::Unauthorized));
    }
    let ada = contract.ada();
    contract.desk.disable(sample::ADA);
    assert_eq!(ada.fetch().await, Err(DeskError::Unauthorized));
    contract.desk.revoke_key(sample::ADA);
    let pushed = ada.push(&id(Availability::Away)).await;
    assert_eq!(pushed, Err(DeskError::Unauthorized));
}

#[tokio::test]
async fn a_refusal_while_the_database_is_down_says_nothing_of_the_key() {
    let contract = Contract::new().await;
    contract.desk.database_down(true);
    contract.desk.set_language("de-DE");
    let ada = contract.ada();
    for error in [
        ada.fetch().await.unwrap_err(),
        ada.push(&id(Availability::Away)).await.unwrap_err(),
        ada.list().await.unwrap_err(),
    ] {
        assert!(
            matches!(error, DeskError::Server { status: 500, .. }),
            "{error:?}"
        );
    }
    contract.desk.database_down(false);
    assert!(ada.fetch().await.is_ok());
}

#[tokio::test]
async fn a_key_that_got_lost_on_the_way_is_a_refusal_to_reads_and_writes_alike() {
    let contract = Contract::new().await;
    // A proxy that drops the header leaves what a browser without a session sends.
    for (method, path, code) in [("GET", ME, 401), ("PUT", SET, 403)] {
        let rule = FaultRule::new(Fault::status(code))
            .method(method)
            .path(path);
        contract.desk.fault(rule);
    }
    let ada = contract.ada();
    assert_eq!(ada.fetch().await, Err(DeskError::Unauthorized));
    let pushed = ada.push(&id(Availability::Away)).await;
    assert_eq!(pushed, Err(DeskError::Unauthorized));
}

#[tokio::test]
async fn half_a_key_is_refused_before_it_is_sent() {
    let contract = Contract::new().await;
    for (name, secret) in [(sample::KEY, ""), ("", sample::SECRET), ("a:b", "c")] {
        let who = contract.with(name, secret).who().await;
        assert_eq!(who, Err(DeskError::Unauthorized));
    }
    assert!(contract.desk.requests().is_empty());
}

#[tokio::test]
async fn every_failure_of_the_server_and_the_way_has_its_meaning() {
    let contract = Contract::new().await;
    let ada = contract.ada();
    let met = async |fault: Fault| {
        contract.desk.clear_faults();
        contract.desk.fault(FaultRule::new(fault).path(ME));
        ada.fetch().await.unwrap_err()
    };
    assert!(matches!(
        met(Fault::status(503)).await,
        DeskError::Server { status: 503, .. }
    ));
    assert_eq!(
        met(Fault::status(429)).await,
        DeskError::RateLimited {
            retry_after: Some(Duration::from_secs(60))
        }
    );
    assert_eq!(met(Fault::status(404)).await, DeskError::NotFound);
    assert_eq!(
        met(Fault::status(405)).await,
        DeskError::Refused { status: 405 }
    );
    assert_eq!(
        met(Fault::status(400)).await,
        DeskError::Refused { status: 400 }
    );
    assert_eq!(met(Fault::status(403)).await, DeskError::Forbidden);
    let elsewhere = Fault::Redirect {
        to: "https://login.example.com/?secret=1".to_owned(),
    };
    assert_eq!(
        met(elsewhere).await,
        DeskError::Redirected {
            target: "login.example.com".to_owned()
        }
    );
    for fault in [Fault::Html, Fault::NotJson, Fault::CutJson] {
        let error = met(fault.clone()).await;
        assert!(
            matches!(error, DeskError::Unintelligible { .. }),
            "{fault:?}: {error:?}"
        );
    }
    assert_eq!(met(Fault::HugeBody).await, DeskError::TooLarge);
    for fault in [Fault::Reset, Fault::TruncatedBody] {
        let error = met(fault.clone()).await;
        assert!(
            matches!(error, DeskError::Interrupted { .. }),
            "{fault:?}: {error:?}"
        );
    }
}

#[tokio::test]
async fn the_messages_may_be_in_any_language() {
    let contract = Contract::new().await;
    contract.desk.set_language("de-DE");
    let wrong = contract.with(sample::KEY, "wrong").who().await;
    assert_eq!(wrong, Err(DeskError::Unauthorized));
    assert!(contract.ada().fetch().await.is_ok());
}

#[tokio::test]
async fn it_is_found_at_its_address_under_a_path_and_from_one_of_its_pages() {
    let contract = Contract::new().await;
    let url = contract.server.url();
    let here = Ok((url.clone(), "Ada Example".to_owned()));
    for typed in [
        url.clone(),
        format!("{url}/"),
        format!("{url}//inboxes/assigned?x=1"),
    ] {
        assert_eq!(find(&typed).await, here, "{typed}");
    }
    contract.desk.set_prefix(Some("/desk"));
    let there = Ok((format!("{url}/desk"), "Ada Example".to_owned()));
    for typed in [format!("{url}/desk/"), format!("{url}/desk/inboxes")] {
        assert_eq!(find(&typed).await, there, "{typed}");
    }
    for request in contract.desk.requests() {
        let is_signed = request.header("authorization").is_some();
        assert!(
            !is_signed || request.path.ends_with("/agents/me"),
            "{}",
            request.path
        );
    }
}

#[tokio::test]
async fn releases_before_0_7_4_are_found_by_their_health() {
    let contract = Contract::new().await;
    contract.desk.set_version("v0.7.3");
    assert!(find(&contract.server.url()).await.is_ok());
    let ada = contract.ada();
    let written = ada.push(&id(Availability::Away)).await.unwrap();
    assert_eq!(written.name, "Away", "its answer is nothing but true");
}

#[tokio::test]
async fn what_is_no_libredesk_is_named_and_gets_no_key() {
    let zendesk = Zendesk::default();
    let server = Simulator::http(&zendesk, 0).await.unwrap();
    let error = find(&server.url()).await.unwrap_err();
    assert_eq!(
        error,
        DeskError::Unintelligible {
            detail: "a Zendesk".to_owned()
        }
    );
    for request in zendesk.requests() {
        assert_eq!(request.header("authorization"), None);
    }
    // A web site, a captive portal that answers with its page, and one that leads to it.
    let other = Contract::new().await;
    other.desk.set_prefix(Some("/nowhere"));
    let error = find(&other.server.url()).await.unwrap_err();
    assert_eq!(
        error,
        DeskError::Unintelligible {
            detail: "a web page".to_owned()
        }
    );
    let portal = Contract::new().await;
    portal.desk.fault(FaultRule::new(Fault::Html));
    let error = find(&portal.server.url()).await.unwrap_err();
    assert!(error.to_string().contains("a web page"), "{error}");
    portal.desk.clear_faults();
    portal.desk.fault(FaultRule::new(Fault::Redirect {
        to: "http://portal.example.com/login".to_owned(),
    }));
    let error = find(&portal.server.url()).await.unwrap_err();
    assert_eq!(
        error,
        DeskError::Redirected {
            target: "portal.example.com".to_owned()
        }
    );
    for desk in [&other.desk, &portal.desk] {
        for request in desk.requests() {
            assert_eq!(request.header("authorization"), None);
        }
    }
}

#[tokio::test]
async fn the_team_is_there_from_2_3_0_on_and_nobody_else_is_ever_set() {
    let contract = Contract::new().await;
    let ada = contract.ada();
    contract.desk.set_in_browser(sample::BEN, "away");
    let statuses = Client::<Arc<Https>>::team_statuses();
    let team = ada.team(&TeamFilter::default(), &statuses).await.unwrap();
    let names: Vec<(&str, &str, bool)> = team
        .agents
        .iter()
        .map(|agent| {
            let status = agent.status.as_ref().map_or("-", |it| it.name.as_str());
            (agent.name.as_str(), status, agent.you)
        })
        .collect();
    assert_eq!(
        names,
        [
            ("Ada Example", "Online", true),
            ("Ben Example", "Idle", false),
            ("Grace Example", "Online", false)
        ]
    );
    let idle = TeamFilter {
        status: Some(id(Availability::Idle)),
        ..TeamFilter::default()
    };
    assert_eq!(ada.team(&idle, &statuses).await.unwrap().agents.len(), 1);
    let bens = ada.status_of(&sample::BEN.to_string()).await.unwrap();
    assert_eq!(bens, Some(id(Availability::Idle)));
    let powers = ada.examine().await.unwrap().powers;
    assert_eq!(
        (powers.team, powers.set_others),
        (Power::Given, Power::NotOffered)
    );
    assert_eq!(Client::<Arc<Https>>::push_for(), Err(DeskError::Forbidden));
    contract.desk.set_version("v2.2.0");
    assert_eq!(ada.examine().await.unwrap().powers.team, Power::NotOffered);
}

#[tokio::test]
async fn the_websocket_tells_the_agents_own_changes_and_a_ping_is_presence() {
    let contract = Contract::new().await;
    let ada = contract.ada();
    let mut socket = ada.listen().await.unwrap();
    assert!(socket.tells_changes());
    contract.desk.set_in_browser(sample::BEN, "away_manual");
    contract.desk.set_in_browser(sample::ADA, "offline");
    assert_eq!(
        next(&mut socket).await,
        Heard::Status(id(Availability::Offline)),
        "another agent's change is not Ada's"
    );
    socket.ping().await.unwrap();
    ada.push(&id(Availability::Away)).await.unwrap();
    assert_eq!(
        next(&mut socket).await,
        Heard::Status(id(Availability::Away))
    );
    assert_eq!(contract.desk.pings(sample::ADA), 1);
    contract.desk.edit_as_admin(sample::ADA, "online");
    assert_eq!(next(&mut socket).await, Heard::Closed(Closed::Kicked));
}

#[tokio::test]
async fn every_end_of_the_websocket_is_told() {
    let contract = Contract::new().await;
    let ada = contract.ada();
    let mut socket = ada.listen().await.unwrap();
    contract.desk.drop_sockets();
    assert!(matches!(
        next(&mut socket).await,
        Heard::Closed(Closed::Broken(_))
    ));
    let mut socket = ada.listen().await.unwrap();
    contract.desk.close_sockets(1001, "going away");
    assert!(matches!(
        next(&mut socket).await,
        Heard::Closed(Closed::Broken(_))
    ));
    let mut socket = ada.listen().await.unwrap();
    contract.desk.silence_sockets(true);
    let began = std::time::Instant::now();
    let Heard::Closed(Closed::Broken(why)) = next(&mut socket).await else {
        panic!("it is dead");
    };
    assert!(
        why.contains("silent") && began.elapsed() >= Duration::from_secs(14),
        "{why}"
    );
}

#[tokio::test]
async fn where_no_websocket_can_be_opened_that_is_said() {
    let contract = Contract::new().await;
    let ada = contract.ada();
    for mode in [WebsocketMode::Stripped, WebsocketMode::NoRoute] {
        contract.desk.set_websocket(mode);
        let refused = ada.listen().await.unwrap_err();
        assert!(
            matches!(refused, Closed::NotOffered(_)),
            "{mode:?}: {refused:?}"
        );
    }
    contract.desk.set_websocket(WebsocketMode::Works);
    contract.desk.revoke_key(sample::ADA);
    assert_eq!(
        ada.listen().await.unwrap_err(),
        Closed::Failed(DeskError::Unauthorized)
    );
    contract.desk.database_down(true);
    let down = ada.listen().await.unwrap_err();
    assert!(
        matches!(down, Closed::Failed(DeskError::Server { status: 500, .. })),
        "{down:?}"
    );
}

#[tokio::test]
async fn an_origin_that_is_not_taken_gives_way_to_one_that_is() {
    let contract = Contract::new().await;
    // A proxy that drops the port from the host: only the second origin fits.
    contract.desk.set_host(Some("127.0.0.1"));
    contract.ada().listen().await.unwrap();
    let tried: Vec<String> = contract
        .desk
        .requests()
        .iter()
        .filter(|request| request.path == "/ws")
        .map(|request| request.header("origin").unwrap_or_default().to_owned())
        .collect();
    assert_eq!(tried.len(), 2, "{tried:?}");
    assert_eq!(tried[1], "https://127.0.0.1");
    // And one that puts its own name in its place.
    contract.desk.set_host(Some("libredesk:9000"));
    contract.ada().listen().await.unwrap();
}

#[tokio::test]
async fn releases_before_2_3_0_open_a_websocket_that_tells_no_changes() {
    let contract = Contract::new().await;
    contract.desk.set_version("v2.2.5");
    let socket = contract.ada().listen().await.unwrap();
    assert!(!socket.tells_changes());
    contract.desk.set_version("");
    let socket = contract.ada().listen().await.unwrap();
    assert!(
        !socket.tells_changes(),
        "one that says nothing promises nothing"
    );
}

#[tokio::test]
async fn requests_and_the_websocket_work_under_a_companys_own_authority() {
    let desk = Libredesk::default();
    let server = Simulator::https(&desk, 0, Certificate::Trusted)
        .await
        .unwrap();
    let url = format!("https://localhost:{}", server.addr().port());
    let stranger = client(&url, sample::KEY, sample::SECRET);
    let refused = stranger.who().await.unwrap_err();
    assert!(
        matches!(refused, DeskError::Certificate { .. }),
        "{refused:?}"
    );
    let pem = server.ca_pem().unwrap();
    let trusting = Arc::new(Https::trusting(pem.as_bytes()).unwrap());
    let ada = Client::new(
        trusting,
        at(&url),
        key(sample::KEY, sample::SECRET),
        Some(sample::ADA.to_string()),
    );
    assert_eq!(ada.who().await.unwrap().name, "Ada Example");
    let mut socket = ada.listen().await.unwrap();
    desk.set_in_browser(sample::ADA, "away");
    assert_eq!(
        next(&mut socket).await,
        Heard::Status(id(Availability::Idle))
    );
    for nothing in ["", "no certificate"] {
        assert!(Https::trusting(nothing.as_bytes()).is_err());
    }
}

#[tokio::test]
async fn a_connection_that_the_server_closes_after_eight_idle_seconds_costs_no_click() {
    let contract = Contract::new().await;
    let ada = contract.ada();
    ada.fetch().await.unwrap();
    tokio::time::sleep(Duration::from_millis(8_200)).await;
    ada.push(&id(Availability::Away)).await.unwrap();
    assert_eq!(contract.status(), "away_manual");
}
