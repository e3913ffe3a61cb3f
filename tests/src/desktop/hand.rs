//! A hand on the session's mouse and keyboard.

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::ConnectionExt as _;
use x11rb::protocol::xtest::ConnectionExt as _;

use super::screen::Screen;

/// A key that is not a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Arrow down.
    Down,
    /// Arrow up.
    Up,
    /// Arrow right: into a submenu.
    Right,
    /// Return.
    Return,
    /// Escape.
    Escape,
    /// Tab.
    Tab,
}

impl Key {
    fn symbol(self) -> u32 {
        match self {
            Self::Down => 0xff54,
            Self::Up => 0xff52,
            Self::Right => 0xff53,
            Self::Return => 0xff0d,
            Self::Escape => 0xff1b,
            Self::Tab => 0xff09,
        }
    }
}

const KEY_PRESS: u8 = 2;
const KEY_RELEASE: u8 = 3;
const BUTTON_PRESS: u8 = 4;
const BUTTON_RELEASE: u8 = 5;
const POINTER_MOTION: u8 = 6;
const SHIFT: u32 = 0xffe1;

impl Screen {
    /// Where the pointer is.
    pub fn pointer(&self) -> (u32, u32) {
        let reply = self
            .connection
            .query_pointer(self.root)
            .ok()
            .and_then(|cookie| cookie.reply().ok());
        let plain = |value: i16| u32::try_from(value).unwrap_or(0);
        reply.map_or((0, 0), |pointer| {
            (plain(pointer.root_x), plain(pointer.root_y))
        })
    }

    /// Moves the pointer.
    pub fn point_at(&self, (x, y): (u32, u32)) {
        let short = |value: u32| i16::try_from(value).unwrap_or(i16::MAX);
        self.fake(POINTER_MOTION, 0, short(x), short(y));
    }

    /// Moves the pointer and presses a button: 1 left, 2 middle, 3 right.
    pub fn click(&self, point: (u32, u32), button: u8) {
        self.point_at(point);
        self.hold_button(button);
        self.release_button(button);
    }

    /// Presses a button and keeps it down.
    pub fn hold_button(&self, button: u8) {
        self.fake(BUTTON_PRESS, button, 0, 0);
    }

    /// Lets a button go.
    pub fn release_button(&self, button: u8) {
        self.fake(BUTTON_RELEASE, button, 0, 0);
    }

    /// Presses a key.
    #[track_caller]
    pub fn press(&self, key: Key) {
        self.press_symbol(key.symbol());
    }

    /// Types text of the Latin-1 range.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        for character in text.chars() {
            self.press_symbol(u32::from(character));
        }
    }

    #[track_caller]
    fn press_symbol(&self, symbol: u32) {
        let (code, shifted) = self
            .key_code(symbol)
            .unwrap_or_else(|| panic!("no key for the symbol {symbol:#x}"));
        let shift = shifted.then(|| self.key_code(SHIFT).expect("a shift key").0);
        shift.inspect(|shift| self.fake(KEY_PRESS, *shift, 0, 0));
        self.fake(KEY_PRESS, code, 0, 0);
        self.fake(KEY_RELEASE, code, 0, 0);
        shift.inspect(|shift| self.fake(KEY_RELEASE, *shift, 0, 0));
    }

    /// The key for a symbol, and whether it needs shift.
    fn key_code(&self, symbol: u32) -> Option<(u8, bool)> {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let map = self
            .connection
            .get_keyboard_mapping(first, last - first + 1)
            .ok()?
            .reply()
            .ok()?;
        let per_key = usize::from(map.keysyms_per_keycode);
        (first..=last)
            .zip(map.keysyms.chunks_exact(per_key))
            .find_map(|(code, symbols)| {
                let level = symbols
                    .iter()
                    .take(2)
                    .position(|candidate| *candidate == symbol)?;
                Some((code, level == 1))
            })
    }

    fn fake(&self, kind: u8, detail: u8, x: i16, y: i16) {
        let _ =
            self.connection
                .xtest_fake_input(kind, detail, x11rb::CURRENT_TIME, self.root, x, y, 0);
        self.sync();
    }
}
