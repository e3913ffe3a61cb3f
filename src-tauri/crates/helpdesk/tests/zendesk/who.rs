//! Who is signed in, and the doors to it.

use domain::{Account, AccountId, Agent, DeskError, HelpDeskName, SignIn};
use helpdesk::{BadAddress, BaseUrl, Credentials, HelpDesk};

use crate::script::Script;

const ME: &str = "GET users/me";

#[tokio::test]
async fn an_agent_is_recognised_before_there_is_an_account() {
    let kim = r#"{"user":{"id":10011,"name":"Kim","role":"agent","role_type":0}}"#;
    let script = Script::default().on(ME, 200, kim);
    let base = BaseUrl::new(HelpDeskName::Zendesk, "acme", false).unwrap();
    let credentials = Credentials::AccessToken("s3cret-token".into());
    let agent = HelpDesk::probe(
        HelpDeskName::Zendesk,
        base.clone(),
        credentials,
        script.clone(),
    )
    .await;
    assert_eq!(
        agent,
        Ok((
            base,
            Agent {
                id: "10011".into(),
                name: "Kim".into()
            }
        ))
    );
    assert_eq!(script.asked(), [ME]);
}

#[tokio::test]
async fn whoever_is_no_agent_is_told_so() {
    let rows = [
        (
            200,
            r#"{"user":{"id":null,"name":"Anonymous user"}}"#,
            DeskError::Anonymous,
        ),
        (
            200,
            r#"{"user":{"id":1,"name":"Ann","role":"end-user"}}"#,
            DeskError::NotAnAgent {
                role: "end-user".into(),
            },
        ),
        (401, r#"{"error":"invalid_token"}"#, DeskError::Unauthorized),
        (
            404,
            "There is no help desk configured at this address",
            DeskError::NotFound,
        ),
        (
            200,
            "<!doctype html>Welcome",
            DeskError::Unintelligible {
                detail: "a web page".into(),
            },
        ),
        (
            200,
            r#"{"hello":"world"}"#,
            DeskError::Unintelligible {
                detail: "JSON without \u{201c}user\u{201d}".into(),
            },
        ),
    ];
    for (status, body, meaning) in rows {
        let script = Script::default().on(ME, status, body);
        assert_eq!(
            script.zendesk().who().await,
            Err(meaning),
            "{status} {body}"
        );
    }
}

#[tokio::test]
async fn an_account_opens_its_own_help_desk() {
    let mut account = Account {
        id: AccountId("acme".into()),
        helpdesk: HelpDeskName::Zendesk,
        url: "https://acme.zendesk.com".into(),
        agent: Agent {
            id: "10011".into(),
            name: "Kim".into(),
        },
        sign_in: SignIn::ApiToken {
            email: "kim@example.com".into(),
        },
        agreed: domain::Agreed::default(),
    };
    let by_id = "GET agent_availabilities/10011";
    let script = Script::default()
        .on("GET agent_availabilities/me", 404, "")
        .lost(by_id, DeskError::TimedOut);
    let credentials = Credentials::new(&account.sign_in, "s3cret".into());
    assert_eq!(credentials.sign_in(), account.sign_in);
    let desk = HelpDesk::open(&account, credentials.clone(), script.clone()).unwrap();
    assert_eq!(desk.fetch(None).await, Err(DeskError::TimedOut));
    assert_eq!(script.asked().last().unwrap(), by_id);

    account.url = "http://acme.zendesk.com".into();
    let refused = HelpDesk::open(&account, credentials, script);
    assert_eq!(refused.err(), Some(BadAddress::NotEncrypted));
}

/// The engine moves these futures between threads.
#[test]
fn every_future_can_move() {
    fn moves<T: Send>(_: T) {}
    let zendesk = Script::default().zendesk();
    let desk = HelpDesk::Zendesk(zendesk);
    moves(desk.who());
    moves(desk.list());
    moves(desk.fetch(None));
    moves(desk.push(&domain::StatusId::new(3)));
}
