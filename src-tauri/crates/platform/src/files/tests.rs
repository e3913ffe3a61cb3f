use std::collections::BTreeMap;

use domain::{Account, Agent, Agreed, HelpDeskName, SignIn, StatusId};
use tempfile::TempDir;

use super::*;

struct Home {
    _root: TempDir,
    profile: Profile,
    files: Files,
}

impl Home {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let profile = Profile::below(root.path());
        let files = Files::new(&profile);
        Self {
            _root: root,
            profile,
            files,
        }
    }

    fn settings(&self) -> PathBuf {
        self.profile.config_dir().join("settings.json")
    }

    fn write_settings(&self, content: &str) {
        fs::write(self.settings(), content).unwrap();
    }

    fn read_settings(&self) -> Value {
        serde_json::from_slice(&fs::read(self.settings()).unwrap()).unwrap()
    }

    /// What was set aside, by content.
    fn kept(&self) -> Vec<String> {
        let mut kept: Vec<_> = fs::read_dir(self.profile.config_dir())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.to_string_lossy().contains("settings.unreadable-"))
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        kept.sort();
        kept
    }
}

fn config(name: &str) -> Config {
    let account = Account {
        id: AccountId(name.to_owned()),
        helpdesk: HelpDeskName::Zendesk,
        url: format!("https://{name}.zendesk.com"),
        agent: Agent {
            id: "10011".to_owned(),
            name: "Ada Example".to_owned(),
        },
        sign_in: SignIn::AccessToken,
        agreed: Agreed::default(),
    };
    Config {
        accounts: vec![account],
        poll_interval_s: 60,
        ..Config::default()
    }
}

fn remembered() -> Remembered {
    Remembered {
        uses: BTreeMap::from([(StatusId("201".to_owned()), 3)]),
        ..Remembered::default()
    }
}

#[test]
fn a_new_profile_starts_with_the_default_settings_and_no_trouble() {
    let home = Home::new();
    assert_eq!(
        home.files.load(),
        Loaded {
            config: Config::default(),
            trouble: None
        }
    );
}

#[test]
fn saved_settings_are_read_again() {
    let home = Home::new();
    home.files.save(&config("acme")).unwrap();
    let loaded = Files::new(&home.profile).load();
    assert_eq!(
        loaded,
        Loaded {
            config: config("acme"),
            trouble: None
        }
    );
}

