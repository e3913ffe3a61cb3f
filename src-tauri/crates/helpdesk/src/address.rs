//! Where a help desk instance is: the one place that makes addresses.

use std::fmt;
use std::str::FromStr;

use domain::HelpDeskName;
use thiserror::Error;
use url::{Host, Url};

/// Where a help desk instance is: scheme, host and port, and for a Libredesk the path that a proxy puts before it.
///
/// ```
/// use domain::HelpDeskName::{Libredesk, Zendesk};
/// use helpdesk::BaseUrl;
/// let base = BaseUrl::new(Zendesk, " Acme ", false).unwrap();
/// assert_eq!(base.to_string(), "https://acme.zendesk.com");
/// assert_eq!(base, BaseUrl::new(Zendesk, "https://acme.zendesk.com/agent/dashboard?x=1", false).unwrap());
/// let base = BaseUrl::new(Libredesk, "help.example.com:8443/desk//", false).unwrap();
/// assert_eq!(base.to_string(), "https://help.example.com:8443/desk");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// The agent agreed that this request goes unencrypted over a private network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AgreedUnencrypted;

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
    /// It is not encrypted and leads into a private network, which the agent may agree to.
    #[error(
        "it is not encrypted, so anybody on that network could read your key; agree to that, or use https"
    )]
    NotAgreed,
    /// It carries a user name or a password.
    #[error("the address must not contain a user name or a password")]
    Credentials,
}

impl BaseUrl {
    /// Understands what a person types: a subdomain, a host, or any address of the instance.
    ///
    /// Query and fragment are dropped, since agents paste what their browser shows; so is a Zendesk's path, while a
    /// Libredesk may be under one. `agreed` is the agent's yes to an unencrypted Libredesk on a private network.
    ///
    /// # Errors
    /// Anything but https, except http to this computer itself or with the agent's yes; credentials in the address.
    pub fn new(helpdesk: HelpDeskName, typed: &str, agreed: bool) -> Result<Self, BadAddress> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(BadAddress::Empty);
        }
        let whole = match helpdesk {
            HelpDeskName::Zendesk if is_label(typed) => format!("https://{typed}.zendesk.com"),
            _ if typed.contains("://") => typed.to_owned(),
            _ if typed.contains(['.', ':']) || typed == "localhost" => format!("https://{typed}"),
            _ => return Err(BadAddress::NotAnAddress),
        };
        let mut base = Self::read(&whole, helpdesk, agreed)?;
        match helpdesk {
            HelpDeskName::Zendesk => base.0.set_path("/"),
            HelpDeskName::Libredesk => base.tidy_path(),
        }
        Ok(base)
    }

    fn read(address: &str, helpdesk: HelpDeskName, agreed: bool) -> Result<Self, BadAddress> {
        let mut url = Url::parse(address).map_err(|_| BadAddress::NotAnAddress)?;
        if !url.has_host() || !matches!(url.scheme(), "http" | "https") {
            return Err(BadAddress::NotAnAddress);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadAddress::Credentials);
        }
        if !is_safe(&url) {
            match helpdesk {
                HelpDeskName::Libredesk if is_private(&url) => {
                    if !agreed {
                        return Err(BadAddress::NotAgreed);
                    }
                }
                _ => return Err(BadAddress::NotEncrypted),
            }
        }
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self(url))
    }

    fn tidy_path(&mut self) {
        let parts = self.0.path().split('/').filter(|part| !part.is_empty());
        let path = parts.collect::<Vec<_>>().join("/");
        self.0.set_path(&path);
    }

    /// The same instance one step up in its path; none from the top.
    pub(crate) fn parent(&self) -> Option<Self> {
        let (above, last) = self.0.path().rsplit_once('/')?;
        if last.is_empty() {
            return None;
        }
        let mut parent = self.0.clone();
        parent.set_path(above);
        Some(Self(parent))
    }

    /// Host and port, as a browser's `Origin` has them.
    pub(crate) fn authority(&self) -> String {
        match self.0.port() {
            Some(port) => format!("{}:{port}", self.host()),
            None => self.host().to_owned(),
        }
    }

    /// The agent's yes, for an address that needs one.
    pub(crate) fn agreed_unencrypted(&self) -> Option<AgreedUnencrypted> {
        (!is_safe(&self.0)).then_some(AgreedUnencrypted)
    }

    /// The host alone, as a person knows it.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The address of a resource of this instance; every part is encoded.
    pub(crate) fn at(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
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
        Self::new(HelpDeskName::Zendesk, address, false)
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

/// Whether `url` leads into a private network: what an agent may agree to send unencrypted.
///
/// Addresses: RFC 1918, 3927, 4193, 4291; names that are not given out on the internet: RFC 6762, 8375, ICANN's
/// `internal`, and those without a dot.
pub(crate) fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            !name.contains('.')
                || [".local", ".lan", ".internal", ".home.arpa"]
                    .iter()
                    .any(|end| name.ends_with(end))
        }
        Some(Host::Ipv4(ip)) => ip.is_private() || ip.is_link_local(),
        Some(Host::Ipv6(ip)) => ip.is_unique_local() || ip.is_unicast_link_local(),
        None => false,
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
        BaseUrl::new(HelpDeskName::Zendesk, typed, false).map(|base| base.to_string())
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
    fn a_libredesk_may_be_anywhere_and_is_found_above_its_pages() {
        let read = |typed: &str| BaseUrl::new(HelpDeskName::Libredesk, typed, false);
        for (typed, base) in [
            ("help.example.com", "https://help.example.com"),
            (
                "https://help.example.com:8443///",
                "https://help.example.com:8443",
            ),
            (
                "HTTPS://Help.Example.com//desk//?x=y#z",
                "https://help.example.com/desk",
            ),
            ("http://localhost:9000/", "http://localhost:9000"),
        ] {
            assert_eq!(
                read(typed).map(|base| base.to_string()).as_deref(),
                Ok(base)
            );
        }
        assert_eq!(read("acme"), Err(BadAddress::NotAnAddress));
        let page = read("https://help.example.com/desk/inboxes").unwrap();
        let above: Vec<String> = std::iter::successors(Some(page), BaseUrl::parent)
            .map(|base| base.to_string())
            .collect();
        assert_eq!(
            above,
            [
                "https://help.example.com/desk/inboxes",
                "https://help.example.com/desk",
                "https://help.example.com"
            ]
        );
    }

    #[test]
    fn a_private_network_may_go_without_encryption_where_the_agent_says_yes() {
        let read = |typed: &str, agreed| BaseUrl::new(HelpDeskName::Libredesk, typed, agreed);
        for own in [
            "http://10.1.2.3:9000",
            "http://192.168.0.7",
            "http://[fd00::1]:9000",
            "http://libredesk.lan:9000",
            "http://libredesk",
        ] {
            assert_eq!(read(own, false), Err(BadAddress::NotAgreed), "{own}");
            let base = read(own, true).unwrap();
            assert!(base.agreed_unencrypted().is_some(), "{own}");
        }
        for foreign in [
            "http://help.example.com",
            "http://8.8.8.8",
            "http://[2001:db8::1]",
        ] {
            assert_eq!(
                read(foreign, true),
                Err(BadAddress::NotEncrypted),
                "{foreign}"
            );
        }
        let zendesk = BaseUrl::new(HelpDeskName::Zendesk, "http://10.1.2.3", true);
        assert_eq!(zendesk, Err(BadAddress::NotEncrypted));
        assert!(
            read("https://10.1.2.3", true)
                .unwrap()
                .agreed_unencrypted()
                .is_none()
        );
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
