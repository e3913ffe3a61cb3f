//! Bytes from outside, made worse: a seeded mutator that knows JSON, and what an input costs.
//!
//! What reads bytes from outside is tried with what this makes of a corpus of true ones. It may refuse them in any
//! way that it has words for; it may not panic, take long, or use memory out of proportion.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::{Map, Value};

/// The variable that asks for more inputs than a test run tries.
pub const INPUTS: &str = "TRUTH_INPUTS";
/// No answer that is read is longer.
const LONGEST: usize = 1024 * 1024;

/// How many inputs to try: `few`, unless the variable [`INPUTS`] says more. Fewer would leave unproven that true ones get
/// through, and that what is found out about the worse ones means something.
pub fn inputs(few: u64) -> u64 {
    let more = std::env::var(INPUTS)
        .ok()
        .and_then(|more| more.parse().ok());
    more.map_or(few, |more: u64| more.max(few))
}

/// True inputs, from which worse ones are made.
#[derive(Debug)]
pub struct Corpus {
    /// Each with the name of its file, in the order of their names.
    items: Vec<(String, Vec<u8>)>,
}

impl Corpus {
    /// Reads every file of a folder.
    ///
    /// # Errors
    /// If it cannot be read, or is empty.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut items = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            items.push((name.into_owned(), std::fs::read(&path)?));
        }
        items.sort();
        if items.is_empty() {
            return Err(io::Error::other("the corpus is empty"));
        }
        Ok(Self { items })
    }

    /// Takes these items, of which none has a name.
    pub fn of(items: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let items = items.into_iter().map(|item| (String::new(), item));
        Self {
            items: items.collect(),
        }
    }

    /// The item of that name, made worse; or any other one.
    pub fn worse(&self, name: Option<&str>, dice: &mut Rng) -> Vec<u8> {
        let named = self
            .items
            .iter()
            .find(|(known, _)| Some(known.as_str()) == name);
        let (_, bytes) = named.unwrap_or(&self.items[dice.usize(0..self.items.len())]);
        let mut bytes = bytes.clone();
        if dice.u8(0..10) < 8
            && let Ok(mut value) = serde_json::from_slice::<Value>(&bytes)
        {
            for _ in 0..dice.u8(1..4) {
                spoil(&mut value, dice);
            }
            bytes = serde_json::to_vec(&value).unwrap_or_default();
        }
        if dice.u8(0..10) < 4 {
            for _ in 0..dice.u8(1..6) {
                self.garble(&mut bytes, dice);
            }
        }
        bytes.truncate(LONGEST);
        bytes
    }

    /// Changes some bytes, whatever they mean.
    fn garble(&self, bytes: &mut Vec<u8>, dice: &mut Rng) {
        let place = dice.usize(0..=bytes.len());
        let end = (place + dice.usize(0..40)).min(bytes.len());
        match dice.u8(0..9) {
            0 => bytes.truncate(place),
            1 => drop(bytes.drain(place..end)),
            2 => bytes
                .splice(place..end, std::iter::repeat_with(|| dice.u8(..)).take(8))
                .for_each(drop),
            3 => {
                let piece = bytes[place..end].repeat(dice.usize(1..2000));
                bytes.splice(place..place, piece).for_each(drop);
            }
            4 => {
                let (_, other) = &self.items[dice.usize(0..self.items.len())];
                let from = dice.usize(0..=other.len());
                bytes
                    .splice(place..end, other[from..].iter().copied())
                    .for_each(drop);
            }
            5 => {
                let sign = *dice.choice(b"\"\\{}[],:\n\r\0&%=? ").unwrap_or(&b'"');
                bytes.insert(place, sign);
            }
            6 => {
                let word = *dice.choice(&WORDS).unwrap_or(&"");
                bytes.splice(place..end, word.bytes()).for_each(drop);
            }
            7 => {
                let opened = *dice.choice(b"[{\"").unwrap_or(&b'[');
                bytes
                    .splice(place..place, vec![opened; dice.usize(1..100_000)])
                    .for_each(drop);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(place) {
                    *byte ^= 1 << dice.u8(0..8);
                }
            }
        }
    }
}

