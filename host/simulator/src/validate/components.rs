//! The limits of buttons, selects and the rest of what a message is built of.

use serde_json::Value;

use super::{Path, Problems, SeenIds};

/// Discord's numbers for the component types.
mod kind {
    pub(super) const ROW: u64 = 1;
    pub(super) const BUTTON: u64 = 2;
    pub(super) const STRING_SELECT: u64 = 3;
    /// The first and the last of the selects that fill themselves: users, roles, mentionables, channels.
    pub(super) const AUTO_SELECTS: std::ops::RangeInclusive<u64> = 5..=8;
    pub(super) const SECTION: u64 = 9;
    pub(super) const TEXT: u64 = 10;
    pub(super) const THUMBNAIL: u64 = 11;
    pub(super) const GALLERY: u64 = 12;
    pub(super) const FILE: u64 = 13;
    pub(super) const SEPARATOR: u64 = 14;
    pub(super) const CONTAINER: u64 = 17;
}

/// A message of Components V2 holds at most this many, nested ones included.
const V2_COMPONENTS: usize = 40;
/// The characters of all its texts.
const V2_TEXT: usize = 4_000;

struct Check<'v, 'p> {
    problems: &'p mut Problems,
    ids: SeenIds<'v>,
    count: usize,
    text: usize,
}

/// Checks a message's components; without V2 only rows may stand at the top.
pub(super) fn check(components: &Value, path: &Path<'_>, v2: bool, problems: &mut Problems) {
    if components.is_null() {
        return;
    }
    let mut check = Check { problems, ids: SeenIds::new(), count: 0, text: 0 };
    let list = check.problems.list(components, path, if v2 { V2_COMPONENTS } else { 5 });
    for (index, component) in list.iter().enumerate() {
        let path = path.index(index);
        match component["type"].as_u64() {
            Some(kind::ROW) => check.row(component, &path),
            Some(kind) if v2 => check.block(kind, component, &path),
            _ => check.wrong_type(&path),
        }
    }
    if check.count > V2_COMPONENTS {
        check.problems.add(path, "COMPONENT_MAX_TOTAL_EXCEEDED", "The total number of components must be 40 or fewer");
    }
    if check.text > V2_TEXT {
        let message = "The total length of text displays must be 4000 or fewer";
        check.problems.add(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message);
    }
}

