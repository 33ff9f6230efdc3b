//! Generated command lines: a verb, what it is about, and a few flags, most of them plausible, some odd.

use crate::support::dice::Dice;

/// A command line and its standard input.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The words behind `kubectl`.
    pub words: Vec<String>,
    /// Standard input.
    pub stdin: String,
}

impl Line {
    /// The line for a shell.
    pub fn shown(&self) -> String {
        let words = self.words.iter().map(|word| shell_words::quote(word)).collect::<Vec<_>>().join(" ");
        match self.stdin.as_str() {
            "" => format!("kubectl {words}"),
            stdin => format!("printf %s {} | kubectl {words}", shell_words::quote(stdin)),
        }
    }

    /// The line as kubectl is given it: where one bare word is all that names something, it is the name of a Secret to
    /// ksecret, and kubectl is told so.
    pub fn in_full(&self) -> Self {
        const RESOURCES: [&str; 7] = ["secret", "secrets", "secrets.", "secret.v1.", "ns", "configmap", ""];
        const WITH_VALUE: [&str; 8] = ["-f", "-l", "-p", "-o", "-n", "-L", "--field-selector", "--output"];
        let mut line = self.clone();
        let verb = self.words.first().map_or("", String::as_str);
        let mut named = Vec::new();
        let mut words = self.words.iter().enumerate().skip(1);
        while let Some((at, word)) = words.next() {
            if WITH_VALUE.contains(&word.as_str()) {
                words.next();
            } else {
                let change = matches!(verb, "label" | "annotate") && is_change(word);
                if !change && !word.starts_with('-') {
                    named.push((at, word));
                }
            }
        }
        if let [(at, word)] = named.as_slice()
            && !matches!(verb, "replace" | "apply")
            && !RESOURCES.contains(&word.to_lowercase().as_str())
            && !word.contains(['/', ','])
        {
            line.words.insert(*at, "secret".to_owned());
        }
        line
    }
}

/// Whether `label` and `annotate` take the word for a change.
fn is_change(word: &str) -> bool {
    word.contains('=') || word.ends_with('-')
}

/// The files that lie where a line runs.
pub const FILES: [(&str, &str); 20] = [
    ("a.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  labels: {app: web}\ndata:\n  x: bmV3\n"),
    ("new.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: new}\nstringData: {k: v}\n"),
    (
        "two.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a, labels: {app: web}}\ndata: {x: Zm9v}\n---\napiVersion: v1\nkind: \
         Secret\nmetadata: {name: b}\ndata: {x: Zm9v}\n",
    ),
    (
        "mixed.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {x: Zm9v}\n---\napiVersion: v1\nkind: Secret\ndata: {x: \
         Zm9v}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: new}\n",
    ),
    ("c.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: c}\ntype: example.com/t\ndata: {x: Zm9v}\n"),
    ("noname.yaml", "apiVersion: v1\nkind: Secret\nstringData: {x: y}\n"),
    ("gen.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {generateName: a-}\nstringData: {x: y}\n"),
    ("emptyname.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: \"\"}\n"),
    ("dot.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: \".\"}\n"),
    ("slash.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a/b}\n"),
    ("empty.yaml", ""),
    ("blank.yaml", "---\n# nothing\n---\n"),
    (
        "list.yaml",
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}, data: {x: \
         YQ==}}\n- {apiVersion: v1, kind: Secret, metadata: {name: gone}}\n",
    ),
    ("bad.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a\n"),
    ("nokind.yaml", "apiVersion: v1\nmetadata: {name: a}\n"),
    ("elsewhere.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: there}\ndata: {x: bmV3}\n"),
    ("ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: there, labels: {l: v}}\n"),
    ("null.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a, labels: {app: null}}\ndata: {x: null}\n"),
    ("d/a.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {z: eg==}\n"),
    ("d/sub/b.json", "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"b\"}}\n"),
];

const VERBS: [&str; 14] = [
    "get", "get", "delete", "delete", "delete", "label", "label", "annotate", "patch", "patch", "replace", "apply",
    "apply", "apply",
];
const BOOLEAN: [&str; 3] = ["", "=true", "=false"];
const ODD_BOOLEAN: [&str; 4] = ["=", "=maybe", "=T", "= true"];

