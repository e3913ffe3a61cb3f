//! The Zendesk client against the simulator over real sockets, in real time.

#[path = "contract/libredesk.rs"]
mod libredesk;
#[path = "contract/team.rs"]
mod team;

use std::sync::Arc;
use std::time::Duration;

use domain::{
    CallStatus, DeskError, HelpDeskName, Phone, ReadPath, Seen, StatusId, StatusKind, Via,
};
use helpdesk::{BaseUrl, Credentials, Https, Zendesk as Client};
use simulator::{
    Certificate, Fault, FaultRule, ListMode, MeRefusal, Quota, Readability, Simulator, Zendesk,
    sample,
};

struct Contract {
    zendesk: Zendesk,
    server: Simulator,
}

impl Contract {
    async fn new() -> Self {
        Self::with(Zendesk::default()).await
    }

    async fn with(zendesk: Zendesk) -> Self {
        let server = Simulator::http(&zendesk, 0).await.expect("a free port");
        Self { zendesk, server }
    }

    fn client(&self, credentials: Credentials, agent: u64) -> Client<Arc<Https>> {
        client(&self.server.url(), credentials, agent)
    }

    fn ada(&self) -> Client<Arc<Https>> {
        self.client(token(sample::ADA_TOKEN), sample::ADA)
    }
}

fn client(url: &str, credentials: Credentials, agent: u64) -> Client<Arc<Https>> {
    let base: BaseUrl = BaseUrl::new(HelpDeskName::Zendesk, url, false).expect("a usable address");
    Client::new(
        Arc::new(Https::new().expect("TLS can be set up")),
        base,
        credentials,
        Some(agent.to_string()),
    )
}

fn token(token: &str) -> Credentials {
    Credentials::AccessToken(token.into())
}

fn id(id: u64) -> StatusId {
    StatusId::new(id)
}

fn seen_status(seen: Seen) -> (String, Option<String>) {
    match seen {
        Seen::Status { name, reason, .. } => (name, reason),
        other => panic!("a status, not {other:?}"),
    }
}

#[tokio::test]
async fn an_agent_signs_in_by_access_token_and_by_api_token() {
    let contract = Contract::new().await;
    assert_eq!(
        contract.ada().who().await.unwrap().id,
        sample::ADA.to_string()
    );
    let by_api_token = Credentials::ApiToken {
        email: sample::ADA_EMAIL.into(),
        token: sample::API_TOKEN.into(),
    };
    assert_eq!(
        contract
            .client(by_api_token, sample::ADA)
            .who()
            .await
            .unwrap()
            .id,
        sample::ADA.to_string()
    );
}

#[tokio::test]
async fn wrong_credentials_and_people_without_a_status_are_told_apart() {
    let contract = Contract::new().await;
    let who = async |credentials| {
        contract
            .client(credentials, sample::ADA)
            .who()
            .await
            .unwrap_err()
    };
    assert_eq!(who(token("no-such-token")).await, DeskError::Unauthorized);
    let wrong = Credentials::ApiToken {
        email: sample::ADA_EMAIL.into(),
        token: "wrong".into(),
    };
    assert_eq!(who(wrong).await, DeskError::Anonymous);
    for no_agent in [sample::LIAM_TOKEN, sample::ERIN_TOKEN] {
        assert!(
            matches!(who(token(no_agent)).await, DeskError::NotAnAgent { .. }),
            "{no_agent}"
        );
    }
}

#[tokio::test]
async fn an_unknown_subdomain_is_named_as_such() {
    let contract = Contract::new().await;
    contract.zendesk.set_exists(false);
    assert_eq!(contract.ada().who().await.unwrap_err(), DeskError::NotFound);
}

#[tokio::test]
async fn all_pages_are_listed_once_whether_or_not_the_server_filters_by_group() {
    for mode in [ListMode::Eligible, ListMode::All] {
        let mut account = simulator::Account::default();
        account.add_statuses(500);
        account.settings.list_mode = mode;
        let contract = Contract::with(Zendesk::new(account)).await;
        let listing = contract.ada().list().await.unwrap();
        let mut ids: Vec<_> = listing
            .statuses
            .iter()
            .map(|status| status.id.clone())
            .collect();
        assert_eq!(
            &ids[..4],
            [id(2), id(3), id(4), id(5)],
            "default statuses come first"
        );
        assert!(ids.len() > 504);
        ids.sort();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "{mode:?}: each status once");
        let coaching = listing
            .statuses
            .iter()
            .find(|status| status.id == id(sample::COACHING));
        assert_eq!(
            coaching.and_then(|status| status.eligible),
            (mode == ListMode::All).then_some(false),
            "{mode:?}"
        );
    }
}

