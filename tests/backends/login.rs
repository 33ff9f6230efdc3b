//! A client of PostgreSQL that logs in, by its protocol, with a password in the clear.

use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

/// Logs in and out.
///
/// # Errors
/// What the server says, or that there is none.
pub fn log_in(address: SocketAddr, user: &str, password: &str) -> Result<(), String> {
    let text = |error: io::Error| error.to_string();
    let mut stream = TcpStream::connect(address).map_err(text)?;
    // Version 3.0, then names and values, and an empty name.
    let mut startup = vec![0, 3, 0, 0];
    for word in ["user", user, "database", "postgres", ""] {
        startup.extend_from_slice(word.as_bytes());
        startup.push(0);
    }
    send(&mut stream, None, &startup).map_err(text)?;
    loop {
        let (kind, body) = receive(&mut stream).map_err(text)?;
        match (kind, body.get(..4)) {
            // AuthenticationCleartextPassword
            (b'R', Some([0, 0, 0, 3])) => {
                let password = [password.as_bytes(), b"\0"].concat();
                send(&mut stream, Some(b'p'), &password).map_err(text)?;
            }
            (b'R', Some([0, 0, 0, 0])) => {}
            (b'Z', _) => return send(&mut stream, Some(b'X'), b"").map_err(text),
            (b'E', _) => return Err(String::from_utf8_lossy(&body).replace('\0', " ")),
            (b'S' | b'K' | b'N', _) => {}
            _ => return Err(format!("a message {:?} that is not expected", char::from(kind))),
        }
    }
}

fn send(stream: &mut TcpStream, kind: Option<u8>, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len() + 4).expect("a small message").to_be_bytes();
    let message = [kind.as_slice(), &length, body].concat();
    stream.write_all(&message)
}

fn receive(stream: &mut TcpStream) -> io::Result<(u8, Vec<u8>)> {
    let (mut kind, mut length) = ([0], [0; 4]);
    stream.read_exact(&mut kind)?;
    stream.read_exact(&mut length)?;
    let mut body = vec![0; u32::from_be_bytes(length).saturating_sub(4) as usize];
    stream.read_exact(&mut body)?;
    Ok((kind[0], body))
}
