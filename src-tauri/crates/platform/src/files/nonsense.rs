//! Files with anything in them.

use domain::AccountId;

use super::*;
use crate::nonsense::{corpus, try_with};

#[test]
fn settings_with_anything_in_them_are_understood_or_refused_in_words() {
    try_with(&corpus("settings"), |bytes| match understand(bytes) {
        // What was understood can be written again, and is the same then.
        Ok(understood) => {
            let written = written(&understood.config, understood.fields).unwrap();
            let again = understand(&written).unwrap().config;
            let version = Config::default().version;
            assert_eq!(
                again,
                Config {
                    version,
                    ..understood.config
                }
            );
        }
        Err(why) => assert!(!why.is_empty()),
    });
}

#[test]
fn what_is_remembered_with_anything_in_it_is_read_or_forgotten() {
    let root = tempfile::tempdir().unwrap();
    let files = Files::new(&Profile::below(root.path()));
    let account = AccountId("acme".to_owned());
    let path = files.of_account(&account).unwrap();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    try_with(&corpus("remembered"), |bytes| {
        fs::write(&path, bytes).unwrap();
        let remembered = files.recall(&account);
        files.remember(&account, &remembered);
        assert_eq!(files.recall(&account), remembered);
    });
}