#[tokio::test]
async fn the_kind_of_a_custom_status_follows_its_channels() {
    let contract = Contract::new().await;
    let listing = contract.ada().list().await.unwrap();
    let kind = |status: u64| {
        listing
            .statuses
            .iter()
            .find(|listed| listed.id == id(status))
            .unwrap()
            .kind
    };
    assert_eq!(kind(sample::LUNCH), StatusKind::Away);
    assert_eq!(kind(sample::BACK_OFFICE), StatusKind::Online);
    assert_eq!(kind(sample::TRANSFERS_ONLY), StatusKind::TransfersOnly);
}

#[tokio::test]
async fn the_status_is_read_by_the_best_way_the_role_allows() {
    let contract = Contract::new().await;
    let ada = contract.ada();
    let read = async |known| ada.fetch(known).await.unwrap();
    assert_eq!(read(None).await.path, ReadPath::Own);
    let (name, reason) = seen_status(read(Some(ReadPath::Own)).await.seen);
    assert_eq!(
        (name.as_str(), reason.as_deref()),
        ("Online", Some("AGENT_STATUS_SWITCHER"))
    );

    for refusal in [
        MeRefusal::NotFound,
        MeRefusal::BadRequest,
        MeRefusal::Forbidden,
    ] {
        contract
            .zendesk
            .set_readability(Readability::OwnId, refusal);
        assert_eq!(
            read(Some(ReadPath::Own)).await.path,
            ReadPath::OwnById,
            "{refusal:?}"
        );
        contract
            .zendesk
            .set_readability(Readability::Nothing, refusal);
        let talk = read(Some(ReadPath::Own)).await;
        assert_eq!(talk.path, ReadPath::TalkChannel, "{refusal:?}");
        assert!(matches!(talk.seen, Seen::Channel(channel) if channel.name == "talk"));
    }
    for no_seat in [403, 404, 422] {
        contract
            .zendesk
            .configure(|settings| settings.no_talk_seat = no_seat);
        contract.zendesk.set_talk_seat(sample::ADA, false).unwrap();
        assert_eq!(read(None).await.path, ReadPath::Nowhere, "{no_seat}");
    }
}

#[tokio::test]
async fn a_known_way_costs_one_request() {
    let contract = Contract::new().await;
    contract.ada().fetch(Some(ReadPath::Own)).await.unwrap();
    assert_eq!(contract.zendesk.requests().len(), 1);
}

#[tokio::test]
async fn a_write_is_answered_with_the_status_it_set() {
    let contract = Contract::new().await;
    let written = contract.ada().push(&id(sample::LUNCH)).await.unwrap();
    assert_eq!(
        (written.id, written.name.as_str()),
        (id(sample::LUNCH), "Lunch")
    );
    let (name, reason) = seen_status(contract.ada().fetch(None).await.unwrap().seen);
    assert_eq!(
        (name.as_str(), reason.as_deref()),
        ("Lunch", Some("PUBLIC_API"))
    );
}

#[tokio::test]
async fn a_refused_write_is_named_by_meaning() {
    let contract = Contract::new().await;
    let ada = contract.ada();
    let refused = async |status: u64| ada.push(&id(status)).await.unwrap_err();
    assert_eq!(refused(999_999).await, DeskError::NoSuchStatus);
    assert_eq!(refused(sample::COACHING).await, DeskError::NotEligible);
    contract
        .zendesk
        .fault(FaultRule::new(Fault::status(409)).method("PUT").times(1));
    assert_eq!(refused(sample::LUNCH).await, DeskError::Conflict);
    assert!(
        ada.push(&id(sample::LUNCH)).await.is_ok(),
        "a conflict passes"
    );
    contract.zendesk.lock_account(true);
    assert_eq!(refused(sample::LUNCH).await, DeskError::AccountLocked);
    contract.zendesk.lock_account(false);
    let read_only = contract.client(token(sample::ADA_READ_TOKEN), sample::ADA);
    assert_eq!(
        read_only.push(&id(sample::LUNCH)).await.unwrap_err(),
        DeskError::Forbidden
    );
}

