//! SSH key pairs, in the form that `ssh-keygen -t ed25519 -N ''` writes (OpenSSH's PROTOCOL.key).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use zeroize::Zeroizing;

use super::random;
use crate::{secret::Value, source::keys::push_pem};

const KIND: &[u8] = b"ssh-ed25519";

/// The line length of ssh-keygen.
const LINE: usize = 70;

/// Makes a private key, and the line of its public key.
pub fn pair(comment: &str) -> Result<Vec<Value>, String> {
    if comment.contains(char::is_control) {
        return Err("a comment is one line".to_owned());
    }
    let seed = random::bytes(32)?;
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| "no key could be made")?;
    let public = pair.public_key().as_ref();

    let mut blob = Vec::new();
    put(&mut blob, KIND);
    put(&mut blob, public);

    let mut private = Zeroizing::new(Vec::with_capacity(512 + comment.len()));
    let mut check = [0; 4];
    random::fill(&mut check)?;
    // The check number is stored twice. In an encrypted key the two differ if the passphrase is wrong.
    private.extend_from_slice(&check);
    private.extend_from_slice(&check);
    put(&mut private, KIND);
    put(&mut private, public);
    put(&mut private, &Zeroizing::new([seed.as_slice(), public].concat()));
    put(&mut private, comment.as_bytes());
    // The padding to the block size, 8, which is used without a cipher too.
    for byte in (1..8u8).take((8 - private.len() % 8) % 8) {
        private.push(byte);
    }

    let mut file = Zeroizing::new(Vec::with_capacity(1024 + comment.len()));
    file.extend_from_slice(b"openssh-key-v1\0");
    // The cipher, the key derivation function, and the options of that function: none.
    put(&mut file, b"none");
    put(&mut file, b"none");
    put(&mut file, b"");
    file.extend_from_slice(&1u32.to_be_bytes());
    put(&mut file, &blob);
    put(&mut file, &private);

    let space = if comment.is_empty() { "" } else { " " };
    let line = format!("ssh-ed25519 {}{space}{comment}\n", STANDARD.encode(&blob));
    let mut text = Vec::new();
    push_pem("OPENSSH PRIVATE KEY", &file, LINE, &mut text);
    Ok(vec![Value::new(text), Value::new(line)])
}

/// Appends text, with its length before it.
fn put(to: &mut Vec<u8>, text: &[u8]) {
    to.extend_from_slice(&u32::try_from(text.len()).unwrap_or_default().to_be_bytes());
    to.extend_from_slice(text);
}
