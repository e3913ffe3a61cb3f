//! `statusctl history`.

use domain::{Answer, History, Question};
use engine::Handle;
use engine::ports::Clock;
use jiff::tz::TimeZone;

use crate::arguments::HistoryArguments;
use crate::ended::Ended;
use crate::output::{self, Output};
use crate::show::history as show;
use crate::since::Since;
use crate::{reach, wait};

/// Shows how the time was spent.
///
/// # Errors
/// There is no such account, or its history cannot be read.
pub(super) async fn history(
    typed: &HistoryArguments,
    handle: &Handle,
    wanted: Option<&str>,
    output: Output,
) -> Result<(), Ended> {
    let account = reach::account(handle, wanted)?;
    let now = engine::SystemClock.now().wall.to_zoned(TimeZone::system());
    let since = typed.since.as_ref().unwrap_or(&Since::DaysAgo(0));
    let since = since.moment(&now);
    let question = Question::History {
        account: account.clone(),
        since,
    };
    let history = match handle.ask(question).await {
        Ok(Answer::History(history)) => history,
        Ok(_) => return Err(wait::another_answer().into()),
        Err(failure) => return Err(wait::for_one_try(failure).into()),
    };
    let told = show::Told {
        account: &account,
        since,
        history: &history,
    };
    if output.json {
        output::json(&told.json(now.time_zone()))?;
    } else if typed.csv {
        output::line(&told.csv(now.time_zone()))?;
    } else {
        let desk = {
            let view = handle.view();
            let view = view.borrow();
            let account = view.account(&account);
            account.ok_or_else(|| wait::gone(told.account))?.helpdesk
        };
        output::line(&told.text(desk, &now, output.paint))?;
    }
    note_unreadable(&history, output);
    Ok(())
}

/// Says that time is missing that was there once; scripts read it in the object.
fn note_unreadable(history: &History, output: Output) {
    let entries = match history.unreadable {
        0 => return,
        1 => "1 entry".to_owned(),
        many => format!("{many} entries"),
    };
    if !output.json {
        output::note(&format!(
            "{entries} of the history could not be read, so that some time is missing."
        ));
    }
}
