//! Windows: a hidden window on a thread of its own hears of sleep, lock, the end of the session and the network.
//!
//! It is a window like any other and no message-only one, since those are not asked about the end of the session.

#[cfg(test)]
mod tests;

use std::cell::{OnceCell, RefCell};
use std::ffi::c_void;
use std::io;
use std::ptr::{null, null_mut};
use std::sync::Arc;
use std::sync::mpsc as thread_channel;
use std::thread;
use std::time::Duration;

use domain::View;
use engine::Event;
use tokio::sync::{mpsc, watch};
use widestring::{U16CStr, u16cstr};
use windows_sys::Win32::Foundation::{HANDLE, HWND, LPARAM, LRESULT, NO_ERROR, WPARAM};
use windows_sys::Win32::NetworkManagement::IpHelper::{
    CancelMibChangeNotify2, MIB_NOTIFICATION_TYPE, MIB_UNICASTIPADDRESS_ROW,
    NotifyUnicastIpAddressChange,
};
use windows_sys::Win32::Networking::WinSock::AF_UNSPEC;
use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
use windows_sys::Win32::System::Power::{
    HPOWERNOTIFY, RegisterSuspendResumeNotification, UnregisterSuspendResumeNotification,
};
use windows_sys::Win32::System::RemoteDesktop::{
    NOTIFY_FOR_THIS_SESSION, WTSRegisterSessionNotification, WTSUnRegisterSessionNotification,
};
use windows_sys::Win32::System::Shutdown::{ShutdownBlockReasonCreate, ShutdownBlockReasonDestroy};
use windows_sys::Win32::System::SystemInformation::GetTickCount;
use windows_sys::Win32::UI::Input::KeyboardAndMouse::{GetLastInputInfo, LASTINPUTINFO};
use windows_sys::Win32::UI::WindowsAndMessaging as system;

use super::idleness;
use super::shutdown::Shutdown;
use super::teller::Teller;
use super::window_message::{self as message, Meaning, Reader};

const CLASS: &U16CStr = u16cstr!("Statuslight.Signals");
/// What the screen of the shutdown says of the program, should it take longer than Windows likes.
const REASON: &U16CStr = u16cstr!("Your help-desk status is being switched.");
/// Sent by ourselves when nobody listens any more.
const END: u32 = system::WM_APP + 2;

/// The numbers that are read on every system are this one's.
const _: () = {
    assert!(message::QUERY_END_SESSION == system::WM_QUERYENDSESSION);
    assert!(message::END_SESSION == system::WM_ENDSESSION);
    assert!(message::CLOSE == system::WM_CLOSE);
    assert!(message::POWER == system::WM_POWERBROADCAST);
    assert!(message::SESSION == system::WM_WTSSESSION_CHANGE);
    assert!(message::ADDRESS_CHANGED == system::WM_APP + 1);
    assert!(message::SUSPEND == system::PBT_APMSUSPEND as usize);
    assert!(message::RESUME_AUTOMATIC == system::PBT_APMRESUMEAUTOMATIC as usize);
    assert!(message::RESUME_SUSPEND == system::PBT_APMRESUMESUSPEND as usize);
    assert!(message::CONSOLE_CONNECT == system::WTS_CONSOLE_CONNECT as usize);
    assert!(message::CONSOLE_DISCONNECT == system::WTS_CONSOLE_DISCONNECT as usize);
    assert!(message::REMOTE_CONNECT == system::WTS_REMOTE_CONNECT as usize);
    assert!(message::REMOTE_DISCONNECT == system::WTS_REMOTE_DISCONNECT as usize);
    assert!(message::LOCK == system::WTS_SESSION_LOCK as usize);
    assert!(message::UNLOCK == system::WTS_SESSION_UNLOCK as usize);
    assert!(message::CLOSE_APP == system::ENDSESSION_CLOSEAPP);
    assert!(message::LOG_OFF == system::ENDSESSION_LOGOFF);
};

thread_local! {
    /// What the window's procedure works with, on the window's thread.
    static EAR: OnceCell<Ear> = const { OnceCell::new() };
}

/// Watches until nobody listens.
pub(super) fn watch(
    events: mpsc::Sender<Event>,
    view: watch::Receiver<Arc<View>>,
    shutdown: Shutdown,
) {
    tokio::spawn(idleness::watch(events.clone(), untouched));
    drop(open(events, view, shutdown));
}

