//! What goes wrong on request: a list of rules, each naming a fault and the requests that meet it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One way for a request to go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// The answer is right but late.
    Delay {
        /// How late, in milliseconds.
        millis: u64,
    },
    /// No answer ever comes; the connection stays open.
    Hang,
    /// The connection is reset (TCP RST) before any answer.
    Reset,
    /// The headers promise the whole body, half of it comes, and the connection ends.
    TruncatedBody,
    /// A well-formed answer whose JSON stops in the middle.
    CutJson,
    /// A 200 with an HTML page, as a captive portal or a proxy's login page sends it.
    Html,
    /// A 200 that says JSON and is none.
    NotJson,
    /// A 200 with 40 MB of valid JSON, chunked, so that no header announces its size.
    HugeBody,
    /// A 302 to another address.
    Redirect {
        /// The `Location` header.
        to: String,
    },
    /// A status code with the body that the endpoint's documentation shows for it.
    Status {
        /// The HTTP status code.
        code: u16,
        /// The `Retry-After` header, in seconds.
        #[serde(default)]
        retry_after: Option<u32>,
    },
}

impl Fault {
    /// An answer that comes late.
    pub fn delay(late: Duration) -> Self {
        Self::Delay {
            millis: u64::try_from(late.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// A status code with its documented body and no `Retry-After`.
    pub fn status(code: u16) -> Self {
        Self::Status {
            code,
            retry_after: None,
        }
    }
}

/// A fault, and which requests meet it: all of them, until narrowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRule {
    /// What goes wrong.
    #[serde(flatten)]
    pub fault: Fault,
    /// Only requests with this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path starts so.
    #[serde(default)]
    pub path: Option<String>,
    /// Only the next so many of them; without it, until the faults are cleared.
    #[serde(default)]
    pub times: Option<u32>,
    /// Whether the request is carried out before things go wrong.
    #[serde(default)]
    pub applied: bool,
}

impl FaultRule {
    /// A rule that every request meets.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            method: None,
            path: None,
            times: None,
            applied: false,
        }
    }

    /// Narrows the rule to one method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Narrows the rule to paths that start with `prefix`.
    #[must_use]
    pub fn path(mut self, prefix: &str) -> Self {
        self.path = Some(prefix.to_owned());
        self
    }

    /// Narrows the rule to the next `count` requests that match.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        self.times = Some(count);
        self
    }

    /// Carries the request out before the fault: the client cannot know that it was applied.
    #[must_use]
    pub fn applied(mut self) -> Self {
        self.applied = true;
        self
    }

    /// Whether the request is carried out all the same.
    pub(crate) fn needs_the_answer(&self) -> bool {
        self.applied || matches!(self.fault, Fault::TruncatedBody | Fault::CutJson)
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method
            .as_deref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self
                .path
                .as_deref()
                .is_none_or(|prefix| path.starts_with(prefix))
    }
}

impl From<Fault> for FaultRule {
    fn from(fault: Fault) -> Self {
        Self::new(fault)
    }
}

/// What one request met.
#[derive(Debug, Default)]
pub(crate) struct Met {
    /// A lateness, which may go with another fault.
    pub(crate) delay: Option<FaultRule>,
    /// What goes wrong besides.
    pub(crate) fault: Option<FaultRule>,
}

/// The rules in force, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<FaultRule>);

impl Faults {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        if rule.times != Some(0) {
            self.0.push(rule);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn list(&self) -> Vec<FaultRule> {
        self.0.clone()
    }

    /// Takes what a request meets, and uses up one of each rule's times.
    pub(crate) fn meet(&mut self, method: &str, path: &str) -> Met {
        let mut met = Met::default();
        for rule in self.0.iter_mut().filter(|rule| rule.matches(method, path)) {
            let slot = if matches!(rule.fault, Fault::Delay { .. }) {
                &mut met.delay
            } else {
                &mut met.fault
            };
            if slot.is_none() {
                *slot = Some(rule.clone());
                rule.times = rule.times.map(|left| left.saturating_sub(1));
            }
        }
        self.0.retain(|rule| rule.times != Some(0));
        met
    }
}
