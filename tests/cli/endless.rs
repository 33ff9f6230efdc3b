//! Answers and files without end, and small ones that unpack to large ones: one line, soon, in at most 64 MiB.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    thread,
};

use super::support::{KSECRET, Outcome, Sandbox, is_in_turn, run};

/// Runs the program with at most 64 MiB of memory of its own; what hangs fails.
fn bounded(sandbox: &Sandbox, args: &[&str]) -> Outcome {
    within(64, sandbox, args)
}

/// Runs the program with so many MiB of memory of its own.
fn within(mebibytes: usize, sandbox: &Sandbox, args: &[&str]) -> Outcome {
    let script = format!("ulimit -d {}; exec timeout 60 \"$0\" \"$@\"", mebibytes << 10);
    let outcome = run(sandbox.command_of("sh", &[&["-c", &script, KSECRET], args].concat()), b"");
    assert_ne!(outcome.exit, 124, "{args:?} hangs");
    outcome
}

/// A server that answers with this head, then with pieces until the client has enough; its URL.
fn endless(head: &'static str, begin: Vec<u8>, piece: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(stream.try_clone().expect("the connection"));
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
                line.clear();
            }
            let _ =
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n{head}\r\n");
            let _ = stream.write_all(&begin);
            // A gigabyte is more than anyone should take.
            let mut left = (1_usize << 30).checked_div(piece.len()).unwrap_or(0);
            while left > 0 && stream.write_all(&piece).is_ok() {
                left -= 1;
            }
        }
    });
    format!("http://{address}")
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(data).expect("packed");
    encoder.finish().expect("packed")
}

const LIST: &[u8] = br#"{"kind":"SecretList","apiVersion":"v1","metadata":{},"items":["#;
const TABLE: &[u8] = br#"{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{},"columnDefinitions":[],"rows":["#;

