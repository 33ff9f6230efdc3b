//! Resource files: Secrets and Namespaces with all the scalars that YAML's versions read in different ways.

use super::{
    text::quoted,
    tree::{NAMES, NAMESPACES, rarely},
};
use crate::support::dice::Dice;

/// Scalars, as they stand. Of `data` what is no string is left out: kubectl writes it as it stands, once something is merged.
const SCALARS: [&str; 50] = [
    "plain",
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "n",
    "true",
    "False",
    "TRUE",
    "null",
    "~",
    "",
    "Null",
    "12",
    "-7",
    "+5",
    "012",
    "0o17",
    "0x1F",
    "0b11",
    "1_000",
    "1e3",
    "1.0",
    "1.50",
    "-0.0",
    ".5",
    "1.",
    "12345678901234567890",
    "123456789012345678901234567890",
    "9007199254740993",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775809",
    "1e20",
    "1.5e-7",
    "08",
    "2001-01-01",
    "2001-12-14t21:59:43.10-05:00",
    "190:20:30",
    "'12'",
    "\"yes\"",
    "'it''s'",
    "\"tab\\t\\u00e9\\x41\"",
    "!!str 12",
    "!!str yes",
    "a # comment",
    "&anchor x",
    "|\n    two\n    lines",
    ">-\n    folded\n    text\n\n    more",
];

/// Keys, as they stand.
const KEYS: [&str; 11] = ["a", "b", "y", "N", "yes", "on", "'q'", "\"d\"", "k.e_y-1", "n", "off"];
const ODD_KEYS: [&str; 6] = ["12", "0x10", "1.5", "true", "~", "'12'"];

/// The text of a file; each Secret of it is told by name and namespace. `mark` is in all their names.
pub fn file(dice: &mut Dice, mark: &str, told: &mut dyn FnMut(&str, &str)) -> String {
    let mut text = rarely(dice, &["", "# comment\n", "---\n"], &["\u{feff}", "%YAML 1.1\n---\n"]).to_owned();
    if dice.one_in(6) {
        text.push_str("apiVersion: v1\nkind: ");
        text.push_str(dice.pick(&["List", "SecretList"]));
        text.push_str("\nitems:\n");
        for _ in 0..1 + dice.roll(2) {
            let object = object(dice, &format!("{mark}{}", text.len()), told);
            for (number, line) in object.lines().enumerate() {
                text.push_str(if number == 0 { "- " } else { "  " });
                text.push_str(line);
                text.push('\n');
            }
        }
        return text;
    }
    for number in 0..1 + dice.roll(3) {
        if number > 0 {
            text.push_str(rarely(
                dice,
                &["---\n", "--- # comment\n", "---\n---\n", "---\n# nothing\n---\n"],
                &["...\n---\n"],
            ));
        }
        let mark = format!("{mark}{}", text.len());
        text.push_str(&object(dice, &mark, told));
    }
    if dice.one_in(8) {
        text = text.replace('\n', "\r\n");
    }
    text
}

fn object(dice: &mut Dice, mark: &str, told: &mut dyn FnMut(&str, &str)) -> String {
    let is_namespace = dice.one_in(8);
    let name = if is_namespace { dice.pick(&NAMESPACES) } else { dice.pick(&NAMES) };
    let name = format!("{name}{}", if dice.one_in(60) { "0" } else { mark });
    let namespace = if is_namespace { "" } else { dice.mostly(&["", ""], &NAMESPACES) };
    let mut text = format!("apiVersion: v1\nkind: {}\nmetadata:\n", if is_namespace { "Namespace" } else { "Secret" });
    text.push_str(&format!("  name: {}\n", quoted(dice, &name)));
    if !namespace.is_empty() {
        text.push_str(&format!("  namespace: {}\n", quoted(dice, namespace)));
    }
    for field in ["labels", "annotations"] {
        match dice.roll(9) {
            0 | 1 => {
                text.push_str(&format!("  {field}:\n"));
                for _ in 0..=dice.roll(2) {
                    let key = dice.mostly(&["app", "note", "x.io/y"], &["z", "y", "config.kubernetes.io/index"]);
                    if !text.ends_with(&format!("    {key}: v\n")) {
                        text.push_str(&format!("    {key}: v\n"));
                    }
                }
            }
            2 => text.push_str(&format!("  {field}: {{}}\n")),
            3 if dice.one_in(3) => text.push_str(&format!("  {field}:{}\n", dice.pick(&["", " ~"]))),
            4 if dice.one_in(3) => text.push_str(&format!(
                "  {field}: {{{}}}\n",
                rarely(dice, &["a: yes", "b: '', a: x", "y: 'no'"], &["a: 1", "1: x"])
            )),
            5 if field == "annotations" && !is_namespace => text.push_str(rarely(dice, &[
                "  annotations: {config.kubernetes.io/local-config: 'true'}\n",
                "  annotations: {config.kubernetes.io/local-config: 'false', a: b}\n",
                "  annotations: {internal.config.kubernetes.io/path: x}\n",
                "  annotations: {internal.config.kubernetes.io/other: x}\n",
                "  annotations: {config.kubernetes.io/origin: 'path: x', alpha.config.kubernetes.io/transformations: '[]'}\n",
                "  annotations: {config.k8s.io/id: '1', z: \"two\\nlines\"}\n",
            ], &["  annotations: {config.kubernetes.io/origin: x}\n"])),
            _ => {}
        }
    }
    if is_namespace {
        return text + dice.mostly(&[""], &["spec: {finalizers: [kubernetes]}\n", "status: {phase: Active}\n"]);
    }
    let mut is_merged = true;
    for field in ["data", "stringData"] {
        if dice.one_in(3) {
            continue;
        }
        is_merged &= field == "data" || dice.one_in(20);
        text.push_str(&format!("{field}:\n"));
        let first = dice.roll(KEYS.len());
        for number in 0..=dice.roll(4) {
            let key = if dice.one_in(150) { dice.pick(&ODD_KEYS) } else { KEYS[(first + number) % KEYS.len()] };
            let value = if field == "data" {
                dice.mostly(
                    &["YQ==", "'eWVz'"],
                    &["No", "12", "~", "", "|\n    YQ==\n    YQ==", "\"Y\\x51==\"", "null"],
                )
            } else {
                dice.pick(&SCALARS)
            };
            text.push_str(&format!("  {key}: {value}\n"));
        }
    }
    // A merge would lose stringData, so ours refuses it.
    if is_merged {
        told(&name, namespace);
    }
    if dice.one_in(3) {
        text.push_str(&format!("type: {}\n", dice.mostly(&["Opaque", "example.com/x"], &["12", "yes", "''"])));
    }
    if dice.one_in(5) {
        text.push_str(&format!("immutable: {}\n", dice.pick(&["true", "false", "True", "yes"])));
    }
    text
}
