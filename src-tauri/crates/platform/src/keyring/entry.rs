//! What stands in a keyring entry: `{"v":1,"secret":"…"}`.
//!
//! All that belongs to one sign-in is one entry, so that no half of it can be old.

use engine::secret_json;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    v: u32,
    secret: &'a str,
}

#[derive(Deserialize)]
struct Read {
    v: u32,
    secret: SecretString,
}

/// An entry's content; `None` if it could not be put into words.
pub(super) fn written(secret: &SecretString) -> Option<Zeroizing<Vec<u8>>> {
    let secret = secret.expose_secret();
    secret_json(&Written { v: VERSION, secret }, secret.len())
}

/// The secret of an entry; `None` where another program or a newer version wrote it: signing in again mends that.
pub(super) fn read(content: &[u8]) -> Option<SecretString> {
    // The error's text could quote the secret.
    let Ok(read) = serde_json::from_slice::<Read>(content) else {
        tracing::warn!("the keyring's entry cannot be understood");
        return None;
    };
    if read.v != VERSION {
        tracing::warn!(
            version = read.v,
            "the keyring's entry is of another version"
        );
        return None;
    }
    Some(read.secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_reads_as_it_was_written() {
        for secret in ["plain", "", "qu\"ote\\ \u{1}\n \u{1f512} ü"] {
            let content = written(&SecretString::from(secret)).unwrap();
            assert_eq!(read(&content).unwrap().expose_secret(), secret);
        }
    }

    #[test]
    fn the_format_is_fixed() {
        let content = written(&SecretString::from("s3cret")).unwrap();
        assert_eq!(&**content, br#"{"v":1,"secret":"s3cret"}"#);
    }

    #[test]
    fn even_the_longest_escapes_leave_no_piece_behind() {
        let secret = SecretString::from("\u{1f}".repeat(500));
        let content = written(&secret).unwrap();
        assert!(content.len() <= 64 + 6 * 500);
    }

    #[test]
    fn what_another_wrote_is_no_secret() {
        for content in [
            "",
            "s3cret",
            r#"{"v":2,"secret":"s3cret"}"#,
            r#"{"secret":"s3cret"}"#,
        ] {
            assert!(read(content.as_bytes()).is_none(), "{content}");
        }
    }

    #[test]
    fn later_fields_do_no_harm() {
        let content = br#"{"v":1,"secret":"access","refresh":"refresh"}"#;
        assert_eq!(read(content).unwrap().expose_secret(), "access");
    }
}
