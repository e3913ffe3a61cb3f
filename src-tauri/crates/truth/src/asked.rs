//! Requests under way, and what becomes of them.

use std::time::Duration;

use domain::{Agent, DeskError, Input, Listing, ReadPath, Reading, Seen, Via, Written};

use crate::model::{By, Change, Model};
use crate::story::{End, Fate, Name, Readable};

/// What a request asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    Status,
    /// To write the status, as the write of that number.
    Write(usize, Name, Source),
    List,
    Probe,
    Phone,
    Via(Via),
}

/// For whose sake a status is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Agent,
    /// Nobody is at the computer, or is again.
    Idleness,
}

/// A request under way.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) asks: Asks,
    pub(crate) sent: Duration,
    /// When the help desk handles it, if it still will.
    pub(crate) handled: Option<Duration>,
    pub(crate) arrives: Duration,
    /// A write of the same thing was under way at some time since.
    pub(crate) mixed: bool,
    /// The same for where calls ring, which a read of the status may bring along.
    pub(crate) phone_mixed: bool,
    /// Something was told since that may be newer.
    pub(crate) overtaken: bool,
    pub(crate) end: End,
    /// What the help desk made of it when it handled it.
    made: Option<Result<Made, DeskError>>,
}

/// What the help desk made of a request.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    /// Which status it tells of.
    pub(crate) of: Change,
    /// When the help desk said so.
    pub(crate) said: Duration,
    pub(crate) is_echo: bool,
    input: Input,
}

impl Asked {
    pub(crate) fn new(asks: Asks, fate: Fate, sent: Duration) -> Self {
        let limit = Duration::from_secs(match asks {
            Asks::Status => 30,
            Asks::List => 60,
            Asks::Write(..) | Asks::Probe | Asks::Phone | Asks::Via(_) => 10,
        });
        let there = Duration::from_millis(fate.there_ms.into()).min(limit);
        let back = Duration::from_millis(fate.back_ms.into());
        let arrives = match fate.end {
            End::AnswerLost | End::RequestLost => limit,
            _ => (there + back).min(limit),
        };
        let is_handled = match fate.end {
            End::Fine | End::Echo | End::Blind | End::AnswerLost | End::Cut | End::TooLarge => true,
            End::Broken(handled) | End::Failed(handled, _) => handled,
            _ => false,
        };
        let is_late = there + back > limit;
        Self {
            asks,
            sent,
            handled: is_handled.then_some(sent + there),
            arrives: sent + arrives,
            mixed: false,
            phone_mixed: false,
            overtaken: false,
            end: if is_late { End::AnswerLost } else { fate.end },
            made: None,
        }
    }

    /// The network is gone: what has not arrived never will.
    pub(crate) fn cut_off(&mut self) {
        self.handled = None;
        self.end = End::AnswerLost;
        self.arrives = self.sent.max(self.arrives) + Duration::from_secs(5);
    }

    /// The help desk handles it.
    pub(crate) fn handle(&mut self, readable: Readable, model: &mut Model, may_echo: bool) {
        let Some(at) = self.handled.take() else {
            return;
        };
        self.made = Some(self.make(readable, model, at, may_echo));
    }

    fn make(
        &self,
        readable: Readable,
        model: &mut Model,
        at: Duration,
        may_echo: bool,
    ) -> Result<Made, DeskError> {
        if model.revoked {
            return Err(DeskError::Unauthorized);
        }
        if let Some(wait) = model.used_up(at) {
            return Err(DeskError::RateLimited {
                retry_after: Some(wait),
            });
        }
        let is_echo = self.end == End::Echo && may_echo && self.asks == Asks::Status;
        let input = match self.asks {
            Asks::Write(number, name, source) => {
                if !model.may_choose(name) {
                    return Err(DeskError::NotEligible);
                }
                model.write(name, number, source, at);
                Input::Pushed(Ok(Written {
                    id: model.id(model.now()),
                    name: model.now().words().to_owned(),
                }))
            }
            Asks::Status => Input::Fetched(Ok(self.reading(readable, model, is_echo, at))),
            Asks::List => Input::Listed(Ok(Listing {
                statuses: model.statuses(),
            })),
            Asks::Probe => Input::Probed(Ok(ada())),
            Asks::Phone if readable.is_libredesk() => Input::PhoneFetched(Ok(None)),
            Asks::Phone => Input::PhoneFetched(Ok(Some(model.phone))),
            Asks::Via(via) => {
                model.phone.via = Some(via);
                Input::ViaPushed(Ok(model.phone))
            }
        };
        let of = if is_echo {
            model.before()
        } else {
            model.latest()
        };
        Ok(Made {
            of,
            said: at,
            is_echo,
            input,
        })
    }