impl<'v> Check<'v, '_> {
    fn wrong_type(&mut self, path: &Path<'_>) {
        self.problems.add(&path.key("type"), "UNION_TYPE_CHOICES", "Value of field \"type\" is not allowed here.");
    }

    fn row(&mut self, row: &'v Value, path: &Path<'_>) {
        self.count += 1;
        let inner = path.key("components");
        let list = self.problems.list(&row["components"], &inner, 5);
        if list.is_empty() {
            self.problems.add(&inner, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
        }
        for (index, component) in list.iter().enumerate() {
            let path = inner.index(index);
            match component["type"].as_u64() {
                Some(kind::BUTTON) => self.button(component, &path),
                Some(kind) if kind == kind::STRING_SELECT || kind::AUTO_SELECTS.contains(&kind) => {
                    self.select(kind, component, &path);
                    if list.len() > 1 {
                        let message = "The specified component exceeds the maximum width";
                        self.problems.add(path.parent.unwrap_or(&path), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message);
                    }
                }
                _ => self.wrong_type(&path),
            }
        }
    }

    fn button(&mut self, button: &'v Value, path: &Path<'_>) {
        self.count += 1;
        let label = self.problems.text(&button["label"], &path.key("label"), 0, 80).unwrap_or_default();
        let emoji = self.emoji(&button["emoji"], &path.key("emoji"));
        self.problems.boolean(&button["disabled"], &path.key("disabled"));
        let style = button["style"].as_u64();
        match style {
            Some(1..=4) => self.custom_id(button, path),
            Some(5) => {
                let url = path.key("url");
                if button["url"].is_null() {
                    self.problems.required(&url);
                }
                self.problems.url(&button["url"], &url, &["http", "https", "discord"]);
                self.forbidden(button, "custom_id", path);
            }
            Some(6) if button["sku_id"].is_string() => {}
            Some(6) => self.problems.required(&path.key("sku_id")),
            Some(_) => {
                let message = "Value must be one of {1, 2, 3, 4, 5, 6}.";
                self.problems.add(&path.key("style"), "BASE_TYPE_CHOICES", message);
            }
            None => self.problems.required(&path.key("style")),
        }
        if matches!(style, Some(1..=4)) {
            self.forbidden(button, "url", path);
        }
        if label.is_empty() && !emoji && style != Some(6) {
            let message = "A button must have a label or an emoji";
            self.problems.add(&path.key("label"), "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", message);
        }
    }

    fn forbidden(&mut self, component: &Value, field: &str, path: &Path<'_>) {
        if !component[field].is_null() {
            let message = "A custom id and url cannot both be specified";
            self.problems.add(&path.key(field), "BUTTON_COMPONENT_CUSTOM_ID_AND_URL", message);
        }
    }

    /// Checks an emoji; whether there is one.
    fn emoji(&mut self, emoji: &Value, path: &Path<'_>) -> bool {
        let Some(emoji) = self.problems.object(emoji, path) else { return false };
        let custom = emoji["id"].as_str().is_some_and(|id| id.parse::<u64>().is_ok());
        // Every emoji of Unicode has something beyond ASCII, also the digits' keycaps.
        let unicode = emoji["name"].as_str().is_some_and(|name| !name.is_ascii() && name.chars().count() <= 32);
        if !custom && !unicode {
            self.problems.add(&path.key("name"), "COMPONENT_INVALID_EMOJI", "Invalid emoji");
        }
        true
    }

    fn custom_id(&mut self, component: &'v Value, path: &Path<'_>) {
        let path = path.key("custom_id");
        if let Some(id) = self.problems.required_text(&component["custom_id"], &path, 1, 100)
            && !self.ids.insert(id)
        {
            let message = "Component custom id cannot be duplicated";
            self.problems.add(&path, "COMPONENT_CUSTOM_ID_DUPLICATED", message);
        }
    }

    fn select(&mut self, kind: u64, select: &'v Value, path: &Path<'_>) {
        self.count += 1;
        self.custom_id(select, path);
        self.problems.text(&select["placeholder"], &path.key("placeholder"), 0, 150);
        self.problems.integer(&select["min_values"], &path.key("min_values"), 0, 25);
        self.problems.integer(&select["max_values"], &path.key("max_values"), 1, 25);
        if kind != kind::STRING_SELECT {
            return;
        }
        let options = path.key("options");
        let list = self.problems.list(&select["options"], &options, 25);
        if list.is_empty() {
            self.problems.add(&options, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.");
        }
        for (index, option) in list.iter().enumerate() {
            let path = options.index(index);
            self.problems.required_text(&option["label"], &path.key("label"), 1, 100);
            self.problems.required_text(&option["value"], &path.key("value"), 1, 100);
            self.problems.text(&option["description"], &path.key("description"), 0, 100);
        }
    }

    /// A component of V2.
    fn block(&mut self, kind: u64, block: &'v Value, path: &Path<'_>) {
        self.count += 1;
        match kind {
            kind::TEXT => self.text_display(block, path),
            kind::SECTION => self.section(block, path),
            kind::GALLERY => {
                let items = path.key("items");
                let list = self.problems.list(&block["items"], &items, 10);
                if list.is_empty() {
                    self.problems.add(&items, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.");
                }
                for (index, item) in list.iter().enumerate() {
                    self.media(item, "media", &items.index(index));
                }
            }
            kind::FILE => self.media(block, "file", path),
            kind::SEPARATOR => {}
            kind::CONTAINER => {
                let inner = path.key("components");
                for (index, component) in
                    self.problems.list(&block["components"], &inner, V2_COMPONENTS).iter().enumerate()
                {
                    let path = inner.index(index);
                    match component["type"].as_u64() {
                        Some(kind::ROW) => self.row(component, &path),
                        Some(kind) if kind != kind::CONTAINER => self.block(kind, component, &path),
                        _ => self.wrong_type(&path),
                    }
                }
            }
            _ => self.wrong_type(path),
        }
    }

    fn section(&mut self, section: &'v Value, path: &Path<'_>) {
        let inner = path.key("components");
        for (index, text) in self.problems.list(&section["components"], &inner, 3).iter().enumerate() {
            self.count += 1;
            if text["type"].as_u64() == Some(kind::TEXT) {
                self.text_display(text, &inner.index(index));
            } else {
                self.wrong_type(&inner.index(index));
            }
        }
        let accessory = path.key("accessory");
        match section["accessory"]["type"].as_u64() {
            Some(kind::BUTTON) => self.button(&section["accessory"], &accessory),
            Some(kind::THUMBNAIL) => {
                self.count += 1;
                self.media(&section["accessory"], "media", &accessory);
            }
            Some(_) => self.wrong_type(&accessory),
            None => self.problems.required(&accessory),
        }
    }

    fn text_display(&mut self, text: &Value, path: &Path<'_>) {
        let content = self.problems.required_text(&text["content"], &path.key("content"), 1, V2_TEXT);
        self.text += content.map_or(0, |content| content.chars().count());
    }

    fn media(&mut self, holder: &Value, field: &str, path: &Path<'_>) {
        let media = path.key(field);
        let url = media.key("url");
        if holder[field]["url"].is_null() {
            self.problems.required(&url);
        }
        self.problems.url(&holder[field]["url"], &url, &["http", "https", "attachment"]);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn codes(components: &Value, v2: bool) -> String {
        let mut problems = Problems::default();
        check(components, &Path::ROOT.key("components"), v2, &mut problems);
        problems.into_json().to_string()
    }

    fn row(components: &[Value]) -> Value {
        json!([{ "type": 1, "components": components }])
    }

    #[test]
    fn buttons_are_held_to_their_limits() {
        let button = |id: &str| json!({ "type": 2, "style": 2, "label": "a", "custom_id": id });
        assert_eq!(codes(&row(&[button("a"), button("b")]), false), "{}");
        let six: Vec<Value> = (0..6).map(|n| button(&n.to_string())).collect();
        assert!(codes(&row(&six), false).contains("BASE_TYPE_MAX_LENGTH"));
        assert!(codes(&row(&[button("a"), button("a")]), false).contains("COMPONENT_CUSTOM_ID_DUPLICATED"));
        assert!(codes(&row(&[button(&"x".repeat(101))]), false).contains("Must be between 1 and 100 in length."));
        let bare = json!({ "type": 2, "style": 1, "custom_id": "a" });
        assert!(codes(&row(&[bare]), false).contains("BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED"));
        let with_emoji = json!({ "type": 2, "style": 1, "custom_id": "a", "emoji": { "name": "👍" } });
        assert_eq!(codes(&row(&[with_emoji]), false), "{}");
        let link = json!({ "type": 2, "style": 5, "label": "a", "url": "ftp://example.com" });
        assert!(codes(&row(&[link]), false).contains("URL_TYPE_INVALID_SCHEME"));
    }

    #[test]
    fn blocks_need_the_flag_of_components_v2() {
        let text = json!([{ "type": 10, "content": "hello" }]);
        assert!(codes(&text, false).contains("UNION_TYPE_CHOICES"));
        assert_eq!(codes(&text, true), "{}");
        let long = json!([{ "type": 10, "content": "x".repeat(3_000) }, { "type": 10, "content": "x".repeat(1_001) }]);
        assert!(codes(&long, true).contains("COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"));
    }
}
