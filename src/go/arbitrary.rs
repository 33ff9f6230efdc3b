//! Objects for property tests: what a writer prints must be read back as the same.

use proptest::prelude::*;
use serde_json::Value as Json;

/// Generates strings to which all rules of the writers apply.
pub fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            " ", "  ", "\n", "\t", "\r", ":", "#", "-", "?", "'", "\"", "\\", ",", "[", "]", "{", "}", "&", "*", "!", "|", ">",
            "%", "@", "`", "~", "=", "<<", "---", "...", "y", "no", "null", "true", "0", "1", "9", ".", "_", "e", "0x", "+", "\0",
            "\u{85}", "\u{7f}", "\u{a0}", "\u{2028}", "\u{2029}", "\u{feff}", "\u{fffe}", "\u{1b}", "é", "😀", "2020-01-01", "12:30",
        ]).prop_map(str::to_owned),
        2 => "[a-z ]{0,60}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Generates objects with such strings as keys and values.
pub fn object() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        6 => text().prop_map(Json::from),
        1 => any::<i64>().prop_map(Json::from),
        1 => any::<bool>().prop_map(Json::from),
        1 => Just(Json::Null),
    ];
    let any = leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map(text(), inner, 0..4).prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    });
    prop::collection::btree_map(text(), any, 0..5).prop_map(|map| Json::Object(map.into_iter().collect()))
}