/// Opens the window on a thread of its own, and says where it is once it hears.
fn open(
    events: mpsc::Sender<Event>,
    view: watch::Receiver<Arc<View>>,
    shutdown: Shutdown,
) -> thread_channel::Receiver<Address> {
    let (opened, address) = thread_channel::channel();
    let ear = Ear {
        reader: RefCell::default(),
        teller: Teller::new(events.clone()),
        view,
        shutdown,
    };
    let runtime = tokio::runtime::Handle::current();
    let listening = thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || match Window::open(ear) {
            Ok(window) => {
                let address = window.address;
                let end = EndOnDrop(address);
                runtime.spawn(async move {
                    events.closed().await;
                    drop(end);
                });
                // Nobody needs to wait for it; who does sees the channel close at the end.
                let _ = opened.send(address);
                window.listen();
                drop(opened);
            }
            Err(error) => {
                tracing::warn!(%error, "sleep, lock and the end of the session are not watched");
            }
        });
    if let Err(error) = listening {
        tracing::warn!(%error, "sleep, lock and the end of the session are not watched");
    }
    address
}

/// What the window's procedure works with.
struct Ear {
    reader: RefCell<Reader>,
    teller: Teller,
    view: watch::Receiver<Arc<View>>,
    shutdown: Shutdown,
}

impl Ear {
    /// What the window answers to a message; `None` where Windows is to do what it does by itself.
    fn hear(&self, window: HWND, number: u32, word: WPARAM, long: LPARAM) -> Option<LRESULT> {
        let meaning = self.reader.borrow_mut().read(number, word, long);
        match meaning {
            Meaning::Nothing => return None,
            Meaning::Stay => {}
            Meaning::Tell(event) => self.teller.tell(event),
            Meaning::Hold(event, limit) => {
                self.teller.hold(event, limit);
                unblock(window);
            }
            Meaning::MayEnd { shuts_down } => {
                self.shutdown.note(shuts_down);
                if self.view.borrow().guard_delays() {
                    block(window);
                }
            }
            Meaning::GoesOn => {
                self.shutdown.note(false);
                unblock(window);
            }
        }
        // The end is answered with 0, and whether it may come with something else.
        Some(LRESULT::from(number != message::END_SESSION))
    }
}

/// Has the shutdown's screen say why the program is waited for.
#[expect(unsafe_code, reason = "a call of the system's")]
fn block(window: HWND) {
    // SAFETY: called on the window's own thread, by its procedure; the text ends with a zero.
    unsafe { ShutdownBlockReasonCreate(window, REASON.as_ptr()) };
}

#[expect(unsafe_code, reason = "a call of the system's")]
fn unblock(window: HWND) {
    // SAFETY: called on the window's own thread, by its procedure. Having given no reason is no error of ours.
    unsafe { ShutdownBlockReasonDestroy(window) };
}

/// Where a window is, for other threads; it may be gone.
#[derive(Clone, Copy, Debug)]
struct Address(isize);

impl Address {
    fn of(window: HWND) -> Self {
        Self(window as isize)
    }

    fn window(self) -> HWND {
        self.0 as HWND
    }

    /// Sends a message without waiting for the answer.
    #[expect(unsafe_code, reason = "a call of the system's")]
    fn post(self, message: u32) {
        // SAFETY: any number may be posted to; where there is no window of that number any more, it fails.
        unsafe { system::PostMessageW(self.window(), message, 0, 0) };
    }
}

/// Ends the watch with the engine, or with its whole runtime.
struct EndOnDrop(Address);

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        self.0.post(END);
    }
}

/// The hidden window and what is registered for it; lives on one thread.
struct Window {
    address: Address,
    /// So that sleep is told on computers that sleep lightly (Modern Standby) too.
    power: HPOWERNOTIFY,
    network: HANDLE,
}

