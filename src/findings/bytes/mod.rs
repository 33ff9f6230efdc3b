//! Bytes that are seldom meant, in any value.

mod words;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use go::{json_scan, pem::blocks};
use secret::{Value, types};
use zeroize::Zeroizing;

use super::{Findings, Remedy, Rule, Secret, repair, rules::*};

/// Values up to here may be placeholders, and are looked at for what a person copied with them.
const SHORT: usize = 512;

/// The extensions and names of keys whose value is a file: a file of one line ends with a newline.
const FILES: [&str; 24] = [
    "asc",
    "authorized_keys",
    "cfg",
    "cnf",
    "conf",
    "config",
    "crt",
    "csv",
    "env",
    "htpasswd",
    "ini",
    "json",
    "key",
    "known_hosts",
    "netrc",
    "pem",
    "pgpass",
    "properties",
    "pub",
    "sh",
    "sql",
    "toml",
    "xml",
    "yaml",
];

pub(super) fn check(secret: &Secret<'_>, key: &str, value: &Value, findings: &mut Findings) {
    let bytes = value.expose();
    let kind = secret.kind();
    if bytes.trim_ascii().is_empty() {
        // Of these the type rules say it.
        let is_said = kind == types::BASIC_AUTH && repair::is_line(kind, key)
            || kind == types::SSH_AUTH && key == types::SSH_PRIVATE_KEY && bytes.is_empty();
        if !is_said {
            let text = if bytes.is_empty() { "is empty" } else { "is white space and nothing else" };
            findings.of_key(&KS311, key, Remedy::Value, text);
        }
        return;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        if is_utf16(bytes) {
            findings.of_key(&KS303, key, Remedy::Value, "is text in UTF-16, as its first bytes say");
        } else if is_text(kind, key) {
            findings.of_key(&KS312, key, Remedy::Value, "is not UTF-8, and is text by its type");
        }
        return;
    };
    lines(kind, key, text, findings);
    structure(kind, key, text, findings);
    if text.contains("ENC[AES256_GCM,data:") {
        return findings.of_key(&KS313, key, Remedy::Value, "is encrypted by sops: programs get the ciphertext");
    }
    if let Some((char, name)) = words::odd_space(text) {
        let sentence = format!("has a {name} (U+{:04X}), as text from web pages and documents has", u32::from(char));
        findings.of_key(&KS304, key, Remedy::Value, sentence);
    }
    let is_short = bytes.len() <= SHORT && !repair::is_pem(bytes);
    if let Some(line) = repair::one_line(bytes).and_then(|line| std::str::from_utf8(line).ok()).filter(|_| is_short) {
        one_line(key, line, findings);
    } else if is_json(key, bytes) && text.contains(['\u{201C}', '\u{201D}', '\u{201E}']) {
        findings.of_key(&KS305, key, Remedy::Value, "is JSON with typographic quotes");
    }
    if is_doubled(key, text) {
        findings.of_key(&KS306, key, Remedy::Value, "is base64 of text: it was encoded twice");
    }
}

/// Returns whether a value is text by its type. Of PEM the other rules say more.
fn is_text(kind: &str, key: &str) -> bool {
    match kind {
        types::BASIC_AUTH | types::BOOTSTRAP_TOKEN | types::SERVICE_ACCOUNT_TOKEN => repair::is_line(kind, key),
        types::DOCKERCFG | types::DOCKERCONFIGJSON => {
            matches!(key, types::DOCKERCFG_KEY | types::DOCKERCONFIGJSON_KEY)
        }
        _ => false,
    }
}

/// Returns whether bytes are text in UTF-16: by their mark, and by zero bytes, which letters have half of. Why both: of many
/// values of random bytes some begin with the mark.
fn is_utf16(bytes: &[u8]) -> bool {
    let zeros = bytes.iter().filter(|byte| **byte == 0).count();
    (bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF")) && zeros * 4 >= bytes.len()
}

fn is_json(key: &str, bytes: &[u8]) -> bool {
    repair::is_json(key, bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes))
}

/// Returns what to do about a finding: a fix if a step of [`repair::of`] changed the value, else another value.
fn fix_if(repaired: Option<Vec<u8>>) -> Remedy {
    match repaired.map(Zeroizing::new) {
        Some(_) => Remedy::Fix,
        None => Remedy::Value,
    }
}

