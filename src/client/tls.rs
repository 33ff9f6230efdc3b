//! TLS: whom we trust, who we are, and Go's words when a certificate is refused.

use std::{ffi::OsStr, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        Resumption, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject as _},
    server::ParsedCertificate,
};
use x509_parser::{extensions::GeneralName, prelude::X509Certificate};
use zeroize::Zeroizing;

use super::config::{Config, read_file};
use crate::error::{Error, Result};

/// A client certificate with its key, both PEM.
pub(super) struct Identity {
    pub certificate: Vec<u8>,
    pub key: Zeroizing<Vec<u8>>,
}

impl Identity {
    /// The client certificate that flags or kubeconfig name, if any.
    ///
    /// # Errors
    /// Unreadable files and bad base64, by the field's name.
    pub fn of(config: &Config) -> Result<Option<Self>> {
        let user = &config.user;
        if user.client_certificate.is_empty() && user.client_certificate_data.is_empty() {
            return Ok(None);
        }
        let part = |data: &str, path: &OsStr, field| match data {
            "" => read_file(&config.env, path),
            data => decode(data, field),
        };
        Ok(Some(Self {
            certificate: part(&user.client_certificate_data, &user.client_certificate, "client-certificate-data")?,
            key: Zeroizing::new(part(&user.client_key_data, &user.client_key, "client-key-data")?),
        }))
    }
}

/// The PEM of the cluster's certificate authority; nothing where the system's roots count.
pub(super) fn authority_pem(config: &Config) -> Result<Option<Vec<u8>>> {
    let cluster = &config.cluster;
    if !cluster.certificate_authority_data.is_empty() {
        return decode(&cluster.certificate_authority_data, "certificate-authority-data").map(Some);
    }
    if !cluster.certificate_authority.is_empty() {
        return read_file(&config.env, &cluster.certificate_authority).map(Some);
    }
    Ok(None)
}

fn decode(data: &str, field: &str) -> Result<Vec<u8>> {
    let compact: Zeroizing<String> = Zeroizing::new(data.split_ascii_whitespace().collect());
    STANDARD.decode(compact.as_bytes()).map_err(|_| Error::new(format_args!("{field} in the kubeconfig is not base64")))
}

/// Builds the TLS configuration. The system's roots are read only when there is no other authority to trust.
///
/// # Errors
/// Go's words about certificates and keys that cannot be read.
pub(super) fn client_config(config: &Config, identity: Option<Identity>) -> Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|_| Error::new("tls: no protocol version in common with the library"))?;
    let verifier: Arc<dyn ServerCertVerifier> = if config.cluster.insecure_skip_tls_verify {
        Arc::new(NoVerifier(provider))
    } else {
        Arc::new(Verifier::new(authority_pem(config)?, provider)?)
    };
    let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
    let mut tls = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let (chain, key) = parse_identity(&identity)?;
            builder.with_client_auth_cert(chain, key).map_err(|error| match error {
                rustls::Error::InconsistentKeys(_) => Error::new("tls: private key does not match public key"),
                // ring has no P-521 and no DSA.
                _ => Error::new("tls: the client key is of an unsupported kind"),
            })?
        }
    };
    // A command makes one connection: a session kept for later would be kept in vain.
    tls.resumption = Resumption::disabled();
    Ok(tls)
}

fn parse_identity(identity: &Identity) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&identity.certificate)
        .collect::<Result<_, _>>()
        .map_err(|_| Error::new("tls: failed to find certificate PEM data in certificate input"))?;
    if chain.is_empty() {
        return Err(Error::new("tls: failed to find any PEM data in certificate input"));
    }
    let key = PrivateKeyDer::from_pem_slice(&identity.key)
        .map_err(|_| Error::new("tls: failed to find any PEM data in key input"))?;
    Ok((chain, key))
}

/// Verifies as rustls does, trusts what is itself a root as Go does, and says in Go's words why not.
#[derive(Debug)]
struct Verifier {
    /// Nothing without a single root: then nobody is trusted.
    webpki: Option<Arc<WebPkiServerVerifier>>,
    roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    fn new(pem: Option<Vec<u8>>, provider: Arc<CryptoProvider>) -> Result<Self> {
        let roots: Vec<CertificateDer<'static>> = match &pem {
            Some(pem) => CertificateDer::pem_slice_iter(pem).filter_map(Result::ok).collect(),
            // A machine without roots trusts nobody, and says so when it meets somebody.
            None => rustls_native_certs::load_native_certs().certs,
        };
        if pem.is_some() && roots.is_empty() {
            return Err(Error::new("unable to load root certificates: unable to parse bytes as PEM block"));
        }
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(roots.iter().cloned());
        let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone()).build().ok();
        // Only a given authority can be the server's own certificate.
        let roots = if pem.is_some() { roots } else { Vec::new() };
        Ok(Self { webpki, roots, provider })
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified = match &self.webpki {
            Some(webpki) => webpki.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now),
            None => Err(CertificateError::UnknownIssuer.into()),
        };
        let Err(error) = verified else { return verified };
        // webpki wants a certificate of its own for the server even where that certificate is the authority.
        if self.roots.contains(&end_entity.clone().into_owned())
            && ParsedCertificate::try_from(end_entity)
                .and_then(|parsed| rustls::client::verify_server_name(&parsed, server_name))
                .is_ok()
            && in_time(end_entity, now)
        {
            return Ok(ServerCertVerified::assertion());
        }
        Err(rustls::Error::General(go_words(&error, end_entity, server_name, now)))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// `--insecure-skip-tls-verify`: any certificate will do, as long as its owner holds the key.
