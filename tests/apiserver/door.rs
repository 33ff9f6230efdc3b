//! The two ways into the server: in-process, and through TLS on a loopback port.

use std::{net::SocketAddr, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use ksecret::server::{Listener, Server};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use serde_json::Value as Json;
use tower::ServiceExt as _;

/// A way into a server.
#[derive(Clone)]
pub enum Door {
    /// The Service itself.
    Within(Server),
    /// A listener's port, with its token.
    Tls { address: SocketAddr, token: String, client: Arc<ClientConfig> },
}

/// An answer, whole.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Door {
    /// Opens a port to the server, on a thread that ends with the process.
    pub fn listening(server: Server) -> Result<Self, String> {
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = Listener::bind(server, ([127, 0, 0, 1], 0).into()).await.expect("a listener");
                let _ = tell.send((listener.url(), listener.kubeconfig().to_owned()));
                let _ = listener.run(std::future::pending()).await;
            });
        });
        let (url, kubeconfig) = told.recv().map_err(|e| e.to_string())?;
        let config: Json = serde_yaml::from_str(&kubeconfig).map_err(|e| e.to_string())?;
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        let authority = text(&config["clusters"][0]["cluster"]["certificate-authority-data"]);
        let pem = STANDARD.decode(authority).map_err(|e| e.to_string())?;
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_slice(&pem).map_err(|e| e.to_string())?;
        roots.add(authority).map_err(|e| e.to_string())?;
        let client = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| e.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self::Tls {
            address: url.trim_start_matches("https://").parse().map_err(|_| "no address".to_owned())?,
            token: text(&config["users"][0]["user"]["token"]),
            client: Arc::new(client),
        })
    }

    /// Sends a request and waits for all of its answer.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: String,
    ) -> Result<Answer, String> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if let Self::Tls { address, token, .. } = self {
            request = request.header("host", address.to_string()).header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Full::new(Bytes::from(body))).map_err(|e| e.to_string())?;
        match self {
            Self::Within(server) => {
                let Ok(response) = server.as_admin().oneshot(request).await;
                let (parts, body) = response.into_parts();
                let Ok(body) = body.collect().await;
                Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.to_bytes() })
            }
            Self::Tls { address, client, .. } => {
                let socket = tokio::net::TcpStream::connect(address).await.map_err(|e| e.to_string())?;
                let name = ServerName::try_from("127.0.0.1").map_err(|e| e.to_string())?;
                let stream = tokio_rustls::TlsConnector::from(Arc::clone(client));
                let stream = stream.connect(name, socket).await.map_err(|e| e.to_string())?;
                let (mut sender, connection) =
                    hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|e| e.to_string())?;
                tokio::spawn(connection);
                let response = sender.send_request(request).await.map_err(|e| e.to_string())?;
                let (parts, body) = response.into_parts();
                let body = body.collect().await.map_err(|e| e.to_string())?;
                Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.to_bytes() })
            }
        }
    }
}