/// Looks at what stands before, between and behind lines.
fn lines(kind: &str, key: &str, text: &str, findings: &mut Findings) {
    let bytes = text.as_bytes();
    let mut add = |rule: &'static Rule, remedy: Remedy, sentence: &str| findings.of_key(rule, key, remedy, sentence);
    let rest = text.trim_start_matches('\u{FEFF}');
    if rest.len() < text.len() {
        add(&KS303, fix_if(repair::without_mark(kind, key, bytes)), "begins with a byte order mark");
    }
    let bytes = rest.as_bytes();
    let is_pem = repair::is_pem(bytes);
    match repair::one_line(bytes) {
        Some(line) if line.len() < bytes.len() && !is_pem && !is_json(key, bytes) && !is_file(key) => {
            let end = if bytes.ends_with(b"\r\n") { "CR LF" } else { "a newline" };
            let sentence = format!("ends with {end}, which is part of the value");
            add(&KS301, fix_if(repair::without_newline(kind, key, bytes)), &sentence);
        }
        Some(line) if line.len() < bytes.len() => {
            if let Some(repaired) = repair::without_newline(kind, key, bytes) {
                drop(Zeroizing::new(repaired));
                add(&KS301, Remedy::Fix, "ends with a newline, which is part of the value");
            }
        }
        _ => {}
    }
    if fix_if(repair::with_newline(kind, key, bytes)) == Remedy::Fix {
        add(&KS213, Remedy::Fix, "does not end with a newline, without which OpenSSH refuses it");
    }
    let fix = fix_if(repair::with_ends_of_unix(kind, key, bytes));
    if fix == Remedy::Fix || text.contains("\r\n") && repair::one_line(bytes).is_none() {
        add(&KS302, fix, "has lines that end with CR LF");
    }
}

/// Looks at PEM and JSON.
fn structure(kind: &str, key: &str, text: &str, findings: &mut Findings) {
    let text = text.trim_start_matches('\u{FEFF}');
    let bytes = text.as_bytes();
    let begins = repair::count_pem(bytes);
    if begins > 0 {
        let found = blocks(bytes).count();
        if found < begins {
            match repair::with_lines_of_pem(kind, key, bytes) {
                Some(repaired) => {
                    drop(Zeroizing::new(repaired));
                    findings.of_key(
                        &KS308,
                        key,
                        Remedy::Fix,
                        "is PEM without the ends of its lines, which nothing reads",
                    );
                }
                None => {
                    let sentence = format!("is PEM that cannot be read: {found} of {begins} blocks are whole");
                    findings.of_key(&KS308, key, Remedy::Value, sentence);
                }
            }
        }
        return;
    }
    // Of a docker config the API server says it.
    let is_docker = matches!(kind, types::DOCKERCFG | types::DOCKERCONFIGJSON) && is_text(kind, key);
    if is_docker || !is_json(key, bytes) {
        return;
    }
    match json_scan::check(bytes) {
        Err(error) if error.message.starts_with("unexpected end") => {
            findings.of_key(&KS309, key, Remedy::Value, "is JSON that ends early");
        }
        // Why without the scanner's words: they show a byte.
        Err(error) if key.ends_with(".json") => {
            let (line, column) = go::position(text, error.offset.saturating_sub(1));
            let sentence = format!("is no JSON, as line {line}, column {column} of the value shows");
            findings.of_key(&KS310, key, Remedy::Value, sentence);
        }
        _ => {}
    }
}

fn one_line(key: &str, line: &str, findings: &mut Findings) {
    let mut add = |rule: &'static Rule, sentence: &str| findings.of_key(rule, key, Remedy::Value, sentence);
    let trimmed = line.trim();
    if words::is_placeholder(trimmed) {
        return add(&KS307, "is a placeholder for the value that was to be put there");
    }
    if is_file(key) {
        return;
    }
    if line.starts_with([' ', '\t']) || line.ends_with([' ', '\t']) {
        let place = if line.starts_with([' ', '\t']) { "begins" } else { "ends" };
        add(&KS314, &format!("{place} with a space"));
    }
    if words::has_smart_quotes(trimmed) {
        add(&KS305, "has typographic quotes");
    } else if words::is_quoted(trimmed) && !key.ends_with(".json") {
        add(&KS315, "is in quotes, which are part of the value");
    }
}

/// Returns whether the value is a file by its key.
fn is_file(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let end = key.rsplit('.').next().unwrap_or_default();
    FILES.contains(&end) || key == types::SSH_PRIVATE_KEY || key.ends_with(".yml") || key.starts_with("id_")
}

/// Returns whether a value is base64 of text.
fn is_doubled(key: &str, text: &str) -> bool {
    let text = text.trim_end();
    // Why so long without padding: a password of letters and digits can be base64 of a few bytes that happen to be text.
    let least = if text.ends_with('=') { 8 } else { 16 };
    if text.len() < least
        || !text.len().is_multiple_of(4)
        || key.to_ascii_lowercase().contains("b64")
        || key.contains("base64")
    {
        return false;
    }
    // Why: most values are not, as their first bytes show.
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    if !text.bytes().take(64).all(is_digit) {
        return false;
    }
    let Ok(decoded) = STANDARD.decode(text).map(Zeroizing::new) else { return false };
    let is_plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    std::str::from_utf8(&decoded).is_ok_and(|inner| inner.chars().all(is_plain))
}
