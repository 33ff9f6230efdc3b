//! JSON as Go's `encoding/json` writes it: sorted keys, no spaces, and `<`, `>`, `&` and the line separators escaped.

use super::{Numeric, float};
use serde_json::Value as Json;

/// `json.Marshal`.
pub fn marshal(value: &Json) -> String {
    let mut out = String::new();
    write(&mut out, value, None);
    out
}

/// `json.MarshalIndent(values, "", "    ")` of a list.
pub fn marshal_list_indented<'a>(values: impl ExactSizeIterator<Item = &'a Json>) -> String {
    let mut out = String::new();
    write_list(&mut out, values, Some(0));
    out
}

/// Writes one value; `indent` is the number of levels around it, absent for the compact form.
fn write(out: &mut String, value: &Json, indent: Option<usize>) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(number) => match Numeric::from(number) {
            Numeric::Int(int) => out.push_str(&int.to_string()),
            Numeric::Float(float) => out.push_str(&float::json(float)),
        },
        Json::String(text) => write_string(out, text),
        Json::Array(list) => write_list(out, list.iter(), indent),
        Json::Object(map) => {
            let inner = indent.map(|level| level + 1);
            out.push('{');
            for (i, (key, value)) in map.iter().enumerate() {
                separate(out, i, inner);
                write_string(out, key);
                out.push_str(if indent.is_some() { ": " } else { ":" });
                write(out, value, inner);
            }
            close(out, map.is_empty(), indent);
            out.push('}');
        }
    }
}

fn write_list<'a>(out: &mut String, values: impl ExactSizeIterator<Item = &'a Json>, indent: Option<usize>) {
    let inner = indent.map(|level| level + 1);
    let empty = values.len() == 0;
    out.push('[');
    for (i, value) in values.enumerate() {
        separate(out, i, inner);
        write(out, value, inner);
    }
    close(out, empty, indent);
    out.push(']');
}

fn separate(out: &mut String, index: usize, indent: Option<usize>) {
    if index > 0 {
        out.push(',');
    }
    new_line(out, indent);
}

fn close(out: &mut String, empty: bool, indent: Option<usize>) {
    if !empty {
        new_line(out, indent);
    }
}

fn new_line(out: &mut String, indent: Option<usize>) {
    if let Some(level) = indent {
        out.push('\n');
        (0..level).for_each(|_| out.push_str("    "));
    }
}

/// A string in Go's JSON escapes, quotes included.
pub fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, c) in text.char_indices() {
        let escape = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            c if c < ' ' || matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') => "",
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        if escape.is_empty() {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push_str(escape);
        }
        plain = at + c.len_utf8();
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn writes_what_go_writes() {
        let value = json!({"b": [1, 1.5, null, true, {}], "a": "<&>\u{2028}\u{8}\u{1}\u{7f}é\"\\\n", "c": []});
        assert_eq!(
            marshal(&value),
            "{\"a\":\"\\u003c\\u0026\\u003e\\u2028\\b\\u0001\u{7f}é\\\"\\\\\\n\",\"b\":[1,1.5,null,true,{}],\"c\":[]}"
        );
        let list = [json!({"a": [1], "b": {}}), json!([])];
        assert_eq!(
            marshal_list_indented(list.iter()),
            "[\n    {\n        \"a\": [\n            1\n        ],\n        \"b\": {}\n    },\n    []\n]"
        );
        assert_eq!(marshal_list_indented([].iter()), "[]");
    }
}