#[derive(Debug)]
struct NoVerifier(Arc<CryptoProvider>);

impl ServerCertVerifier for NoVerifier {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

fn parse(der: &[u8]) -> Option<X509Certificate<'_>> {
    x509_parser::parse_x509_certificate(der).ok().map(|(_, certificate)| certificate)
}

fn in_time(der: &CertificateDer<'_>, now: UnixTime) -> bool {
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    parse(der).is_some_and(|certificate| {
        let validity = certificate.validity();
        (validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&now)
    })
}

/// What Go's `crypto/tls` would say.
fn go_words(error: &rustls::Error, der: &CertificateDer<'_>, name: &ServerName<'_>, now: UnixTime) -> String {
    use CertificateError as E;
    let rustls::Error::InvalidCertificate(error) = error else { return "tls: failed to verify certificate".into() };
    let reason = match error {
        E::Expired | E::ExpiredContext { .. } => expiry(der, now, true),
        E::NotValidYet | E::NotValidYetContext { .. } => expiry(der, now, false),
        E::NotValidForName | E::NotValidForNameContext { .. } => wrong_name(der, &name.to_str()),
        E::BadEncoding => "malformed certificate".to_owned(),
        E::UnhandledCriticalExtension => "unhandled critical extension".to_owned(),
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => {
            "certificate specifies an incompatible key usage".to_owned()
        }
        _ => "certificate signed by unknown authority".to_owned(),
    };
    format!("tls: failed to verify certificate: x509: {reason}")
}

fn expiry(der: &CertificateDer<'_>, now: UnixTime, after: bool) -> String {
    let time = |seconds: i64| jiff::Timestamp::from_second(seconds).map(|t| t.to_string()).unwrap_or_default();
    let limit = parse(der).map(|certificate| {
        let validity = certificate.validity();
        if after { validity.not_after.timestamp() } else { validity.not_before.timestamp() }
    });
    format!(
        "certificate has expired or is not yet valid: current time {} is {} {}",
        time(i64::try_from(now.as_secs()).unwrap_or_default()),
        if after { "after" } else { "before" },
        limit.map(time).unwrap_or_default()
    )
}

/// Go's `x509.HostnameError`.
fn wrong_name(der: &CertificateDer<'_>, host: &str) -> String {
    let certificate = parse(der);
    let names = certificate.as_ref().and_then(|c| c.subject_alternative_name().ok().flatten());
    let Some(names) = names else {
        let common_name =
            certificate.as_ref().and_then(|c| c.subject().iter_common_name().next()?.as_str().ok()).unwrap_or_default();
        if common_name.eq_ignore_ascii_case(host) {
            return "certificate relies on legacy Common Name field, use SANs instead".to_owned();
        }
        return if host.parse::<std::net::IpAddr>().is_ok() {
            format!("cannot validate certificate for {host} because it doesn't contain any IP SANs")
        } else {
            format!("certificate is not valid for any names, but wanted to match {host}")
        };
    };
    let is_ip = host.parse::<std::net::IpAddr>().is_ok();
    let valid: Vec<String> = names
        .value
        .general_names
        .iter()
        .filter_map(|name| match name {
            GeneralName::IPAddress(bytes) if is_ip => ip_text(bytes),
            GeneralName::DNSName(name) if !is_ip => Some((*name).to_owned()),
            _ => None,
        })
        .collect();
    match (valid.is_empty(), is_ip) {
        (true, true) => format!("cannot validate certificate for {host} because it doesn't contain any IP SANs"),
        (true, false) => format!("certificate is not valid for any names, but wanted to match {host}"),
        _ => format!("certificate is valid for {}, not {host}", valid.join(", ")),
    }
}

fn ip_text(bytes: &[u8]) -> Option<String> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(|b| std::net::Ipv4Addr::from(b).to_string()),
        16 => <[u8; 16]>::try_from(bytes).ok().map(|b| std::net::Ipv6Addr::from(b).to_string()),
        _ => None,
    }
}

/// What Go says when a handshake fails for another reason.
pub(super) fn handshake_words(error: &rustls::Error) -> String {
    match error {
        rustls::Error::General(words) => words.clone(),
        rustls::Error::AlertReceived(alert) => format!("remote error: tls: {}", alert_words(*alert)),
        rustls::Error::InvalidMessage(_) => "tls: first record does not look like a TLS handshake".to_owned(),
        rustls::Error::PeerIncompatible(_) => "remote error: tls: handshake failure".to_owned(),
        _ => "tls: handshake failure".to_owned(),
    }
}

/// Go's names for alerts, as far as servers send them.
fn alert_words(alert: rustls::AlertDescription) -> &'static str {
    use rustls::AlertDescription as A;
    match alert {
        A::BadCertificate => "bad certificate",
        A::UnsupportedCertificate => "unsupported certificate",
        A::CertificateRevoked => "revoked certificate",
        A::CertificateExpired => "expired certificate",
        A::CertificateUnknown => "unknown certificate",
        A::UnknownCA => "unknown certificate authority",
        A::AccessDenied => "access denied",
        A::ProtocolVersion => "protocol version not supported",
        A::InternalError => "internal error",
        A::UnrecognisedName => "unrecognized name",
        A::CertificateRequired => "certificate required",
        A::NoApplicationProtocol => "no application protocol",
        _ => "handshake failure",
    }
}
