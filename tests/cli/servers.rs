//! Servers that are not there, hang, or talk nonsense; readers that go away; signals.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    process::{Child, Stdio},
    thread,
};

use super::support::{Sandbox, run};

/// A server that answers every connection with these bytes and closes it; its address.
fn answering(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut reader = BufReader::new(stream.try_clone().expect("the connection"));
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
                line.clear();
            }
            let _ = stream.write_all(bytes);
        }
    });
    format!("http://{address}")
}

#[test]
fn a_refused_connection_is_one_line() {
    let sandbox = Sandbox::bare();
    let outcome = sandbox.run(&["get", "secrets", "--server=https://127.0.0.1:1"]);
    assert_eq!(outcome.exit, 1);
    assert_eq!(
        outcome.stderr.lines().next(),
        Some("The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?")
    );
}

#[test]
fn nonsense_is_an_error_and_is_not_repeated() {
    let sandbox = Sandbox::bare();
    for answer in [
        &b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\nConnection: close\r\n\r\nhunter2marker"[..],
        b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/html\r\nContent-Length: 13\r\nConnection: close\r\n\r\nhunter2marker",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\nConnection: close\r\n\r\n{\"kind\":\"Secret\"",
        b"hunter2marker\r\n\r\n",
        b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    ] {
        let outcome = sandbox.run(&["get", "secret", "s", "-o", "yaml", "--server", &answering(answer)]);
        assert_eq!(outcome.exit, 1, "{}", String::from_utf8_lossy(answer));
        assert_eq!(outcome.stdout, "");
        assert_eq!(outcome.stderr.lines().filter(|line| !line.starts_with("hint:")).count(), 1, "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    }
}

#[test]
fn warnings_are_said_where_one_object_is_read_too() {
    let sandbox = Sandbox::bare();
    let server = answering(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nWarning: 299 - \"v1 is old\"\r\nContent-Length: 78\r\n\
        Connection: close\r\n\r\n{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"s\",\"namespace\":\"n\"}}   ",
    );
    for args in [&["get", "secret", "s", "-o", "name"][..], &["describe", "secret", "s"]] {
        let outcome = sandbox.run(&[args, &["-n", "n", "--server", &server]].concat());
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, "Warning: v1 is old\n"), "{args:?}");
    }
}

#[test]
fn a_server_that_hangs_ends_at_the_request_timeout() {
    let sandbox = Sandbox::bare();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let server = format!("http://{}", listener.local_addr().expect("its address"));
    let outcome = sandbox.run(&["get", "secret", "s", "--request-timeout=300ms", "--server", &server]);
    assert_eq!(outcome.exit, 1);
    assert!(outcome.stderr.to_lowercase().contains("time"), "{}", outcome.stderr);
    drop(listener);
}

