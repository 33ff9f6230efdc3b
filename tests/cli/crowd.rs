//! Connections that never authenticate: however many there are and whatever they do, the owner gets through.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpStream},
    process::{Child, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};

use super::support::Sandbox;

/// A server that may open as many files as most systems let it.
fn serving(sandbox: &mut Sandbox) -> (Child, SocketAddr, String) {
    let script =
        format!("ulimit -n 1024; exec {} serve --store memory --kubeconfig kubeconfig", super::support::KSECRET);
    let mut server = sandbox
        .command_of("sh", &["-c", &script])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut ready = String::new();
    BufReader::new(server.stdout.take().expect("its stdout")).read_line(&mut ready).expect("the ready line");
    let address = ready.trim().strip_prefix("ready https://").expect("ready").parse().expect("an address");
    let kubeconfig = sandbox.cwd().join("kubeconfig");
    sandbox.set_env("KUBECONFIG", kubeconfig.to_string_lossy());
    (server, address, fs::read_to_string(kubeconfig).expect("its kubeconfig"))
}

/// How a client of the server speaks.
fn client(kubeconfig: &str, protocol: &[u8]) -> Arc<ClientConfig> {
    let config: serde_yaml::Value = serde_yaml::from_str(kubeconfig).expect("a kubeconfig");
    let authority = config["clusters"][0]["cluster"]["certificate-authority-data"].as_str().expect("an authority");
    let pem = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, authority).expect("base64");
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&pem).expect("a certificate")).expect("a root");
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    Arc::new(config)
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
    let (mut server, address, kubeconfig) = serving(&mut sandbox);
    let (http1, http2) = (client(&kubeconfig, b"http/1.1"), client(&kubeconfig, b"h2"));
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

    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).expect("its status");
    let resident = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its memory");
    let resident = resident.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") / 1024;
    assert!(resident < 128, "{resident} MiB at most");
    drop(crowd_over_tls);
    server.kill().expect("it ends");
    server.wait().expect("its end");
}
