//! Where a help desk instance is: the one place that makes addresses.

use std::fmt;
use std::str::FromStr;

use domain::HelpDeskName;
use thiserror::Error;
use url::{Host, Url};

/// The origin of a help desk instance: scheme, host and port, and nothing else.
///
/// ```
/// use domain::HelpDeskName::Zendesk;
/// use helpdesk::BaseUrl;
/// let base = BaseUrl::new(Zendesk, " Acme ").unwrap();
/// assert_eq!(base.to_string(), "https://acme.zendesk.com");
/// assert_eq!(base, BaseUrl::new(Zendesk, "https://acme.zendesk.com/agent/dashboard?x=1").unwrap());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// Why an address cannot be used, in words for the person who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadAddress {
    /// Nothing was typed.
    #[error("the address is empty")]
    Empty,
    /// It is neither a subdomain nor a web address.
    #[error("this is neither a subdomain nor a web address")]
    NotAnAddress,
    /// It is not encrypted and leads out of this computer.
    #[error("only https addresses can be used, so that nobody reads the sign-in on its way")]
    NotEncrypted,
    /// It carries a user name or a password.
    #[error("the address must not contain a user name or a password")]
    Credentials,
}

impl BaseUrl {
    /// Understands what a person types: a subdomain, a host, or any address of the instance.
    ///
    /// Path, query and fragment are dropped, since agents paste what their browser shows.
    ///
    /// # Errors
    /// Anything but https, except http to this computer itself; credentials in the address.
    pub fn new(helpdesk: HelpDeskName, typed: &str) -> Result<Self, BadAddress> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(BadAddress::Empty);
        }
        if is_label(typed) {
            return match helpdesk {
                HelpDeskName::Zendesk => format!("https://{typed}.zendesk.com"),
            }
            .parse();
        }
        if typed.contains("://") {
            typed.parse()
        } else if typed.contains(['.', ':']) {
            format!("https://{typed}").parse()
        } else {
            Err(BadAddress::NotAnAddress)
        }
    }

    /// The host alone, as a person knows it.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The address of a resource of this instance; every part is encoded.
    pub(crate) fn at(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear().extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}

impl FromStr for BaseUrl {
    type Err = BadAddress;

    fn from_str(address: &str) -> Result<Self, BadAddress> {
        let mut url = Url::parse(address).map_err(|_| BadAddress::NotAnAddress)?;
        if !url.has_host() || !matches!(url.scheme(), "http" | "https") {
            return Err(BadAddress::NotAnAddress);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadAddress::Credentials);
        }
        if !is_safe(&url) {
            return Err(BadAddress::NotEncrypted);
        }
        url.set_path("/");
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self(url))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// Whether credentials may be sent to `url`: encrypted, or not leaving this computer.
pub(crate) fn is_safe(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => match url.host() {
            // Names below `localhost` are left out: not every resolver keeps them on this computer.
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        },
        _ => false,
    }
}

/// Whether `typed` can be a subdomain: one DNS label.
fn is_label(typed: &str) -> bool {
    typed.len() <= 63
        && !typed.starts_with('-')
        && !typed.ends_with('-')
        && typed
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Result<String, BadAddress> {
        BaseUrl::new(HelpDeskName::Zendesk, typed).map(|base| base.to_string())
    }

    #[test]
    fn a_subdomain_a_host_and_a_pasted_page_lead_to_the_same_place() {
        for typed in [
            "acme",
            " ACME\n",
            "acme.zendesk.com",
            "acme.zendesk.com/",
            "https://acme.zendesk.com",
            "HTTPS://Acme.Zendesk.com:443/agent/filters/1?x=y#z",
        ] {
            assert_eq!(
                read(typed).as_deref(),
                Ok("https://acme.zendesk.com"),
                "{typed}"
            );
        }
    }

    #[test]
    fn a_port_and_another_domain_are_kept() {
        assert_eq!(
            read("help.example.com:8443").as_deref(),
            Ok("https://help.example.com:8443")
        );
        assert_eq!(
            read("https://support.example.com/hc").as_deref(),
            Ok("https://support.example.com")
        );
    }

    #[test]
    fn http_is_for_this_computer_alone() {
        for own in [
            "http://127.0.0.1:4000",
            "http://localhost:4000",
            "http://[::1]:4000",
            "http://127.9.9.9",
        ] {
            assert_eq!(read(own).as_deref(), Ok(own));
        }
        for foreign in [
            "http://acme.zendesk.com",
            "http://10.0.0.1",
            "http://evil.localhost",
            "http://localhost.example.com",
            "http://0.0.0.0:80",
        ] {
            assert_eq!(read(foreign), Err(BadAddress::NotEncrypted), "{foreign}");
        }
    }

    #[test]
    fn what_is_no_address_is_said_so() {
        assert_eq!(read("  "), Err(BadAddress::Empty));
        for typed in [
            "-acme-",
            "a b",
            "ftp://acme.zendesk.com",
            "https://",
            "file:///etc",
        ] {
            assert_eq!(read(typed), Err(BadAddress::NotAnAddress), "{typed}");
        }
        for typed in ["https://me:pw@acme.zendesk.com", "me@acme.zendesk.com"] {
            assert_eq!(read(typed), Err(BadAddress::Credentials), "{typed}");
        }
    }

    #[test]
    fn a_part_of_a_path_cannot_leave_its_place() {
        let base: BaseUrl = "https://acme.zendesk.com".parse().unwrap();
        let url = base.at(&["api", "v2", "../users?x#y"], &[("page[after]", "a&b=c")]);
        assert_eq!(
            url.as_str(),
            "https://acme.zendesk.com/api/v2/..%2Fusers%3Fx%23y?page%5Bafter%5D=a%26b%3Dc"
        );
    }
}
