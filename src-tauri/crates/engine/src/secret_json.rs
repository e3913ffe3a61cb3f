//! A secret as JSON, in one piece of memory that is wiped.

use serde::Serialize;
use zeroize::Zeroizing;

/// The longest escape of one byte, `\u001f`.
const LONGEST_ESCAPE: usize = 6;
/// Room for names, brackets, and values that are no secret.
const FRAME: usize = 128;

/// Writes `value`, which holds so many bytes of secrets; `None` if it could not be put into words.
pub fn secret_json(value: &impl Serialize, secret_bytes: usize) -> Option<Zeroizing<Vec<u8>>> {
    // A buffer that grows leaves pieces of the secret behind in memory.
    let room = FRAME + LONGEST_ESCAPE * secret_bytes;
    let mut text = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer(&mut *text, value).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_the_longest_escapes_leave_no_piece_behind() {
        let secret = "\u{1f}".repeat(500);
        let text = secret_json(&secret, secret.len()).unwrap();
        assert!(text.len() <= FRAME + LONGEST_ESCAPE * 500);
    }
}
