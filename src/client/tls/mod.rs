//! TLS: trusted authorities, client certificates, and Go's words if a certificate is refused.

mod p521;
mod roots;
mod verify;
mod words;

use std::{ffi::OsStr, sync::Arc};

use rustls::{
    ClientConfig,
    client::{Resumption, danger::ServerCertVerifier},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use zeroize::Zeroizing;

use self::verify::{NoVerifier, Verifier};
pub(super) use self::words::handshake_words;

use super::config::{Config, read_file};
use crate::failure::{Failure, Result};

/// A client certificate with its key, both PEM.
pub(super) struct Identity {
    pub certificate: Vec<u8>,
    pub key: Zeroizing<Vec<u8>>,
}

impl Identity {
    /// Returns the client certificate that flags or kubeconfig name, if there is one.
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

/// Returns the PEM of the cluster's certificate authority, or `None` if the system's authorities are used.
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
    go::base64::decode(compact.as_bytes())
        .map_err(|_| Failure::local(format_args!("{field} in the kubeconfig is not base64")))
}

/// Builds the TLS configuration. The system's authorities are read only if no other authority is configured.
///
/// # Errors
/// Go's words about certificates and keys that cannot be read.
pub(super) fn client_config(config: &Config, identity: Option<Identity>) -> Result<ClientConfig> {
    let provider = Arc::new(p521::provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|_| Failure::local("tls: no protocol version in common with the library"))?;
    let verifier: Arc<dyn ServerCertVerifier> = if config.cluster.insecure_skip_tls_verify {
        Arc::new(NoVerifier(provider))
    } else {
        match authority_pem(config)? {
            Some(pem) => Arc::new(Verifier::of_cluster(&pem, provider)?),
            None => Arc::new(Verifier::of_machine(roots::of_machine(&config.env)?, provider)),
        }
    };
    let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
    let mut tls = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let (chain, key) = parse_identity(&identity)?;
            let unsupported = chain.first().and_then(|own| words::unsupported_key(own));
            builder.with_client_auth_cert(chain, key).map_err(|error| match (error, unsupported) {
                (rustls::Error::InconsistentKeys(_), _) => Failure::local("tls: private key does not match public key"),
                (_, Some(what)) => Failure::local(format_args!("tls: the client certificate cannot be used: {what}")),
                (_, None) => Failure::local("tls: failed to parse private key"),
            })?
        }
    };
    // Why: a command makes one connection, so a session would never be resumed.
    tls.resumption = Resumption::disabled();
    Ok(tls)
}

fn parse_identity(identity: &Identity) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&identity.certificate)
        .collect::<Result<_, _>>()
        .map_err(|_| Failure::local("tls: failed to find certificate PEM data in certificate input"))?;
    if chain.is_empty() {
        return Err(Failure::local("tls: failed to find any PEM data in certificate input"));
    }
    let key = PrivateKeyDer::from_pem_slice(&identity.key)
        .map_err(|_| Failure::local("tls: failed to find any PEM data in key input"))?;
    Ok((chain, key))
}