/// What trips readers of text.
const WORDS: [&str; 14] = [
    "null",
    "NaN",
    "-0",
    "1e999",
    "99999999999999999999999999",
    "\u{feff}",
    "\\ud800",
    "\\u0000",
    "\u{202e}",
    "%00",
    "%zz",
    "9999-99-99T99:99:99Z",
    "-262144-01-01T00:00:00Z",
    "true",
];

/// Puts something else in the place of a part of a value, or takes it away, or has it many times.
fn spoil(value: &mut Value, dice: &mut Rng) {
    let goes_deeper = dice.u8(0..10) < 8;
    match value {
        Value::Object(fields) if goes_deeper && !fields.is_empty() => {
            let Some(name) = fields.keys().nth(dice.usize(0..fields.len())).cloned() else {
                return;
            };
            match dice.u8(0..12) {
                0 => drop(fields.remove(&name)),
                1 => {
                    let field = fields.remove(&name).unwrap_or_default();
                    fields.insert(format!("{name}_"), field);
                }
                _ => {
                    if let Some(field) = fields.get_mut(&name) {
                        spoil(field, dice);
                    }
                }
            }
        }
        Value::Array(items) if goes_deeper && !items.is_empty() => {
            let place = dice.usize(0..items.len());
            match dice.u8(0..12) {
                0 => drop(items.remove(place)),
                1 => {
                    let item = items[place].clone();
                    items.extend(std::iter::repeat_n(item, dice.usize(1..200)));
                }
                2 => items.clear(),
                _ => spoil(&mut items[place], dice),
            }
        }
        part => *part = strange(dice),
    }
}

/// A value that nobody sends.
fn strange(dice: &mut Rng) -> Value {
    match dice.u8(0..16) {
        0 => Value::Null,
        1 => true.into(),
        2 => 0.into(),
        3 => (-1).into(),
        4 => i64::MIN.into(),
        5 => u64::MAX.into(),
        6 => 1e300.into(),
        7 => 0.5.into(),
        8 => "".into(),
        9 => "x".repeat(dice.usize(1..100_000)).into(),
        10 => Value::Array(vec![Value::Null; dice.usize(0..1000)]),
        11 => Value::Object(Map::new()),
        12 => (0..dice.usize(1..200)).fold(Value::Null, |inner, _| Value::Array(vec![inner])),
        13 => "\u{202e}\u{0}\n<b>".into(),
        _ => (*dice.choice(&WORDS).unwrap_or(&"")).into(),
    }
}

/// What an input cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// How long it took.
    pub took: Duration,
    /// The most memory that was in use for it at once.
    pub peak: usize,
}

/// Does something and says what it cost; the memory only where [`Counted`] is the allocator.
pub fn cost_of(work: impl FnOnce()) -> Cost {
    IN_USE.set(0);
    PEAK.set(0);
    let began = Instant::now();
    work();
    Cost {
        took: began.elapsed(),
        peak: usize::try_from(PEAK.get()).unwrap_or_default(),
    }
}

thread_local! {
    /// What this thread has allocated and not freed since the count began; freeing older memory makes it negative.
    static IN_USE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, counting for [`cost_of`].
#[derive(Debug)]
pub struct Counted;

fn count(more: isize) {
    // At a thread's end there is nothing to count in any more.
    let _ = IN_USE.try_with(|in_use| {
        in_use.set(in_use.get().saturating_add(more));
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(in_use.get())));
    });
}

fn size(layout: Layout) -> isize {
    isize::try_from(layout.size()).unwrap_or(isize::MAX)
}

#[expect(unsafe_code, reason = "only an allocator can count what is allocated")]
// SAFETY: every call goes on to the system's allocator as it came; counting allocates nothing.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(size(layout));
        // SAFETY: the caller keeps the contract of the system's allocator, which is this one's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(-size(layout));
        // SAFETY: as above.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_bytes_each_time_and_another_one_others() {
        let corpus = Corpus {
            items: vec![("a".to_owned(), br#"{"a":[1,2,{"b":"c"}]}"#.to_vec())],
        };
        let made = |seed| corpus.worse(Some("a"), &mut Rng::with_seed(seed));
        assert_eq!(made(1), made(1));
        assert!((2..20).any(|seed| made(seed) != made(1)));
        assert!((0..2000).all(|seed| made(seed).len() <= LONGEST));
    }
}
