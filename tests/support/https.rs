//! A server of a test's own, and a client of it that needs no process: HTTP/1.1 over TLS, one request at a time.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use serde_json::Value as Json;

use super::Sandbox;

/// The Secrets of the namespace default.
pub const SECRETS: &str = "/api/v1/namespaces/default/secrets";

/// A `ksecret serve` that is ready. It is killed when this is dropped.
pub struct Serving {
    pub child: Child,
    pub address: SocketAddr,
    /// The text of its kubeconfig.
    pub kubeconfig: String,
}

impl Serving {
    /// Starts `command`, which serves and writes this kubeconfig, and waits until it is ready.
    pub fn start(sandbox: &Sandbox, kubeconfig: &str, mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut ready = String::new();
        BufReader::new(child.stdout.take().expect("its stdout")).read_line(&mut ready).expect("the ready line");
        let address = ready.trim().strip_prefix("ready https://");
        let address = address.unwrap_or_else(|| panic!("not ready: {ready:?}")).parse().expect("an address");
        let kubeconfig = fs::read_to_string(sandbox.cwd().join(kubeconfig)).expect("its kubeconfig");
        Self { child, address, kubeconfig }
    }

    /// Starts `ksecret serve` on this store.
    pub fn on(sandbox: &Sandbox, store: &str, kubeconfig: &str) -> Self {
        Self::start(sandbox, kubeconfig, sandbox.command(&["serve", "--kubeconfig", kubeconfig, "--store", store]))
    }

    /// SIGKILL, and waits for its end.
    pub fn kill(&mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("its end");
    }

    /// A client of it.
    pub fn client(&self) -> Client {
        let config: serde_yaml::Value = serde_yaml::from_str(&self.kubeconfig).expect("a kubeconfig");
        let token = config["users"][0]["user"]["token"].as_str().expect("a token").to_owned();
        Client { config: tls(&self.kubeconfig, b"http/1.1"), address: self.address, token, stream: None }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a client of the server with this kubeconfig speaks.
pub fn tls(kubeconfig: &str, protocol: &[u8]) -> Arc<ClientConfig> {
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

type Stream = BufReader<StreamOwned<ClientConnection, TcpStream>>;

/// A client with a connection that it keeps.
pub struct Client {
    config: Arc<ClientConfig>,
    address: SocketAddr,
    token: String,
    stream: Option<Stream>,
}

impl Client {
    /// The status and the JSON of the answer.
    ///
    /// # Errors
    /// When there is no connection, or it ends before the answer does: whether the request was carried out is not known.
    pub fn ask(&mut self, method: &str, path: &str, body: &Json) -> io::Result<(u16, Json)> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, body) = self.send(method, path, "Content-Type: application/json\r\n", body.as_bytes())?;
        Ok((status, serde_json::from_slice(&body).expect("JSON")))
    }

    /// The status and the body of the answer to a request with these header lines.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn send(&mut self, method: &str, path: &str, headers: &str, body: &[u8]) -> io::Result<(u16, Vec<u8>)> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect()?,
        };
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
             {headers}Content-Length: {length}\r\n\r\n",
            self.token
        );
        stream.get_mut().write_all(head.as_bytes())?;
        stream.get_mut().write_all(body)?;
        stream.get_mut().flush()?;
        let answer = read(&mut stream)?;
        self.stream = Some(stream);
        Ok(answer)
    }

    fn connect(&self) -> io::Result<Stream> {
        let name = ServerName::try_from("127.0.0.1").expect("a name");
        let session = ClientConnection::new(Arc::clone(&self.config), name).expect("a session");
        Ok(BufReader::new(StreamOwned::new(session, TcpStream::connect(self.address)?)))
    }
}

/// Reads one answer, whose head says how long it is.
fn read(stream: &mut Stream) -> io::Result<(u16, Vec<u8>)> {
    let (mut status, mut length) = (None, None);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end();
        match (status, line.split_once(": ")) {
            (None, _) => status = line.split(' ').nth(1).and_then(|code| code.parse().ok()),
            (_, Some((name, value))) if name.eq_ignore_ascii_case("content-length") => length = value.parse().ok(),
            (_, None) if line.is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length.expect("a length")];
    stream.read_exact(&mut body)?;
    Ok((status.expect("a status"), body))
}

/// A Secret of one value.
pub fn secret(name: &str, value: &str) -> Json {
    serde_json::json!({"metadata": {"name": name}, "stringData": {"k": value}})
}

/// The value of such a Secret.
pub fn value(object: &Json) -> String {
    let text = object["data"]["k"].as_str().expect("a value");
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).expect("base64");
    String::from_utf8(bytes).expect("text")
}

/// The revision that an object or a list says it has.
pub fn revision(object: &Json) -> Option<u64> {
    object["metadata"]["resourceVersion"].as_str()?.parse().ok()
}
