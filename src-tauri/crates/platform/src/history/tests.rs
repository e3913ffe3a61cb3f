//! Files that survive whatever happens to them.

mod killed;

use std::ffi::OsString;

use domain::{ChangedBy, NamedStatus, StatusId, StatusKind};
use jiff::SignedDuration;

use super::*;

struct Place {
    root: tempfile::TempDir,
    files: HistoryFiles,
}

fn place() -> Place {
    let root = tempfile::tempdir().unwrap();
    let files = HistoryFiles::new(&Profile::below(root.path()));
    Place { root, files }
}

impl Place {
    fn file(&self) -> PathBuf {
        self.root.path().join("data/history/acme.jsonl")
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root.path().join("data/history")).unwrap();
        let mut names: Vec<OsString> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        let text = |name: OsString| name.into_string().unwrap();
        names.into_iter().map(text).collect()
    }
}

fn acme() -> AccountId {
    AccountId("acme".to_owned())
}

fn start() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

/// The stretch of this number: ten minutes, one after the other.
fn stretch(number: i64) -> Stretch {
    let from = start() + SignedDuration::from_mins(10 * number);
    Stretch {
        from,
        until: from + SignedDuration::from_mins(10),
        status: NamedStatus {
            id: StatusId::new(number),
            name: "\u{c9}t\u{e9} \"=cmd\"\n\\".to_owned(),
            kind: StatusKind::Away,
            custom: true,
        },
        confirmed: true,
        changed_by: ChangedBy::Other,
        reason: Some("AGENT_IDLE_TIMEOUT".to_owned()),
    }
}

fn stretches(count: i64) -> Vec<Stretch> {
    (0..count).map(stretch).collect()
}

#[test]
fn what_was_kept_is_read_back_in_order() {
    let place = place();
    place.files.keep(&acme(), &stretches(2)).unwrap();
    place.files.keep(&acme(), &[stretch(2)]).unwrap();
    let read = place.files.read(&acme()).unwrap();
    assert_eq!(read.stretches, stretches(3));
    assert_eq!(read.unreadable, 0);
    let last = place.files.resume(&acme(), start()).unwrap();
    assert_eq!(last, Some(stretch(2)));
}

#[test]
fn an_account_without_a_history_has_an_empty_one() {
    let place = place();
    assert_eq!(place.files.read(&acme()).unwrap(), History::default());
    assert_eq!(place.files.resume(&acme(), start()).unwrap(), None);
    place.files.forget(&acme()).unwrap();
    let elsewhere = AccountId("../settings".to_owned());
    assert!(place.files.keep(&elsewhere, &stretches(1)).is_err());
    assert!(place.files.read(&elsewhere).is_err());
    place.files.forget(&elsewhere).unwrap();
}

#[test]
fn wherever_the_last_line_is_torn_the_earlier_ones_stay_and_the_next_one_fits() {
    let whole = lines(&stretches(3)).unwrap();
    let begin = lines(&stretches(2)).unwrap().len();
    let place = place();
    place.files.keep(&acme(), &stretches(1)).unwrap();
    for end in begin..=whole.len() {
        fs::write(place.file(), &whole[..end]).unwrap();
        // Only the line's end is missing, or nothing.
        let kept = if end + 1 >= whole.len() { 3 } else { 2 };
        let read = place.files.read(&acme()).unwrap();
        assert_eq!(read.stretches, stretches(kept), "torn at {end}");
        assert_eq!(read.unreadable, 0, "torn at {end}");

        place.files.keep(&acme(), &[stretch(kept)]).unwrap();
        let read = place.files.read(&acme()).unwrap();
        assert_eq!(read.stretches, stretches(kept + 1), "torn at {end}");
        assert_eq!(read.unreadable, 0, "torn at {end}");

        fs::write(place.file(), &whole[..end]).unwrap();
        let last = place.files.resume(&acme(), start()).unwrap();
        assert_eq!(last, Some(stretch(kept - 1)), "torn at {end}");
        let mended = fs::read(place.file()).unwrap();
        assert_eq!(mended, lines(&stretches(kept)).unwrap(), "torn at {end}");
    }
}

#[test]
fn what_a_power_cut_made_of_a_line_is_counted_and_harms_no_other() {
    let place = place();
    let mut bytes = lines(&stretches(1)).unwrap();
    bytes.extend_from_slice(&[0; 64]);
    bytes.extend_from_slice(b"\n\xff\xfe\n\n");
    bytes.extend(lines(&[stretch(1)]).unwrap());
    place.files.keep(&acme(), &stretches(1)).unwrap();
    fs::write(place.file(), bytes).unwrap();
    let read = place.files.read(&acme()).unwrap();
    assert_eq!(read.stretches, stretches(2));
    assert_eq!(read.unreadable, 2);
}

