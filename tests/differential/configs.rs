//! Generated `config` commands by the real kubectl and by ksecret on the same kubeconfig files: exit status, output, and every
//! byte of the files must be equal. What differs on purpose (`tests/recipes/differences.toml`) is not generated.

use std::{fs, os::unix::fs::PermissionsExt as _};

use libtest_mimic::Failed;

use crate::support::{self, KSECRET, Outcome, Sandbox, dice::Dice};

/// How many commands follow each other on the same files.
const IN_A_ROW: usize = 10;

/// What a file may hold at first.
const FILES: [&str; 7] = [
    "",
    "{}",
    "apiVersion: v1\nkind: Config\npreferences: {}\nclusters: []\ncontexts: []\nusers: []\ncurrent-context: \"\"\n",
    "clusters:\n- name: c2\n  cluster: {server: https://two, certificate-authority: sub/../ca, disable-compression: true}\n\
     - name: c1\n  cluster: {server: https://one}\ncontexts:\n- name: x1\n  context: {cluster: c1, user: u1, namespace: ns}\n\
     - name: a.b\n  context: {cluster: c9}\nusers:\n- name: u1\n  user: {token: t, as: root, as-groups: [g]}\ncurrent-context: x1\n",
    "{\"kind\": \"Config\", \"apiVersion\": \"v1\", \"users\": [{\"name\": \"u2\", \"user\": {\"exec\": {\"command\": \"cmd\", \
     \"args\": [\"-x\"], \"env\": [{\"name\": \"E1\", \"value\": \"v\"}], \"apiVersion\": \"v1\", \"interactiveMode\": \"Never\"}}}, \
     {\"name\": \"u1\", \"user\": {\"username\": \"me\", \"password\": \"pw\"}}], \"contexts\": [{\"name\": \"x2\", \"context\": \
     {\"user\": \"u2\", \"cluster\": \"c1\"}}], \"current-context\": \"x2\"}",
    "clusters: [{name: c1, cluster: {certificate-authority-data: Q0E=, insecure-skip-tls-verify: false, extensions: \
     [{name: z, extension: {b: 1, a: [x, 2, null, true]}}, {name: b}]}}]\nextensions: [{name: e, extension: yes}]\n\
     preferences: {colors: true}\nusers: [{name: u1, user: {auth-provider: {name: p, config: {k1: v}}, client-key-data: S0VZ}}]\n",
    "current-context: x1\n",
];

const CLUSTERS: [&str; 4] = ["c1", "c2", "c.3", "yes"];
const USERS: [&str; 4] = ["u1", "u2", "u.3", "1e3"];
const CONTEXTS: [&str; 5] = ["x1", "x2", "a.b", "a: b", "\u{e9}'\""];
const VALUES: [&str; 8] = ["v", "true", "null", "0x1f", "a: b #c", " lead", "two\nlines", "\u{e9}\u{2028}<&>"];
const URLS: [&str; 4] = ["https://h:6443", "", "http://x?y#z", "yes"];
const PATHS: [&str; 6] = ["ca.crt", "sub/../ca.crt", "/abs/./ca", "../ca", "sub/deep/ca", "y"];

