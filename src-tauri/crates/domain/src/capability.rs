//! What an account lets this agent do, and why it does not do the rest.

use serde::{Deserialize, Serialize};

use crate::{AccountView, HelpDeskName, short};

/// Something that an agent can do where role, plan and settings allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum CapabilityName {
    /// Reading the own status.
    ReadStatus,
    /// Choosing an own status.
    ChooseStatuses,
    /// Taking calls.
    Talk,
    /// Seeing the statuses of all agents.
    Team,
    /// Setting another agent's status.
    SetOthers,
    /// Seeing how much work agents can have.
    CapacityRules,
}

/// Something that an agent can do, and whether this one can here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Capability {
    /// What it is.
    pub name: CapabilityName,
    /// The same in an agent's words.
    pub words: String,
    /// Whether it is there.
    pub has: Has,
}

/// Whether a capability is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "answer", content = "why")]
pub enum Has {
    /// It is.
    Yes,
    /// It is not, for the reason given.
    No(String),
    /// Nobody has found out yet, for the reason given.
    NotKnown(String),
}

/// What a help desk says of an agent's role and of the account's plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Powers {
    /// The help desk's word for the role.
    pub role: String,
    /// Whether statuses go over all channels; unknown where the agent may not read it.
    pub unified_statuses: Option<bool>,
    /// Taking calls.
    pub talk: Power,
    /// Seeing the statuses of all agents.
    pub team: Power,
    /// Setting another agent's status.
    pub set_others: Power,
    /// Seeing how much work agents can have.
    pub capacity_rules: Power,
}

/// Whether a help desk lets an agent do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// It does.
    Given,
    /// The role may not.
    NotForRole,
    /// The account's plan or settings leave it out.
    NotOffered,
}

/// What is asked of a help desk about the agent and the connection, in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// What role and plan allow.
    pub powers: Powers,
    /// Seconds by which this computer's clock is ahead of the help desk's, where it sent a time.
    pub clock_ahead_s: Option<i64>,
}

impl CapabilityName {
    /// What it is in an agent's words.
    pub fn words(self) -> &'static str {
        match self {
            Self::ReadStatus => "Read your status",
            Self::ChooseStatuses => "Choose statuses",
            Self::Talk => "Take calls",
            Self::Team => "See the team",
            Self::SetOthers => "Set another agent\u{2019}s status",
            Self::CapacityRules => "See capacity rules",
        }
    }
}

/// Each capability of an account, from what is known of it.
pub fn capabilities(account: &AccountView, powers: Option<&Powers>) -> Vec<Capability> {
    let desk = account.helpdesk;
    let by = |of: fn(&Powers) -> Power, name| match powers {
        Some(powers) => has(desk, powers, of(powers), name),
        None => Has::NotKnown(format!("{} has not been asked yet.", desk.words())),
    };
    let read = match &account.limits {
        Some(limits) => Has::No(limits.clone()),
        None if account.as_of.is_some() => Has::Yes,
        None => Has::NotKnown(format!("{} has not answered yet.", desk.words())),
    };
    let choose = if account.statuses.is_empty() {
        Has::NotKnown("The statuses have not been read yet.".to_owned())
    } else {
        Has::Yes
    };
    [
        (CapabilityName::ReadStatus, read),
        (CapabilityName::ChooseStatuses, choose),
        (
            CapabilityName::Talk,
            by(|powers| powers.talk, CapabilityName::Talk),
        ),
        (
            CapabilityName::Team,
            by(|powers| powers.team, CapabilityName::Team),
        ),
        (
            CapabilityName::SetOthers,
            by(|powers| powers.set_others, CapabilityName::SetOthers),
        ),
        (
            CapabilityName::CapacityRules,
            by(
                |powers| powers.capacity_rules,
                CapabilityName::CapacityRules,
            ),
        ),
    ]
    .map(|(name, has)| Capability {
        name,
        words: name.words().to_owned(),
        has,
    })
    .into()
}

