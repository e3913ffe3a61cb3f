//! What admins read and set, and what others are told.

use domain::{DeskError, NarrowedChannel, Power, TeamFilter};
use simulator::{Account, Zendesk, sample};

use super::{Contract, id, token};

#[tokio::test]
async fn an_admin_reads_the_team_with_names_groups_and_work() {
    let contract = Contract::new().await;
    let grace = contract.client(token(sample::GRACE_TOKEN), sample::GRACE);
    let statuses = grace.team_statuses().await.unwrap();
    assert!(
        statuses.iter().any(|status| status.name == "Coaching"),
        "also those for other groups"
    );
    let team = grace.team(&TeamFilter::default(), &statuses).await.unwrap();
    let names: Vec<&str> = team
        .agents
        .iter()
        .map(|agent| agent.name.as_str())
        .collect();
    assert_eq!(names, ["Ada Example", "Ben Billing", "Grace Sample"]);
    let ada = &team.agents[0];
    assert_eq!(ada.channels[0].work_items, Some(5));
    assert_eq!(ada.group_ids, ["360001", "360002"]);
    assert!(team.agents[2].you && !ada.you);
    let groups: Vec<&str> = team
        .groups
        .iter()
        .map(|group| group.name.as_str())
        .collect();
    assert_eq!(groups, ["Billing", "Coaches", "Support"]);
}

#[tokio::test]
async fn three_hundred_agents_come_by_pages_and_each_once() {
    let mut account = Account::default();
    let ada = account.agents[0].clone();
    account.agents.extend((0..300).map(|number| {
        let mut agent = ada.clone();
        agent.id = 20_000 + number;
        agent.name = format!("Agent {number:03}");
        agent
    }));
    let contract = Contract::with(Zendesk::new(account)).await;
    let grace = contract.client(token(sample::GRACE_TOKEN), sample::GRACE);
    let team = grace.team(&TeamFilter::default(), &[]).await.unwrap();
    assert_eq!(team.agents.len(), 303);
    assert_eq!(team.agents[2].name, "Agent 001");
    let requests = contract.zendesk.requests();
    let family =
        |request: &&simulator::Request| request.path.starts_with("/api/v2/agent_availabilities");
    assert_eq!(
        requests.iter().filter(family).count(),
        4,
        "a hundred on a page"
    );
}

#[tokio::test]
async fn filters_narrow_the_team_at_the_help_desk() {
    let contract = Contract::new().await;
    contract
        .zendesk
        .force_status(sample::BEN, sample::LUNCH, "AGENT_IDLE_TIMEOUT")
        .unwrap();
    let grace = contract.client(token(sample::GRACE_TOKEN), sample::GRACE);
    let lunch = TeamFilter {
        status: Some(id(sample::LUNCH)),
        channel: None,
    };
    let team = grace.team(&lunch, &[]).await.unwrap();
    assert_eq!(team.agents.len(), 1);
    assert_eq!(team.agents[0].reason.as_deref(), Some("AGENT_IDLE_TIMEOUT"));
    let talking = TeamFilter {
        status: None,
        channel: Some(NarrowedChannel {
            name: "talk".into(),
            state: Some("online".into()),
        }),
    };
    let team = grace.team(&talking, &[]).await.unwrap();
    let names: Vec<&str> = team
        .agents
        .iter()
        .map(|agent| agent.name.as_str())
        .collect();
    assert_eq!(names, ["Ada Example", "Grace Sample"]);
    assert_eq!(team.agents[0].channels.len(), 1);
}

#[tokio::test]
async fn an_admin_sets_another_agents_status() {
    let contract = Contract::new().await;
    let grace = contract.client(token(sample::GRACE_TOKEN), sample::GRACE);
    let ben = sample::BEN.to_string();
    let written = grace.push_for(&ben, &id(sample::LUNCH)).await.unwrap();
    assert_eq!(written.id, id(sample::LUNCH));
    assert_eq!(
        grace.status_of(&ben).await.unwrap(),
        Some(id(sample::LUNCH))
    );
    let own = contract.zendesk.current_status(sample::GRACE).unwrap();
    assert_eq!(own.id, sample::ONLINE);
    for (agent, status, error) in [
        (ben.as_str(), sample::COACHING, DeskError::NotEligible),
        (ben.as_str(), 4711, DeskError::NoSuchStatus),
        ("4711", sample::LUNCH, DeskError::NotFound),
    ] {
        assert_eq!(
            grace.push_for(agent, &id(status)).await,
            Err(error),
            "{agent} {status}"
        );
    }
    let refused = contract.ada().push_for(&ben, &id(sample::AWAY)).await;
    assert_eq!(refused, Err(DeskError::Forbidden));
    contract.zendesk.set_omnichannel(false);
    let off = grace.push_for(&ben, &id(sample::AWAY)).await;
    assert_eq!(off, Err(DeskError::NoSuchStatus));
}

#[tokio::test]
async fn what_role_and_plan_allow_is_found_out_without_a_request_to_the_team() {
    let account = Account {
        capacity_rules: None,
        ..Account::default()
    };
    let contract = Contract::with(Zendesk::new(account)).await;
    let ada = contract.ada().examine().await.unwrap();
    assert_eq!(ada.powers.role, "agent");
    assert_eq!(ada.powers.talk, Power::Given);
    assert_eq!(ada.powers.team, Power::NotForRole);
    assert_eq!(ada.powers.capacity_rules, Power::NotForRole);
    assert_eq!(ada.powers.unified_statuses, Some(true));
    assert!(ada.clock_ahead_s.is_some_and(|ahead| ahead.abs() < 60));

    let ben = contract.client(token(sample::BEN_TOKEN), sample::BEN);
    assert_eq!(ben.examine().await.unwrap().powers.talk, Power::NotForRole);
    let grace = contract.client(token(sample::GRACE_TOKEN), sample::GRACE);
    let powers = grace.examine().await.unwrap().powers;
    assert_eq!(
        (powers.team, powers.set_others),
        (Power::Given, Power::Given)
    );
    assert_eq!(powers.capacity_rules, Power::NotOffered);
    contract.zendesk.set_omnichannel(false);
    let powers = grace.examine().await.unwrap().powers;
    assert_eq!(powers.set_others, Power::NotOffered);
    let requests = contract.zendesk.requests();
    let family = requests
        .iter()
        .find(|request| request.path.contains("agent_availabilities"));
    assert!(family.is_none(), "{family:?}");
}

#[tokio::test]
async fn capacity_rules_are_read_the_default_one_first() {
    let contract = Contract::new().await;
    let grace = contract.client(token(sample::GRACE_TOKEN), sample::GRACE);
    let rules = grace.capacity_rules().await.unwrap();
    assert_eq!(
        (rules[0].name.as_str(), rules[0].default),
        ("Everybody", true)
    );
    assert_eq!(rules[1].capacities["email"], 6);
    assert_eq!(
        contract.ada().capacity_rules().await,
        Err(DeskError::Forbidden)
    );
}
