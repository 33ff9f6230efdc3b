//! What a person sees on a real terminal, through tmux: nothing there obeys what a server says, colour is for terminals
//! alone, questions wait for their answer, Ctrl-C ends what it should. Screens are looked at until they show what is waited for.

mod completion;
mod conversation;
mod edit;
mod progress;
mod prompt;
mod screen;
#[path = "../client/server.rs"]
#[allow(dead_code, reason = "no TLS here")]
mod server;

use std::{
    fs,
    io::Read as _,
    net::TcpListener,
    path::{Path, PathBuf},
};

use ksecret::context::color::{BAD, DIM, HEADER, KEY, PLAIN, WARNING};
use screen::Screen;

use crate::support::{
    self, KSECRET, Sandbox,
    require::{Need, Required},
    suite::Suite,
};

const TESTS: [(&str, fn()); 31] = [
    ("decode_escapes_control_characters", decode_escapes_control_characters),
    ("decode_refuses_binary_unless_told", decode_refuses_binary_unless_told),
    ("tables_and_descriptions_obey_nobody", tables_and_descriptions_obey_nobody),
    ("no_format_obeys_a_server", no_format_obeys_a_server),
    ("refusals_of_a_server_obey_nobody", refusals_of_a_server_obey_nobody),
    ("a_certificate_that_is_not_verified_is_said_once", a_certificate_that_is_not_verified_is_said_once),
    ("colour_is_for_terminals", colour_is_for_terminals),
    ("delete_asks_and_obeys", delete_asks_and_obeys),
    ("a_plugin_asks_where_nothing_else_reads", a_plugin_asks_where_nothing_else_reads),
    ("ctrl_c_ends_a_request_that_hangs", ctrl_c_ends_a_request_that_hangs),
    ("ctrl_c_ends_a_scripted_editor", ctrl_c_ends_a_scripted_editor),
    ("progress/a_line_says_how_far_it_is", progress::a_line_says_how_far_it_is),
    ("progress/lines_of_output_stay_whole", progress::lines_of_output_stay_whole),
    ("progress/text_that_ends_no_line_is_left_alone", progress::text_that_ends_no_line_is_left_alone),
    ("progress/ctrl_c_says_how_far_it_came", progress::ctrl_c_says_how_far_it_came),
    ("progress/a_line_is_drawn_only_where_it_is_wanted", progress::a_line_is_drawn_only_where_it_is_wanted),
    ("progress/the_wait_of_a_delete_is_shown", progress::the_wait_of_a_delete_is_shown),
    ("prompt/a_value_is_asked_for_twice_and_not_shown", prompt::a_value_is_asked_for_twice_and_not_shown),
    ("prompt/ctrl_c_ends_the_request_after_it", prompt::ctrl_c_ends_the_request_after_it),
    ("prompt/a_signal_leaves_the_terminal_as_it_was", prompt::a_signal_leaves_the_terminal_as_it_was),
    ("prompt/passwords_of_registries_are_asked_for", prompt::passwords_of_registries_are_asked_for),
    ("conversation/answers_become_a_line_without_values", conversation::answers_become_a_line_without_values),
    ("conversation/nothing_is_created_unless_it_is_wanted", conversation::nothing_is_created_unless_it_is_wanted),
    ("prompt/the_passphrase_of_a_key_is_asked_for", prompt::the_passphrase_of_a_key_is_asked_for),
    ("vim_leaves_nothing_behind", || {
        editor_leaves_nothing_behind("vim", &[":%s/admin/root/", "Enter", ":wq", "Enter"])
    }),
    ("nano_leaves_nothing_behind", || editor_leaves_nothing_behind("nano", &["C-k", "C-o", "Enter", "C-x"])),
    ("edit/vim_edits_and_leaves_nothing_behind", edit::vim_edits_and_leaves_nothing_behind),
    ("edit/ctrl_c_in_the_editor_is_the_editors", edit::ctrl_c_in_the_editor_is_the_editors),
    ("edit/the_terminal_is_as_it_was_after_a_killed_editor", edit::the_terminal_is_as_it_was_after_a_killed_editor),
    ("edit/confirming_is_asked_on_the_terminal", edit::confirming_is_asked_on_the_terminal),
    ("edit/a_screen_shows_no_control_characters", edit::a_screen_shows_no_control_characters_and_no_binary),
];

