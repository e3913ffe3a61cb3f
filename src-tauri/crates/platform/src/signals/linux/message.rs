//! What is listened for on D-Bus, and what it means.

use std::collections::HashMap;

use engine::Event;
use zbus::zvariant::{ObjectPath, Value};
use zbus::{MatchRule, Message, message};

pub(super) const BUS: &str = "org.freedesktop.DBus";
pub(super) const LOGIN: &str = "org.freedesktop.login1";
pub(super) const LOGIN_MANAGER: &str = "org.freedesktop.login1.Manager";
pub(super) const LOGIN_SESSION: &str = "org.freedesktop.login1.Session";
pub(super) const LOGIN_USER: &str = "org.freedesktop.login1.User";
const NETWORK_MANAGER: &str = "org.freedesktop.NetworkManager";
const NETWORKD: &str = "org.freedesktop.network1";
const NETWORKD_MANAGER: &str = "org.freedesktop.network1.Manager";
pub(super) const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
/// All have the signal `ActiveChanged`; KDE and others use the first.
const SCREENSAVERS: [&str; 5] = [
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.xfce.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
];
/// `NetworkManager`'s states that last; between them it is on its way.
const LASTING_STATES: [u32; 4] = [20, 50, 60, 70];

/// What is listened for on the system bus.
pub(super) fn system_rules() -> zbus::Result<[MatchRule<'static>; 4]> {
    Ok([
        signal()
            .sender(LOGIN)?
            .interface(LOGIN_MANAGER)?
            .member("PrepareForSleep")?
            .build(),
        signal()
            .sender(LOGIN)?
            .interface(LOGIN_MANAGER)?
            .member("PrepareForShutdown")?
            .build(),
        signal()
            .sender(NETWORK_MANAGER)?
            .interface(NETWORK_MANAGER)?
            .member("StateChanged")?
            .build(),
        properties(NETWORKD, NETWORKD_MANAGER)?.build(),
    ])
}

/// What is listened for about one login session.
///
/// `Lock` is not: it asks a locker to lock, and where there is none the screen stays open.
pub(super) fn session_rules<'a>(session: &'a ObjectPath<'a>) -> zbus::Result<[MatchRule<'a>; 2]> {
    Ok([
        signal()
            .sender(LOGIN)?
            .path(session)?
            .interface(LOGIN_SESSION)?
            .member("Unlock")?
            .build(),
        properties(LOGIN, LOGIN_SESSION)?.path(session)?.build(),
    ])
}

/// What is listened for on the session bus.
pub(super) fn screensaver_rules() -> zbus::Result<Vec<MatchRule<'static>>> {
    let mut rules = Vec::new();
    for name in SCREENSAVERS {
        rules.push(signal().interface(name)?.member("ActiveChanged")?.build());
        let owner = signal()
            .sender(BUS)?
            .interface(BUS)?
            .member("NameOwnerChanged")?;
        rules.push(owner.arg(0, name)?.build());
    }
    Ok(rules)
}

fn signal<'a>() -> zbus::match_rule::Builder<'a> {
    MatchRule::builder().msg_type(message::Type::Signal)
}

fn properties<'a>(
    sender: &'static str,
    interface: &'static str,
) -> zbus::Result<zbus::match_rule::Builder<'a>> {
    signal()
        .sender(sender)?
        .interface(PROPERTIES)?
        .member("PropertiesChanged")?
        .arg(0, interface)
}