/// A generated line.
pub fn line(dice: &mut Dice) -> Line {
    let verb = dice.pick(&VERBS);
    let mut line = Line::default();
    let (mut words, mut flags) = (Vec::new(), Vec::new());
    let by_file = if matches!(verb, "replace" | "apply") { !dice.one_in(20) } else { dice.one_in(5) };
    if by_file {
        files(dice, &mut flags, &mut line.stdin);
    }
    let by_selection = !by_file && dice.one_in(4);
    if by_selection {
        words.push(dice.mostly(&["secret", "secrets"], &["secrets.", "secret,secrets", "ns", ""]).to_owned());
    } else if !by_file || dice.one_in(15) {
        about(dice, &mut words);
    }
    if by_selection || dice.one_in(10) {
        selection(dice, &mut flags);
    }
    if matches!(verb, "label" | "annotate") {
        pairs(dice, verb, &mut words);
    }
    if verb == "patch" && !dice.one_in(20) {
        patch(dice, &mut flags);
    }
    for _ in 0..[0, 0, 0, 1, 1, 2][dice.roll(6)] {
        let flag = flag(dice, verb);
        flags.push(flag);
    }
    let mut groups: Vec<Vec<String>> = words.into_iter().map(one).collect();
    let anywhere = dice.one_in(4);
    for flag in flags {
        // The order of the words stays.
        let at = if anywhere { dice.roll(groups.len() + 1) } else { groups.len() };
        groups.insert(at, flag);
    }
    line.words.push(verb.to_owned());
    line.words.extend(groups.into_iter().flatten());
    line
}

fn one(word: impl Into<String>) -> Vec<String> {
    vec![word.into()]
}

/// What the line is about: a kind and names, TYPE/NAME, or an odd mix.
fn about(dice: &mut Dice, words: &mut Vec<String>) {
    let kind = |dice: &mut Dice| {
        dice.mostly(
            &["secret", "secret", "secrets"],
            &["secrets.", "secret.v1.", "secret,secrets", "Secret", "ns", "configmap", "", "secrets,", "v1"],
        )
    };
    let name = |dice: &mut Dice| {
        dice.mostly(&["a", "a", "b", "c", "nope"], &["", "", ".", "..", "a/b", "a%b", "A", " a", "there"]).to_owned()
    };
    let item = |dice: &mut Dice| {
        dice.mostly(
            &["secret/a", "secrets/b", "secret/c", "secret/nope"],
            &["secret/", "/a", "secret/a/b", "secret.v1./c", "secret/.", "secrets,secret/a", "ns/there", "pod/a", "/"],
        )
        .to_owned()
    };
    match dice.roll(16) {
        0..=9 => {
            words.push(kind(dice).to_owned());
            for _ in 0..[0, 1, 1, 1, 1, 2, 3][dice.roll(7)] {
                words.push(name(dice));
            }
        }
        10..=13 => {
            for _ in 0..=dice.roll(2) {
                words.push(item(dice));
            }
        }
        14 => {
            for _ in 0..=dice.roll(3) {
                words.push(if dice.one_in(2) { item(dice) } else { name(dice) });
            }
        }
        _ => words.push(name(dice)),
    }
}

fn files(dice: &mut Dice, flags: &mut Vec<Vec<String>>, stdin: &mut String) {
    for _ in 0..[1, 1, 1, 1, 1, 2][dice.roll(6)] {
        let usual = ["a.yaml", "new.yaml", "two.yaml", "c.yaml", "list.yaml", "elsewhere.yaml"];
        let name = match dice.roll(16) {
            0 => "missing.yaml",
            1 => dice.pick(&["", "d", "d", "d/sub", "d/*.yaml"]),
            2 => {
                FILES[dice.roll(FILES.len())].1.clone_into(stdin);
                "-"
            }
            3..=7 => FILES[dice.roll(FILES.len())].0,
            _ => dice.pick(&usual),
        };
        flags.push(match dice.roll(8) {
            0 => one(format!("--filename={name}")),
            1 => one(format!("-f={name}")),
            2 if !name.is_empty() => one(format!("-f{name}")),
            _ => vec!["-f".to_owned(), name.to_owned()],
        });
    }
    if dice.one_in(10) {
        flags.push(one(format!("-R{}", dice.mostly(&BOOLEAN, &ODD_BOOLEAN))));
    }
}