#[cfg(unix)]
#[test]
fn saved_settings_are_the_users_alone() {
    use std::os::unix::fs::PermissionsExt;

    let home = Home::new();
    home.files.save(&config("acme")).unwrap();
    let mode = fs::metadata(home.settings()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn settings_that_cannot_be_understood_are_kept_aside_and_reported() {
    for broken in [
        "",
        "{",
        "[]",
        "\u{0}\u{0}",
        r#"{"poll_interval_s": "often"}"#,
        r#"{"version": 2}"#,
    ] {
        let home = Home::new();
        home.write_settings(broken);
        let loaded = home.files.load();
        assert_eq!(loaded.config, Config::default());
        let trouble = loaded.trouble.unwrap();
        assert_eq!(trouble.code, Code::Settings);
        assert!(
            trouble.message.contains("settings.unreadable-"),
            "{}",
            trouble.message
        );
        assert_eq!(home.kept(), [broken]);
        home.files.save(&config("acme")).unwrap();
        assert_eq!(home.kept(), [broken]);
    }
}

#[test]
fn settings_broken_twice_within_a_second_are_both_kept() {
    let home = Home::new();
    for broken in ["one", "three", "two"] {
        home.write_settings(broken);
        assert!(home.files.load().trouble.is_some());
    }
    assert_eq!(home.kept(), ["one", "three", "two"]);
}

#[test]
fn settings_broken_while_running_are_kept_aside_by_the_next_save() {
    let home = Home::new();
    home.files.load();
    home.write_settings("broken meanwhile");
    home.files.save(&config("acme")).unwrap();
    assert_eq!(home.kept(), ["broken meanwhile"]);
    assert_eq!(home.files.load().config, config("acme"));
}

#[test]
fn settings_that_cannot_be_read_are_not_replaced() {
    let home = Home::new();
    // A folder in the file's place cannot be read by root either, whom permissions do not stop.
    fs::create_dir(home.settings()).unwrap();
    let loaded = home.files.load();
    assert_eq!(loaded.config, Config::default());
    assert_eq!(loaded.trouble.unwrap().code, Code::Settings);
    // Readable again, they hold more than what this process knows.
    fs::remove_dir(home.settings()).unwrap();
    home.write_settings(r#"{"poll_interval_s": 77}"#);
    assert_eq!(
        home.files.save(&config("acme")).unwrap_err().code,
        Code::Settings
    );
    assert_eq!(home.read_settings()["poll_interval_s"], 77);
    assert_eq!(home.files.load().config.poll_interval_s, 77);
    home.files.save(&config("acme")).unwrap();
}

#[test]
fn what_a_later_version_added_survives_a_save() {
    let home = Home::new();
    home.files.save(&config("acme")).unwrap();
    let mut settings = home.read_settings();
    settings["accounts"][0]["colour"] = "teal".into();
    settings["theme"] = "dark".into();
    home.write_settings(&settings.to_string());
    let mut changed = home.files.load().config;
    changed.poll_interval_s = 45;
    changed.accounts.extend(config("other").accounts);
    home.files.save(&changed).unwrap();
    let settings = home.read_settings();
    assert_eq!(settings["theme"], "dark");
    assert_eq!(settings["accounts"][0]["colour"], "teal");
    assert_eq!(settings["accounts"][1]["id"], "other");
    assert_eq!(settings["accounts"][1].get("colour"), None);
    assert_eq!(settings["poll_interval_s"], 45);
}

#[cfg(unix)]
#[test]
fn settings_behind_a_link_stay_behind_it() {
    let home = Home::new();
    let elsewhere = home.profile.data_dir().join("dotfiles.json");
    fs::write(&elsewhere, "{}").unwrap();
    std::os::unix::fs::symlink(&elsewhere, home.settings()).unwrap();
    home.files.save(&config("acme")).unwrap();
    assert!(fs::symlink_metadata(home.settings()).unwrap().is_symlink());
    assert!(fs::read_to_string(elsewhere).unwrap().contains("acme"));
}

#[test]
fn what_is_remembered_outlives_the_program_until_it_is_forgotten() {
    let home = Home::new();
    let acme = AccountId("acme-2".to_owned());
    assert_eq!(home.files.recall(&acme), Remembered::default());
    home.files.remember(&acme, &remembered());
    assert_eq!(Files::new(&home.profile).recall(&acme), remembered());
    home.files.forget(&acme);
    home.files.forget(&acme);
    assert_eq!(home.files.recall(&acme), Remembered::default());
}

#[test]
fn what_is_remembered_but_unreadable_counts_as_nothing_and_is_written_anew() {
    let home = Home::new();
    let acme = AccountId("acme".to_owned());
    home.files.remember(&acme, &remembered());
    fs::write(
        home.profile.data_dir().join("accounts/acme.json"),
        "{\"uses\": 3",
    )
    .unwrap();
    assert_eq!(home.files.recall(&acme), Remembered::default());
    home.files.remember(&acme, &remembered());
    assert_eq!(home.files.recall(&acme), remembered());
}

#[test]
fn an_accounts_name_leads_to_no_other_file() {
    let home = Home::new();
    home.files.save(&config("acme")).unwrap();
    let long = "x".repeat(300);
    for name in [
        "",
        ".",
        "..",
        "../../config/settings",
        "a/b",
        "a\\b",
        "a\0b",
        "C:x",
        &long,
    ] {
        let account = AccountId(name.to_owned());
        home.files.remember(&account, &remembered());
        assert_eq!(home.files.recall(&account), Remembered::default(), "{name}");
        home.files.forget(&account);
    }
    assert_eq!(home.files.load().config, config("acme"));
}
