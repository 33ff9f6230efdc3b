//! Connections that never authenticate: however many there are and whatever they do, the owner gets through.

use std::{
    fs,
    io::Write as _,
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::ServerName};

use super::support::{
    Sandbox,
    https::{Serving, tls},
};

/// A server that may open as many files as most systems let it.
fn serving(sandbox: &mut Sandbox) -> Serving {
    let script =
        format!("ulimit -n 1024; exec {} serve --store memory --kubeconfig kubeconfig", super::support::KSECRET);
    let server = Serving::start(sandbox, "kubeconfig", sandbox.command_of("sh", &["-c", &script]));
    sandbox.set_env("KUBECONFIG", sandbox.cwd().join("kubeconfig").to_string_lossy());
    server
}

/// A connection of which this much was said.
fn begun(address: SocketAddr, said: &[u8]) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(said).ok()?;
    Some(stream)
}

/// A connection with a handshake, after which this much was said.
fn begun_over_tls(
    address: SocketAddr,
    client: &Arc<ClientConfig>,
    said: &[u8],
) -> Option<StreamOwned<ClientConnection, TcpStream>> {
    let name = ServerName::try_from("127.0.0.1").expect("a name");
    let session = ClientConnection::new(Arc::clone(client), name).expect("a session");
    let mut stream = StreamOwned::new(session, TcpStream::connect(address).ok()?);
    stream.write_all(said).ok()?;
    stream.flush().ok()?;
    Some(stream)
}

const HEAD: &str = "POST /api/v1/namespaces/default/secrets HTTP/1.1\r\nHost: localhost\r\n";
const HELLO: &[u8] = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";

#[test]
fn thousands_of_half_open_connections_do_not_keep_out_the_owner() {
    let mut sandbox = Sandbox::bare();
    let mut server = serving(&mut sandbox);
    let address = server.address;
    let (http1, http2) = (tls(&server.kubeconfig, b"http/1.1"), tls(&server.kubeconfig, b"h2"));
    let wrong = format!("{HEAD}Authorization: Bearer wrong\r\nContent-Length: 1000000\r\n\r\n{{");
    let over_tls = [
        (&http1, ""),
        (&http1, "GET /api HTTP/1.1\r\nHost: local"),
        (&http1, wrong.as_str()),
        (&http2, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ];
    let mut crowd = Vec::new();
    // Kept open until the end.
    let mut crowd_over_tls = Vec::new();
    for number in 0..2_500 {
        crowd.extend(begun(address, if number % 2 == 0 { b"" } else { HELLO }));
        if number % 50 == 0 {
            crowd_over_tls.extend(over_tls.map(|(client, said)| begun_over_tls(address, client, said.as_bytes())));
        }
    }
    assert!(crowd.len() > 2_000, "{} connections", crowd.len());

    // And those that come again as soon as they are sent away.
    let over = Arc::new(AtomicBool::new(false));
    let coming = {
        let over = Arc::clone(&over);
        thread::spawn(move || {
            let mut count = 0;
            while !over.load(Ordering::Relaxed) {
                let at = count % crowd.len();
                crowd[at] = begun(address, HELLO).unwrap_or_else(|| crowd[at].try_clone().expect("the old one"));
                count += 1;
            }
            count
        })
    };
    for number in 0..10 {
        let name = format!("s{number}");
        sandbox.ok(&["create", "generic", &name, "--from-literal=k=v", "--request-timeout=9s"]);
    }
    over.store(true, Ordering::Relaxed);
    let coming = coming.join().expect("those who come again");
    assert!(coming > 100, "{coming} came while the owner was there");
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]).lines().count(), 10);

    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).expect("its status");
    let resident = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its memory");
    let resident = resident.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") / 1024;
    assert!(resident < 128, "{resident} MiB at most");
    drop(crowd_over_tls);
    server.kill();
}
