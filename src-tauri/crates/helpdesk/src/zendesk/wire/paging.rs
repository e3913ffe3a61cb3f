//! Cursor pagination: <https://developer.zendesk.com/api-reference/introduction/pagination/>.

use serde::Deserialize;
use url::Url;

use super::{Id, optional};

/// Where the next page begins, in either of the two forms in use.
#[derive(Deserialize)]
pub(in crate::zendesk) struct Paging {
    #[serde(default, deserialize_with = "optional")]
    links: Option<Links>,
    #[serde(default, deserialize_with = "optional")]
    meta: Option<Meta>,
    #[serde(default, deserialize_with = "optional")]
    next_page: Option<String>,
}

#[derive(Deserialize)]
struct Links {
    next: Option<String>,
}

#[derive(Deserialize)]
struct Meta {
    has_more: Option<bool>,
    #[serde(default, deserialize_with = "optional")]
    after_cursor: Option<Id>,
}

/// What comes after a page.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::zendesk) enum Next {
    /// Nothing.
    End,
    /// The page after this cursor.
    After(String),
    /// Something, but nobody says where.
    Unknown,
}

impl Paging {
    /// What comes after this page.
    ///
    /// Of a link only the cursor is taken: the link itself could lead the credentials elsewhere.
    pub(in crate::zendesk) fn next(&self) -> Next {
        let has_more = self.meta.as_ref().and_then(|meta| meta.has_more);
        let link = self.links.as_ref().and_then(|links| links.next.as_deref());
        let cursor = self
            .meta
            .as_ref()
            .and_then(|meta| meta.after_cursor.clone());
        if has_more == Some(false) {
            return Next::End;
        }
        match cursor
            .map(|Id(cursor)| cursor)
            .or_else(|| link.and_then(after))
        {
            Some(cursor) => Next::After(cursor),
            None if has_more == Some(true) || link.is_some() || self.next_page.is_some() => {
                Next::Unknown
            }
            None => Next::End,
        }
    }
}

fn after(link: &str) -> Option<String> {
    let nowhere = Url::parse("https://localhost").ok();
    let link = Url::options().base_url(nowhere.as_ref()).parse(link).ok()?;
    let mut pairs = link.query_pairs();
    pairs.find_map(|(key, value)| (key == "page[after]").then(|| value.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(body: &str) -> Next {
        serde_json::from_str::<Paging>(body).unwrap().next()
    }

    #[test]
    fn a_cursor_is_found_in_the_link_or_beside_it() {
        let after = |cursor: &str| Next::After(cursor.to_owned());
        assert_eq!(
            next(
                r#"{"links":{"next":"https://elsewhere.example.com/x?page%5Bafter%5D=206&page%5Bsize%5D=5"},"meta":{"has_more":true}}"#
            ),
            after("206")
        );
        assert_eq!(
            next(r#"{"links":{"next":"/api/v2/x?page[after]=7"}}"#),
            after("7")
        );
        assert_eq!(
            next(r#"{"meta":{"has_more":true,"after_cursor":"eyJv"},"links":{"next":null}}"#),
            after("eyJv")
        );
        assert_eq!(
            next(r#"{"meta":{"has_more":true,"after_cursor":9}}"#),
            after("9")
        );
    }

    #[test]
    fn the_end_is_told_from_a_page_that_nobody_can_find() {
        assert_eq!(next("{}"), Next::End);
        assert_eq!(
            next(
                r#"{"links":{"next":null,"prev":null},"meta":{"has_more":false},"next_page":null}"#
            ),
            Next::End
        );
        assert_eq!(
            next(r#"{"links":{"next":"https://a/?page%5Bafter%5D=1"},"meta":{"has_more":false}}"#),
            Next::End
        );
        assert_eq!(next(r#"{"meta":{"has_more":true}}"#), Next::Unknown);
        assert_eq!(
            next(r#"{"next_page":"https://acme.zendesk.com/x?page=2","count":200}"#),
            Next::Unknown
        );
    }
}
