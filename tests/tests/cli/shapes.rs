//! Output with everything replaced that differs from run to run.

use jiff::Timestamp;
use serde_json::{Map, Value};

/// JSON with its fields in order, without times and ports.
pub(crate) fn redacted(value: &Value) -> String {
    serde_json::to_string_pretty(&stable(value)).expect("JSON can be written")
}

/// Text without times and ports.
pub(crate) fn redacted_text(text: &str) -> String {
    text.split(' ')
        .map(stable_word)
        .collect::<Vec<_>>()
        .join(" ")
}

fn stable(value: &Value) -> Value {
    match value {
        Value::String(text) if text.parse::<Timestamp>().is_ok() => "[time]".into(),
        Value::String(text) => without_port(text).into(),
        Value::Array(items) => items.iter().map(stable).collect(),
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            let fields = fields.into_iter();
            let stable: Map<String, Value> = fields
                .map(|(name, value)| (name.clone(), stable(value)))
                .collect();
            stable.into()
        }
        other => other.clone(),
    }
}

fn stable_word(word: &str) -> String {
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let bare = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let parts: Vec<&str> = bare.split(':').collect();
    if (2..=3).contains(&parts.len()) && parts.iter().all(|part| digits(part)) {
        return format!("[time]{}", &word[bare.len()..]);
    }
    without_port(word)
}

fn without_port(text: &str) -> String {
    let Some((before, after)) = text.split_once("127.0.0.1:") else {
        return text.to_owned();
    };
    let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{before}127.0.0.1:[port]{rest}")
}
