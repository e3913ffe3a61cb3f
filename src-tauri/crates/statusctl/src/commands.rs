//! What each command does, against a handle.

mod accounts;
mod doctor;
mod history;
mod login;
mod status;
mod switch;
mod team;
mod via;
mod watch;

use crate::arguments::{Arguments, Command, Login};
use crate::ended::Ended;
use crate::frugal::Lists;
use crate::output::Output;
use crate::own::Need;
use crate::reach;

/// Does what was typed.
///
/// # Errors
/// Says why it was not done.
pub(crate) async fn run(arguments: &Arguments, output: Output) -> Result<(), Ended> {
    let wanted = arguments.account.as_deref();
    let reach = async |need| {
        let profile = reach::profile()?;
        reach::reach(&profile, need, &Lists::default()).await
    };
    let one = Need::One(wanted);
    match &arguments.command {
        Command::Accounts { default } => {
            if let Some(name) = default {
                let reached = reach(Need::Names).await?;
                accounts::make_default(&reached.handle, name).await?;
            }
            let reached = reach(Need::All).await?;
            accounts::accounts(&reached.handle, output).await
        }
        Command::Login {
            to: Login::Zendesk(typed),
        } => {
            let is_by_browser = !typed.has_token();
            // Read first: while somebody looks for the token, nobody else is kept waiting.
            let form = if is_by_browser {
                login::by_browser(typed, output).await?
            } else {
                login::form(typed)?
            };
            match reach(Need::NewNames).await {
                Ok(reached) => login::login(form, &reach::profile()?, &reached, output).await,
                Err(failure) => {
                    if is_by_browser {
                        login::give_back(form).await?;
                    }
                    Err(failure.into())
                }
            }
        }
        Command::Login {
            to: Login::Libredesk(typed),
        } => {
            let form = login::libredesk(typed)?;
            let reached = reach(Need::NewNames).await?;
            login::login(form, &reach::profile()?, &reached, output).await
        }
        Command::Logout { name } => {
            let reached = reach(Need::Names).await?;
            login::logout(name, &reached.handle, output).await
        }
        Command::List => status::list(&reach(one).await?.handle, wanted, output).await,
        Command::Status => status::status(&reach(one).await?.handle, wanted, output).await,
        Command::Set {
            status,
            after_call: true,
            ..
        } => switch::after_call(status, &reach(one).await?, wanted, output).await,
        Command::Set {
            status,
            after_call: false,
            minutes,
            until,
        } => {
            let reached = reach(one).await?;
            switch::set(status, minutes.or(*until), &reached, wanted, output).await
        }
        Command::Back => switch::back(&reach(one).await?, wanted, output).await,
        Command::Team(typed) => team::team(typed, &reach(one).await?.handle, wanted, output).await,
        Command::History(typed) => {
            let reached = reach(Need::Kept).await?;
            history::history(typed, &reached.handle, wanted, output).await
        }
        Command::Doctor => doctor::doctor(wanted, output).await,
        Command::Via { via } => via::via(*via, &reach(one).await?.handle, wanted, output).await,
        Command::Watch => watch::watch(&reach::profile()?, wanted, output).await,
    }
}