#[tokio::test]
async fn talks_own_states_are_the_statuses_where_omnichannel_routing_is_off() {
    let contract = Contract::new().await;
    contract.zendesk.set_omnichannel(false);
    let ada = contract.ada();
    let names: Vec<String> = ada
        .list()
        .await
        .unwrap()
        .statuses
        .into_iter()
        .map(|status| status.name)
        .collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(ada.fetch(None).await.unwrap().path, ReadPath::TalkIsStatus);
    assert_eq!(
        ada.push(&StatusId::new("away")).await.unwrap().id,
        StatusId::new("away")
    );
    assert_eq!(
        contract.zendesk.talk_state(sample::ADA).as_deref(),
        Some("away")
    );
}

/// The phone when nobody calls.
fn rings(via: Via) -> Phone {
    Phone {
        via: Some(via),
        call: None,
    }
}

#[tokio::test]
async fn where_calls_ring_is_read_and_changed_in_both_modes_without_touching_the_state() {
    for omnichannel in [true, false] {
        let contract = Contract::new().await;
        contract.zendesk.set_omnichannel(omnichannel);
        let ada = contract.ada();
        assert_eq!(ada.phone().await, Ok(Some(rings(Via::Client))));
        let state = contract.zendesk.talk_state(sample::ADA);
        let status = contract.zendesk.current_status(sample::ADA);
        assert_eq!(ada.answer_by(Via::Phone).await, Ok(rings(Via::Phone)));
        assert_eq!(
            contract.zendesk.via(sample::ADA).as_deref(),
            Some("phone"),
            "{omnichannel}"
        );
        assert_eq!(contract.zendesk.talk_state(sample::ADA), state);
        assert_eq!(contract.zendesk.current_status(sample::ADA), status);
        for (word, call) in [
            ("on_call", CallStatus::OnCall),
            ("wrap_up", CallStatus::WrapUp),
        ] {
            contract
                .zendesk
                .set_call_status(sample::ADA, Some(word))
                .unwrap();
            let phone = ada.phone().await.unwrap().unwrap();
            assert_eq!((phone.via, phone.call), (Some(Via::Phone), Some(call)));
        }
    }
}

#[tokio::test]
async fn where_the_status_is_read_from_talk_the_phone_comes_along() {
    let contract = Contract::new().await;
    contract.zendesk.set_omnichannel(false);
    let reading = contract.ada().fetch(None).await.unwrap();
    assert_eq!(reading.path, ReadPath::TalkIsStatus);
    assert_eq!(reading.phone, Some(rings(Via::Client)));
    contract.zendesk.set_omnichannel(true);
    contract
        .zendesk
        .set_readability(Readability::Nothing, MeRefusal::NotFound);
    let reading = contract.ada().fetch(None).await.unwrap();
    assert_eq!(reading.path, ReadPath::TalkChannel);
    assert_eq!(reading.phone, Some(rings(Via::Client)));
}

#[tokio::test]
async fn an_agent_without_a_seat_in_talk_has_no_phone_however_it_is_said() {
    let contract = Contract::new().await;
    contract.zendesk.set_talk_seat(sample::ADA, false).unwrap();
    for refusal in [403, 404, 422] {
        contract
            .zendesk
            .configure(|settings| settings.no_talk_seat = refusal);
        assert_eq!(contract.ada().phone().await, Ok(None), "{refusal}");
        assert!(contract.ada().answer_by(Via::Phone).await.is_err());
    }
}

#[tokio::test]
async fn a_talk_state_that_is_chosen_after_omnichannel_routing_came_is_no_status_any_more() {
    let contract = Contract::new().await;
    assert_eq!(
        contract.ada().push(&StatusId::new("away")).await,
        Err(DeskError::NoSuchStatus)
    );
    contract.zendesk.set_omnichannel(false);
    assert_eq!(
        contract.ada().push(&id(sample::LUNCH)).await,
        Err(DeskError::NoSuchStatus)
    );
}

