//! JSON with a line for each value. Only the blanks between tokens change: numbers keep their digits and keys their order, so
//! that what is played back is what came.

use std::iter;

/// The same JSON, which must be valid, with line breaks and two blanks for each level.
pub(crate) fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut rest = json.char_indices().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(iter::repeat_n("  ", depth));
    };
    while let Some((at, character)) = rest.next() {
        match character {
            '"' => {
                let text = json.get(at..).unwrap_or_default();
                let length = string(text);
                out.push_str(text.get(..length).unwrap_or(text));
                while rest.next_if(|(next, _)| *next < at + length).is_some() {}
            }
            '{' | '[' => {
                out.push(character);
                while rest.next_if(|(_, next)| next.is_ascii_whitespace()).is_some() {}
                // What is empty stays on its line.
                if let Some((_, closing)) = rest.next_if(|(_, next)| matches!(next, '}' | ']')) {
                    out.push(closing);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(character);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            blank if blank.is_ascii_whitespace() => {}
            other => out.push(other),
        }
    }
    out
}

/// Bytes of the string that the text begins with, quotes included.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn digits_and_order_stay() {
        let text = r#"{"b":1.2300,"a":[ ],"c":[1,{"d":"x{,:\"}"}],"e":12345678901234567890123}"#;
        let expected = "{\n  \"b\": 1.2300,\n  \"a\": [],\n  \"c\": [\n    1,\n    {\n      \"d\": \"x{,:\\\"}\"\n    }\n  ],\n  \"e\": 12345678901234567890123\n}";
        assert_eq!(indented(text), expected);
        assert_eq!(indented(expected), expected);
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((".*", inner), 0..6).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_says_the_same(value in json()) {
            prop_assert_eq!(serde_json::from_str::<Value>(&indented(&value.to_string())).unwrap(), value);
        }
    }
}
