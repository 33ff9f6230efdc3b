//! A tree of kustomizations: bases and what builds upon them, resource files, files of entries.

use super::text::Text;
use crate::support::dice::Dice;

/// Files, and the directory that is built.
pub struct Tree {
    pub files: Vec<(String, Vec<u8>)>,
    pub top: String,
}

pub const NAMES: [&str; 5] = ["db", "app", "db-a", "web.tls", "a"];
pub const NAMESPACES: [&str; 5] = ["prod", "prod-a", "default", "prod.x", "z"];
const KEYS: [&str; 8] = ["a", "b", "user", "PASS_WORD", ".dot", "tls.crt", "y", "n1"];
const TYPES: [&str; 4] = ["Opaque", "kubernetes.io/tls", "example.com/x", ""];

/// Values with all that a shell, a YAML reader or base64 might stumble upon.
const VALUES: [&str; 26] = [
    "plain",
    "",
    "\"quoted\"",
    "'single'",
    "\"half",
    "half'",
    "\"",
    "''",
    "\"'mixed'\"",
    "a=b=c",
    "=",
    " lead and trail ",
    "tab\there",
    "two\nlines\n",
    "cr\r\nlf",
    "$HOME `x` $(y) ${z}",
    "\\n \\ \\\\",
    "# no comment",
    "a: b, {c} [d] & * ! | > % @",
    "yes",
    "012",
    "ünï€😀",
    "\u{a0}nbsp\u{2028}\u{feff}",
    "fifty-two bytes: one more than a line of base64 holds",
    "fifty-one bytes, and base64 of 68: just one line ..",
    "long long long long long long long long long long long long long long long long long long long long long end",
];

/// What an env file may have for a line.
const ENV_LINES: [&str; 14] = [
    "A=1",
    "B=two words ",
    "  LEAD=x",
    "\u{a0}NBSP=x",
    "E=",
    "F==",
    "# comment",
    "   # comment",
    "",
    "   ",
    "Q=\"quoted\"",
    "U=ü€",
    "H=a # b",
    "K E Y=v",
];
const ODD_ENV_LINES: [&str; 5] = ["NOVALUE", "=nokey", "A=again", "has spaces but no value", "\u{feff}BOM=x"];

/// A Secret that a layer has: the namespaces and names that it went by, the present last.
type Known = Vec<(String, String)>;

struct Layer {
    directory: String,
    known: Vec<Known>,
}

