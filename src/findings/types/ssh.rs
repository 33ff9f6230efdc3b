//! Private keys for SSH.

use secret::{details, types::SSH_PRIVATE_KEY};

use crate::{Findings, Remedy, Secret, rules::*};

/// What a public key begins with.
const PUBLIC: [&[u8]; 4] = [b"ssh-", b"ecdsa-", b"sk-", b"---- BEGIN SSH2 PUBLIC KEY"];

pub(super) fn check(secret: &Secret<'_>, findings: &mut Findings) {
    let Some(value) = secret.get(SSH_PRIVATE_KEY).filter(|value| !value.is_empty()) else { return };
    let bytes = value.expose();
    // Of a byte order mark another rule speaks.
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    match details::check_ssh_key(bytes) {
        Ok(is_locked) => {
            if is_locked {
                let text = "is locked by a passphrase, which what mounts the Secret has to know";
                findings.of_key(&KS212, SSH_PRIVATE_KEY, Remedy::Ssh, text);
            }
        }
        Err(_) if PUBLIC.iter().any(|begin| bytes.trim_ascii_start().starts_with(begin)) => {
            findings.of_key(&KS211, SSH_PRIVATE_KEY, Remedy::Ssh, "is a public key, not the private one");
        }
        Err(why) => findings.of_key(&KS211, SSH_PRIVATE_KEY, Remedy::Ssh, why),
    }
}