#[test]
fn a_raw_watch_is_printed_as_it_comes() {
    let sandbox = Sandbox::with_server();
    let path = "/api/v1/secrets?watch=1&resourceVersion=0";
    sandbox.ok(&["create", "generic", "small", "--from-literal=k=v"]);
    let mut child = sandbox
        .command(&["get", "--raw", path])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its stdout")).read_line(&mut line).expect("an event");
    child.kill().expect("its end");
    child.wait().expect("its end");
    assert!(line.starts_with(r#"{"type":"ADDED""#), "{line}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sandbox = Sandbox::with_server();
    sandbox.write("value", vec![b'x'; 900_000]);
    sandbox.ok(&["create", "generic", "big", "--from-file=k=value"]);
    let mut child = sandbox
        .command(&["get", "big", "-o", "yaml"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut first = [0; 4];
    let mut output = child.stdout.take().expect("its stdout");
    output.read_exact(&mut first).expect("the first bytes");
    drop(output);
    let mut errors = String::new();
    child.stderr.take().expect("its stderr").read_to_string(&mut errors).expect("its errors");
    assert_eq!(errors, "");
    assert_eq!(child.wait().expect("its end").code(), Some(0));
}

#[test]
fn standard_output_that_cannot_be_written_is_an_error() {
    let sandbox = Sandbox::bare();
    let full = std::fs::File::create("/dev/full").expect("/dev/full");
    let mut command = sandbox.command(&["create", "generic", "s", "--dry-run=client", "-o", "yaml"]);
    let status = command.stdin(Stdio::null()).stdout(full).stderr(Stdio::null()).status().expect("it runs");
    assert_eq!(status.code(), Some(1));
}

/// A server of the sandbox's own, ready, with its kubeconfig in the working directory.
fn serving(sandbox: &Sandbox, words: &[&str]) -> Child {
    let words = [&["serve", "--store", "memory", "--kubeconfig", "kubeconfig"], words].concat();
    let mut command = sandbox.command(&words);
    let mut server =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut ready = String::new();
    let mut output = BufReader::new(server.stdout.take().expect("its stdout"));
    output.read_line(&mut ready).expect("the ready line");
    assert!(ready.starts_with("ready https://127.0.0.1:"), "{ready}");
    server
}

#[test]
fn serve_stops_cleanly_and_takes_its_kubeconfig_along() {
    for signal in ["TERM", "INT"] {
        let sandbox = Sandbox::bare();
        let file = sandbox.cwd().join("kubeconfig");
        let mut server = serving(&sandbox, &[]);
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().expect("the kubeconfig").permissions());
        assert_eq!(mode & 0o777, 0o600);
        let pid = server.id().to_string();
        run(sandbox.command_of("kill", &[format!("-{signal}"), pid]), b"");
        assert_eq!(server.wait().expect("its end").code(), Some(0), "{signal}");
        assert!(!file.exists(), "the kubeconfig is gone after {signal}");
    }
}

#[test]
fn serve_logs_what_is_asked_and_no_value() {
    let mut sandbox = Sandbox::bare();
    let server = serving(&sandbox, &["-v=3"]);
    let kubeconfig = sandbox.cwd().join("kubeconfig");
    let config = std::fs::read_to_string(&kubeconfig).expect("its kubeconfig");
    let token = config.lines().find_map(|line| line.trim().strip_prefix("token: ")).expect("a token").to_owned();
    sandbox.set_env("KUBECONFIG", kubeconfig.to_string_lossy());
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=hunter2marker"]);
    assert_eq!(sandbox.ok(&["decode", "s", "k"]), "hunter2marker");

    assert_eq!(run(sandbox.command_of("kill", &[server.id().to_string()]), b"").exit, 0);
    let log = server.wait_with_output().expect("its end").stderr;
    let log = String::from_utf8_lossy(&log);
    let lines = log.lines().collect::<Vec<_>>();
    let [create, get] = lines.as_slice() else { panic!("{log}") };
    assert!(create.contains(r#"] "HTTP" verb="POST" URI="/api/v1/namespaces/default/secrets?fieldManager="#), "{log}");
    assert!(create.ends_with(" resp=201"), "{log}");
    assert!(get.contains(r#"] "HTTP" verb="GET" URI="/api/v1/namespaces/default/secrets/s" latency=""#), "{log}");
    assert!(!log.contains("hunter2marker") && !log.contains(&token), "{log}");
}

/// The addresses at which a port is listened on, as the kernel writes them.
fn listening(port: u16) -> Vec<String> {
    let mut found = Vec::new();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        for line in std::fs::read_to_string(table).unwrap_or_default().lines().skip(1) {
            let mut words = line.split_whitespace().skip(1);
            let local = words.next().unwrap_or_default();
            // 0A: LISTEN.
            if words.nth(1) == Some("0A") && local.ends_with(&format!(":{port:04X}")) {
                found.push(local.to_owned());
            }
        }
    }
    found
}

#[test]
fn serve_is_for_this_machine_and_for_those_who_may_read_its_kubeconfig() {
    let sandbox = Sandbox::bare();
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let mut server = sandbox
            .command(&["serve", "--store=memory", "--kubeconfig=kubeconfig"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut ready = String::new();
        let mut output = BufReader::new(server.stdout.take().expect("its stdout"));
        output.read_line(&mut ready).expect("the ready line");
        let port: u16 = ready.trim().rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
        assert_eq!(ready, format!("ready https://127.0.0.1:{port}\n"));
        assert_eq!(listening(port), [format!("0100007F:{port:04X}")]);

        let file = sandbox.cwd().join("kubeconfig");
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().expect("the kubeconfig").permissions());
        assert_eq!(mode & 0o777, 0o600);
        let config = std::fs::read_to_string(&file).expect("its kubeconfig");
        let token = config.lines().find_map(|line| line.trim().strip_prefix("token: ")).expect("a token").to_owned();
        // 256 bits.
        assert!(token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "the token's form");
        for file in ["cmdline", "environ"] {
            let seen = std::fs::read(format!("/proc/{}/{file}", server.id())).unwrap_or_default();
            assert!(!String::from_utf8_lossy(&seen).contains(&token), "{file}");
        }
        tokens.push(token);
        assert_eq!(run(sandbox.command_of("kill", &[server.id().to_string()]), b"").exit, 0);
        let mut rest = String::new();
        output.read_to_string(&mut rest).expect("the rest of its output");
        let errors = server.wait_with_output().expect("its end").stderr;
        assert_eq!((rest.as_str(), String::from_utf8_lossy(&errors).as_ref()), ("", ""));
    }
    assert_ne!(tokens[0], tokens[1]);
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let outcome = sandbox.run(&["serve", "--store=memory", "--kubeconfig=kubeconfig", "--listen", address]);
        assert_eq!(outcome.exit, 1, "{address}");
        assert!(outcome.stderr.contains("is not a loopback address"), "{address}: {}", outcome.stderr);
    }
}

#[test]
fn a_server_in_memory_writes_its_kubeconfig_and_nothing_else() {
    let mut sandbox = Sandbox::bare();
    let mut server = serving(&sandbox, &[]);
    let kubeconfig = sandbox.cwd().join("kubeconfig");
    sandbox.set_env("KUBECONFIG", kubeconfig.to_string_lossy());
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=hunter2marker"]);
    let found = run(sandbox.command_of("find", &[".."]), b"").stdout;
    let files: Vec<&str> = found.lines().filter(|path| sandbox.cwd().join(path).is_file()).collect();
    assert_eq!(files, ["../cwd/kubeconfig"]);
    assert_eq!(run(sandbox.command_of("kill", &[server.id().to_string()]), b"").exit, 0);
    server.wait().expect("its end");
    assert_eq!(std::fs::read_dir(sandbox.cwd()).expect("the directory").count(), 0);
}