/// One command, without `config`.
fn command(dice: &mut Dice) -> Vec<String> {
    let flag = |name: &str, value: &str| format!("--{name}={value}");
    let mut words: Vec<String> = Vec::new();
    let mut add = |more: &[&str]| words.extend(more.iter().map(|word| (*word).to_owned()));
    match dice.roll(20) {
        0 => {
            add(&["view"]);
            for switch in ["--raw", "--minify", "--flatten", "--merge=true", "--merge=false"] {
                if dice.one_in(4) {
                    add(&[switch]);
                }
            }
            if dice.one_in(3) {
                add(&["--context", dice.pick(&CONTEXTS)]);
            }
            if dice.one_in(2) {
                add(&[
                    "-o",
                    dice.pick(&[
                        "json",
                        "yaml",
                        "kyaml",
                        "name",
                        "jsonpath={.users}{.contexts[*].name}",
                        "go-template={{.users}}",
                        "x",
                    ]),
                ]);
            }
        }
        1 => add(&["get-contexts"]),
        2 => add(&["get-contexts", dice.pick(&CONTEXTS), dice.pick(&CONTEXTS), dice.pick(&["--no-headers", "-oname"])]),
        3 => add(&[dice.pick(&["current-context", "get-users", "get-clusters"])]),
        4 => add(&[dice.pick(&["use-context", "use"]), dice.pick(&CONTEXTS)]),
        5 => add(&["rename-context", dice.pick(&CONTEXTS), dice.pick(&CONTEXTS)]),
        6 => add(&["delete-context", dice.pick(&CONTEXTS)]),
        7 => add(&["delete-cluster", dice.pick(&CLUSTERS)]),
        8 => add(&["delete-user", dice.pick(&USERS)]),
        9 | 10 => {
            add(&["set-context"]);
            if !dice.one_in(8) {
                add(&[dice.mostly(&CONTEXTS, &["--current", ""])]);
            }
            for (name, values) in [("cluster", &CLUSTERS[..]), ("user", &USERS), ("namespace", &["ns", "", "yes"])] {
                if dice.one_in(2) {
                    add(&[&flag(name, dice.pick(values))]);
                }
            }
        }
        11..=13 => {
            add(&["set-cluster", dice.mostly(&CLUSTERS, &[""])]);
            for (name, values) in [
                ("server", &URLS[..]),
                ("proxy-url", &URLS),
                ("tls-server-name", &VALUES),
                ("certificate-authority", &PATHS),
                ("insecure-skip-tls-verify", &["true", "false", "T", "x"]),
            ] {
                if dice.one_in(3) {
                    add(&[&flag(name, dice.pick(values))]);
                }
            }
            if dice.one_in(6) {
                add(&["--certificate-authority=real.crt", "--embed-certs"]);
            }
        }
        14..=16 => {
            add(&["set-credentials", dice.mostly(&USERS, &[""])]);
            for (name, values) in [
                ("token", &VALUES[..]),
                ("username", &VALUES),
                ("password", &VALUES),
                ("client-certificate", &PATHS),
                ("client-key", &PATHS),
                ("auth-provider", &["p", "q"]),
                ("auth-provider-arg", &["k1=v", "k1-,k2=w", "\"k,3=x\""]),
                ("exec-command", &["cmd", "sub/cmd", "/abs/cmd"]),
                ("exec-api-version", &["v1", ""]),
                ("exec-arg", &["a,b", "\"a,b\",c", "--x=y", ""]),
                ("exec-env", &["E1=x,y", "E1-", "E2=", "E3=a=b"]),
                ("exec-interactive-mode", &["Never", "never"]),
                ("exec-provide-cluster-info", &["true", "false"]),
            ] {
                if dice.one_in(6) {
                    add(&[&flag(name, dice.pick(values))]);
                }
            }
            if dice.one_in(6) {
                add(&["--client-key=real.crt", "--embed-certs=true"]);
            }
        }
        17 | 18 => {
            let (property, value) = (property(dice), dice.pick(&VALUES));
            add(&["set", &property, dice.mostly(&[value], &["S0VZ", "false", ""])]);
            if dice.one_in(4) {
                add(&["--set-raw-bytes"]);
            }
        }
        _ => {
            let property = property(dice);
            add(&[
                "unset",
                dice.mostly(
                    &[&property],
                    &["clusters", "users", "contexts", "users.u1", "contexts.a.b", "preferences"],
                ),
            ]);
        }
    }
    words
}

fn property(dice: &mut Dice) -> String {
    const FIELDS: [&[&str]; 3] = [
        &[
            "server",
            "tls-server-name",
            "insecure-skip-tls-verify",
            "certificate-authority-data",
            "proxy-url",
            "server.x",
        ],
        &[
            "token",
            "tokenFile",
            "act-as",
            "act-as-uid",
            "act-as-groups",
            "username",
            "client-key-data",
            "client-certificate",
        ],
        &["cluster", "user", "namespace", "namespace.x"],
    ];
    match dice.roll(5) {
        0 => format!("clusters.{}.{}", dice.pick(&CLUSTERS), dice.pick(FIELDS[0])),
        1 => format!("users.{}.{}", dice.pick(&USERS), dice.pick(FIELDS[1])),
        2 => format!("contexts.{}.{}", dice.pick(&CONTEXTS), dice.pick(FIELDS[2])),
        3 => dice.pick(&["current-context", "preferences.colors"]).to_owned(),
        _ => dice
            .pick(&["kind", "apiVersion", "x", ".", "current-context.x", "server", "users.u1.exec.command"])
            .to_owned(),
    }
}