/// Tests with shells that not every machine has.
const SHELLS: [(&str, fn()); 6] = [
    ("completion/bash", completion::bash),
    ("completion/bash_with_its_package", completion::bash_with_its_package),
    ("completion/bash_without_compopt", completion::bash_without_compopt),
    ("completion/zsh", completion::zsh),
    ("completion/fish", completion::fish),
    ("completion/scripts_are_found_where_shells_look", completion::scripts_are_found_where_shells_look),
];

/// One test each; that of a text on a disk needs no terminal.
pub fn suite(required: &Required) -> Suite {
    let mut suite = Suite::new("terminal");
    add(&mut suite, required, &[Need::Tmux], &TESTS);
    add(&mut suite, required, &[Need::Tmux, Need::Tools], &SHELLS);
    let plugin = ("completion/kubectl_completes_the_plugin", completion::kubectl_completes_the_plugin as fn());
    add(&mut suite, required, &[Need::Tmux, Need::Tools, Need::Kubectl], &[plugin]);
    match required.wants(Need::Mount) {
        None => suite.not_run(1, Need::Mount),
        Some(Err(missing)) => suite.test("mount", move || Err(missing.into())),
        Some(Ok(())) => suite.test("text_on_a_disk_is_announced_and_removed", || {
            text_on_a_disk_is_announced_and_removed();
            Ok(())
        }),
    }
    suite.report(|| "what a person sees on a terminal, through tmux".to_owned());
    suite
}