#[tokio::test]
async fn the_request_limit_is_told_with_and_without_retry_after() {
    let contract = Contract::new().await;
    for retry_after in [true, false] {
        contract.zendesk.set_quota(Quota {
            per_minute: 0,
            headers: true,
            retry_after,
        });
        match contract.ada().fetch(Some(ReadPath::Own)).await.unwrap_err() {
            DeskError::RateLimited { retry_after: told } => assert_eq!(told.is_some(), retry_after),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_goes_wrong_on_the_way_is_named_by_what_it_means() {
    let contract = Contract::new().await;
    let ada = contract.ada();
    let meet = async |fault: Fault| {
        contract.zendesk.fault(FaultRule::new(fault).times(1));
        ada.fetch(Some(ReadPath::Own)).await.unwrap_err()
    };
    assert!(matches!(
        meet(Fault::Reset).await,
        DeskError::Interrupted { .. }
    ));
    assert!(matches!(
        meet(Fault::TruncatedBody).await,
        DeskError::Interrupted { .. }
    ));
    for unintelligible in [Fault::CutJson, Fault::Html, Fault::NotJson] {
        let error = meet(unintelligible.clone()).await;
        assert!(
            matches!(error, DeskError::Unintelligible { .. }),
            "{unintelligible:?}: {error:?}"
        );
    }
    assert_eq!(meet(Fault::HugeBody).await, DeskError::TooLarge);
    assert!(matches!(
        meet(Fault::status(500)).await,
        DeskError::Server { status: 500, .. }
    ));
    assert_eq!(meet(Fault::status(401)).await, DeskError::Unauthorized);
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up_after_ten_seconds() {
    let contract = Contract::new().await;
    contract.zendesk.fault(FaultRule::new(Fault::Hang).times(1));
    let begun = std::time::Instant::now();
    let error = contract.ada().fetch(Some(ReadPath::Own)).await.unwrap_err();
    assert_eq!(error, DeskError::TimedOut);
    assert!(
        (9..12).contains(&begun.elapsed().as_secs()),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn a_redirect_is_named_and_no_credentials_follow_it() {
    let elsewhere = Contract::new().await;
    let contract = Contract::new().await;
    let to = format!("{}/api/v2/agent_availabilities/me", elsewhere.server.url());
    contract
        .zendesk
        .fault(FaultRule::new(Fault::Redirect { to }).times(1));
    let error = contract.ada().fetch(Some(ReadPath::Own)).await.unwrap_err();
    assert!(
        matches!(&error, DeskError::Redirected { target } if target.contains("127.0.0.1")),
        "{error:?}"
    );
    assert_eq!(elsewhere.zendesk.requests().len(), 0);
}

#[tokio::test]
async fn an_untrusted_an_expired_and_a_misnamed_certificate_are_each_named() {
    for (certificate, host) in [
        (Certificate::Trusted, "127.0.0.1"),
        (Certificate::Expired, "127.0.0.1"),
        (Certificate::Misnamed, "127.0.0.1"),
    ] {
        let zendesk = Zendesk::default();
        let server = Simulator::https(&zendesk, 0, certificate).await.unwrap();
        let error = client(&server.url(), token(sample::ADA_TOKEN), sample::ADA)
            .who()
            .await
            .unwrap_err();
        // Nobody here trusts the simulator's authority; each certificate is refused before anything is sent.
        assert!(
            matches!(&error, DeskError::Certificate { host: named, .. } if named == host),
            "{error:?}"
        );
        assert_eq!(zendesk.requests().len(), 0);
    }
}

#[tokio::test]
async fn nobody_at_the_address_is_unreachable_and_quickly_so() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let nobody = client(
        &format!("http://127.0.0.1:{port}"),
        token(sample::ADA_TOKEN),
        sample::ADA,
    );
    let error = tokio::time::timeout(Duration::from_secs(5), nobody.who())
        .await
        .unwrap()
        .unwrap_err();
    assert!(matches!(error, DeskError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn awkward_names_come_through_as_they_are() {
    let mut account = simulator::Account::default();
    account.add_awkward_statuses();
    let contract = Contract::with(Zendesk::new(account)).await;
    let names: Vec<String> = contract
        .ada()
        .list()
        .await
        .unwrap()
        .statuses
        .into_iter()
        .map(|s| s.name)
        .collect();
    assert!(names.iter().any(|name| name.contains('<')), "{names:?}");
    assert!(
        names.iter().any(|name| name.chars().count() >= 300),
        "a long one is there"
    );
}
