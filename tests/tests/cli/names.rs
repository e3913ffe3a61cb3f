//! Names that try a terminal: markup, emoji, right-to-left text, 300 characters, and very many of them.

use simulator::{Account, Zendesk, sample};
use system_tests::command_line::{Server, Terminal};

/// What a terminal would act upon, and what makes a text show what it does not say.
fn disturbs(c: char) -> bool {
    let bidi = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    bidi || (c.is_control() && c != '\n')
}

#[track_caller]
fn calm(text: &str) {
    let found: Vec<char> = text.chars().filter(|c| disturbs(*c)).collect();
    assert!(found.is_empty(), "{found:?} in {text:?}");
}

fn awkward() -> (Server, Vec<String>) {
    let mut account = Account::default();
    account.add_awkward_statuses();
    account.statuses.extend([
        simulator::CustomStatus::new(950, "Red \u{1b}[31malert\u{1b}[0m\u{7}", ["away"; 3]),
        simulator::CustomStatus::new(951, "\u{2066}isolated\u{2069} \u{85}next", ["away"; 3]),
    ]);
    let names = account.statuses.iter().filter(|status| status.id >= 900);
    let names = names.map(|status| status.name.clone()).collect();
    (Server::of(Zendesk::new(account)), names)
}

#[test]
fn json_carries_every_name_as_it_is() {
    let (server, names) = awkward();
    let terminal = Terminal::signed_in(&server);
    let list = terminal.run(&["list", "--json"]).well();
    assert_eq!(list.out.lines().count(), 1);
    let json = list.json();
    let mut listed: Vec<&str> = json
        .as_array()
        .into_iter()
        .flatten()
        .filter(|status| {
            status["id"]
                .as_str()
                .is_some_and(|id| id.parse::<u64>().is_ok_and(|id| id >= 900))
        })
        .filter_map(|status| status["name"].as_str())
        .collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    listed.sort_unstable();
    names.sort_unstable();
    assert_eq!(listed, names);
}

#[test]
fn text_shows_no_name_that_disturbs_the_terminal() {
    let (server, names) = awkward();
    let terminal = Terminal::signed_in(&server);
    let list = terminal.run(&["list"]).well();
    calm(&list.out);
    let json = terminal.run(&["list", "--json"]).well().json();
    let count = json.as_array().map_or(0, Vec::len);
    assert_eq!(
        list.out.lines().count(),
        count,
        "a line per status: {}",
        list.out
    );
    assert!(
        list.out.contains("<b>Bold</b> & <script>"),
        "markup is text: {}",
        list.out
    );
    assert!(
        list.out.contains("استراحة الغداء"),
        "other scripts are shown: {}",
        list.out
    );
    assert!(
        list.out.lines().all(|line| line.chars().count() < 120),
        "long names are cut: {}",
        list.out
    );

    for id in (900..900 + names.len() as u64 - 2).chain([950, 951]) {
        let id = id.to_string();
        calm(&terminal.run(&["set", &id]).well().out);
        calm(&terminal.run(&["status"]).well().out);
        let json = terminal.run(&["status", "--json"]).well().json();
        assert_eq!(json["status"]["id"], id);
    }
}

#[test]
fn an_awkward_name_can_be_typed_and_is_not_echoed_raw() {
    let (server, names) = awkward();
    let terminal = Terminal::signed_in(&server);
    for name in names
        .iter()
        .filter(|name| !["Lunch", "online", "   "].contains(&name.as_str()))
    {
        let set = terminal.run(&["set", name, "--json"]).well().json();
        assert_eq!(set["status"]["name"], name.as_str());
    }
    let unknown = terminal
        .run(&["set", "\u{1b}[2J\u{202e}nothing"])
        .with_code(4);
    calm(&unknown.err);
    let account = terminal
        .run(&["status", "--account", "\u{1b}[2J\u{202e}nobody"])
        .with_code(3);
    calm(&account.err);
}

#[test]
fn equal_names_are_told_apart_by_their_ids() {
    let (server, _) = awkward();
    let terminal = Terminal::signed_in(&server);
    let _ = terminal
        .run(&["set", "Lunch"])
        .with_code(4)
        .saying(&["201", "908"]);
    let _ = terminal
        .run(&["set", "ONLINE"])
        .with_code(4)
        .saying(&["3", "909"]);
    let _ = terminal.run(&["set", "908"]).well();
    assert_eq!(server.writes(), [908]);
}

#[test]
fn five_hundred_statuses_are_all_listed_and_the_last_can_be_chosen() {
    let mut account = Account::default();
    account.add_statuses(500);
    let server = Server::of(Zendesk::new(account));
    let terminal = Terminal::signed_in(&server);
    let json = terminal.run(&["list", "--json"]).well().json();
    let ids: Vec<&str> = json
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|status| status["id"].as_str())
        .collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(ids.len(), unique.len(), "each once");
    assert!((500..=510).contains(&ids.len()), "{}", ids.len());
    let text = terminal.run(&["list"]).well();
    assert_eq!(text.out.lines().count(), ids.len());
    let _ = terminal.run(&["set", "project 499"]).well();
    assert_eq!(server.writes(), [1499]);
    assert_ne!(server.current(), sample::ONLINE);
}
