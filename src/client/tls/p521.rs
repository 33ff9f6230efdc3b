//! The curve P-521, which *ring* does not have: verifies signatures of certificates and servers, signs with a client's
//! key, and does the key exchange if a server asks for this curve. All other algorithms are *ring*'s.

use std::sync::{Arc, LazyLock};

use p521::{
    PublicKey, SecretKey,
    ecdsa::{
        Signature, SigningKey, VerifyingKey,
        signature::{Signer as _, hazmat::PrehashVerifier as _},
    },
    elliptic_curve::sec1::ToSec1Point as _,
};
use rustls::{
    Error, NamedGroup, PeerMisbehaved, SignatureAlgorithm, SignatureScheme,
    crypto::{
        ActiveKeyExchange, CryptoProvider, GetRandomFailed, KeyProvider, SharedSecret, SupportedKxGroup,
        WebPkiSupportedAlgorithms, ring,
    },
    pki_types::{
        AlgorithmIdentifier, InvalidSignature, PrivateKeyDer, SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer,
        alg_id,
    },
    sign,
};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use secret::tls::p521_key;

/// The number of bytes of a scalar of the curve.
const LENGTH: usize = 66;

/// Returns *ring*'s provider, with P-521.
pub(super) fn provider() -> CryptoProvider {
    let mut provider = ring::default_provider();
    provider.signature_verification_algorithms = *ALGORITHMS;
    provider.key_provider = &Keys;
    // In TLS 1.2 the groups of the key exchange restrict the curves of certificates, too (RFC 8422, 5.1.1).
    provider.kx_groups.push(&Group);
    provider
}

type Algorithm = &'static dyn SignatureVerificationAlgorithm;
type Mapping = (SignatureScheme, &'static [Algorithm]);

/// The algorithms of *ring* and of this module. Why P-521 is last: TLS 1.2 lets a server choose SHA-512 for a key on
/// another curve, which *ring* cannot verify; this order keeps servers from choosing it.
static ALGORITHMS: LazyLock<WebPkiSupportedAlgorithms> = LazyLock::new(|| {
    let ring = ring::default_provider().signature_verification_algorithms;
    let all: Vec<Algorithm> = ring.all.iter().copied().chain([SHA256, SHA384, SHA512]).collect();
    // In TLS 1.2 a scheme does not determine the curve; 1.3 uses only the first algorithm of a scheme.
    let with = |(scheme, known): &Mapping| -> Mapping {
        let more = match *scheme {
            SignatureScheme::ECDSA_NISTP256_SHA256 => SHA256,
            SignatureScheme::ECDSA_NISTP384_SHA384 => SHA384,
            _ => return (*scheme, known),
        };
        (*scheme, known.iter().copied().chain([more]).collect::<Vec<_>>().leak())
    };
    let own: Mapping = (SignatureScheme::ECDSA_NISTP521_SHA512, &[SHA512]);
    let mapping: Vec<Mapping> = ring.mapping.iter().map(with).chain([own]).collect();
    WebPkiSupportedAlgorithms { all: all.leak(), mapping: mapping.leak() }
});

const SHA256: Algorithm =
    &Verification { signature: alg_id::ECDSA_SHA256, digest: |text| Sha256::digest(text).to_vec() };
const SHA384: Algorithm =
    &Verification { signature: alg_id::ECDSA_SHA384, digest: |text| Sha384::digest(text).to_vec() };
const SHA512: Algorithm =
    &Verification { signature: alg_id::ECDSA_SHA512, digest: |text| Sha512::digest(text).to_vec() };

/// Verifies signatures over one digest.
#[derive(Debug)]
struct Verification {
    signature: AlgorithmIdentifier,
    digest: fn(&[u8]) -> Vec<u8>,
}

impl SignatureVerificationAlgorithm for Verification {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let key = VerifyingKey::from_sec1_bytes(key).map_err(|_| InvalidSignature)?;
        let signature = Signature::from_der(signature).map_err(|_| InvalidSignature)?;
        // A digest that is shorter than the order is used as it is (SEC 1, 4.1.4).
        let digest = (self.digest)(message);
        let mut number = [0; LENGTH];
        let start = LENGTH.checked_sub(digest.len()).ok_or(InvalidSignature)?;
        number.get_mut(start..).ok_or(InvalidSignature)?.copy_from_slice(&digest);
        key.verify_prehash(&number, &signature).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P521
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

/// Loads the keys that *ring* loads, and keys on P-521.
#[derive(Debug)]
struct Keys;

impl KeyProvider for Keys {
    fn load_private_key(&self, der: PrivateKeyDer<'static>) -> Result<Arc<dyn sign::SigningKey>, Error> {
        let der = Zeroizing::new(der);
        ring::sign::any_supported_type(&der).or_else(|error| {
            let key = p521_key(der.secret_der()).ok_or(error)?;
            Ok(Arc::new(Key(key)) as Arc<dyn sign::SigningKey>)
        })
    }
}

/// A private key, wiped on drop.
struct Key(SigningKey);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(P-521)")
    }
}

impl sign::SigningKey for Key {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn sign::Signer>> {
        let scheme = SignatureScheme::ECDSA_NISTP521_SHA512;
        offered.contains(&scheme).then(|| Box::new(Self(self.0.clone())) as Box<dyn sign::Signer>)
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        let point = self.0.verifying_key().to_sec1_point(false);
        Some(sign::public_key_to_spki(&alg_id::ECDSA_P521, point.as_bytes()))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl sign::Signer for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signature: Signature = self.0.try_sign(message).map_err(|_| Error::General("signing failed".into()))?;
        Ok(signature.to_der().as_bytes().to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP521_SHA512
    }
}

/// The key exchange `secp521r1`.
#[derive(Debug)]
struct Group;

impl SupportedKxGroup for Group {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        // Why a loop: a random number above the order is not a valid key. The order is so close to 2^521 that a second
        // round is practically impossible.
        let secret = loop {
            ring::default_provider().secure_random.fill(bytes.as_mut_slice()).map_err(|_| GetRandomFailed)?;
            if let Some(first) = bytes.first_mut() {
                *first &= 1;
            }
            if let Ok(secret) = SecretKey::from_slice(bytes.as_slice()) {
                break secret;
            }
        };
        let public = secret.public_key().to_sec1_point(false).as_bytes().to_vec();
        Ok(Box::new(Exchange { secret, public }))
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }
}

/// A key exchange in progress. Its secret is wiped on drop.
struct Exchange {
    secret: SecretKey,
    public: Vec<u8>,
}

impl ActiveKeyExchange for Exchange {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        // TLS allows uncompressed points only (RFC 8446, 4.2.8.2).
        let public = Some(peer).filter(|peer| peer.first() == Some(&4));
        let public = public.and_then(|peer| PublicKey::from_sec1_bytes(peer).ok());
        let public = public.ok_or(PeerMisbehaved::InvalidKeyShare)?;
        Ok(SharedSecret::from(self.secret.diffie_hellman(&public).raw_secret_bytes().as_slice()))
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }
}
