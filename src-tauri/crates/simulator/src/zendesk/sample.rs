//! The invented account that every simulator starts with, unless told otherwise.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};

use super::account::{Account, Agent, CapacityRule, CustomStatus, Role, Token, WorkItem};
use super::settings::Settings;

/// A plain agent in [`SUPPORT`] and [`BILLING`], with a Talk seat.
pub const ADA: u64 = 10_011;
/// An admin in every group, with a Talk seat.
pub const GRACE: u64 = 10_012;
/// A light agent.
pub const LIAM: u64 = 10_013;
/// An end user.
pub const ERIN: u64 = 10_014;
/// A plain agent in [`BILLING`], without a Talk seat.
pub const BEN: u64 = 10_015;

/// [`ADA`]'s access token; like the next ones, with the scope `read write`.
pub const ADA_TOKEN: &str = "ada-access-token";
/// The admin's access token.
pub const GRACE_TOKEN: &str = "grace-access-token";
/// The light agent's access token.
pub const LIAM_TOKEN: &str = "liam-access-token";
/// The end user's access token.
pub const ERIN_TOKEN: &str = "erin-access-token";
/// The other plain agent's access token.
pub const BEN_TOKEN: &str = "ben-access-token";
/// [`ADA`]'s token that may only read.
pub const ADA_READ_TOKEN: &str = "ada-read-only-token";

/// The unique identifier of the account's OAuth client.
pub const CLIENT_ID: &str = "statuslight";
/// The account's API token.
pub const API_TOKEN: &str = "sample-api-token";
/// [`ADA`]'s e-mail address, for Basic authentication.
pub const ADA_EMAIL: &str = "ada@example.test";
/// [`GRACE`]'s e-mail address.
pub const GRACE_EMAIL: &str = "grace@example.test";

/// A group of [`ADA`]'s.
pub const SUPPORT: u64 = 360_001;
/// A group of [`ADA`]'s and [`BEN`]'s.
pub const BILLING: u64 = 360_002;
/// A group to which only the admin belongs.
pub const COACHES: u64 = 360_003;

/// Default status: no channel receives work.
pub const OFFLINE: u64 = 2;
/// Default status: every channel receives work.
pub const ONLINE: u64 = 3;
/// Default status: only e-mail tickets arrive.
pub const AWAY: u64 = 4;
/// Default status: only work from other agents arrives.
pub const TRANSFERS_ONLY: u64 = 5;
/// Custom: every channel away.
pub const LUNCH: u64 = 201;
/// Custom: support online, messaging and talk away; for [`SUPPORT`] and [`BILLING`].
pub const MEETING: u64 = 205;
/// Custom: for [`COACHES`] only, so that [`ADA`] is not eligible.
pub const COACHING: u64 = 206;
/// Custom: support online, messaging and talk offline.
pub const BACK_OFFICE: u64 = 207;
/// Custom: channel values in upper case, as the documentation's colour rule writes them.
pub const TRAINING: u64 = 208;
/// Custom: only talk online.
pub const PHONES: u64 = 209;

/// The account itself.
pub(crate) fn account() -> Account {
    Account {
        agents: agents(),
        groups: [
            (SUPPORT, "Support"),
            (BILLING, "Billing"),
            (COACHES, "Coaches"),
        ]
        .map(|(id, name)| (id, name.to_owned()))
        .into(),
        statuses: statuses(),
        capacity_rules: Some(capacity_rules()),
        tokens: [
            (ADA_TOKEN, ADA, "read write"),
            (GRACE_TOKEN, GRACE, "read write"),
            (LIAM_TOKEN, LIAM, "read write"),
            (ERIN_TOKEN, ERIN, "read write"),
            (BEN_TOKEN, BEN, "read write"),
            (ADA_READ_TOKEN, ADA, "read"),
        ]
        .map(|(token, agent, scope)| {
            (
                token.to_owned(),
                Token {
                    agent,
                    scope: scope.to_owned(),
                },
            )
        })
        .into(),
        api_token: Some(API_TOKEN.to_owned()),
        settings: Settings::default(),
        starts_at: None,
    }
}

fn statuses() -> Vec<CustomStatus> {
    let mut statuses = vec![
        CustomStatus::new(LUNCH, "Lunch", ["away"; 3]).described("Away from the desk"),
        CustomStatus::new(MEETING, "In a meeting", ["online", "away", "away"])
            .described("Used while attending meetings")
            .for_groups(&[SUPPORT, BILLING]),
        CustomStatus::new(COACHING, "Coaching", ["offline"; 3])
            .described("Used while coaching a colleague")
            .for_groups(&[COACHES]),
        CustomStatus::new(BACK_OFFICE, "Back office", ["online", "offline", "offline"])
            .described("E-mail only, no live work"),
        CustomStatus::new(
            TRAINING,
            "Training",
            ["TRANSFERS_ONLY", "OFFLINE", "TRANSFERS_ONLY"],
        )
        .described("Learning something new"),
        CustomStatus::new(PHONES, "Phones only", ["offline", "offline", "online"])
            .described("Only calls"),
    ];
    for status in &mut statuses {
        status.updated_at = Timestamp::UNIX_EPOCH + 455_000.hours();
    }
    statuses
}

fn capacity_rules() -> Vec<CapacityRule> {
    let rule = |id: &str, name: &str, agents: &[u64], most: [u32; 3]| CapacityRule {
        id: id.to_owned(),
        name: name.to_owned(),
        description: format!("{name} in this account"),
        default: agents.is_empty(),
        agents: agents.to_vec(),
        capacities: ["email", "messaging", "voice"]
            .map(str::to_owned)
            .into_iter()
            .zip(most)
            .collect(),
    };
    vec![
        rule("01H0EXAMPLE0RULE0DEFAULT00", "Everybody", &[], [10, 4, 1]),
        rule(
            "01H0EXAMPLE0RULE0BILLING00",
            "Billing desk",
            &[ADA, BEN],
            [6, 2, 1],
        ),
    ]
}

fn agents() -> Vec<Agent> {
    let person = |id, name: &str, email: &str, role, groups: &[u64], talk| Agent {
        id,
        name: name.to_owned(),
        email: email.to_owned(),
        role,
        groups: groups.to_vec(),
        talk,
        status: ONLINE,
        work_items: Vec::new(),
        capacity: [("support", 10), ("messaging", 4), ("talk", 1)]
            .map(|(channel, most)| (channel.to_owned(), most))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
    };
    let mut ada = person(
        ADA,
        "Ada Example",
        ADA_EMAIL,
        Role::Agent,
        &[SUPPORT, BILLING],
        true,
    );
    let work = [("support", 5_u64), ("messaging", 2)];
    ada.work_items = work
        .into_iter()
        .flat_map(|(channel, count)| {
            (0..count).map(move |number| WorkItem {
                id: 201 + number,
                channel: channel.to_owned(),
                reason: "ASSIGNED".to_owned(),
                added_at: Timestamp::UNIX_EPOCH + 498_000.hours(),
            })
        })
        .collect();
    vec![
        ada,
        person(
            GRACE,
            "Grace Sample",
            GRACE_EMAIL,
            Role::Admin,
            &[SUPPORT, BILLING, COACHES],
            true,
        ),
        person(
            LIAM,
            "Liam Light",
            "liam@example.test",
            Role::Light,
            &[SUPPORT],
            false,
        ),
        person(
            ERIN,
            "Erin Enduser",
            "erin@customer.test",
            Role::EndUser,
            &[],
            false,
        ),
        person(
            BEN,
            "Ben Billing",
            "ben@example.test",
            Role::Agent,
            &[BILLING],
            false,
        ),
    ]
}
