//! Readers of YAML and JSON: what can be read can be written and read again, and is the same.

use go::{
    json_indent, json_read, json_scan,
    json_write::{self, Order},
};
use serde_json::Value as Json;
use yaml::{
    kyaml,
    read::{self, Lines},
};

use super::{MARKER, discreet};

/// The longest error: it names one key, each of whose characters may be written as ten.
const LONGEST: usize = 3_000;

/// Manifests in YAML or JSON.
pub fn yaml(data: &[u8]) {
    let documents = match read::parse(data) {
        Ok(documents) => documents,
        Err(error) => {
            discreet(error.text(), LONGEST);
            assert!(error.line() <= 2 + lines(data), "line {} of {}", error.line(), lines(data));
            with_marker(data);
            let _ = read::lenient(data);
            return;
        }
    };
    for document in &documents {
        let object = document.object.json();
        let again = |how: &str, text: &str| {
            assert_eq!(read::parse_one(text.as_bytes()).as_ref(), Ok(object), "{how}:\n{text}");
        };
        again("yaml", &yaml::write::to_string(object));
        again("kyaml", &kyaml::to_string(object));
        // Other JSON is read as YAML, in whose strings some characters mean something else.
        if object.is_object() {
            again("json", &json_write::to_string(object, Order::Typed));
        }
        placed(object, &document.lines, &mut Vec::new(), 1 + lines(data));
    }
    let plain = |text: &str| !text.contains(['\r', '\u{feff}']) && !text.contains("---") && text.ends_with('\n');
    if let ([document], Ok(text)) = (documents.as_slice(), std::str::from_utf8(data))
        && plain(text)
        && !text.trim_start().starts_with('{')
    {
        // What strict reading takes, an API server takes too.
        assert_eq!(read::lenient(data).map(|(json, _)| json).as_ref(), Ok(document.object.json()));
    }
    with_marker(data);
}

fn lines(text: &[u8]) -> usize {
    text.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count()
        + text.windows(2).filter(|two| matches!(two, [0xC2, 0x85] | [0x80, 0xA8 | 0xA9])).count()
}

/// Every key has a line, and that line is there.
fn placed<'a>(json: &'a Json, lines: &Lines, path: &mut Vec<&'a str>, last: usize) {
    let Json::Object(map) = json else { return };
    for (key, value) in map {
        path.push(key);
        // A key that an alias or a merge brought stands somewhere else.
        if let Some(line) = lines.of(path) {
            assert!((1..=last).contains(&line), "{path:?}: line {line} of {last}");
            placed(value, lines, path, last);
        }
        path.pop();
    }
}

/// A value among the lines is in no error.
fn with_marker(data: &[u8]) {
    let Some((first, text)) = data.split_first() else { return };
    let at =
        text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).nth(usize::from(*first % 8));
    let (before, after) = text.split_at(at.unwrap_or_default());
    let indentation: Vec<u8> = after.iter().copied().take_while(|byte| *byte == b' ').collect();
    let marked = [before, &indentation, b"password: ", MARKER.as_bytes(), b"\n", after].concat();
    if let Err(error) = read::parse(&marked) {
        discreet(error.text(), LONGEST);
    }
    if let Err(error) = read::lenient(&marked) {
        discreet(&error, LONGEST);
    }
}

/// What Go makes of numbers: those past 64 bits with a sign are floats.
fn normal(json: &Json) -> Json {
    json_read::parse(json_write::to_compact(json, Order::Sorted).as_bytes()).expect("what was written").into_json()
}

/// JSON: the readers agree with each other about what is JSON, about the words for what is none, and about what it says.
pub fn json(data: &[u8]) {
    let node = json_read::parse(data);
    let kind = json_scan::check(data);
    assert_eq!(node.as_ref().err(), kind.as_ref().err().map(|error| &error.message), "two readers disagree");
    let _ = json_scan::unmarshal_map(data);
    let node = match node {
        Ok(node) => node,
        Err(error) => {
            discreet(&error, 100);
            if let Err(error) = read::parse(data) {
                discreet(error.text(), LONGEST);
            }
            return;
        }
    };
    assert_eq!(Ok(node.sort()), kind.map(json_scan::Kind::as_str));
    let value = normal(&node.into_json());
    assert_eq!(normal(&value), value);
    let text = json_write::to_compact(&value, Order::Sorted);
    let indented = json_indent::indent(&text, "  ");
    assert_eq!(json_read::parse(indented.as_bytes()).ok().map(json_read::Node::into_json).as_ref(), Some(&value));
    if let Ok(read) = read::parse_one(data)
        && data.trim_ascii_start().starts_with(b"{")
    {
        assert_eq!(normal(&read), value, "the reader of manifests reads something else");
    }
    // serde_json rounds floats in another way, and takes integers past 64 bits for such.
    let exact = !data.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'))
        && !data.split(|byte| !byte.is_ascii_digit()).any(|digits| digits.len() > 18);
    if let Ok(read) = serde_json::from_slice::<Json>(data)
        && exact
    {
        assert_eq!(normal(&read), value, "serde_json reads something else");
    }
}
