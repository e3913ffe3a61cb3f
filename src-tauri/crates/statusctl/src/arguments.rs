//! What can be typed.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue};
use clap::{ArgGroup, Args, Parser, Subcommand};
use domain::{HelpDeskName, NarrowedChannel, Until, Via};
use helpdesk::BaseUrl;

use crate::how_long::{clock, minutes};
use crate::since::{self, Since};

/// Your help-desk status from the terminal.
#[derive(Debug, Parser)]
#[command(name = "statusctl", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Act for this account [default: the only one, else the default one]
    #[arg(long, global = true, value_name = "ACCOUNT")]
    pub(crate) account: Option<String>,
    /// Print JSON, failures too
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Tell on standard error what is being done
    #[arg(long, global = true)]
    pub(crate) verbose: bool,
}

const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 a fault of Statuslight, 2 wrong usage, 3 signed out or no keyring,
4 no such status or not for you, 5 refused by the help desk, 6 unreachable, too slow or too busy";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the accounts and how each is doing
    Accounts {
        /// Let commands without an account mean this one from now on
        #[arg(long, value_name = "ACCOUNT")]
        default: Option<String>,
    },
    /// Sign in
    Login {
        #[command(subcommand)]
        to: Login,
    },
    /// Sign out, and forget the secret and the history
    Logout {
        /// The account's name, as `statusctl accounts` shows it
        #[arg(value_name = "ACCOUNT")]
        name: String,
    },
    /// List the statuses to choose from
    List,
    /// Show the current status
    Status,
    /// Switch, and wait until the help desk confirms it
    Set {
        /// The status's name, in any case, or its id
        #[arg(value_name = "STATUS")]
        status: String,
        /// Switch when the call under way ends; the running app waits for it
        #[arg(long)]
        after_call: bool,
        /// Come back after so long, such as 30m or 1h30m; the running app sees to it
        #[arg(long = "for", value_name = "TIME", value_parser = minutes, conflicts_with = "after_call")]
        minutes: Option<Until>,
        /// Come back at a time of day, such as 14:00; the running app sees to it
        #[arg(long, value_name = "HH:MM", value_parser = clock, conflicts_with_all = ["after_call", "minutes"])]
        until: Option<Until>,
    },
    /// Go back to the status before something else changed it
    Back,
    /// Answer calls in the browser (client) or by phone (phone)
    Via {
        /// Where calls ring
        #[arg(value_name = "client|phone", value_parser = via)]
        via: Via,
    },
    /// Print a line per change, until stopped
    Watch,
    /// Show how the time was spent: in which status, and who changed it; kept on this computer for 90 days
    History(HistoryArguments),
    /// Show all agents and their statuses, for admins
    #[command(args_conflicts_with_subcommands = true)]
    Team(TeamArguments),
    /// Check everything that Statuslight needs, and say how to mend what is missing
    Doctor,
}

/// Which part of the history, and for whom.
#[derive(Debug, Args)]
pub(crate) struct HistoryArguments {
    /// From when on: today, yesterday, 12h, 7d, 2026-11-23, or 2026-11-23T09:00 [default: today]
    #[arg(long, value_name = "WHEN", value_parser = since::parse)]
    pub(crate) since: Option<Since>,
    /// Print a line per stretch with commas between its fields, as spreadsheets read it
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
}

/// Which of the team, or what to do about it.
#[derive(Debug, Args)]
pub(crate) struct TeamArguments {
    #[command(subcommand)]
    pub(crate) act: Option<TeamAct>,
    /// Only agents in this status, by its name, in any case, or its id
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: Option<String>,
    /// Only agents of this group, by its id
    #[arg(long, value_name = "ID")]
    pub(crate) group: Option<String>,
    /// Only this channel of each agent: support, messaging, talk; talk:online leaves only agents whose channel is so
    #[arg(long, value_name = "CHANNEL[:STATE]", value_parser = channel)]
    pub(crate) channel: Option<NarrowedChannel>,
}

/// What to do about the team.
#[derive(Debug, Subcommand)]
pub(crate) enum TeamAct {
    /// Set another agent's status, and wait until the help desk confirms it
    Set {
        /// The agent's name, in any case, or id
        #[arg(value_name = "AGENT")]
        agent: String,
        /// The status's name, in any case, or its id
        #[arg(value_name = "STATUS")]
        status: String,
        /// Do not ask before it is done
        #[arg(long)]
        yes: bool,
    },
    /// Show the account's groups
    Groups,
    /// Show how much work agents can have
    Rules {
        /// Only this rule, by its name, in any case, or its id
        #[arg(value_name = "RULE")]
        rule: Option<String>,
    },
}

/// Where to sign in.
#[derive(Debug, Subcommand)]
pub(crate) enum Login {
    /// Sign in to Zendesk, by the browser or with a token from standard input
    Zendesk(Zendesk),
    /// Sign in to Libredesk, with a key whose secret comes from standard input
    Libredesk(Libredesk),
}

