//! Cursor pagination: <https://developer.zendesk.com/api-reference/introduction/pagination/>.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::route::Call;

/// How a list writes its cursors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cursors {
    /// As integers, like the availability family.
    Integer,
    /// As text that means nothing to a client, like the rest of the API.
    Opaque,
}

impl Cursors {
    fn write(self, id: u64) -> String {
        match self {
            Self::Integer => id.to_string(),
            Self::Opaque => URL_SAFE_NO_PAD.encode(format!("id:{id}")),
        }
    }

    fn read(self, name: &str, text: &str) -> Result<u64, Refusal> {
        let id = match self {
            Self::Integer => text.parse().ok(),
            Self::Opaque => URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| {
                String::from_utf8(bytes)
                    .ok()?
                    .strip_prefix("id:")?
                    .parse()
                    .ok()
            }),
        };
        id.ok_or_else(|| Refusal::pagination(format!("{name} must be a valid cursor; got {text}")))
    }
}

/// One page of a list.
#[derive(Debug)]
pub(super) struct Page<'a, T> {
    pub(super) items: &'a [T],
    /// Whether this is the list's beginning.
    pub(super) first: bool,
    pub(super) links: Value,
    pub(super) meta: Value,
}

/// Cuts the asked-for page out of a sorted list.
pub(super) fn page<'a, T>(
    items: &'a [T],
    id: impl Fn(&T) -> u64,
    cursors: Cursors,
    call: &Call<'_>,
) -> Result<Page<'a, T>, Refusal> {
    let asked_size = call.query("page[size]");
    let size = match asked_size {
        None => 20,
        Some(text) => text
            .parse()
            .ok()
            .filter(|size| (1..=100).contains(size))
            .ok_or_else(|| {
                Refusal::pagination(format!(
                    "page[size] must be a positive integer <= 100; got {text}"
                ))
            })?,
    };
    let place = |name: &str, text: &str| {
        let cursor = cursors.read(name, text)?;
        let found = items.iter().position(|item| id(item) == cursor);
        found.ok_or_else(|| {
            Refusal::pagination(format!("{name} must be a valid cursor; got {text}"))
        })
    };
    let (from, to, backwards) = match (call.query("page[after]"), call.query("page[before]")) {
        (Some(_), Some(_)) => {
            return Err(Refusal::pagination(
                "page[after] and page[before] can't be used together",
            ));
        }
        (Some(after), None) => {
            let from = place("page[after]", after)? + 1;
            (from, (from + size).min(items.len()), false)
        }
        (None, Some(before)) => {
            let to = place("page[before]", before)?;
            (to.saturating_sub(size), to, true)
        }
        (None, None) => (0, size.min(items.len()), false),
    };
    let shown = &items[from..to];
    let link = |name: &str, cursor: &str| {
        // A link keeps every other parameter of the request, filters too.
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair(name, cursor);
        query.extend_pairs(
            call.query
                .iter()
                .filter(|(name, _)| name != "page[after]" && name != "page[before]"),
        );
        format!("{}{}?{}", call.base, call.path, query.finish())
    };
    let (before, after) = (from > 0, to < items.len());
    let last = shown
        .last()
        .filter(|_| after)
        .map(|item| cursors.write(id(item)));
    let first = shown
        .first()
        .filter(|_| before)
        .map(|item| cursors.write(id(item)));
    let links = json!({
        "next": last.as_deref().map(|cursor| link("page[after]", cursor)),
        "prev": first.as_deref().map(|cursor| link("page[before]", cursor)),
    });
    let mut meta = json!({"has_more": if backwards { before } else { after }});
    if cursors == Cursors::Opaque {
        meta["after_cursor"] = json!(last);
        meta["before_cursor"] = json!(first);
    }
    Ok(Page {
        items: shown,
        first: from == 0,
        links,
        meta,
    })
}
