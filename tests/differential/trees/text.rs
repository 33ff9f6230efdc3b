//! YAML in the many ways in which people write it.

use std::fmt::Write as _;

use crate::support::dice::Dice;

/// Labels and annotations, as they may stand in a kustomization.
const TEXTS: [&str; 12] = [
    "v",
    "",
    "yes",
    "1",
    "true",
    "null",
    "a b",
    " x ",
    "two\nlines",
    "ü",
    "12:30",
    "loooooooooooooooooooooooooong text that is folded somewhere around column eighty, if it is folded",
];
const NAMES: [&str; 7] = ["app", "b", "a.io/c", "note", "y", "config.kubernetes.io/path", "zz"];

/// A document that grows.
#[derive(Default)]
pub struct Text(pub String);

impl Text {
    pub fn line(&mut self, text: &str) {
        let _ = writeln!(self.0, "{text}");
    }

    /// `name: "value"`, the name at times in another case: kustomize does not mind.
    pub fn field(dice: &mut Dice, name: &str, value: &str) -> String {
        format!("{}: {}", cased(dice, name), quoted(dice, value))
    }

    pub fn value(&mut self, dice: &mut Dice, indent: &str, name: &str, value: &str) {
        let field = Self::field(dice, name, value);
        self.line(&format!("{indent}{field}"));
    }

    pub fn word(&mut self, dice: &mut Dice, indent: &str, name: &str, words: &[&str]) {
        let (name, word) = (cased(dice, name), dice.pick(words));
        self.line(&format!("{indent}{name}: {word}"));
    }

    pub fn name(&mut self, dice: &mut Dice, indent: &str, name: &str) {
        let name = cased(dice, name);
        self.line(&format!("{indent}{name}:"));
    }

    pub fn list(&mut self, dice: &mut Dice, indent: &str, name: &str, items: &[String]) {
        if dice.one_in(4) {
            let items: Vec<String> = items.iter().map(|item| quoted(dice, item)).collect();
            let name = cased(dice, name);
            return self.line(&format!("{indent}{name}: [{}]", items.join(", ")));
        }
        self.name(dice, indent, name);
        let more = dice.pick(&["", "  "]);
        for item in items {
            let item = quoted(dice, item);
            self.line(&format!("{indent}{more}- {item}"));
        }
    }

    /// A map of labels or annotations.
    pub fn pairs(&mut self, dice: &mut Dice, indent: &str, name: &str) {
        self.name(dice, indent, name);
        let first = dice.roll(NAMES.len());
        for number in 0..=dice.roll(3) {
            let key = if dice.one_in(200) { "1" } else { NAMES[(first + number) % NAMES.len()] };
            let text = dice.pick(&TEXTS);
            // At times as a bare word that is no string.
            let value = if dice.one_in(100) { text.replace('\n', " ") } else { quoted(dice, text) };
            self.line(&format!("{indent}  {}: {value}", quoted(dice, key)));
        }
    }

    /// The fields of `options`.
    pub fn options(&mut self, dice: &mut Dice, indent: &str) {
        if dice.one_in(2) {
            self.word(dice, indent, "disableNameSuffixHash", &["true", "false", "yes", "True"]);
        }
        if dice.one_in(4) {
            self.word(dice, indent, "immutable", &["true", "false"]);
        }
        for field in ["labels", "annotations"] {
            if dice.one_in(3) {
                self.pairs(dice, indent, field);
            }
        }
    }
}

fn cased(dice: &mut Dice, name: &str) -> String {
    match dice.roll(40) {
        0 => name.to_uppercase(),
        1 => name.to_lowercase(),
        2 => format!("{}{}", name[..1].to_uppercase(), &name[1..]),
        _ => name.to_owned(),
    }
}

/// A scalar that is this string.
pub fn quoted(dice: &mut Dice, text: &str) -> String {
    let word = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|char| char.is_ascii_alphanumeric() || "-_./=".contains(char))
        && !["yes", "true", "null", "y", "n1"].contains(&text);
    let simple = !text.chars().any(is_escaped);
    match dice.roll(3) {
        0 if word => text.to_owned(),
        1 if simple => format!("'{}'", text.replace('\'', "''")),
        _ => double(text),
    }
}

/// Characters that are no content of a YAML text, or are a line's end in one.
fn is_escaped(char: char) -> bool {
    char.is_control() || "\u{2028}\u{2029}\u{feff}\u{fffe}\u{a0}".contains(char)
}

fn double(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            '\n' => quoted.push_str("\\n"),
            _ if is_escaped(char) => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(char));
            }
            _ => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}