/// Plays `count` commands, some in a row on the same files.
///
/// # Errors
/// The first command of which anything differs, with what came before it.
pub fn play(kubectl: &str, seed: u64, count: usize) -> Result<(), Failed> {
    let mut dice = Dice(seed);
    for row in 0..count.div_ceil(IN_A_ROW) {
        let list = dice.mostly(&["one", "one:two"], &["two:one:absent", "new/dir/kc", "absent:one"]);
        let mut contents = Vec::new();
        for name in ["one", "two"] {
            if !dice.one_in(4) {
                contents.push((name, dice.pick(&FILES)));
            }
        }
        let pair = [KSECRET, kubectl].map(|program| sandbox(program, list, &contents));
        let mut played = format!("row {row} of KSECRET_SEED={seed}: KUBECONFIG={list}, files {contents:?}");
        for _ in 0..IN_A_ROW {
            let mut words = [vec!["config".to_owned()], command(&mut dice)].concat();
            if dice.one_in(8) {
                words.push(format!("--kubeconfig={}", dice.pick(&["one", "two", "other"])));
            }
            played.push_str(&format!("\nconfig {}", shell_words::join(&words[1..])));
            let [ours, theirs] = [&pair[0], &pair[1]].map(|sandbox| {
                let program = sandbox.root().join("bin/kubectl").to_string_lossy().into_owned();
                let outcome = support::run(sandbox.command_of(&program, &words), b"");
                let root = sandbox.root().to_string_lossy().into_owned();
                let [stdout, stderr] =
                    [output(&outcome, &words), errors(&outcome)].map(|text| text.replace(&root, "{root}"));
                (outcome.exit, stdout, stderr, left(sandbox))
            });
            if ours != theirs {
                return Err(format!("{played}\nours:    {ours:#?}\nkubectl: {theirs:#?}").into());
            }
        }
    }
    Ok(())
}

fn sandbox(program: &str, list: &str, contents: &[(&str, &str)]) -> Sandbox {
    let mut sandbox = Sandbox::bare();
    sandbox.link("kubectl", program);
    sandbox.set_env("KUBECONFIG", list);
    sandbox.write("real.crt", "REAL\n");
    for (name, content) in contents {
        sandbox.write(name, content);
        fs::set_permissions(sandbox.cwd().join(name), fs::Permissions::from_mode(0o600)).expect("a mode");
    }
    sandbox
}

/// Standard output; of what kubectl takes out of a map in Go's random order, in order.
fn output(outcome: &Outcome, words: &[String]) -> String {
    let mut lines: Vec<&str> = outcome.stdout.lines().collect();
    if words.iter().any(|word| word == "get-clusters") {
        lines.sort_unstable();
    }
    lines.join("\n")
}

/// Standard error, without what ours adds and without Go's addresses.
fn errors(outcome: &Outcome) -> String {
    let added = |line: &&str| line.starts_with("hint: ");
    let addressless = |line: &str| match line.split_once("can't set a map to a value: ") {
        Some((before, _)) => before.to_owned(),
        None => line.to_owned(),
    };
    outcome.stderr.lines().filter(|line| !added(line)).map(addressless).collect::<Vec<_>>().join("\n")
}

/// The files, with the sandbox's own path taken out.
fn left(sandbox: &Sandbox) -> Vec<(String, String)> {
    let read = |name: &str| fs::read_to_string(sandbox.cwd().join(name)).unwrap_or_else(|_| "(none)".to_owned());
    let root = sandbox.root().to_string_lossy().into_owned();
    let names = ["one", "two", "absent", "other", "new/dir/kc", "one.lock", "two.lock"];
    names.map(|name| (name.to_owned(), read(name).replace(&root, "{root}"))).to_vec()
}