/// Adds tests that have all these needs.
fn add(suite: &mut Suite, required: &Required, needs: &[Need], tests: &[(&'static str, fn())]) {
    for need in needs {
        match required.wants(*need) {
            None => return suite.not_run(tests.len(), *need),
            Some(Err(missing)) => return suite.test(need.word(), move || Err(missing.into())),
            Some(Ok(())) => {}
        }
    }
    for (name, test) in tests {
        let test = *test;
        suite.test(name, move || {
            test();
            Ok(())
        });
    }
}

/// Where no directory is memory, the text goes to `$TMPDIR`, with a warning, as private as ever; and no crash could
/// write a core file.
fn text_on_a_disk_is_announced_and_removed() {
    let mut sandbox = sandbox();
    sandbox.unset_env("XDG_RUNTIME_DIR");
    let body = "#!/bin/sh\nstat -c %a \"$1\" \"$(dirname \"$1\")\" > seen\necho \"$1\" >> seen\n\
                grep -c 'Max core file size *0 *0 ' /proc/$PPID/limits >> seen\nsed -i s/YWRtaW4=/cm9vdA==/ \"$1\"\n";
    let editor = sandbox.script("editor", body);
    sandbox.set_env("EDITOR", editor);
    let tmp = sandbox.root().join("tmp");
    let disk = sandbox.root().join("home");
    let line = format!("mount --bind {} /dev/shm && exec {KSECRET} edit db", disk.display());
    let outcome = support::run(sandbox.command_of("unshare", &["-m", "sh", "-c", &line]), b"");
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    assert!(outcome.stderr.starts_with("warning: no memory-backed directory"), "{}", outcome.stderr);
    let seen = fs::read_to_string(sandbox.cwd().join("seen")).expect("what the editor saw");
    assert!(seen.starts_with(&format!("600\n700\n{}/", tmp.display())), "{seen}");
    assert!(seen.ends_with("\n1\n"), "core files are off: {seen}");
    assert_eq!(fs::read_dir(&tmp).expect("TMPDIR").count(), 0, "nothing is left");
    assert_eq!(sandbox.ok(&["decode", "db", "user"]), "root");
}

/// The Secret `db` on a store of its own.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("KSECRET_LOCAL", sandbox.root().join("local.db").to_string_lossy());
    sandbox.ok(&["create", "generic", "db", "--from-literal=user=admin"]);
    sandbox
}

/// Escape sequences that clear the screen, set the title, and colour; a bell; a carriage return; C1 controls; text that
/// runs the other way.
const EVIL: &str = "a\u{1b}[2J\u{1b}]0;pwned\u{7}\u{1b}[31mb\rc\u{9b}2Jd\u{202e}e\u{7f}";

fn assert_tame(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let wild = |c: char| c != '\n' && c != '\t' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
    // A terminal's own line ends are all that may be left.
    let text = text.replace("\r\n", "\n");
    // And our own colours. What is evil holds more than a colour.
    let text = [HEADER, KEY, DIM, BAD, WARNING, PLAIN].iter().fold(text, |text, code| text.replace(code, ""));
    assert!(!text.contains(wild), "{what}: {text:?}");
}

fn decode_escapes_control_characters() {
    let sandbox = sandbox();
    sandbox.write("evil", EVIL);
    sandbox.ok(&["create", "generic", "n", "--from-file=evil"]);
    for args in ["decode n", "decode n evil", "decode n -o yaml", "decode n -o dotenv", "decode n -o shell"] {
        let screen = Screen::of(&sandbox);
        let bytes = screen.raw(&sandbox, &format!("{KSECRET} {args}"));
        assert_tame(args, &bytes);
        assert!(bytes.contains(&b'd'), "{args}: {}", String::from_utf8_lossy(&bytes));
    }
    assert_eq!(sandbox.run(&["decode", "n", "evil"]).bytes, EVIL.as_bytes(), "a pipe gets the bytes");
}

fn decode_refuses_binary_unless_told() {
    let sandbox = sandbox();
    sandbox.write("bin", [0, 0xff, 0xfe, b'x', b'y', b'z']);
    sandbox.ok(&["create", "generic", "n", "--from-file=bin"]);
    let screen = Screen::of(&sandbox);
    let shown = screen.run(&format!("{KSECRET} decode n bin"));
    assert!(shown.contains("error: the value is binary, 6 bytes") && shown.contains("status=1"), "{shown}");
    assert!(!shown.contains("xyz"), "{shown}");
    let shown = screen.run(&format!("{KSECRET} decode n bin --reveal; echo; (exit 0)"));
    assert!(shown.contains("status=0"), "{shown}");
}

fn tables_and_descriptions_obey_nobody() {
    // A server may have what no API server lets in: names, types, labels and keys of any text.
    let mut sandbox = Sandbox::bare();
    let object = serde_json::json!({
        "kind": "Secret", "apiVersion": "v1", "type": EVIL, "data": {EVIL: "dg=="},
        "metadata": {
            "name": EVIL, "namespace": "default", "creationTimestamp": "2026-01-01T00:00:00Z",
            "labels": {"a": EVIL, EVIL: "b"}, "annotations": {"a": EVIL, EVIL: EVIL},
        },
    });
    let cells = serde_json::json!([EVIL, EVIL, 1, EVIL]);
    let column = |name: &str| serde_json::json!({"name": name, "type": "string", "format": "", "description": "", "priority": 0});
    let table = serde_json::json!({
        "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": {},
        "columnDefinitions": [column("Name"), column("Type"), column(EVIL), column("Age")],
        "rows": [{"cells": cells, "object": {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"]}}],
    });
    let list = serde_json::json!({"kind": "SecretList", "apiVersion": "v1", "metadata": {}, "items": [object]});
    let server = screen::answering(move |head| {
        let body = if head.contains("as=Table") { &table } else { &list };
        if head.contains("/secrets/") && !head.contains("as=Table") { object.to_string() } else { body.to_string() }
    });
    sandbox.set_env("SERVER", server);
    for args in [
        "get secrets",
        "get secrets --show-labels -L a",
        "get secrets --server-print=false",
        "get secrets -o name",
        "get secrets -o wide --show-kind",
        "get secrets -o custom-columns=A:.metadata.name,B:.metadata.labels",
        "describe secrets",
        "decode -l a --keys",
        "decode -l a",
        "label secrets --all a=b --dry-run=client",
        "delete secrets --all --dry-run=client",
        "annotate secrets --all --list",
    ] {
        let screen = Screen::of(&sandbox);
        let bytes = screen.raw(&sandbox, &format!("{KSECRET} {args} --color=never --server $SERVER"));
        assert!(bytes.len() > 3, "{args} says nothing");
        assert_tame(args, &bytes);
    }
}

/// Formats for programs too, and answers that are shown as they come: tame on a terminal, byte for byte in a pipe.
fn no_format_obeys_a_server() {
    let mut sandbox = Sandbox::bare();
    let object = serde_json::json!({
        "kind": "Secret", "apiVersion": "v1", "type": EVIL, "data": {"k": "dg=="},
        "metadata": {"name": "n", "namespace": "default", "annotations": {"a": EVIL}},
    });
    let list = serde_json::json!({"kind": "SecretList", "apiVersion": "v1", "metadata": {}, "items": [object]});
    let version = serde_json::json!({"gitVersion": EVIL, "major": EVIL});
    // What a template prints of it is what a program wrote: raw.
    let server = screen::answering(move |head| match head.split(' ').nth(1).unwrap_or_default() {
        "/version" => version.to_string(),
        "/raw" => EVIL.to_owned(),
        path if path.contains("/secrets/") || head.starts_with("POST ") => object.to_string(),
        _ => list.to_string(),
    });
    sandbox.set_env("SERVER", server);
    // Whether a pipe has the bytes as they are, or escaped by the format itself.
    for (args, raw) in [
        ("version", true),
        ("version -o json", false),
        ("version -o yaml", false),
        ("get --raw /raw", true),
        ("get secret n -o jsonpath={.type}", true),
        ("get secrets -o jsonpath={.items[*].type}", true),
        ("get secrets -o jsonpath-as-json={.items[*].type}", false),
        ("get secret n -o go-template={{.type}}", true),
        ("get secrets -o go-template='{{range .items}}{{.metadata.annotations.a}}{{end}}'", true),
        ("get secret n -o custom-columns=T:.type", false),
        ("get secrets -o custom-columns=T:.metadata.annotations", false),
        ("get secret n -o json", false),
        ("get secrets -o json --sort-by=.type", false),
        ("get secret n -o yaml", false),
        ("get secrets -o kyaml", false),
        ("annotate secret n --list", false),
        ("create secret generic n --dry-run=server -o json", false),
    ] {
        let command = format!("{KSECRET} {args} --server $SERVER");
        let screen = Screen::of(&sandbox);
        let bytes = screen.raw(&sandbox, &command);
        assert!(bytes.len() > 3, "{args} says nothing");
        assert_tame(args, &bytes);
        let piped = support::run(sandbox.command_of("sh", &["-c", &command]), b"");
        assert_eq!(piped.exit, 0, "{args}: {}", piped.stderr);
        assert!(!raw || piped.stdout.contains(EVIL), "{args}: a pipe gets the bytes, not {:?}", piped.stdout);
    }
}

fn refusals_of_a_server_obey_nobody() {
    let mut sandbox = Sandbox::bare();
    let status = serde_json::json!({
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": format!("no {EVIL}"), "reason": EVIL, "code": 400,
        "details": {"name": EVIL, "kind": EVIL, "causes": [{"reason": EVIL, "message": EVIL, "field": EVIL}]},
    });
    let server = screen::answering(move |_| status.to_string());
    sandbox.set_env("SERVER", server);
    for args in
        ["get secrets", "get secret a", "create generic a", "delete secret a", "describe secret a", "edit secret a"]
    {
        let screen = Screen::of(&sandbox);
        let bytes = screen.raw(&sandbox, &format!("EDITOR=true {KSECRET} {args} --server $SERVER"));
        assert!(bytes.len() > 3, "{args} says nothing");
        assert_tame(args, &bytes);
    }
}

fn a_certificate_that_is_not_verified_is_said_once() {
    let sandbox = Sandbox::with_server();
    let insecure = format!("{KSECRET} get secrets -A --insecure-skip-tls-verify");
    let said = "certificate is not verified";
    let screen = Screen::of(&sandbox);
    let shown = String::from_utf8_lossy(&screen.raw(&sandbox, &insecure)).into_owned();
    assert_eq!(shown.matches(said).count(), 1, "{shown}");
    let shown = String::from_utf8_lossy(&screen.raw(&sandbox, &format!("{KSECRET} get secrets"))).into_owned();
    assert_eq!(shown.matches(said).count(), 0, "{shown}");
    let piped = support::run(sandbox.command_of("sh", &["-c", &insecure]), b"");
    assert_eq!((piped.exit, piped.stderr.matches(said).count()), (0, 0), "{}", piped.stderr);
}

fn colour_is_for_terminals() {
    let sandbox = sandbox();
    let coloured = |command: &str| {
        let screen = Screen::of(&sandbox);
        screen.raw(&sandbox, command).contains(&0x1b)
    };
    for args in ["get secrets", "decode db", "describe secret db", "get --help"] {
        assert!(!coloured(&format!("NO_COLOR=1 {KSECRET} {args}")), "{args}");
        assert!(!coloured(&format!("CLICOLOR=0 {KSECRET} {args}")), "{args}");
        assert!(!coloured(&format!("TERM=dumb {KSECRET} {args}")), "{args}");
        assert!(!coloured(&format!("{KSECRET} {args} --color=never")), "{args}");
        assert!(!coloured(&format!("{KSECRET} {args} | cat")), "{args}");
    }
    for args in ["get secrets", "decode db", "describe db", "get --help", "get secret none", "get --none"] {
        assert!(coloured(&format!("{KSECRET} {args}")), "{args}");
    }
    assert!(!coloured(&format!("{KSECRET} get secret none 2>&1 | cat")), "a message in a pipe");
    assert!(coloured(&format!("{KSECRET} get secrets --color=always | cat")), "where it is asked for");
}

fn delete_asks_and_obeys() {
    let sandbox = sandbox();
    for (key, left) in [("n", "secret/db\n"), ("y", "")] {
        let screen = Screen::of(&sandbox);
        screen.keys(&[&format!("clear; {KSECRET} delete secret db -i; echo status=$?"), "Enter"]);
        screen.wait_for("(y/N):");
        assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "secret/db\n", "before the answer");
        screen.keys(&[key, "Enter"]);
        screen.wait_for("status=0");
        assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), left, "after {key}");
    }
}

/// Standard input is a credential plugin's where it is a terminal, `interactiveMode` allows it and no manifest comes from
/// there.
fn a_plugin_asks_where_nothing_else_reads() {
    let mut sandbox = Sandbox::bare();
    let body =
        "#!/bin/sh\nprintf 'code: ' >&2\nread -r code\necho \"read <$code> $KUBERNETES_EXEC_INFO\" > seen\nexit 3\n";
    let plugin = sandbox.script("plugin", body);
    let manifest = "{kind: Secret, apiVersion: v1, metadata: {name: a}}";
    for (mode, line, typed, expected) in [
        ("IfAvailable", "get secrets", Some("123456"), Some(("read <123456>", true))),
        ("Always", "get secrets", Some("123456"), Some(("read <123456>", true))),
        ("Never", "get secrets", None, Some(("read <>", false))),
        ("IfAvailable", "create -f -", Some(manifest), Some(("read <>", false))),
        ("IfAvailable", "get -f -", Some(manifest), Some(("read <>", false))),
        ("Always", "create -f -", Some(manifest), None),
    ] {
        let exec = format!("apiVersion: client.authentication.k8s.io/v1, command: {plugin}, interactiveMode: {mode}");
        let config = format!(
            "clusters: [{{name: c, cluster: {{server: 'https://127.0.0.1:1', insecure-skip-tls-verify: true}}}}]\n\
             users: [{{name: u, user: {{exec: {{{exec}}}}}}}]\n\
             contexts: [{{name: x, context: {{cluster: c, user: u}}}}]\ncurrent-context: x\n"
        );
        sandbox.write("config", config);
        sandbox.set_env("KUBECONFIG", "config");
        let seen = sandbox.cwd().join("seen");
        let _ = fs::remove_file(&seen);
        let screen = Screen::of(&sandbox);
        screen.keys(&[&format!("clear; {KSECRET} {line}; echo status=$?"), "Enter"]);
        if let Some(typed) = typed {
            let manifests = line.ends_with('-');
            if !manifests {
                screen.wait_for("code:");
            }
            screen.keys(&[&[typed, "Enter"][..], if manifests { &["C-d"] } else { &[] }].concat());
        }
        let shown = screen.wait_for("status=");
        let Some((read, interactive)) = expected else {
            let refused = "standard input is unavailable: used by stdin resource manifest reader";
            assert!(shown.contains(refused) && !seen.exists(), "{mode} {line}: {shown}");
            continue;
        };
        let seen = fs::read_to_string(&seen).expect("what the plugin saw");
        assert!(seen.starts_with(read), "{mode} {line}: {seen}");
        assert!(seen.contains(&format!("\"interactive\":{interactive}")), "{mode} {line}: {seen}");
        assert!(shown.contains("plugin failed with exit code 3"), "{mode} {line}: {shown}");
    }
}

fn ctrl_c_ends_a_request_that_hangs() {
    let mut sandbox = Sandbox::bare();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    sandbox.set_env("SERVER", format!("http://{}", listener.local_addr().expect("its address")));
    sandbox.write("value", "s3cret-m4rker");
    for args in ["get secrets", "create generic a --from-file=value", "edit secret a", "decode a"] {
        let screen = Screen::of(&sandbox);
        screen.keys(&[&format!("clear; EDITOR=true {KSECRET} {args} --server $SERVER"), "Enter"]);
        // The request is there: now it hangs.
        let (mut connection, _) = listener.accept().expect("a connection");
        let mut byte = [0];
        connection.read_exact(&mut byte).expect("the request begins");
        screen.keys(&["C-c"]);
        // A shell forgets the rest of a line whose command died of Ctrl-C.
        screen.keys(&["echo status=$?", "Enter"]);
        screen.wait_for("status=130");
    }
    fs::remove_file(sandbox.cwd().join("value")).expect("the value's file goes");
    nothing_left(&sandbox, &[b"s3cret-m4rker"]);
}

fn ctrl_c_ends_a_scripted_editor() {
    let mut sandbox = sandbox();
    let script = sandbox.script("editor", "#!/bin/sh\necho \"opened $1\"\nexec sleep 1000\n");
    sandbox.set_env("KUBE_EDITOR", script);
    let screen = Screen::of(&sandbox);
    screen.keys(&[&format!("clear; {KSECRET} edit -d secret db; echo status=$?"), "Enter"]);
    let shown = screen.wait_for("opened /");
    let path = shown.lines().find_map(|line| line.strip_prefix("opened ")).expect("its path").trim().to_owned();
    screen.keys(&["C-c"]);
    screen.wait_for("status=130");
    assert!(!fs::exists(&path).unwrap_or(true), "{path} is still there");
}

fn editor_leaves_nothing_behind(editor: &str, keys: &[&str]) {
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("KSECRET_LOCAL", sandbox.root().join("local.db").to_string_lossy());
    sandbox.ok(&["create", "generic", "db", "--from-literal=zz=admin-m4rker", "--from-literal=zy=x"]);
    sandbox.set_env("KUBE_EDITOR", editor);
    let screen = Screen::of(&sandbox);
    screen.keys(&[&format!("clear; {KSECRET} edit -d secret db; echo status=$?"), "Enter"]);
    screen.wait_for("admin-m4rker");
    screen.keys(keys);
    screen.wait_for("status=");
    nothing_left(&sandbox, &[b"m4rker", b"bTRya2Vy"]);
}

/// No file but the store holds any of these.
fn nothing_left(sandbox: &Sandbox, needles: &[&[u8]]) {
    for file in files_below(sandbox.root()) {
        if !file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("local.db")) {
            let bytes = fs::read(&file).unwrap_or_default();
            for needle in needles {
                let held = support::holds(&bytes, needle);
                assert!(!held, "a value in {}", file.display());
            }
        }
    }
}

/// Every file below a directory.
fn files_below(dir: &Path) -> Vec<PathBuf> {
    let (mut dirs, mut files) = (vec![dir.to_owned()], Vec::new());
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).expect("a directory").flatten() {
            let kind = entry.file_type().expect("its kind");
            if kind.is_dir() {
                dirs.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files
}