fn selection(dice: &mut Dice, flags: &mut Vec<Vec<String>>) {
    flags.push(match dice.roll(8) {
        0..=3 => {
            let selector = dice.mostly(
                &["app=web", "app==db", "app", "!app", "app in (web,db)", "app!=web", "app=nope", "app,tier"],
                &["", " ", "\t", "=", "a b", "app=web,", "-x=1", ",", "app=web,app=db", "app in (", "a/b/c"],
            );
            match dice.roll(3) {
                0 => one(format!("--selector={selector}")),
                1 => one(format!("-l={selector}")),
                _ => vec!["-l".to_owned(), selector.to_owned()],
            }
        }
        4 | 5 => {
            let selector = dice.mostly(
                &["metadata.name=a", "type=Opaque", "type!=Opaque", "metadata.name=nope", "metadata.namespace=here"],
                &[
                    "",
                    " ",
                    "=",
                    "metadata.name",
                    "nope=x",
                    "metadata.name=a,type=Opaque",
                    "metadata.name=a,metadata.name=b",
                ],
            );
            if dice.one_in(2) {
                one(format!("--field-selector={selector}"))
            } else {
                vec!["--field-selector".to_owned(), selector.to_owned()]
            }
        }
        _ => one(format!("--all{}", dice.mostly(&["", "", "=true", "=false"], &ODD_BOOLEAN))),
    });
}

fn pairs(dice: &mut Dice, verb: &str, words: &mut Vec<String>) {
    for _ in 0..[0, 1, 1, 1, 1, 1, 2, 2][dice.roll(8)] {
        let pair = if verb == "label" {
            dice.mostly(
                &["x=1", "app=web", "app=db", "app-", "nope-", "a.b/c=d"],
                &["app=", "x=a b", "=v", "", "-", "-x=1", "x", "x=1,y=2", "a/b/c=d"],
            )
        } else {
            dice.mostly(
                &["x=1", "note=1", "note=2", "note-", "nope-", "x=a b=c"],
                &["note=", "=v", "", "-", "x", "a/b/c=d", "a.b/c=d"],
            )
        };
        words.push(pair.to_owned());
    }
}

fn patch(dice: &mut Dice, flags: &mut Vec<Vec<String>>) {
    let merge = [
        "{}",
        "{\"data\":{\"x\":\"bmV3\"}}",
        "{\"data\":{\"x\":null}}",
        "{\"stringData\":{\"k\":\"v\"}}",
        "{\"metadata\":{\"labels\":{\"app\":\"web\"}}}",
        "data: {x: bmV3}",
    ];
    let json = [
        "[{\"op\":\"replace\",\"path\":\"/data/x\",\"value\":\"bmV3\"}]",
        "[{\"op\":\"remove\",\"path\":\"/data/nope\"}]",
        "[]",
        "[{\"op\":\"test\",\"path\":\"/type\",\"value\":\"Opaque\"}]",
    ];
    let odd = [
        "",
        " ",
        "null",
        "{\"data\":",
        "{\"type\":\"other\"}",
        "{\"metadata\":{\"name\":\"z\"}}",
        "x",
        "1",
        "{\"no\":1}",
    ];
    let (kind, patch) = match dice.roll(8) {
        0 => ("--type=json", dice.mostly(&json, &odd)),
        1 => ("--type=merge", dice.mostly(&merge, &odd)),
        2 => ("--type=strategic", dice.mostly(&merge, &odd)),
        3 => (dice.pick(&["--type=json", "--type=", "--type=bogus", "--type=Merge"]), dice.mostly(&merge, &json)),
        _ => ("", dice.mostly(&merge, &odd)),
    };
    if !kind.is_empty() {
        flags.push(one(kind));
    }
    flags.push(match dice.roll(8) {
        0 => one(format!("--patch={patch}")),
        1 => one(format!("-p={patch}")),
        2 => one(format!(
            "--patch-file={}",
            dice.mostly(&["a.yaml", "null.yaml"], &["missing.yaml", "", "empty.yaml", "d"])
        )),
        _ => vec!["-p".to_owned(), patch.to_owned()],
    });
}