/// Mostly one of the first, rarely one of those that may not build.
pub fn rarely<'a>(dice: &mut Dice, usual: &[&'a str], odd: &[&'a str]) -> &'a str {
    if dice.one_in(60) { dice.pick(odd) } else { dice.pick(usual) }
}

impl Tree {
    /// A tree that the dice decide.
    pub fn random(dice: &mut Dice) -> Self {
        let mut files = Vec::new();
        let mut layers: Vec<Layer> = Vec::new();
        let depth = [1, 1, 2, 2, 2, 3, 3, 4][dice.roll(8)];
        for number in 0..depth {
            let layer = layer(dice, number, &mut layers, &mut files);
            layers.push(layer);
        }
        let top = layers.pop().expect("a layer").directory;
        Self { files, top }
    }
}

/// Writes one kustomization, upon all that none builds upon yet; at times on one less.
fn layer(dice: &mut Dice, number: usize, below: &mut Vec<Layer>, files: &mut Vec<(String, Vec<u8>)>) -> Layer {
    let directory = format!("{}{number}", dice.pick(&["base", "over", "x/lay"]));
    let up = if directory.contains('/') { "../../" } else { "../" };
    let mut text = Text::default();
    let mut known = Vec::new();
    let mut resources = Vec::new();
    if dice.one_in(3) {
        text.line("apiVersion: kustomize.config.k8s.io/v1beta1");
        text.line("kind: Kustomization");
    }
    if dice.one_in(6) {
        text.line("metadata: {name: x, annotations: {config.kubernetes.io/local-config: 'true'}}");
    }
    let kept = usize::from(below.len() > 1 && dice.one_in(3));
    for layer in below.drain(kept..) {
        resources.push(format!("{up}{}{}", layer.directory, dice.pick(&["", "", "/", "/."])));
        known.extend(layer.known);
    }
    for count in 0..[0, 0, 1, 2][dice.roll(4)] {
        let name = format!("{}{count}{}", dice.pick(&["", "./", "sub/"]), dice.pick(&["s.yaml", "all.yml", "x"]));
        let content = super::resource::file(dice, &format!("{number}{count}"), &mut |name, namespace| {
            known.push(vec![(namespace.to_owned(), name.to_owned())]);
        });
        files.push((format!("{directory}/{name}"), content.into_bytes()));
        resources.push(name);
    }
    if !resources.is_empty() {
        let field = dice.mostly(&["resources"], &["bases"]);
        text.list(dice, "", field, &resources);
    }
    let mut names = [""; 3];
    for ((field, values), name) in
        [("namespace", &NAMESPACES[..]), ("namePrefix", &["p-", "dev-", ""]), ("nameSuffix", &["-s", "-v1", ""])]
            .into_iter()
            .zip(&mut names)
    {
        if dice.one_in(3) {
            *name = dice.pick(values);
            text.value(dice, "", field, name);
        }
    }
    for field in ["commonLabels", "commonAnnotations"] {
        if dice.one_in(4) {
            text.pairs(dice, "", field);
        }
    }
    if dice.one_in(4) {
        text.name(dice, "", "labels");
        for _ in 0..=dice.roll(2) {
            text.line("-");
            if dice.one_in(2) {
                text.word(dice, "  ", "includeSelectors", &["true", "false", "yes"]);
            }
            if dice.one_in(3) {
                text.word(dice, "  ", "includeTemplates", &["true", "false", "on"]);
            }
            text.pairs(dice, "  ", "pairs");
            if dice.one_in(4) {
                text.name(dice, "  ", "fields");
                text.line(dice.pick(&[
                    "  - {path: spec/x, kind: Deployment, create: true}",
                    "  - {path: metadata/labels, create: true}",
                    "  - {path: metadata/annotations, group: apps, create: true}",
                    "  - {path: spec/selector, kind: Namespace, create: false}",
                ]));
            }
        }
    }
    if dice.one_in(5) {
        text.name(dice, "", "generatorOptions");
        text.options(dice, "  ");
    }
    if resources.is_empty() || !dice.one_in(4) {
        text.name(dice, "", "secretGenerator");
        for _ in 0..=dice.roll(3) {
            generator(dice, &directory, &mut known, &mut text, files);
        }
    }
    let [namespace, prefix, suffix] = names;
    for ids in &mut known {
        for step in 0..3 {
            let (before, name) = ids.last().expect("an id").clone();
            ids.push(match step {
                0 if namespace.is_empty() => (before, name),
                0 => (namespace.to_owned(), name),
                1 => (before, format!("{prefix}{name}")),
                _ => (before, format!("{name}{suffix}")),
            });
        }
    }
    let file = dice.mostly(&["kustomization.yaml"], &["kustomization.yml", "Kustomization"]);
    let mut text = text.0;
    if dice.one_in(12) {
        text = format!("\u{feff}{text}");
    }
    if dice.one_in(8) {
        text = text.replace('\n', "\r\n");
    }
    files.push((format!("{directory}/{file}"), text.into_bytes()));
    Layer { directory, known }
}

/// An entry of `secretGenerator`: something new, or a change of what there is.
fn generator(
    dice: &mut Dice,
    directory: &str,
    known: &mut Vec<Known>,
    text: &mut Text,
    files: &mut Vec<(String, Vec<u8>)>,
) {
    let changed = (!known.is_empty() && !dice.one_in(3)).then(|| &known[dice.roll(known.len())]);
    let (namespace, name) = match changed {
        Some(ids) => ids[dice.roll(ids.len())].clone(),
        None => {
            let number =
                if dice.one_in(60) { "0".to_owned() } else { files.len().to_string() + &known.len().to_string() };
            (dice.mostly(&[""], &NAMESPACES).to_owned(), format!("{}{number}", dice.pick(&NAMES)))
        }
    };
    let behavior = match changed {
        Some(_) => rarely(dice, &["merge", "replace"], &["create", ""]),
        None => rarely(dice, &["create", "", ""], &["merge", "Create", "add"]),
    };
    text.line(&format!("- {}", Text::field(dice, "name", &name)));
    if !namespace.is_empty() {
        text.value(dice, "  ", "namespace", &namespace);
    }
    if !behavior.is_empty() {
        text.value(dice, "  ", "behavior", behavior);
    }
    if dice.one_in(3) {
        let value = dice.pick(&TYPES);
        text.value(dice, "  ", "type", value);
    }
    if dice.one_in(3) {
        text.name(dice, "  ", "options");
        text.options(dice, "    ");
    }
    if !dice.one_in(4) {
        let first = dice.roll(KEYS.len());
        let literals: Vec<String> = (0..=dice.roll(3))
            .map(|number| format!("{}={}", KEYS[(first + number) % KEYS.len()], value(dice)))
            .collect();
        text.list(dice, "  ", "literals", &literals);
    }
    if dice.one_in(4) {
        let number = files.len();
        let path = format!("{}f{number}{}", dice.pick(&["", "./", "deep/er/"]), dice.pick(&[".txt", "", ".bin"]));
        let content =
            [dice.pick(&VALUES).as_bytes(), dice.pick(&["", "\u{0}", "\n"]).as_bytes(), &[0xff][..dice.roll(2)]];
        files.push((format!("{directory}/{path}"), content.concat()));
        let source = format!("{}{path}", dice.pick(&["", "key=", "k.e_y="]));
        text.list(dice, "  ", "files", &[source]);
    }
    if dice.one_in(4) {
        let number = files.len();
        let path = format!("{number}.env");
        files.push((format!("{directory}/{path}"), env_file(dice).into_bytes()));
        match dice.one_in(3) {
            true => text.value(dice, "  ", "env", &path),
            false => text.list(dice, "  ", "envs", &[path]),
        }
    }
    if behavior != "merge" && behavior != "replace" {
        known.push(vec![(namespace, name)]);
    }
}

/// A value of a literal: one of those above, or odd characters.
fn value(dice: &mut Dice) -> String {
    // Left out: U+0085, which kubectl turns into a space.
    const CHARS: &str = "aZ09 \t\n\r\"'`\\/=$%&@#!?*|><,.:;-_+~^()[]{}\u{a0}äßıſK\u{300}שع中😀\u{200b}\u{2028}\u{2029}\u{d7ff}\u{e000}\u{feff}\u{fffd}\u{10ffff}";
    if dice.one_in(2) {
        return dice.pick(&VALUES).to_owned();
    }
    let chars: Vec<char> = CHARS.chars().collect();
    let mut text: String = (0..dice.roll(24)).map(|_| chars[dice.roll(chars.len())]).collect();
    if dice.one_in(60) {
        text.push_str(dice.pick(&["\u{1}", "\u{7f}", "\u{fffe}"]));
    }
    text
}

fn env_file(dice: &mut Dice) -> String {
    let mut text = dice.mostly(&[""], &["\u{feff}", "\u{feff}  "]).to_owned();
    let first = dice.roll(ENV_LINES.len());
    for number in 0..1 + dice.roll(6) {
        if dice.one_in(60) {
            text.push_str(dice.pick(&ODD_ENV_LINES));
        } else {
            text.push_str(ENV_LINES[(first + number) % ENV_LINES.len()]);
        }
        text.push_str(dice.mostly(&["\n", "\r\n"], &["\r\r\n"]));
    }
    if dice.one_in(2) {
        text.push_str(rarely(dice, &["LAST=end", "LAST=cr\r"], &["LAST"]));
    }
    text
}