#[test]
fn lists_and_objects_without_end_cost_little() {
    let item = br#"{"metadata":{"name":"s","namespace":"default"},"data":{"k":"dg=="}},"#;
    let servers = [
        ("a list", endless("", LIST.to_vec(), item.repeat(500))),
        ("a list of nothing", endless("", LIST.to_vec(), b"{},".repeat(10_000))),
        ("a list of numbers", endless("", LIST.to_vec(), b"0,".repeat(10_000))),
        ("a table", endless("", TABLE.to_vec(), br#"{"cells":["a","b",1,"c"]},"#.repeat(500))),
        ("one item", endless("", [LIST, br#"{"data":{"k":""#].concat(), vec![b'A'; 65_536])),
        ("many brackets", endless("", LIST.to_vec(), vec![b'['; 65_536])),
        ("blanks", endless("", Vec::new(), vec![b' '; 65_536])),
    ];
    let sandbox = Sandbox::bare();
    sandbox.write("s.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n");
    for (number, (what, url)) in servers.iter().enumerate() {
        let commands = [
            &["get", "secrets"][..],
            &["get", "secrets", "-o", "yaml"],
            &["get", "secrets", "-o", "name", "--chunk-size=0"],
            &["get", "secrets", "--sort-by=.type", "-o", "json"],
            &["get", "secret", "s", "-o", "json"],
            &["decode", "s"],
            &["describe", "secrets"],
            &["apply", "-f", "s.yaml"],
            &["create", "-f", url],
        ];
        for (_, args) in commands.iter().enumerate().filter(|(place, _)| is_in_turn(number + place)) {
            let outcome = bounded(&sandbox, &[*args, &["--server", url]].concat());
            let shown = format!("{args:?} with {what}: {}", outcome.stderr);
            assert_eq!(outcome.exit, 1, "{shown}");
            assert!(!outcome.stderr.contains("memory") && !outcome.stderr.contains("panicked"), "{shown}");
        }
    }
}

#[test]
fn what_unpacks_without_end_costs_little() {
    let sandbox = Sandbox::bare();
    let bomb = |begin: &[u8], piece: &[u8]| gzip(&[begin, &piece.repeat((48 << 20) / piece.len())].concat());
    let bodies = [
        ("blanks", bomb(b"", b"                ")),
        ("items", bomb(LIST, b"{},")),
        ("a value", bomb(br#"{"kind":"Secret","data":{"k":""#, b"AAAAAAAAAAAAAAAA")),
        ("numbers", bomb(br#"{"kind":"Secret","data":["#, b"0,")),
    ];
    for (number, (what, body)) in bodies.into_iter().enumerate() {
        let url = endless("Content-Encoding: gzip\r\n", body, Vec::new());
        let commands = [
            &["get", "secrets"][..],
            &["get", "secrets", "-o", "json"],
            &["get", "secret", "s", "-o", "json"],
            &["create", "-f", &url],
        ];
        for (_, args) in commands.iter().enumerate().filter(|(place, _)| is_in_turn(number + place)) {
            let outcome = bounded(&sandbox, &[*args, &["--server", &url]].concat());
            let shown = format!("{args:?} with {what}: {}", outcome.stderr);
            assert_eq!(outcome.exit, 1, "{shown}");
            assert!(!outcome.stderr.contains("memory") && !outcome.stderr.contains("panicked"), "{shown}");
        }
    }
}

/// A command line, a variable beside it, and what the error names.
type Case = (Vec<String>, Option<(&'static str, String)>, String);

/// Every file that a flag, a kubeconfig or a variable names, as one that never ends and as one that nothing is written to.
#[test]
fn files_without_end_cost_little() {
    let sandbox = Sandbox::bare();
    let fifo = sandbox.cwd().join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().is_ok_and(|status| status.success()));
    std::fs::create_dir(sandbox.cwd().join("certs")).expect("a directory");
    assert!(std::process::Command::new("mkfifo").arg(sandbox.cwd().join("certs/fifo")).status().is_ok());
    std::os::unix::fs::symlink("/dev/zero", sandbox.cwd().join("certs/zero")).expect("a link");
    let user = |field: &str| {
        format!(
            "clusters: [{{name: c, cluster: {{server: 'https://127.0.0.1:1'}}}}]\nusers: [{{name: u, user: {{{field}}}}}]\n\
             contexts: [{{name: x, context: {{cluster: c, user: u}}}}]\ncurrent-context: x\n"
        )
    };
    let files = ["/dev/zero", "fifo"].map(|file| if file == "fifo" { fifo.display().to_string() } else { file.into() });
    let server = ["--server", "https://127.0.0.1:1"];
    let mut cases: Vec<Case> = Vec::new();
    let mut case = |words: &[&str], variable: Option<(&'static str, &str)>, file: &str| {
        let words = [&["get", "secrets"], words].concat().into_iter().map(str::to_owned).collect();
        cases.push((words, variable.map(|(name, value)| (name, value.to_owned())), file.to_owned()));
    };
    for (number, file) in files.iter().enumerate() {
        case(&["--kubeconfig", file], None, file);
        case(&[], Some(("KUBECONFIG", file)), file);
        case(&["--certificate-authority", file, server[0], server[1]], None, file);
        case(&server, Some(("SSL_CERT_FILE", file)), file);
        for field in ["tokenFile: FILE", "client-certificate: FILE, client-key: FILE"] {
            let name = format!("{}-{number}", field.split(':').next().unwrap_or_default());
            sandbox.write(&name, user(&field.replace("FILE", file)));
            case(&["--kubeconfig", &name], None, file);
        }
    }
    // What is found in a directory is passed over.
    case(&server, Some(("SSL_CERT_DIR", "certs")), "was refused");
    std::thread::scope(|scope| {
        for (words, variable, named) in &cases {
            let sandbox = &sandbox;
            scope.spawn(move || {
                let script = "ulimit -d 65536; exec timeout 30 \"$0\" \"$@\"";
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                let mut command = sandbox.command_of("sh", &[&["-c", script, KSECRET], &words[..]].concat());
                command.envs(variable.as_ref().map(|(name, value)| (*name, value.as_str())));
                let outcome = run(command, b"");
                let shown = format!("{words:?} {variable:?}: {} {}", outcome.exit, outcome.stderr);
                assert_eq!(outcome.exit, 1, "{shown}");
                assert!(outcome.stderr.contains(named.as_str()), "{shown}");
                assert!(!outcome.stderr.contains("memory") && !outcome.stderr.contains("panicked"), "{shown}");
                assert_eq!(outcome.stderr.lines().count(), 1, "{shown}");
            });
        }
    });
}

/// A server whose lists have another page after each, of so many items of so many bytes; its URL.
fn endless_pages(table: bool, items: usize, bytes: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    let value = "A".repeat(bytes);
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let value = value.clone();
            stream.set_nodelay(true).expect("an option");
            thread::spawn(move || {
                let mut reader = BufReader::new(stream.try_clone().expect("the connection"));
                for page in 0_usize.. {
                    let mut line = String::new();
                    let mut wants_table = false;
                    while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
                        wants_table |= table && line.contains("as=Table");
                        line.clear();
                    }
                    if line.is_empty() {
                        return;
                    }
                    let item = |item: usize| {
                        let name = format!("s-{page}-{item}");
                        let metadata = format!(r#"{{"name":"{name}","namespace":"default","uid":"{name}"}}"#);
                        match wants_table {
                            true => format!(
                                r#"{{"cells":["{name}","Opaque","1{value}","1d"],"object":{{"metadata":{metadata}}}}}"#
                            ),
                            false => format!(r#"{{"metadata":{metadata},"type":"Opaque","data":{{"k":"{value}"}}}}"#),
                        }
                    };
                    let items: Vec<String> = (0..items).map(item).collect();
                    let (kind, list) = match wants_table {
                        true => (
                            "Table",
                            r#""columnDefinitions":[{"name":"Name","format":"name"},{"name":"Type"},{"name":"Data"},{"name":"Age"}],"rows""#,
                        ),
                        false => ("SecretList", r#""items""#),
                    };
                    let body = format!(
                        r#"{{"kind":"{kind}","apiVersion":"v1","metadata":{{"continue":"t{page}"}},{list}:[{}]}}"#,
                        items.join(",")
                    );
                    let head = format!(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                        body.len()
                    );
                    if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).is_err() {
                        return;
                    }
                }
            });
        }
    });
    format!("http://{address}")
}

/// Pages without end: what has to hold the list says that it is too long, and what writes it as it comes goes on.
#[test]
fn pages_without_end_cost_little() {
    let sandbox = Sandbox::bare();
    // What holds names, and what holds whole objects.
    let names: &[&[&str]] =
        &[&["get", "secrets"], &["get", "secrets", "--sort-by=.metadata.name"], &["delete", "secrets", "--all"]];
    let objects: &[&[&str]] = &[
        &["get", "secrets", "--sort-by=.type", "-o", "json"],
        &["get", "secrets", "-o", "custom-columns=A:.data.k"],
        &["get", "secrets", "-o", "jsonpath={.items}"],
        &["get", "secrets", "-o", "go-template={{len .items}}"],
        &["decode", "-l", "a!=b"],
    ];
    let servers = [
        ("small items", endless_pages(true, 2000, 100), &names[2..]),
        ("small items, no tables", endless_pages(false, 2000, 1000), &objects[..2]),
        ("one large item", endless_pages(false, 1, 3 << 20), objects),
        ("large pages", endless_pages(false, 10, 1 << 20), objects),
        ("large pages of rows", endless_pages(true, 10_000, 200), &names[..2]),
    ];
    let streamed: &[&[&str]] = &[&["get", "secrets", "-o", "yaml"], &["get", "secrets", "-o", "json"]];
    thread::scope(|scope| {
        for (number, (what, url, held)) in servers.iter().enumerate() {
            let sandbox = &sandbox;
            scope.spawn(move || {
                for (_, args) in held.iter().enumerate().filter(|(place, _)| is_in_turn(number + place)) {
                    // Why: 64 MiB are resident at most; the allocator reserves more while a buffer doubles.
                    let outcome = within(96, sandbox, &[*args, &["--server", url]].concat());
                    let shown = format!("{args:?} with {what}: {} {}", outcome.exit, outcome.stderr);
                    assert_eq!(outcome.exit, 1, "{shown}");
                    assert!(outcome.stderr.contains("error: the list is too long"), "{shown}");
                }
                for (_, args) in streamed.iter().enumerate().filter(|(place, _)| is_in_turn(number + place)) {
                    let script = "ulimit -d 98304; timeout 60 \"$0\" \"$@\" | head -c 20000000 | wc -c";
                    let words = [&["-c", script, KSECRET], *args, &["--server", url]].concat();
                    let outcome = run(sandbox.command_of("sh", &words), b"");
                    let shown = format!("{args:?} with {what}: {}", outcome.stderr);
                    assert_eq!(outcome.stdout.trim(), "20000000", "{shown}");
                    assert_eq!(outcome.stderr, "", "{shown}");
                }
            });
        }
    });
}

#[test]
fn sources_without_end_cost_little() {
    let sandbox = Sandbox::bare();
    sandbox.write("wide.json", format!("{{{}\"end\":0}}", "\"a\":[[".repeat(300_000)));
    sandbox.write("wide.yaml", "? [".repeat(500_000));
    sandbox.write("wide.env", format!("A=\"{}", "\\\"\n".repeat(900_000)));
    sandbox.write("wide.p12", [0x30, 0x80].repeat(1_000_000));
    for words in [
        &["generic", "s", "--from-json=/dev/zero"][..],
        &["generic", "s", "--from-yaml=/dev/zero"],
        &["generic", "s", "--from-dotenv=/dev/zero"],
        &["generic", "s", "--from-json=wide.json"],
        &["generic", "s", "--from-yaml=wide.yaml"],
        &["generic", "s", "--from-dotenv=wide.env"],
        &["docker-registry", "s", "--from-docker-config=/dev/zero", "--all-registries"],
        &["docker-registry", "s", "--from-docker-config=wide.json", "--all-registries"],
        &["tls", "s", "--pkcs12=/dev/zero"],
        &["tls", "s", "--pkcs12=wide.p12"],
    ] {
        let outcome = bounded(&sandbox, &[&["create"], words, &["--dry-run=client"]].concat());
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{words:?}: {}", outcome.stderr);
        assert!(outcome.stderr.starts_with("error: ") && outcome.stderr.len() < 300, "{words:?}: {}", outcome.stderr);
    }
}
