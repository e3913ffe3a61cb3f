//! `statusctl team`.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use domain::{
    AccountId, Action, Answer, CapacityRule, Code, Failure, NamedStatus, Narrowed, Question, Team,
    TeamAgent, short,
};
use engine::Handle;
use jiff::tz::TimeZone;

use crate::arguments::{TeamAct, TeamArguments};
use crate::ended::Ended;
use crate::output::{self, Output};
use crate::show::team::{self as show, Member, Named, SetAgent};
use crate::{pick, reach, wait};

/// The channels that are known; the help desk may have more, so others are asked for all the same.
const CHANNELS: [&str; 3] = ["support", "messaging", "talk"];

/// Shows the team, or does something about it.
///
/// # Errors
/// The account is signed out, its role may not, nothing fits, or the help desk does not answer.
pub(super) async fn team(
    typed: &TeamArguments,
    handle: &Handle,
    wanted: Option<&str>,
    output: Output,
) -> Result<(), Ended> {
    let account = reach::account(handle, wanted)?;
    match &typed.act {
        None => {
            let narrowed = Narrowed {
                status: typed.status.clone(),
                group: typed.group.clone(),
                channel: typed.channel.clone(),
            };
            let team = read(handle, account, narrowed).await?;
            if output.json {
                let agents: Vec<Member<'_>> = team.agents.iter().map(Member::from).collect();
                return output::json(&agents);
            }
            output::line(&show::team(&team, &TimeZone::system(), output.paint))
        }
        Some(TeamAct::Set { agent, status, yes }) => {
            set(handle, account, (agent, status), *yes, output).await
        }
        Some(TeamAct::Groups) => {
            let team = read(handle, account, Narrowed::default()).await?;
            if output.json {
                return output::json(&team.groups);
            }
            output::line(&show::groups(&team.groups))
        }
        Some(TeamAct::Rules { rule }) => rules(handle, account, rule.as_deref(), output).await,
    }
}

async fn read(handle: &Handle, account: AccountId, narrowed: Narrowed) -> Result<Team, Ended> {
    let channel = narrowed.channel.as_ref().map(|channel| &channel.name);
    let unknown = channel.filter(|name| !CHANNELS.contains(&name.as_str()));
    let unknown = unknown.cloned();
    match handle.ask(Question::Team { account, narrowed }).await {
        Ok(Answer::Team(team)) => Ok(team),
        Ok(_) => Err(wait::another_answer().into()),
        Err(failure) => Err(match unknown {
            Some(name) if failure.code == Code::Refused => no_such_channel(&name),
            _ => wait::for_one_try(failure).into(),
        }),
    }
}

/// Explains a refusal by the channel that nobody knows.
fn no_such_channel(name: &str) -> Ended {
    Ended::Usage(format!(
        "There is no channel \u{201c}{}\u{201d}, as far as is known. Ask for {}.",
        short(name, 60),
        CHANNELS.join(", ")
    ))
}

async fn set(
    handle: &Handle,
    account: AccountId,
    (agent, status): (&str, &str),
    yes: bool,
    output: Output,
) -> Result<(), Ended> {
    let team = read(handle, account.clone(), Narrowed::default()).await?;
    let agent = team.agent(agent)?;
    let status = pick::status(&team.statuses, status)?;
    if !agent.may_use(status) {
        let text = format!(
            "{}\u{2019}s groups may not use \u{201c}{}\u{201d}. Nothing was changed. Choose another status.",
            short(&agent.name, 60),
            short(&status.name, 60)
        );
        return Err(Failure::new(Code::NotEligible, text).into());
    }
    let to = status.named();
    let has_it = agent.status.as_ref().is_some_and(|now| now.id == to.id);
    if !has_it {
        if !yes {
            confirm(agent, &to, output)?;
        }
        if agent.you {
            // The own status is chosen from the own list, which has to be there first.
            let own = wait::until(handle, &account, wait::UNTIL_TOLD, wait::list).await?;
            wait::signed_in(&own)?;
        }
        let action = Action::SetAgent {
            account,
            agent: agent.id.clone(),
            status: to.id.clone(),
        };
        handle.act(action).await?;
    }
    if output.json {
        return output::json(&SetAgent {
            agent: Named {
                id: &agent.id,
                name: &agent.name,
            },
            status: &to,
        });
    }
    let already = if has_it { "already " } else { "" };
    output::line(&format!(
        "{} is {already}{}.",
        short(&agent.name, 60),
        show::in_words(&to)
    ))
}

/// Asks the person at the terminal whether it shall be done.
///
/// # Errors
/// It shall not, or nobody is there to be asked.
fn confirm(agent: &TeamAgent, to: &NamedStatus, output: Output) -> Result<(), Ended> {
    if output.json || !io::stdin().is_terminal() {
        return Err(Ended::Usage(
            "Another agent\u{2019}s status is set only after a yes. Nothing was changed. Say it with --yes.".to_owned(),
        ));
    }
    let from = agent.status.as_ref();
    let from = from.map_or_else(String::new, |from| {
        format!(" from {}", show::in_words(from))
    });
    let mut stderr = io::stderr();
    write!(
        stderr,
        "Set {}{from} to {}? [y/N] ",
        short(&agent.name, 60),
        show::in_words(to)
    )?;
    stderr.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    if ["y", "yes"].contains(&answer.trim().to_lowercase().as_str()) {
        return Ok(());
    }
    Err(Ended::Usage("Nothing was changed.".to_owned()))
}

async fn rules(
    handle: &Handle,
    account: AccountId,
    wanted: Option<&str>,
    output: Output,
) -> Result<(), Ended> {
    let rules = match handle.ask(Question::CapacityRules { account }).await {
        Ok(Answer::CapacityRules(rules)) => rules,
        Ok(_) => return Err(wait::another_answer().into()),
        Err(failure) => return Err(wait::for_one_try(failure).into()),
    };
    let shown: Vec<&CapacityRule> = match wanted {
        None => rules.iter().collect(),
        Some(wanted) => vec![rule(&rules, wanted)?],
    };
    if output.json {
        return output::json(&shown);
    }
    output::line(&show::rules(&shown))
}

fn rule<'a>(rules: &'a [CapacityRule], wanted: &str) -> Result<&'a CapacityRule, Failure> {
    let named = |rule: &&CapacityRule| rule.name.to_lowercase() == wanted.trim().to_lowercase();
    let found = rules.iter().find(|rule| rule.id == wanted);
    found.or_else(|| rules.iter().find(named)).ok_or_else(|| {
        let text = format!(
            "There is no capacity rule \u{201c}{}\u{201d}. \u{201c}statusctl team rules\u{201d} shows those that there are.",
            short(wanted, 60)
        );
        Failure::new(Code::NoSuchStatus, text)
    })
}
