//! `statusctl watch`.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::{AccountId, AccountView, Link, View};
use engine::ports::Clock;
use engine::{Handle, SystemClock};
use jiff::tz::TimeZone;
use platform::{Profile, ProfileLock, socket};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::ended::Ended;
use crate::frugal::Lists;
use crate::output::{self, Output};
use crate::own::{Need, Own};
use crate::reach::{self, Reached};
use crate::show::{Paint, json, text};
use crate::wait;

/// How soon an app that appears, or a reader that leaves, is noticed.
const TICK: Duration = Duration::from_secs(1);
/// Nothing but a new sign-in, which needs no poll, changes an account that is signed out.
const WHILE_SIGNED_OUT: Duration = Duration::from_secs(5 * 60);

/// Prints a line per change until somebody stops it or nobody reads it.
///
/// # Errors
/// At the start: there is no such account, or another process holds the profile. Later only what keeps it from printing.
pub(super) async fn watch(
    profile: &Profile,
    wanted: Option<&str>,
    output: Output,
) -> Result<(), Ended> {
    let watching = async {
        let mut watch = Watch::new(profile, wanted, output);
        let reached = reach::reach(profile, watch.need(), &watch.lists).await?;
        // Without an account there is nothing to watch.
        reach::account(&reached.handle, wanted)?;
        watch.begin(reached).await?;
        watch.go_on().await
    };
    tokio::select! {
        ended = watching => ended,
        () = stopped() => Ok(()),
    }
}

struct Watch<'a> {
    profile: &'a Profile,
    wanted: Option<&'a str>,
    output: Output,
    zone: TimeZone,
    lists: Lists,
    shown: HashMap<AccountId, Shown>,
    next_poll: Instant,
}

/// The last line of an account.
struct Shown {
    status: json::Current,
    text: String,
}

impl<'a> Watch<'a> {
    fn new(profile: &'a Profile, wanted: Option<&'a str>, output: Output) -> Self {
        Self {
            profile,
            wanted,
            output,
            zone: TimeZone::system(),
            lists: Lists::default(),
            shown: HashMap::new(),
            next_poll: Instant::now(),
        }
    }

    fn need(&self) -> Need<'a> {
        self.wanted.map_or(Need::All, |name| Need::One(Some(name)))
    }

    async fn begin(&mut self, reached: Reached) -> Result<(), Ended> {
        match reached.own {
            Some(own) => self.read(&reached.handle, &own).await,
            None => self.follow(&reached.handle).await,
        }
    }

    /// Reads by itself now and then, and follows the app whenever one runs.
    async fn go_on(&mut self) -> Result<(), Ended> {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            check_reader()?;
            match socket::connect(self.profile).await {
                Ok(Some(handle)) => {
                    self.follow(&handle).await?;
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::debug!(%error, "the app is not reached"),
            }
            if Instant::now() >= self.next_poll
                && let Some(lock) = reach::lock(self.profile)?
            {
                self.poll(lock).await?;
            }
        }
    }

    async fn poll(&mut self, lock: ProfileLock) -> Result<(), Ended> {
        match Own::start(self.profile, lock, self.need(), &self.lists) {
            Ok((handle, own)) => self.read(&handle, &own).await,
            Err(failure) => {
                // The account may be gone for now; that is no reason to stop.
                tracing::debug!(message = failure.message, "not read");
                self.next_poll = Instant::now() + wait::UNTIL_TOLD;
                Ok(())
            }
        }
    }

    /// Prints what an engine of our own tells, once.
    async fn read(&mut self, handle: &Handle, own: &Own) -> Result<(), Ended> {
        let view = self.settled(handle).await;
        for account in &view.accounts {
            self.print(account)?;
        }
        let chance = SystemClock.chance();
        let usual = own.poll_interval.mul_f64(0.8 + 0.4 * chance);
        let pause = view
            .accounts
            .iter()
            .map(|account| pause(account, usual))
            .min();
        self.next_poll = Instant::now() + pause.unwrap_or(usual);
        Ok(())
    }

    /// Prints what the app shows until it ends.
    async fn follow(&mut self, handle: &Handle) -> Result<(), Ended> {
        tracing::debug!("the app is running");
        let mut views = handle.view();
        let mut now = self.settled(handle).await;
        loop {
            for account in &now.accounts {
                self.print(account)?;
            }
            if !self.changes(&mut views).await? {
                tracing::debug!("the app ended");
                return Ok(());
            }
            now = Arc::clone(&views.borrow_and_update());
        }
    }

    /// Whether there is another view before the app ends.
    async fn changes(&self, views: &mut watch::Receiver<Arc<View>>) -> Result<bool, Ended> {
        loop {
            match timeout(TICK, views.changed()).await {
                Ok(changed) => return Ok(changed.is_ok()),
                Err(_) => check_reader()?,
            }
        }
    }

    /// The view once every account that is watched has told its status, or failed to.
    async fn settled(&self, handle: &Handle) -> Arc<View> {
        let accounts = Arc::clone(&handle.view().borrow());
        let end = Instant::now() + wait::UNTIL_TOLD;
        for account in accounts
            .accounts
            .iter()
            .filter(|account| self.is_wanted(account))
        {
            let left = end.saturating_duration_since(Instant::now());
            // An account that went, or an app that ended, shows in what comes next.
            drop(wait::until(handle, &account.account, left, wait::status).await);
        }
        Arc::clone(&handle.view().borrow())
    }

    fn is_wanted(&self, account: &AccountView) -> bool {
        self.wanted
            .is_none_or(|name| account.account.0.eq_ignore_ascii_case(name))
    }

    /// Prints an account if its line changed.
    fn print(&mut self, account: &AccountView) -> Result<(), Ended> {
        if !self.is_wanted(account) {
            return Ok(());
        }
        let last = self.shown.get(&account.account);
        if last.is_some() && account.switching_to.is_some() {
            // Its end is the change.
            return Ok(());
        }
        let mut status = json::Current::from(account);
        if let Some(last) = last {
            status.come_after(&last.status);
        }
        let text = text::line(account, &self.zone, Paint(false));
        let unchanged = last.is_some_and(|last| {
            if self.output.json {
                status.tells_the_same_as(&last.status)
            } else {
                last.text == text
            }
        });
        if unchanged {
            // Only its printing is saved: what comes next is compared with the latest.
        } else if self.output.json {
            output::json(&status)?;
        } else {
            let now = SystemClock.now().wall;
            output::line(&text::change(
                account,
                self.wanted.is_none(),
                now,
                &self.zone,
                self.output.paint,
            ))?;
        }
        self.shown
            .insert(account.account.clone(), Shown { status, text });
        Ok(())
    }
}

/// Ends where nobody reads any more.
fn check_reader() -> Result<(), Ended> {
    if output::is_unread() {
        Err(Ended::Unread)
    } else {
        Ok(())
    }
}

/// How long until an account of our own is read again.
fn pause(account: &AccountView, usual: Duration) -> Duration {
    match account.link {
        Link::SignedOut => WHILE_SIGNED_OUT,
        Link::RateLimited => {
            let asked = account
                .trouble
                .as_ref()
                .and_then(|trouble| trouble.retry_after_s);
            asked.map_or(usual, |wait| usual.max(Duration::from_secs(wait)))
        }
        Link::Ok | Link::Unreachable | Link::Locked => usual,
    }
}

/// Waits until the system asks the program to stop.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminated.recv() => return,
                _ = tokio::signal::ctrl_c() => return,
            }
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests;
