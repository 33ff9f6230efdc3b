//! The certificates of one run: a certificate authority, the server's, and the administrator's. Invariant: the
//! authority's key is dropped at once, so that no other certificate can ever be signed by it.

use std::{io, net::IpAddr, sync::Arc};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::{
    RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    server::WebPkiClientVerifier,
};

/// The certificates and keys of one run.
pub struct Certificates {
    /// The authority's certificate, PEM.
    pub authority: String,
    /// The administrator's certificate, PEM.
    pub admin: String,
    /// The administrator's key, PEM.
    pub admin_key: String,
    authority_der: CertificateDer<'static>,
    server: CertificateDer<'static>,
    server_key: Vec<u8>,
}

impl Certificates {
    /// Makes the certificates; the server's is valid for `localhost` and the loopback addresses, `ip` among them.
    pub fn make(ip: IpAddr) -> io::Result<Self> {
        make(ip).map_err(|error| io::Error::other(format!("certificates: {error}")))
    }

    /// Returns a configuration for TLS 1.2 and 1.3, with HTTP/2 and HTTP/1.1, which verifies client certificates of
    /// this authority but demands none.
    pub fn server_config(&self) -> io::Result<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(self.authority_der.clone()).map_err(io::Error::other)?;
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .allow_unauthenticated()
            .build()
            .map_err(io::Error::other)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.server_key.clone()));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![self.server.clone()], key)
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn make(ip: IpAddr) -> Result<Certificates, rcgen::Error> {
    let named = |common: &str, organization: Option<&str>| {
        let mut name = DistinguishedName::new();
        if let Some(organization) = organization {
            name.push(DnType::OrganizationName, organization);
        }
        name.push(DnType::CommonName, common);
        name
    };
    let mut params = CertificateParams::default();
    params.distinguished_name = named("ksecret", None);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    dates(&mut params);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !names.contains(&ip.to_string()) {
        names.push(ip.to_string());
    }
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = named("ksecret server", None);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    dates(&mut params);
    let server_key = KeyPair::generate()?;
    let server = params.signed_by(&server_key, &authority)?;

    let mut params = CertificateParams::default();
    params.distinguished_name = named("kubernetes-admin", Some("system:masters"));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    dates(&mut params);
    let admin_key = KeyPair::generate()?;
    let admin = params.signed_by(&admin_key, &authority)?;

    Ok(Certificates {
        authority: authority.pem(),
        admin: admin.pem(),
        admin_key: admin_key.serialize_pem(),
        authority_der: authority.der().clone(),
        server: server.der().clone(),
        server_key: server_key.serialize_der(),
    })
}

/// Sets the period of validity. Why so long: the keys live no longer than the process, and a wrong clock must not
/// matter.
fn dates(params: &mut CertificateParams) {
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2049, 12, 31);
}
