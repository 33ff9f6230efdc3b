use super::{
    ber::{OCTETS, OID, Reader, SEQUENCE},
    *,
};

const STORE: &[u8] = include_bytes!("../../../tests/fixtures/tls/ed25519.p12");

/// Writes elements without lengths, and octet strings in pieces, as NSS and macOS do.
fn in_pieces(der: &[u8]) -> Vec<u8> {
    let mut reader = Reader(der);
    let mut written = Vec::new();
    let primitive = |tag: u8, content: &[u8]| {
        let length = u16::try_from(content.len()).expect("a small element").to_be_bytes();
        [&[tag, 0x82], &length[..], content].concat()
    };
    while let Some((tag, content)) = reader.next() {
        match tag {
            OCTETS => {
                let pieces = content.chunks(100).map(|piece| primitive(OCTETS, piece)).collect::<Vec<_>>();
                written.extend([&[OCTETS | 0x20, 0x80][..], &pieces.concat(), &[0, 0]].concat());
            }
            tag if tag & 0x20 != 0 => written.extend([&[tag, 0x80][..], &in_pieces(content), &[0, 0]].concat()),
            tag => written.extend(primitive(tag, content)),
        }
    }
    assert!(reader.0.is_empty());
    written
}

#[test]
fn a_file_may_be_without_lengths_and_in_pieces() {
    let store = pkcs12::open(STORE, "hunter2").map_err(|problem| format!("{problem:?}")).unwrap();
    let mut outer = Reader(STORE).enter(SEQUENCE).expect("a file");
    let (version, content, mac) =
        (outer.number(), outer.take(SEQUENCE).expect("a content"), outer.take(SEQUENCE).expect("a MAC"));
    assert_eq!(version, Some(3));
    // The parameters of ciphers stay in one piece everywhere.
    let sequence = |content: &[u8]| [&[SEQUENCE, 0x80][..], content, &[0, 0]].concat();
    let content = sequence(&in_pieces(content));
    let length = u8::try_from(mac.len()).expect("a small MAC");
    let file = sequence(&[&[2, 1, 3][..], &content, &[SEQUENCE, length], mac].concat());
    let again = pkcs12::open(&file, "hunter2").map_err(|problem| format!("{problem:?}")).unwrap();
    assert_eq!((again.keys, again.certificates), (store.keys, store.certificates));
    assert_eq!(pkcs12::open(&file, "hunter3").map(drop), Err(Problem::Passphrase));
}

#[test]
fn a_damaged_file_is_refused() {
    // One with few rounds.
    let store = include_bytes!("../../../tests/fuzz/corpus/keys/older.p12");
    assert!(pkcs12::open(store, "hunter2").is_ok());
    for length in 0..store.len() {
        assert!(pkcs12::open(&store[..length], "hunter2").is_err(), "{length}");
    }
    let taken = (0..store.len()).filter(|at| {
        let mut file = *store;
        file[*at] ^= 0x01;
        pkcs12::open(&file, "hunter2").is_ok()
    });
    // All is covered by the MAC or part of it, but the parameters that its digest does not have.
    let parameters = store.windows(4).rposition(|part| part == [0x02, 0x1a, 0x05, 0x00]).expect("SHA-1") + 2;
    assert!(taken.eq([parameters, parameters + 1]));
}

#[test]
fn elements_without_end_are_no_elements() {
    for data in [
        &b""[..],
        b"\x30",
        b"\x30\x80",
        b"\x30\x80\x00",
        b"\x30\x01",
        b"\x30\x85\x00\x00\x00\x00\x00",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x04\x80\x00\x00",
        b"\x1f\x01\x00",
        &[0x30, 0x80].repeat(100_000),
    ] {
        assert!(Reader(data).next().is_none(), "{:?}", data.get(..8));
    }
    assert_eq!(Reader(b"\x02\x05\x00\xff\xff\xff\xff").number(), Some(u32::MAX));
    for number in [&b"\x02\x01\xff"[..], b"\x02\x05\x01\x00\x00\x00\x00", b"\x02\x00", b"\x04\x01\x01"] {
        assert_eq!(Reader(number).number(), None);
    }
    let mut two = Reader(b"\x06\x01\x2a\x05\x00");
    assert_eq!(
        (two.take(OCTETS), two.take(OID), two.next(), two.next()),
        (None, Some(&b"\x2a"[..]), Some((5, &b""[..])), None)
    );
}

/// RFC 7292 has no vectors: this one is of the Bouncy Castle and OpenSSL test suites ("smeg", salt 0A58CF64530D823F).
#[test]
fn keys_are_derived_as_others_derive_them() {
    use super::cipher::{Purpose, derive_pkcs12};
    let salt = [0x0a, 0x58, 0xcf, 0x64, 0x53, 0x0d, 0x82, 0x3f];
    let passphrase = b"\0s\0m\0e\0g\0\0";
    let rounds = std::num::NonZeroU32::MIN;
    let key = derive_pkcs12(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, Purpose::Key, passphrase, &salt, rounds, 24);
    let wanted = "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3";
    assert_eq!(key.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), wanted);
}
