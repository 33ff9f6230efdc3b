//! Files encrypted by sops (<https://getsops.io>). They are recognised, so that no ciphertext is stored as a value;
//! sops itself decrypts them if the user asks for it.

use super::{MAX_BYTES, program};
use crate::{
    context::Env,
    error::{Error, Result},
    secret::Value,
};

/// The hint of such errors.
const HINT: &str = "--decrypt-with sops has sops decrypt it first";

/// The formats of sops, as `--input-type` takes them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// YAML, which includes JSON.
    Yaml,
    /// JSON.
    Json,
    /// `KEY=VALUE` lines.
    Dotenv,
    /// Anything else; sops stores it in JSON.
    Binary,
}

impl Format {
    /// Returns the format that sops takes a file for by its name.
    pub fn of(path: &str) -> Self {
        match path.rsplit_once('.').map(|(_, extension)| extension) {
            Some("yaml" | "yml") => Self::Yaml,
            Some("json") => Self::Json,
            Some("env") => Self::Dotenv,
            _ => Self::Binary,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Json => "json",
            Self::Dotenv => "dotenv",
            Self::Binary => "binary",
        }
    }
}

/// Returns whether a value is a scalar that sops has encrypted.
pub fn is_encrypted_value(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    value.starts_with(b"ENC[AES256_GCM,data:") && value.ends_with(b"]")
}

/// Returns whether base64 text encodes such a scalar.
pub fn is_encrypted_base64(text: &str) -> bool {
    // The base64 of `ENC[AES256_GCM,dat`, whose length is a multiple of three.
    text.starts_with("RU5DW0FFUzI1Nl9HQ00sZGF0")
}

/// Returns whether sops has written the file: a line begins with its metadata.
pub fn is_encrypted(text: &[u8]) -> bool {
    // Why: a JSON file may be a single line.
    if text.trim_ascii_start().starts_with(b"{") {
        return text.windows(6).any(|part| part == b"\"sops\"");
    }
    let begins = |line: &[u8]| line.starts_with(b"sops:") || line.starts_with(b"sops_version=");
    text.split(|byte| *byte == b'\n').any(begins)
}

/// Returns the error about a file, a document or a value that is encrypted.
pub fn refused(what: &str) -> Error {
    Error::new(format!("{what} is encrypted by sops, and would be stored like that")).hint(HINT)
}

/// Has sops decrypt a file; returns a file that is not encrypted as it is. `path` is named in errors.
///
/// # Errors
/// sops is not on PATH, or fails; it prints the reason itself.
pub fn decrypt(text: Value, format: Format, path: &str, env: &Env) -> Result<Value> {
    if !is_encrypted(text.expose()) {
        return Ok(text);
    }
    let kind = format.word();
    let args = ["--decrypt", "--input-type", kind, "--output-type", kind, "/dev/stdin"];
    let ran = program::run("sops", &args, text.expose(), MAX_BYTES, env)
        .map_err(|why| Error::new(format!("sops --decrypt {path}: {why}")))?;
    match ran.status.success() {
        true => Ok(ran.output),
        false => Err(Error::new(format!("sops --decrypt {path}: {}", ran.status))),
    }
}