/// A flag of the verb, or one that every verb has.
fn flag(dice: &mut Dice, verb: &str) -> Vec<String> {
    let boolean = |dice: &mut Dice, names: &[&str]| {
        let name = dice.pick(names);
        one(format!("{name}{}", dice.mostly(&BOOLEAN, &ODD_BOOLEAN)))
    };
    match dice.roll(12) {
        0 => {
            return one(
                dice.mostly(&["-n=there", "--namespace=here", "-n=absent"], &["-n=", "-n=..", "-n=a/b", "-n=."])
            );
        }
        1 => {
            return one(dice.mostly(
                &["--request-timeout=10s", "-A"],
                &["--request-timeout=x", "--context=", "--bogus", "-z", "--al", "--all-namespaces="],
            ));
        }
        2 | 3 => {
            let usual =
                ["-oname", "-o=name", "-oyaml", "-ojson", "-o=jsonpath={.metadata.name}", "-o=go-template={{.kind}}"];
            return one(dice.mostly(&usual, &["-o=", "--output=", "-obogus", "-owide", "-oName", "--output"]));
        }
        4..=6 if verb != "get" => {
            let usual = ["--dry-run=client", "--dry-run=server", "--dry-run=none", "--dry-run"];
            return one(dice.mostly(
                &usual,
                &["--dry-run=", "--dry-run=bogus", "--dry-run=Client", "--dry-run=true", "--dry-run=false"],
            ));
        }
        _ => {}
    }
    let manager =
        |dice: &mut Dice| one(dice.mostly(&["--field-manager=me"], &["--field-manager=", "--field-manager=a b"]));
    match verb {
        "get" => match dice.roll(5) {
            0 => one(dice.mostly(
                &["--sort-by=.metadata.name", "--sort-by={.type}"],
                &["--sort-by=.nope", "--sort-by=", "--sort-by=name"],
            )),
            1 => one(dice.mostly(&["-L=app", "-L=app,tier", "--label-columns=nope"], &["-L=", "-L"])),
            2 => one(dice.mostly(
                &["--chunk-size=1", "--chunk-size=0"],
                &["--chunk-size=-1", "--chunk-size=", "--chunk-size=x"],
            )),
            _ => boolean(
                dice,
                &["--ignore-not-found", "--no-headers", "--show-labels", "--show-kind", "--ignore-not-found"],
            ),
        },
        "delete" => match dice.roll(3) {
            0 => boolean(dice, &["--ignore-not-found", "--now", "--ignore-not-found"]),
            _ => waiting(dice),
        },
        "label" | "annotate" => match dice.roll(4) {
            0 => one(dice.mostly(&["--resource-version=1"], &["--resource-version=", "--resource-version=x"])),
            1 => manager(dice),
            _ => boolean(dice, &["--overwrite", "--overwrite", "--list", "--local"]),
        },
        "patch" => match dice.roll(2) {
            0 => manager(dice),
            _ => boolean(dice, &["--local"]),
        },
        "replace" => match dice.roll(5) {
            0 => validate(dice),
            1 => manager(dice),
            2 => boolean(dice, &["--save-config"]),
            3 => one("--force"),
            _ => waiting(dice),
        },
        _ => match dice.roll(8) {
            0 => validate(dice),
            1 => manager(dice),
            6 => words(&["--prune", "--all", "--prune-allowlist=core/v1/Secret"]),
            7 => words(&["--prune", "-l", "app", "--prune-allowlist=core/v1/Secret"]),
            2 => boolean(dice, &["--server-side", "--force-conflicts", "--overwrite", "--openapi-patch"]),
            3 => one("--server-side"),
            4 => one("--force-conflicts"),
            _ => waiting(dice),
        },
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn validate(dice: &mut Dice) -> Vec<String> {
    one(dice.mostly(
        &[
            "--validate",
            "--validate=true",
            "--validate=false",
            "--validate=strict",
            "--validate=warn",
            "--validate=ignore",
        ],
        &["--validate=", "--validate=bogus"],
    ))
}

/// A flag that says how a deletion is made.
fn waiting(dice: &mut Dice) -> Vec<String> {
    let boolean = |dice: &mut Dice, name: &str| one(format!("{name}{}", dice.mostly(&BOOLEAN, &ODD_BOOLEAN)));
    match dice.roll(5) {
        0 => one(dice.mostly(
            &["--grace-period=0", "--grace-period=1", "--grace-period=-1"],
            &["--grace-period=", "--grace-period=x", "--grace-period=-2"],
        )),
        1 => one(dice.mostly(
            &["--cascade", "--cascade=orphan", "--cascade=background", "--cascade=foreground"],
            &["--cascade=", "--cascade=true", "--cascade=false", "--cascade=bogus"],
        )),
        2 => one(dice
            .mostly(&["--timeout=5s", "--timeout=0s"], &["--timeout=", "--timeout=5", "--timeout=x", "--timeout=0"])),
        3 => boolean(dice, "--wait"),
        _ => boolean(dice, "--force"),
    }
}