/// What a message means for the engine.
pub(super) fn event_of(message: &Message) -> Option<Event> {
    let header = message.header();
    // The bus checks the sender of what it passes to all; whoever writes to us alone can be anybody.
    if header.message_type() != message::Type::Signal || header.destination().is_some() {
        return None;
    }
    let body = message.body();
    match (header.interface()?.as_str(), header.member()?.as_str()) {
        (LOGIN_MANAGER, "PrepareForSleep") => {
            let falls_asleep: bool = body.deserialize().ok()?;
            Some(if falls_asleep {
                Event::Slept
            } else {
                Event::Woke
            })
        }
        (LOGIN_MANAGER, "PrepareForShutdown") => {
            let shuts_down: bool = body.deserialize().ok()?;
            Some(if shuts_down {
                Event::ShuttingDown
            } else {
                Event::Woke
            })
        }
        (LOGIN_SESSION, "Unlock") => Some(Event::Unlocked),
        (NETWORK_MANAGER, "StateChanged") => {
            let state: u32 = body.deserialize().ok()?;
            LASTING_STATES
                .contains(&state)
                .then_some(Event::NetworkChanged)
        }
        (PROPERTIES, "PropertiesChanged") => {
            let (interface, changed, _): (&str, HashMap<&str, Value<'_>>, Vec<&str>) =
                body.deserialize().ok()?;
            of_properties(interface, &changed)
        }
        (BUS, "NameOwnerChanged") => {
            let (name, _, owner): (&str, &str, &str) = body.deserialize().ok()?;
            // A locker that died says nothing more, and must not keep the light old for ever.
            (SCREENSAVERS.contains(&name) && owner.is_empty()).then_some(Event::Unlocked)
        }
        (interface, "ActiveChanged") if SCREENSAVERS.contains(&interface) => {
            body.deserialize().ok().map(locked)
        }
        _ => None,
    }
}

fn of_properties(interface: &str, changed: &HashMap<&str, Value<'_>>) -> Option<Event> {
    match interface {
        // A lock says more than idleness, where both come at once.
        LOGIN_SESSION => match (changed.get("LockedHint"), changed.get("IdleHint")) {
            (Some(Value::Bool(is_locked)), _) => Some(locked(*is_locked)),
            (None, Some(Value::Bool(true))) => Some(Event::Idle),
            (None, Some(Value::Bool(false))) => Some(Event::Active),
            _ => None,
        },
        NETWORKD_MANAGER => {
            let matters = ["OnlineState", "OperationalState"];
            matters
                .iter()
                .any(|name| changed.contains_key(name))
                .then_some(Event::NetworkChanged)
        }
        _ => None,
    }
}

fn locked(is_locked: bool) -> Event {
    if is_locked {
        Event::Locked
    } else {
        Event::Unlocked
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use zbus::zvariant::DynamicType;

    use super::*;

    fn says(interface: &str, member: &str, body: &(impl Serialize + DynamicType)) -> Option<Event> {
        event_of(
            &Message::signal("/any", interface, member)
                .unwrap()
                .build(body)
                .unwrap(),
        )
    }

    fn changes(interface: &str, property: &str, value: Value<'_>) -> Option<Event> {
        let body = (
            interface,
            HashMap::from([(property, value)]),
            Vec::<&str>::new(),
        );
        says(PROPERTIES, "PropertiesChanged", &body)
    }

    #[test]
    fn sleep_is_told_before_and_after() {
        assert_eq!(
            says(LOGIN_MANAGER, "PrepareForSleep", &true),
            Some(Event::Slept)
        );
        assert_eq!(
            says(LOGIN_MANAGER, "PrepareForSleep", &false),
            Some(Event::Woke)
        );
    }

    #[test]
    fn a_shutdown_is_told_and_that_it_was_called_off() {
        assert_eq!(
            says(LOGIN_MANAGER, "PrepareForShutdown", &true),
            Some(Event::ShuttingDown)
        );
        assert_eq!(
            says(LOGIN_MANAGER, "PrepareForShutdown", &false),
            Some(Event::Woke)
        );
    }

    #[test]
    fn a_lock_is_told_by_whichever_service_knows() {
        for screensaver in SCREENSAVERS {
            assert_eq!(
                says(screensaver, "ActiveChanged", &true),
                Some(Event::Locked)
            );
            assert_eq!(
                says(screensaver, "ActiveChanged", &false),
                Some(Event::Unlocked)
            );
        }
        assert_eq!(
            changes(LOGIN_SESSION, "LockedHint", true.into()),
            Some(Event::Locked)
        );
        assert_eq!(
            changes(LOGIN_SESSION, "LockedHint", false.into()),
            Some(Event::Unlocked)
        );
        assert_eq!(says(LOGIN_SESSION, "Unlock", &()), Some(Event::Unlocked));
    }

    #[test]
    fn idleness_is_told_as_far_as_the_desktop_tells_it() {
        let idle = |is_idle: bool| changes(LOGIN_SESSION, "IdleHint", is_idle.into());
        assert_eq!(
            (idle(true), idle(false)),
            (Some(Event::Idle), Some(Event::Active))
        );
        assert_eq!(changes(LOGIN_SESSION, "IdleHint", "yes".into()), None);
    }

    #[test]
    fn a_locker_that_died_locks_no_more() {
        let owner = |name, new| says(BUS, "NameOwnerChanged", &(name, ":1.7", new));
        assert_eq!(owner(SCREENSAVERS[2], ""), Some(Event::Unlocked));
        assert_eq!(owner(SCREENSAVERS[2], ":1.8"), None);
        assert_eq!(owner("org.example.Other", ""), None);
    }

    #[test]
    fn the_wish_to_lock_is_no_lock() {
        assert_eq!(says(LOGIN_SESSION, "Lock", &()), None);
    }

    #[test]
    fn the_network_is_told_when_it_has_settled() {
        let told = [10, 20, 30, 40, 50, 60, 70]
            .map(|state: u32| says(NETWORK_MANAGER, "StateChanged", &state).is_some());
        assert_eq!(told, [false, true, false, false, true, true, true]);
        assert_eq!(
            changes(NETWORKD_MANAGER, "OnlineState", "online".into()),
            Some(Event::NetworkChanged)
        );
        assert_eq!(changes(NETWORKD_MANAGER, "NamespaceId", 7u64.into()), None);
    }

    #[test]
    fn what_is_not_understood_says_nothing() {
        assert_eq!(says(LOGIN_MANAGER, "PrepareForSleep", &"soon"), None);
        assert_eq!(changes(LOGIN_SESSION, "LockedHint", "yes".into()), None);
        assert_eq!(says("org.example.Other", "ActiveChanged", &true), None);
        assert_eq!(says(PROPERTIES, "PropertiesChanged", &()), None);
    }

    #[test]
    fn a_message_to_us_alone_is_not_believed() {
        let forged = Message::signal("/any", LOGIN_MANAGER, "PrepareForSleep")
            .unwrap()
            .destination(":1.7")
            .unwrap()
            .build(&true)
            .unwrap();
        assert_eq!(event_of(&forged), None);
    }

    #[test]
    fn the_rules_name_their_senders() {
        let session = ObjectPath::try_from("/org/freedesktop/login1/session/_32").unwrap();
        for rule in system_rules()
            .unwrap()
            .iter()
            .chain(&session_rules(&session).unwrap())
        {
            assert!(rule.sender().is_some(), "{rule}");
        }
        assert_eq!(screensaver_rules().unwrap().len(), 2 * SCREENSAVERS.len());
    }
}
