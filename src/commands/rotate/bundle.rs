//! Bundles of certificates: the new ones followed by the former ones, so that both are trusted.

use crate::secret::Value;
use go::pem;

/// Returns whether a value consists of PEM certificates only.
pub fn is_certificates(value: &Value) -> bool {
    let mut blocks = pem::blocks(value.expose()).peekable();
    blocks.peek().is_some() && blocks.all(|block| block.label == b"CERTIFICATE")
}

/// Returns the new certificates, followed by those former ones that are not among them.
pub fn joined(new: &Value, former: &Value) -> Value {
    let known: Vec<_> = pem::blocks(new.expose()).map(|block| block.bytes).collect();
    let mut text = new.expose().to_vec();
    if !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    for block in pem::blocks(former.expose()).filter(|block| !known.contains(&block.bytes)) {
        text.extend_from_slice(b"-----BEGIN CERTIFICATE-----\n");
        for line in Value::new(block.bytes.to_vec()).to_base64().as_bytes().chunks(64) {
            text.extend_from_slice(line);
            text.push(b'\n');
        }
        text.extend_from_slice(b"-----END CERTIFICATE-----\n");
    }
    Value::new(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(content: &str) -> String {
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", Value::new(content).to_base64())
    }

    #[test]
    fn the_new_one_comes_first_and_none_comes_twice() {
        let (one, two) = (certificate("one"), certificate("two"));
        let both = format!("{two}{one}");
        for (new, former, joined) in [(&two, &one, &both), (&two, &both, &both), (&two, &two, &two)] {
            let found = super::joined(&Value::new(new.trim_end()), &Value::new(former.as_str()));
            assert_eq!(found.expose_text(), Some(joined.as_str()));
        }
    }

    #[test]
    fn a_key_is_no_certificate() {
        let key = "-----BEGIN PRIVATE KEY-----\nYQ==\n-----END PRIVATE KEY-----\n";
        for (text, is) in [
            (certificate("one"), true),
            (String::new(), false),
            (key.to_owned(), false),
            (certificate("one") + key, false),
        ] {
            assert_eq!(is_certificates(&Value::new(text)), is);
        }
    }
}
