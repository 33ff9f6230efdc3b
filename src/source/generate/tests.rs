//! A generated value meets its SPEC.

use proptest::prelude::*;

use super::Spec;
use crate::secret::{details, tls};

fn made(spec: &str) -> Vec<(String, Vec<u8>)> {
    let spec = Spec::parse(&format!("k={spec}")).map_err(|error| error.text()).unwrap();
    let made = spec.make().map_err(|error| error.text()).unwrap();
    assert_eq!(made.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>(), spec.keys());
    made.into_iter().map(|(key, value)| (key, value.expose().to_vec())).collect()
}

fn text(spec: &str) -> String {
    String::from_utf8(made(spec).remove(0).1).unwrap()
}

#[test]
fn text_has_the_form_of_its_generator() {
    let uuid = text("uuid");
    assert_eq!(uuid.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    assert_eq!(&uuid[14..15], "4");
    assert!("89ab".contains(&uuid[19..20]));
    assert_eq!(text("hex").len(), 64);
    assert_eq!(text("hex:3").len(), 6);
    assert_eq!(text("base64:3").len(), 4);
    assert_eq!(text("base64url:32").len(), 43);
    assert_eq!(made("bytes:7").remove(0).1.len(), 7);
    assert_eq!(text("random").len(), 32);
    assert_eq!(text("passphrase").split('-').count(), 6);
    assert_eq!(text("passphrase:3,separator= ").split(' ').count(), 3);
    assert_ne!(text("random"), text("random"));
}

#[test]
fn keys_and_certificates_are_read_again() {
    for spec in ["self-signed:a.example", "self-signed:a.example,name=::1,days=1", "self-signed:a,key=ed25519"] {
        let pair = made(spec);
        tls::check_pair(&pair[0].1, &pair[1].1).unwrap();
    }
    let pair = made("ssh,comment=a@b");
    let key = details::ssh_key("k", &pair[0].1).expect("a key");
    assert!(!key.is_encrypted);
    let line = String::from_utf8(pair[1].1.clone()).unwrap();
    assert!(line.starts_with("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI") && line.ends_with(" a@b\n"), "{line}");
    for spec in ["ed25519", "ecdsa", "ecdsa:P-384"] {
        let pem = text(spec);
        assert!(rcgen::KeyPair::from_pem(&pem).is_ok(), "{spec}");
    }
}

proptest! {
    #![proptest_config(crate::properties::config(256))]
    #[test]
    fn random_text_is_of_its_alphabet(
        length in 4_usize..200,
        name in prop::sample::select(vec![
            "alphanumeric", "letters", "lower", "upper", "digits", "lower-alphanumeric", "password", "printable",
        ]),
        unambiguous in any::<bool>(),
    ) {
        let of = |byte: u8| match name {
            "letters" => byte.is_ascii_alphabetic(),
            "lower" => byte.is_ascii_lowercase(),
            "upper" => byte.is_ascii_uppercase(),
            "digits" => byte.is_ascii_digit(),
            "lower-alphanumeric" => byte.is_ascii_lowercase() || byte.is_ascii_digit(),
            "password" => byte.is_ascii_alphanumeric() || b"-._~+=".contains(&byte),
            "printable" => byte.is_ascii_graphic(),
            _ => byte.is_ascii_alphanumeric(),
        };
        let suffix = if unambiguous { ",unambiguous" } else { "" };
        let made = text(&format!("random:{length},alphabet={name}{suffix}"));
        prop_assert_eq!(made.len(), length);
        prop_assert!(made.bytes().all(of));
        prop_assert!(!unambiguous || !made.bytes().any(|byte| super::random::AMBIGUOUS.contains(&byte)));
        if name == "password" {
            prop_assert!(made.bytes().any(|byte| byte.is_ascii_digit()));
            prop_assert!(made.bytes().any(|byte| byte.is_ascii_uppercase()));
        }
    }

    /// What is typed is never repeated, and nothing panics.
    #[test]
    fn a_bad_spec_is_refused_without_its_text(spec in "[a-z]{0,8}[:=,a-zA-Z0-9]{0,20}Q7") {
        if let Err(error) = Spec::parse(&format!("k={spec}")) {
            prop_assert!(!error.text().contains("Q7"));
        }
    }
}
