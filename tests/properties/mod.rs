//! Whatever is emitted as YAML, JSON or KYAML is read back as the same object by the reader of manifests, for any texts as
//! keys and values; and no text makes the reader panic.

use std::{fs, path::Path};

use ksecret::print::Order;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// Texts in which every rule of writer and reader has something to do.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            " ", "\n", "\n\n", "\t", "\r", "\r\n", ": ", " #", "- ", "?", "'", "\"", "\\", ",", "[", "]", "{", "}", "&a", "*a",
            "!t", "!!binary ", "|", ">", "%", "@", "`", "~", "=", "<<", "---", "...", "y", "yes", "no", "on", "null", "true",
            "0", "017", "0x1f", "1_000", "1e3", ".inf", ".nan", "+", "\0", "\u{85}", "\u{7f}", "\u{a0}", "\u{2028}", "\u{feff}",
            "\u{fffe}", "\u{1b}", "é", "😀", "2020-01-01", "12:30:45",
        ]).prop_map(str::to_owned),
        2 => "[a-z ]{0,90}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

fn texts() -> impl Strategy<Value = Json> {
    prop::collection::btree_map(text(), text().prop_map(Json::from), 0..5)
        .prop_map(|map| Json::Object(map.into_iter().collect()))
}

/// Objects in the shape of a Secret.
fn secret() -> impl Strategy<Value = Json> {
    (text(), texts(), texts(), texts(), any::<bool>()).prop_map(|(name, labels, annotations, data, immutable)| {
        json!({
            "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "immutable": immutable, "stringData": data,
            "metadata": {"name": name, "labels": labels, "annotations": annotations, "generation": 3},
        })
    })
}

/// What the reader makes of it: one document, or the error.
fn read(text: &str) -> Result<Json, String> {
    let documents = yaml::read::parse(text.as_bytes()).map_err(|error| error.to_string())?;
    match documents.as_slice() {
        [document] => Ok(document.object.json().clone()),
        other => Err(format!("{} documents", other.len())),
    }
}

proptest! {
    #![proptest_config(crate::support::properties::config(400))]

    #[test]
    fn what_is_written_is_read_back(object in secret()) {
        for (format, text) in [
            ("yaml", yaml::write::to_string(&object)),
            ("kyaml", yaml::kyaml::to_string(&object)),
            ("json", go::json_write::to_string(&object, Order::Sorted)),
            ("json, typed", go::json_write::to_string(&object, Order::Typed)),
            ("compact json", go::json_write::to_compact(&object, Order::Sorted)),
        ] {
            prop_assert_eq!(read(&text), Ok(object.clone()), "{}:\n{}", format, text);
        }
    }

    #[test]
    fn the_reader_never_panics(pieces in text(), bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = yaml::read::parse(pieces.as_bytes());
        let _ = yaml::read::parse(&bytes);
        let _ = yaml::read::parse(&[pieces.as_bytes(), &bytes].concat());
    }
}

/// A property test without the common configuration forgets its counterexamples, or puts them where none looks.
#[test]
fn every_property_test_keeps_its_counterexamples() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut dirs, mut blocks, mut bare) = (vec![top.join("src"), top.join("tests")], 0, Vec::new());
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).expect("a directory").flatten() {
            let path = entry.path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source");
                let lines: Vec<&str> = text.lines().map(str::trim).collect();
                for (number, _) in
                    lines.iter().enumerate().filter(|(_, line)| line.ends_with(concat!("proptest!", " {")))
                {
                    blocks += 1;
                    if !lines.get(number + 1).is_some_and(|next| next.contains("properties::config(")) {
                        bare.push(format!("{}:{}", path.display(), number + 1));
                    }
                }
            }
        }
    }
    assert!(blocks > 20, "only {blocks} were found");
    assert!(bare.is_empty(), "without `properties::config`: {bare:?}");
}
