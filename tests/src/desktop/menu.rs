//! The menu of a tray item as a tree (`com.canonical.dbusmenu`).

use std::collections::HashMap;
use std::fmt::{self, Write as _};

use zbus::zvariant::{OwnedValue, Structure, Value};

/// How an entry shows that it is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toggle {
    /// A check mark, on or off.
    Check(bool),
    /// One of several, on or off.
    Radio(bool),
}

/// One entry of a menu with the entries below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuNode {
    /// Its id on the bus; the root has 0.
    pub id: i32,
    /// Its text without the marks for access keys.
    pub label: String,
    /// False when it is greyed out.
    pub enabled: bool,
    /// False when it is not shown.
    pub visible: bool,
    /// True for a line between entries.
    pub separator: bool,
    /// Its check mark or radio mark, if it has one.
    pub toggle: Option<Toggle>,
    /// Its picture as a PNG file, if it has one.
    pub icon_data: Option<Vec<u8>>,
    /// The entries of its submenu.
    pub children: Vec<Self>,
}

/// An entry as the bus gives it: id, properties, children.
pub(super) type RawNode = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl MenuNode {
    /// Reads an entry from the answer to `GetLayout`.
    pub(super) fn from_raw((id, properties, children): RawNode) -> Self {
        Self::build(
            id,
            &|name| properties.get(name).map(|value| &**value),
            children.iter().map(|value| &**value),
        )
    }

    fn from_value(value: &Value<'_>) -> Option<Self> {
        if let Value::Value(inner) = value {
            return Self::from_value(inner);
        }
        let fields = Structure::try_from(value.try_clone().ok()?)
            .ok()?
            .into_fields();
        let [
            Value::I32(id),
            Value::Dict(properties),
            Value::Array(children),
        ] = fields.as_slice()
        else {
            return None;
        };
        let properties: HashMap<String, Value<'_>> =
            properties.try_clone().ok()?.try_into().ok()?;
        Some(Self::build(
            *id,
            &|name| properties.get(name),
            children.iter(),
        ))
    }

    fn build<'a, 'v: 'a>(
        id: i32,
        property: &dyn Fn(&str) -> Option<&'a Value<'v>>,
        children: impl Iterator<Item = &'a Value<'v>>,
    ) -> Self {
        let text = |name| {
            property(name)
                .and_then(|value| value.downcast_ref::<&str>().ok())
                .unwrap_or_default()
        };
        let flag = |name| {
            property(name)
                .and_then(|value| value.downcast_ref::<bool>().ok())
                .unwrap_or(true)
        };
        let is_on =
            property("toggle-state").and_then(|value| value.downcast_ref::<i32>().ok()) == Some(1);
        let icon = property("icon-data")
            .and_then(|value| Vec::<u8>::try_from(value.try_clone().ok()?).ok());
        Self {
            id,
            label: without_access_keys(text("label")),
            enabled: flag("enabled"),
            visible: flag("visible"),
            separator: text("type") == "separator",
            toggle: match text("toggle-type") {
                "checkmark" => Some(Toggle::Check(is_on)),
                "radio" => Some(Toggle::Radio(is_on)),
                _ => None,
            },
            icon_data: icon.filter(|bytes| !bytes.is_empty()),
            children: children.filter_map(Self::from_value).collect(),
        }
    }

    /// The entry at a path of labels, such as `Lunch` or `For…/30 min`.
    pub fn find(&self, path: &str) -> Option<&Self> {
        self.trail(path).and_then(|trail| trail.last().copied())
    }

    /// The entries from the top level down to the one at `path`.
    pub fn trail(&self, path: &str) -> Option<Vec<&Self>> {
        self.children
            .iter()
            .filter(|child| child.visible)
            .find_map(|child| {
                if child.label == path {
                    return Some(vec![child]);
                }
                let rest = path.strip_prefix(child.label.as_str())?.strip_prefix('/')?;
                let mut trail = child.trail(rest)?;
                trail.insert(0, child);
                Some(trail)
            })
    }

    /// True when its check or radio mark is set.
    pub fn is_on(&self) -> bool {
        matches!(self.toggle, Some(Toggle::Check(true) | Toggle::Radio(true)))
    }

    /// The labels of all entries that are on, in order, submenus included, but for where calls ring.
    pub fn chosen(&self) -> Vec<&str> {
        let is_phone = |child: &&Self| child.label.starts_with("Phone");
        let below = self
            .children
            .iter()
            .filter(|child| !is_phone(child) || child.children.is_empty())
            .flat_map(Self::chosen);
        Some(self.label.as_str())
            .filter(|_| self.is_on())
            .into_iter()
            .chain(below)
            .collect()
    }

    /// True when the keyboard can reach it in a menu that is open on the screen.
    pub(super) fn is_reachable(&self) -> bool {
        self.visible && self.enabled && !self.separator
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        for child in self.children.iter().filter(|child| child.visible) {
            let mut line = "    ".repeat(depth);
            if child.separator {
                line.push_str("----");
            } else {
                line.push_str(match child.toggle {
                    Some(Toggle::Check(true)) => "[x] ",
                    Some(Toggle::Check(false)) => "[ ] ",
                    Some(Toggle::Radio(true)) => "(•) ",
                    Some(Toggle::Radio(false)) => "( ) ",
                    None => "",
                });
                line.push_str(if child.icon_data.is_some() {
                    "<icon> "
                } else {
                    ""
                });
                line.push_str(&child.label);
                line.push_str(if child.children.is_empty() { "" } else { " >" });
                line.push_str(if child.enabled { "" } else { " (disabled)" });
            }
            writeln!(f, "{line}")?;
            child.write(f, depth + 1)?;
        }
        Ok(())
    }
}

/// The menu as text, a line per visible entry: `(•) Lunch`, `[ ] Notify me`, `For… >`, `----`, `Header (disabled)`.
impl fmt::Display for MenuNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

/// Removes the underscore before an access key; two underscores stand for one.
fn without_access_keys(label: &str) -> String {
    let mut plain = String::with_capacity(label.len());
    let mut characters = label.chars();
    while let Some(character) = characters.next() {
        let shown = if character == '_' {
            characters.next()
        } else {
            Some(character)
        };
        // Writing to a string cannot fail.
        let _ = shown.map(|shown| plain.write_char(shown));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::without_access_keys;

    #[test]
    fn underscores_mark_access_keys() {
        assert_eq!(without_access_keys("_Quit"), "Quit");
        assert_eq!(without_access_keys("At__desk"), "At_desk");
        assert_eq!(without_access_keys("Ends_"), "Ends");
    }
}
