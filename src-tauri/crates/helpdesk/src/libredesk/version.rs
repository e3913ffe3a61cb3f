//! Which release a server is, for what older ones lack.

/// A release, such as 2.7.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(u32, u32, u32);

/// From this release on, changes of availability are told by the websocket, and those of others by `agents/compact`.
pub(super) const TELLS_CHANGES: Version = Version(2, 3, 0);

/// From this release on, what idleness writes is dropped where the agent is away by choice.
pub(super) const PROTECTS_CHOICES: Version = Version(2, 2, 0);

impl Version {
    /// Reads what `app.version` holds: `v2.7.0`, with or without something after it; home builds may say nothing.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('v');
        let mut parts = text
            .split(['.', '-', '+', ' '])
            .map(|part| part.parse().ok());
        Some(Self(parts.next()??, parts.next()??, parts.next()??))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_and_compared_by_number() {
        assert_eq!(Version::parse("v2.7.0"), Some(Version(2, 7, 0)));
        assert_eq!(Version::parse("0.7.4-alpha"), Some(Version(0, 7, 4)));
        assert!(Version::parse("v2.10.0") > Some(TELLS_CHANGES));
        assert!(Version::parse("v2.2.9") < Some(TELLS_CHANGES));
        for nothing in ["", "unknown", "v2", "2.x.1"] {
            assert_eq!(Version::parse(nothing), None, "{nothing}");
        }
    }
}
