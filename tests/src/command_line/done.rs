//! What became of a command.

use std::time::Duration;

use serde_json::Value;

/// What a command did.
#[derive(Clone, Debug)]
pub struct Done {
    /// Its exit code.
    pub code: i32,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
    /// How long it ran.
    pub took: Duration,
}

impl Done {
    /// It, having ended well.
    #[must_use]
    #[track_caller]
    pub fn well(self) -> Self {
        self.with_code(0)
    }

    /// It, having ended with this exit code.
    #[must_use]
    #[track_caller]
    pub fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// It, having said these words to people, whatever their case.
    #[must_use]
    #[track_caller]
    pub fn saying(self, words: &[&str]) -> Self {
        let said = self.err.to_lowercase();
        for word in words {
            let is_said = said.contains(&word.to_lowercase());
            assert!(is_said, "{word:?} is not said in {self:#?}");
        }
        self
    }

    /// Its standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error} in the output of {self:#?}"))
    }

    /// The code of the failure that it printed as JSON, which must have all that scripts read.
    #[track_caller]
    pub fn error_code(&self) -> String {
        let failure = &self.json()["error"];
        let fields = failure.as_object().map(serde_json::Map::len);
        let message = failure["message"].as_str().unwrap_or_default();
        assert_eq!(fields, Some(3), "{self:#?}");
        assert!(failure.get("retry_after_s").is_some(), "{self:#?}");
        assert!(message.ends_with(['.', '?']), "no sentence in {self:#?}");
        failure["code"].as_str().unwrap_or_default().to_owned()
    }
}