    fn reading(&self, readable: Readable, model: &Model, is_echo: bool, at: Duration) -> Reading {
        let change = if is_echo {
            model.before()
        } else {
            model.latest()
        };
        let status = |reason: Option<&str>, since| Seen::Status {
            id: model.id(change.to),
            name: change.to.words().to_owned(),
            reason: reason.map(str::to_owned),
            since,
            channels: if readable.is_libredesk() {
                Vec::new()
            } else {
                Model::channels(change.to)
            },
        };
        let reason = match change.by {
            By::Start | By::Sweep | By::Presence => "UNKNOWN",
            By::Write(_) => "PUBLIC_API",
            By::Else(why) => why.word(),
        };
        let (path, seen) = match readable {
            _ if self.end == End::Blind => (ReadPath::Nowhere, Seen::Nothing),
            Readable::Nothing => (ReadPath::Nowhere, Seen::Nothing),
            Readable::Status => (
                ReadPath::Own,
                status(Some(reason), Some(model.since(change))),
            ),
            Readable::Libredesk => (ReadPath::Own, status(None, None)),
            Readable::TalkState => (ReadPath::TalkIsStatus, status(None, None)),
            Readable::PhoneChannel => {
                (ReadPath::TalkChannel, Seen::Channel(Model::talk(change.to)))
            }
        };
        let comes_along = matches!(path, ReadPath::TalkIsStatus | ReadPath::TalkChannel);
        Reading {
            path,
            seen,
            budget: model.budget(at),
            phone: comes_along.then_some(model.phone),
        }
    }

    /// What arrives.
    pub(crate) fn answer(self) -> Answer {
        let made = match (error(self.end), self.made) {
            (Some(error), _) | (None, Some(Err(error))) => Err(error),
            (None, Some(Ok(made))) => Ok(made),
            (None, None) => Err(DeskError::TimedOut),
        };
        let (input, made) = match made {
            Ok(made) => (made.input.clone(), Ok(made)),
            Err(error) => {
                let failed = error.clone();
                let input = match self.asks {
                    Asks::Status => Input::Fetched(Err(error)),
                    Asks::Write(..) => Input::Pushed(Err(error)),
                    Asks::List => Input::Listed(Err(error)),
                    Asks::Probe => Input::Probed(Err(error)),
                    Asks::Phone => Input::PhoneFetched(Err(error)),
                    Asks::Via(_) => Input::ViaPushed(Err(error)),
                };
                (input, Err(failed))
            }
        };
        Answer {
            asks: self.asks,
            sent: self.sent,
            mixed: self.mixed,
            phone_mixed: self.phone_mixed,
            is_overtaken: self.overtaken,
            is_blind: self.end == End::Blind,
            made,
            input,
        }
    }
}

/// An answer that arrives.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) asks: Asks,
    pub(crate) sent: Duration,
    pub(crate) mixed: bool,
    pub(crate) phone_mixed: bool,
    pub(crate) is_overtaken: bool,
    pub(crate) is_blind: bool,
    pub(crate) made: Result<Made, DeskError>,
    pub(crate) input: Input,
}

fn error(end: End) -> Option<DeskError> {
    let seconds = |wait: Option<u32>| wait.map(|s| Duration::from_secs(s.into()));
    let detail = String::new();
    Some(match end {
        End::Fine | End::Echo | End::Blind => return None,
        End::AnswerLost | End::RequestLost => DeskError::TimedOut,
        End::Broken(_) => DeskError::Interrupted { detail },
        End::Cut | End::Strange => DeskError::Unintelligible { detail },
        End::TooLarge => DeskError::TooLarge,
        End::Unreachable => DeskError::Unreachable { detail },
        End::Refused401 => DeskError::Unauthorized,
        End::Anonymous => DeskError::Anonymous,
        End::Forbidden => DeskError::Forbidden,
        End::Conflict => DeskError::Conflict,
        End::Wrong => DeskError::Refused { status: 422 },
        End::AccountLocked => DeskError::AccountLocked,
        End::Limited(wait) => DeskError::RateLimited {
            retry_after: seconds(wait),
        },
        End::Failed(_, wait) => DeskError::Server {
            status: 503,
            retry_after: seconds(wait),
        },
    })
}

/// The agent of the model account.
pub(crate) fn ada() -> Agent {
    Agent {
        id: "10011".to_owned(),
        name: "Ada".to_owned(),
    }
}