#[test]
fn a_stretch_that_grew_is_one_line_again_after_the_next_start() {
    let place = place();
    let mut grown = stretch(0);
    for _ in 0..50 {
        grown.until += SignedDuration::from_mins(1);
        place.files.keep(&acme(), &[grown.clone()]).unwrap();
    }
    let read = place.files.read(&acme()).unwrap();
    assert_eq!(read.stretches, [grown.clone()]);
    place.files.resume(&acme(), start()).unwrap();
    assert_eq!(fs::read(place.file()).unwrap(), lines(&[grown]).unwrap());
    assert_eq!(place.names(), ["acme.jsonl"]);
}

#[test]
fn after_ninety_days_a_stretch_is_dropped() {
    let place = place();
    place.files.keep(&acme(), &stretches(2)).unwrap();
    let later = stretch(90 * 24 * 6);
    place
        .files
        .keep(&acme(), std::slice::from_ref(&later))
        .unwrap();
    // The first one ended more than 90 days before, and the second one less.
    let now = later.from + SignedDuration::from_mins(15);
    place.files.resume(&acme(), now).unwrap();
    let read = place.files.read(&acme()).unwrap();
    assert_eq!(read.stretches, [stretch(1), later]);
}

#[test]
fn a_replacement_that_was_cut_short_goes_and_the_history_stays() {
    let place = place();
    place.files.keep(&acme(), &stretches(2)).unwrap();
    let other = AccountId("acme2".to_owned());
    place.files.keep(&other, &stretches(1)).unwrap();
    let half = place.file().with_file_name(".acme.jsonl.77-0-5.tmp");
    fs::write(&half, "{\"from\"").unwrap();
    place.files.resume(&acme(), start()).unwrap();
    assert_eq!(place.names(), ["acme.jsonl", "acme2.jsonl"]);
    assert_eq!(place.files.read(&acme()).unwrap().stretches, stretches(2));
}

#[test]
fn nothing_of_a_forgotten_history_is_left_and_others_are_untouched() {
    let place = place();
    let other = AccountId("acme2".to_owned());
    place.files.keep(&acme(), &stretches(2)).unwrap();
    place.files.keep(&other, &stretches(1)).unwrap();
    let half = place.file().with_file_name(".acme.jsonl.77-0-5.tmp");
    fs::write(half, lines(&stretches(1)).unwrap()).unwrap();
    place.files.forget(&acme()).unwrap();
    assert_eq!(place.names(), ["acme2.jsonl"]);
    assert_eq!(place.files.read(&other).unwrap().stretches, stretches(1));
}

#[cfg(unix)]
#[test]
fn the_file_is_the_users_alone_even_if_it_was_open_before() {
    use std::os::unix::fs::PermissionsExt;

    let place = place();
    place.files.keep(&acme(), &stretches(1)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&place.file()), 0o600);
    assert_eq!(mode(place.file().parent().unwrap()), 0o700);
    fs::set_permissions(place.file(), fs::Permissions::from_mode(0o644)).unwrap();
    place.files.keep(&acme(), &[stretch(1)]).unwrap();
    assert_eq!(mode(&place.file()), 0o600);
}

#[test]
fn a_history_that_cannot_be_read_is_told_plainly_and_left_alone() {
    let place = place();
    fs::create_dir_all(place.file()).unwrap();
    let failure = place.files.read(&acme()).unwrap_err();
    assert_eq!(failure.code, Code::History);
    assert!(failure.message.contains("acme.jsonl"), "{failure:?}");
    assert!(place.files.resume(&acme(), start()).is_err());
    assert!(place.files.keep(&acme(), &stretches(1)).is_err());
    assert!(place.files.forget(&acme()).is_err());
    assert!(place.file().is_dir());
}

#[test]
fn a_history_is_examined_without_being_changed() {
    let place = place();
    assert_eq!(place.files.examine(&acme()).unwrap(), None);
    assert!(!place.file().exists());

    fs::create_dir_all(place.file().parent().unwrap()).unwrap();
    fs::write(place.file(), "{\n").unwrap();
    let examined = place.files.examine(&acme()).unwrap().unwrap();
    assert_eq!(
        (examined.size_bytes, examined.stretches, examined.unreadable),
        (2, 0, 1)
    );
    assert_eq!(fs::read(place.file()).unwrap(), b"{\n");

    fs::remove_file(place.file()).unwrap();
    fs::create_dir(place.file()).unwrap();
    let failure = place.files.examine(&acme()).unwrap_err();
    assert_eq!(failure.code, Code::History);
}
