//! macOS: the workspace's notifications, the screen's, and the network's.
//!
//! Notifications come on the main thread while it runs the program's loop, here Tauri's; the network has a thread
//! with a loop of its own. Sleep waits while the handler of its notification runs, for 30 s at most
//! (<https://developer.apple.com/documentation/appkit/nsworkspace/willsleepnotification>).

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use core_foundation::array::CFArray;
use core_foundation::runloop::{CFRunLoop, kCFRunLoopDefaultMode};
use core_foundation::string::CFString;
use engine::{Event, UNTIL_SETTLED};
use objc2::rc::Retained;
use objc2::{AnyThread, DefinedClass, define_class, msg_send, sel};
use objc2_app_kit::{
    NSWorkspace, NSWorkspaceDidWakeNotification, NSWorkspaceSessionDidBecomeActiveNotification,
    NSWorkspaceSessionDidResignActiveNotification, NSWorkspaceWillPowerOffNotification,
    NSWorkspaceWillSleepNotification,
};
use objc2_core_graphics::{CGEventSource, CGEventSourceStateID, CGEventType};
use objc2_foundation::{
    NSDistributedNotificationCenter, NSNotification, NSNotificationSuspensionBehavior, NSObject,
    NSString,
};
use system_configuration::dynamic_store::{
    SCDynamicStore, SCDynamicStoreBuilder, SCDynamicStoreCallBackContext,
};
use tokio::sync::mpsc;

use super::idleness;
use super::notification::{Meaning, Reader, SCREEN};
use super::shutdown::Shutdown;
use super::teller::Teller;

/// What the system keeps of the network that is in use.
const NETWORK: &str = "State:/Network/Global/IPv[46]";
/// `kCGAnyInputEventType`.
const ANY_INPUT: CGEventType = CGEventType(u32::MAX);

/// Watches as long as the program runs.
pub(super) fn watch(events: mpsc::Sender<Event>, shutdown: Shutdown) {
    let teller = Teller::new(events.clone());
    tokio::spawn(idleness::watch(events, untouched));
    observe(Observer::new(Ear {
        reader: Mutex::default(),
        teller: teller.clone(),
        shutdown,
    }));
    let watching = thread::Builder::new()
        .name("network".to_owned())
        .spawn(move || {
            if watch_network(teller).is_none() {
                tracing::warn!("changes of the network are not noticed");
            }
        });
    if let Err(error) = watching {
        tracing::warn!(%error, "changes of the network are not noticed");
    }
}

/// What the observer works with.
struct Ear {
    reader: Mutex<Reader>,
    teller: Teller,
    shutdown: Shutdown,
}

impl Ear {
    fn hear(&self, name: &str) {
        let meaning = self
            .reader
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .read(name);
        match meaning {
            Meaning::Nothing => {}
            Meaning::Tell(event) => self.teller.tell(event),
            Meaning::Hold(event) => self.teller.hold(Some(event), UNTIL_SETTLED),
            Meaning::MayEnd => self.shutdown.note(true),
        }
    }
}

define_class!(
    // SAFETY: `NSObject` asks nothing of what is derived from it, and `Observer` does not implement `Drop`.
    #[unsafe(super(NSObject))]
    #[name = "StatuslightObserver"]
    #[ivars = Ear]
    /// Whom notifications are sent to.
    struct Observer;

    impl Observer {
        // SAFETY: the selector takes one object and gives nothing, and notification centres send it a notification.
        #[unsafe(method(hear:))]
        fn hear(&self, notification: &NSNotification) {
            self.ivars().hear(&notification.name().to_string());
        }
    }
);

impl Observer {
    #[expect(unsafe_code, reason = "a call of the system's")]
    fn new(ear: Ear) -> Retained<Self> {
        let this = Self::alloc().set_ivars(ear);
        // SAFETY: `init` of `NSObject` takes nothing and gives the object.
        unsafe { msg_send![super(this), init] }
    }
}

/// Has the observer told of all that is read.
#[expect(unsafe_code, reason = "calls of the system's")]
fn observe(observer: Retained<Observer>) {
    let workspace = NSWorkspace::sharedWorkspace().notificationCenter();
    // SAFETY: the names are constants of the system's, set before any program runs.
    let names = unsafe {
        [
            NSWorkspaceWillSleepNotification,
            NSWorkspaceDidWakeNotification,
            NSWorkspaceWillPowerOffNotification,
            NSWorkspaceSessionDidResignActiveNotification,
            NSWorkspaceSessionDidBecomeActiveNotification,
        ]
    };
    for name in names {
        // SAFETY: the observer has the method `hear:`, which takes a notification; any object may be the sender.
        unsafe {
            workspace.addObserver_selector_name_object(&observer, sel!(hear:), Some(name), None);
        }
    }
    let screen = NSDistributedNotificationCenter::defaultCenter();
    for name in SCREEN {
        // SAFETY: as above. Without "immediately" a program that is not in front is told of the lock after its end.
        unsafe {
            screen.addObserver_selector_name_object_suspensionBehavior(
                &observer,
                sel!(hear:),
                Some(&NSString::from_str(name)),
                None,
                NSNotificationSuspensionBehavior::DeliverImmediately,
            );
        }
    }
    // The centres do not keep it alive, and it is wanted as long as the program runs.
    std::mem::forget(observer);
}

/// Tells of the network from this thread's loop, for ever; ends where the system cannot be asked.
fn watch_network(teller: Teller) -> Option<()> {
    let store = SCDynamicStoreBuilder::new("statuslight")
        .callback_context(SCDynamicStoreCallBackContext {
            callout: network_changed,
            info: teller,
        })
        .build()?;
    let patterns = CFArray::from_CFTypes(&[CFString::new(NETWORK)]);
    let no_names: CFArray<CFString> = CFArray::from_CFTypes(&[]);
    if !store.set_notification_keys(&no_names, &patterns) {
        return None;
    }
    let source = store.create_run_loop_source()?;
    CFRunLoop::get_current().add_source(&source, default_mode());
    CFRunLoop::run_current();
    None
}

fn network_changed(_: SCDynamicStore, _: CFArray<CFString>, teller: &mut Teller) {
    teller.tell(Event::NetworkChanged);
}

#[expect(unsafe_code, reason = "a constant of the system's")]
fn default_mode() -> core_foundation::string::CFStringRef {
    // SAFETY: set before any program runs.
    unsafe { kCFRunLoopDefaultMode }
}

/// For how long nobody has touched the computer.
fn untouched() -> Option<Duration> {
    let seconds = CGEventSource::seconds_since_last_event_type(
        CGEventSourceStateID::CombinedSessionState,
        ANY_INPUT,
    );
    Duration::try_from_secs_f64(seconds).ok()
}