impl Window {
    /// Opens it on this thread, which has none yet.
    ///
    /// # Errors
    /// Windows gives no window.
    #[expect(unsafe_code, reason = "calls of the system's")]
    fn open(ear: Ear) -> io::Result<Self> {
        EAR.with(|known| known.set(ear))
            .map_err(|_| io::Error::from(io::ErrorKind::AlreadyExists))?;
        // SAFETY: without a name it gives the program's own module, which stays loaded.
        let module = unsafe { GetModuleHandleW(null()) };
        let class = system::WNDCLASSW {
            lpfnWndProc: Some(procedure),
            hInstance: module,
            lpszClassName: CLASS.as_ptr(),
            ..Default::default()
        };
        // SAFETY: the name lives as long as the program and ends with a zero; all else is unset, which is allowed.
        // It fails where an earlier window registered the class, which then serves as well.
        unsafe { system::RegisterClassW(&raw const class) };
        // SAFETY: both texts end with a zero; neither parent, menu nor parameter is given. Without the style
        // `WS_VISIBLE` it is never shown.
        let window = unsafe {
            system::CreateWindowExW(
                system::WS_EX_TOOLWINDOW | system::WS_EX_NOACTIVATE,
                CLASS.as_ptr(),
                CLASS.as_ptr(),
                system::WS_POPUP,
                0,
                0,
                0,
                0,
                null_mut(),
                null_mut(),
                module,
                null(),
            )
        };
        if window.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the window is this thread's own and stays until `listen` ends.
        if unsafe { WTSRegisterSessionNotification(window, NOTIFY_FOR_THIS_SESSION) } == 0 {
            tracing::warn!(error = %io::Error::last_os_error(), "a locked screen is not noticed");
        }
        // SAFETY: as above; what it gives is handed back in `listen`.
        let power = unsafe {
            RegisterSuspendResumeNotification(window, system::DEVICE_NOTIFY_WINDOW_HANDLE)
        };
        let mut network = null_mut();
        // SAFETY: the context is a number that the callback posts to, and no memory; what it gives is handed back in
        // `listen`, before the window is gone.
        let watched = unsafe {
            NotifyUnicastIpAddressChange(
                AF_UNSPEC,
                Some(address_changed),
                window.cast_const(),
                false,
                &raw mut network,
            )
        };
        if watched != NO_ERROR {
            tracing::warn!(watched, "changes of the network are not noticed");
        }
        Ok(Self {
            address: Address::of(window),
            power,
            network,
        })
    }

    /// Hears until [`END`], then takes everything back.
    #[expect(unsafe_code, reason = "calls of the system's")]
    fn listen(self) {
        let mut message = system::MSG::default();
        // SAFETY: `message` is written by the call alone; messages of all this thread's windows are wanted. It gives
        // 0 after `PostQuitMessage` and -1 on an error.
        while unsafe { system::GetMessageW(&raw mut message, null_mut(), 0, 0) } > 0 {
            // SAFETY: it is what the call before wrote.
            unsafe { system::DispatchMessageW(&raw const message) };
        }
        let window = self.address.window();
        // SAFETY: each was given for this window, once, and is not used again; this is the window's own thread.
        unsafe {
            if !self.network.is_null() {
                CancelMibChangeNotify2(self.network);
            }
            if self.power != 0 {
                UnregisterSuspendResumeNotification(self.power);
            }
            WTSUnRegisterSessionNotification(window);
            system::DestroyWindow(window);
        }
    }
}

/// The window's procedure: Windows calls it on the window's own thread.
extern "system" fn procedure(window: HWND, message: u32, word: WPARAM, long: LPARAM) -> LRESULT {
    if message == END {
        quit();
        return 0;
    }
    let answer = EAR.with(|ear| ear.get()?.hear(window, message, word, long));
    answer.unwrap_or_else(|| by_itself(window, message, word, long))
}

#[expect(unsafe_code, reason = "a call of the system's")]
fn quit() {
    // SAFETY: it only marks this thread's queue.
    unsafe { system::PostQuitMessage(0) };
}

/// What Windows does by itself about a message.
#[expect(unsafe_code, reason = "a call of the system's")]
fn by_itself(window: HWND, message: u32, word: WPARAM, long: LPARAM) -> LRESULT {
    // SAFETY: called by the window's procedure with what Windows gave it.
    unsafe { system::DefWindowProcW(window, message, word, long) }
}

/// Called by Windows on a thread of its own when an address of this computer came or went.
extern "system" fn address_changed(
    window: *const c_void,
    _: *const MIB_UNICASTIPADDRESS_ROW,
    _: MIB_NOTIFICATION_TYPE,
) {
    Address::of(window.cast_mut()).post(message::ADDRESS_CHANGED);
}

/// For how long nobody has touched the computer.
#[expect(unsafe_code, reason = "calls of the system's")]
fn untouched() -> Option<Duration> {
    let mut last = LASTINPUTINFO {
        cbSize: u32::try_from(size_of::<LASTINPUTINFO>()).ok()?,
        dwTime: 0,
    };
    // SAFETY: it is as long as it says, and written by the call alone.
    if unsafe { GetLastInputInfo(&raw mut last) } == 0 {
        return None;
    }
    // SAFETY: it takes nothing.
    let now = unsafe { GetTickCount() };
    // Both start anew every 50 days.
    let milliseconds = now.wrapping_sub(last.dwTime);
    Some(Duration::from_millis(milliseconds.into()))
}
