//! Verifies a server's certificate: chain, purpose, name and time, as Go does.

use std::sync::Arc;

use rustls::{
    DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject as _},
};
use webpki::{EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeId, KeyPurposeIdIter, KeyUsage};

use super::words;
use crate::failure::{Failure, Result};

/// Verifies with webpki, accepts a server certificate that is itself a trusted root, as Go does, and words failures as
/// Go does.
#[derive(Debug)]
pub(super) struct Verifier {
    store: RootCertStore,
    /// The authorities that the cluster configures. Why: only these may be the server's own certificate.
    roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    /// Returns a verifier that trusts the authorities in `pem`.
    ///
    /// # Errors
    /// If the text has no certificate.
    pub(super) fn of_cluster(pem: &[u8], provider: Arc<CryptoProvider>) -> Result<Self> {
        let roots: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(pem).filter_map(Result::ok).collect();
        if roots.is_empty() {
            return Err(Failure::local("unable to load root certificates: unable to parse bytes as PEM block"));
        }
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(roots.iter().cloned());
        Ok(Self { store, roots, provider })
    }

    /// Returns a verifier that trusts the machine's authorities.
    pub(super) fn of_machine(roots: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Self {
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(roots);
        Self { store, roots: Vec::new(), provider }
    }

    fn verify(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), webpki::Error> {
        let certificate = EndEntityCert::try_from(end_entity)?;
        let algorithms = self.provider.signature_verification_algorithms.all;
        let chained = certificate
            .verify_for_usage(algorithms, &self.store.roots, intermediates, now, ServerAuth, None, None)
            .map(drop);
        // Why: webpki does not accept an authority's certificate as that of the server.
        let is_root = || self.roots.iter().any(|root| root == end_entity) && words::in_time(end_entity, now);
        chained.or_else(|error| if is_root() { Ok(()) } else { Err(error) })?;
        certificate.verify_is_valid_for_subject_name(server_name)
    }
}

/// The extended key usages that a server's certificate may have: none, server authentication, or any.
struct ServerAuth;

/// `anyExtendedKeyUsage`, 2.5.29.37.0.
const ANY: KeyPurposeId<'static> = KeyPurposeId::new(&[0x55, 0x1d, 0x25, 0x00]);

impl ExtendedKeyUsageValidator for ServerAuth {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        const SERVER: KeyPurposeId<'static> = KeyPurposeId::new(&[0x2b, 6, 1, 5, 5, 7, 3, 1]);
        let mut present = Vec::new();
        for purpose in purposes {
            let purpose = purpose?;
            if purpose == SERVER || purpose == ANY {
                return Ok(());
            }
            present.push(purpose.to_decoded_oid());
        }
        if present.is_empty() {
            return Ok(());
        }
        let required = KeyUsage::server_auth();
        Err(webpki::Error::RequiredEkuNotFoundContext(webpki::RequiredEkuNotFoundContext { required, present }))
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let chain: Vec<_> = [end_entity].into_iter().chain(intermediates).chain(&self.roots).collect();
        self.verify(end_entity, intermediates, server_name, now)
            .map(|()| ServerCertVerified::assertion())
            .map_err(|error| rustls::Error::General(words::refused(&error, &chain, server_name, now)))
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

/// Accepts any certificate (`--insecure-skip-tls-verify`), but still verifies that the server has its key.
#[derive(Debug)]
pub(super) struct NoVerifier(pub Arc<CryptoProvider>);

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