/// How to sign in to Zendesk.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("address").required(true))]
#[command(group = ArgGroup::new("way"))]
pub(crate) struct Zendesk {
    /// The subdomain, such as acme of acme.zendesk.com
    #[arg(long, value_name = "SUBDOMAIN", group = "address", value_parser = address)]
    pub(crate) subdomain: Option<BaseUrl>,
    /// The address, such as acme.zendesk.com
    #[arg(long, value_name = "URL", group = "address", value_parser = address)]
    pub(crate) url: Option<BaseUrl>,
    /// Sign in by the browser, with the OAuth client of this unique identifier; your Zendesk admin has it
    #[arg(long, value_name = "ID", group = "way")]
    pub(crate) client_id: Option<String>,
    /// Print the address to open, and open no browser
    #[arg(
        long,
        requires = "client_id",
        conflicts_with_all = ["access_token_stdin", "api_token_stdin"]
    )]
    pub(crate) no_browser: bool,
    /// Read an OAuth access token from standard input
    #[arg(long, group = "way")]
    pub(crate) access_token_stdin: bool,
    /// The e-mail address that the API token goes with
    #[arg(
        long,
        value_name = "EMAIL",
        requires = "api_token_stdin",
        conflicts_with_all = ["access_token_stdin", "client_id"]
    )]
    pub(crate) email: Option<String>,
    /// Read an API token from standard input (Zendesk ends API tokens on 2027-04-30)
    #[arg(long, group = "way", requires = "email")]
    pub(crate) api_token_stdin: bool,
}

/// How to sign in to Libredesk.
#[derive(Debug, Args)]
pub(crate) struct Libredesk {
    /// The address, such as help.example.com
    #[arg(long, value_name = "URL")]
    pub(crate) url: String,
    /// The API key; an admin creates it under Admin, Teammate, Agent, Edit, API key
    #[arg(long, value_name = "KEY")]
    pub(crate) key: String,
    /// Read the key's secret from standard input
    #[arg(long, required = true)]
    pub(crate) secret_stdin: bool,
    /// Keep you Online while Statuslight's app runs; else Libredesk ends Online five minutes after your last browser tab
    #[arg(long)]
    pub(crate) keep_online: bool,
    /// Send the key unencrypted to an http address on a private network, where anybody on it can read it
    #[arg(long)]
    pub(crate) allow_http: bool,
}

impl Zendesk {
    /// Whether a token comes from standard input.
    pub(crate) fn has_token(&self) -> bool {
        self.access_token_stdin || self.api_token_stdin
    }
}

impl Arguments {
    /// Reads what was typed.
    ///
    /// # Errors
    /// What is wrong with it, or the help or version that was asked for. Of a sign-in it repeats no value: somebody
    /// may have typed the secret.
    pub(crate) fn read(typed: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let typed: Vec<OsString> = typed.into_iter().collect();
        Self::try_parse_from(&typed).map_err(|error| {
            if typed.iter().any(|word| word == "login") {
                discreet(error)
            } else {
                error
            }
        })
    }
}

/// Takes what was typed out of a complaint, the names of options excepted.
fn discreet(mut error: clap::Error) -> clap::Error {
    let hidden = || ContextValue::String("...".to_owned());
    if error.get(ContextKind::InvalidValue).is_some() {
        error.insert(ContextKind::InvalidValue, hidden());
    }
    if let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg) {
        let name = word
            .split('=')
            .next()
            .filter(|name| name.starts_with("--"))
            .map(str::to_owned);
        if let Some(name) = name {
            error.insert(ContextKind::InvalidArg, ContextValue::String(name));
        } else {
            error.insert(ContextKind::InvalidArg, hidden());
            error.remove(ContextKind::Suggested);
        }
    }
    error
}

fn channel(typed: &str) -> Result<NarrowedChannel, String> {
    let (name, state) = match typed.split_once(':') {
        Some((name, state)) => (name, Some(state)),
        None => (typed, None),
    };
    if name.is_empty() || state == Some("") {
        return Err("it looks like talk or talk:online".to_owned());
    }
    Ok(NarrowedChannel {
        name: name.to_lowercase(),
        state: state.map(|state| state.to_lowercase().replace([' ', '-'], "_")),
    })
}

fn via(typed: &str) -> Result<Via, String> {
    match typed.to_lowercase().as_str() {
        "client" => Ok(Via::Client),
        "phone" => Ok(Via::Phone),
        _ => Err("it is either client or phone".to_owned()),
    }
}

fn address(typed: &str) -> Result<BaseUrl, String> {
    BaseUrl::new(HelpDeskName::Zendesk, typed, false).map_err(|bad| bad.to_string())
}

#[cfg(test)]
mod tests;