fn has(desk: HelpDeskName, powers: &Powers, power: Power, name: CapabilityName) -> Has {
    if let (HelpDeskName::Libredesk, Power::NotOffered) = (desk, power) {
        return Has::No(not_in_libredesk(name).to_owned());
    }
    let desk = desk.words();
    let role = short(&powers.role, 40);
    match (power, name) {
        (Power::Given, _) => Has::Yes,
        (Power::NotForRole, CapabilityName::Talk) => Has::No(format!(
            "You have no seat for calls in {desk}. An admin can give you one."
        )),
        (Power::NotForRole, _) => Has::No(format!(
            "{desk} lets only admins do that, and your role is \u{201c}{role}\u{201d}. Ask an admin."
        )),
        (Power::NotOffered, CapabilityName::SetOthers) => Has::No(format!(
            "Statuses over all channels are switched off in your company\u{2019}s {desk}, so an agent has none to set. \
             An admin can switch on omnichannel routing."
        )),
        (Power::NotOffered, _) => Has::No(format!(
            "Your company\u{2019}s {desk} does not offer this. Its plan or its settings leave it out."
        )),
    }
}

fn not_in_libredesk(name: CapabilityName) -> &'static str {
    match name {
        CapabilityName::Talk => "Libredesk has no calls.",
        CapabilityName::Team => {
            "This Libredesk does not tell the statuses of others; releases from 2.3.0 on do."
        }
        CapabilityName::SetOthers => {
            "Libredesk takes another agent\u{2019}s status only together with all else it knows of that agent, \
             and Statuslight never writes that."
        }
        CapabilityName::CapacityRules => "Libredesk has no capacity rules.",
        CapabilityName::ReadStatus | CapabilityName::ChooseStatuses => {
            "This Libredesk does not offer it."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Certainty, Light, Link, View};

    fn powers(role: &str, power: Power) -> Powers {
        Powers {
            role: role.to_owned(),
            unified_statuses: Some(power != Power::NotOffered),
            talk: power,
            team: power,
            set_others: power,
            capacity_rules: power,
        }
    }

    /// Each answer as a person reads it.
    fn said(account: &AccountView, powers: Option<&Powers>) -> String {
        let line = |one: Capability| match one.has {
            Has::Yes => format!("{}: yes", one.words),
            Has::No(why) => format!("{}: no. {why}", one.words),
            Has::NotKnown(why) => format!("{}: ? {why}", one.words),
        };
        let lines: Vec<String> = capabilities(account, powers)
            .into_iter()
            .map(line)
            .collect();
        lines.join("\n")
    }

    fn account(json: &str) -> AccountView {
        let view: View = serde_json::from_str(json).unwrap();
        view.accounts[0].clone()
    }

    const CHECKING: &str = r#"{"hints":[],"accounts":[{"account":"acme","helpdesk":"zendesk","url":"https://acme.zendesk.com",
        "agent":{"id":"7","name":"Ada"},"default":true,"relevant":true,"link":"ok","light":{"shape":"not_confirmed"},"headline":"",
        "status":null,"certainty":"unknown","as_of":null,"since":null,"timed":null,"previous":null,"changed_by":null,
        "reason":null,"reason_in_words":null,"channels":[],"switching_to":null,"statuses":[],"offer":null,"failed":null,
        "trouble":null,"limits":null,"everywhere":[],"capabilities":[]}]}"#;

    #[test]
    fn every_capability_that_is_missing_says_why() {
        let checking = account(CHECKING);
        assert_eq!(
            (checking.certainty, checking.link, checking.light),
            (Certainty::Unknown, Link::Ok, Light::NotConfirmed)
        );
        let mut limited = checking.clone();
        limited.limits = Some("Zendesk does not let your role read your status.".to_owned());
        let text = [
            ("nobody has asked yet", said(&checking, None)),
            (
                "a plain agent",
                said(&limited, Some(&powers("agent", Power::NotForRole))),
            ),
            (
                "a plan without",
                said(&limited, Some(&powers("admin", Power::NotOffered))),
            ),
            (
                "an admin",
                said(&checking, Some(&powers("admin", Power::Given))),
            ),
            (
                "a strange role",
                said(
                    &checking,
                    Some(&powers("\u{202e}x\u{1b}[2J", Power::NotForRole)),
                ),
            ),
        ]
        .map(|(who, said)| format!("{who}:\n{said}\n"))
        .join("\n");
        insta::assert_snapshot!(text);
    }
}
