//! `--raw` of create, replace and delete: a request to a path that was typed, with a file as its body. The server's
//! response is printed unchanged.

use std::{
    ffi::{OsStr, OsString},
    io::Read as _,
    os::unix::ffi::OsStrExt as _,
};

use http::Method;
use zeroize::Zeroizing;

use super::{output::go_open_error, session};
use crate::{
    cli::flags::{ConnectionFlags, FileFlags},
    client::{Call, Path},
    context::Context,
    error::{Error, Result},
    receipts::Receipts,
    secret::Object,
    source::{self, MAX_BYTES, ReadError},
};
use go::errno;

/// The flags that matter together with `--raw`.
pub struct Beside<'a> {
    pub files: &'a FileFlags,
    /// `-o`; empty if it is not set.
    pub output: &'a str,
    /// Whether a file is required.
    pub needs_body: bool,
}

/// The resolved arguments.
struct Options {
    file: Option<OsString>,
    path: Path,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// Flags that exclude `--raw`, and an invalid path.
    fn resolve(raw: &str, beside: &Beside<'_>, flags: &ConnectionFlags) -> Result<Self> {
        let file = check(beside)?;
        let path = Path::raw(raw)?;
        if flags.rare.receipt.is_some() || flags.rare.journal == Some(true) {
            return Err(Error::new("--receipt and --journal tell of writes to objects, which --raw does not name"));
        }
        Ok(Self { file, path })
    }
}

/// Sends the request and prints the response.
///
/// # Errors
/// kubectl's, for flags that exclude `--raw`; what the server refuses, without the values of the body.
pub fn run(method: Method, raw: &str, beside: &Beside<'_>, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let Options { file, path } = Options::resolve(raw, beside, flags)?;
    let flags = ConnectionFlags { receipts: Receipts::default(), ..flags.clone() };
    let client = session::connect(&flags, ctx)?;
    let mut call = Call::new(method, path);
    let mut sent = Object::default();
    if let Some(file) = file {
        let body = read(&file, ctx)?;
        sent = serde_json::from_slice(&body).map(Object::new).unwrap_or_default();
        // Why JSON: kubectl sends no content type, and the server then takes the body for JSON.
        call = call.body(session::JSON, body.to_vec());
    }
    let answer = session::block_on(async { Ok(client.call(call).await.map_err(|failure| failure.redacted(&sent))?) })?;
    session::say_warnings(ctx, &answer);
    ctx.put(&answer.body)
}

fn check(beside: &Beside<'_>) -> Result<Option<OsString>> {
    let mut files = beside.files.filenames().filenames;
    if files.len() > 1 || (files.is_empty() && beside.needs_body) {
        return Err(Error::new("--raw can only use a single local file or stdin"));
    }
    if files.iter().any(|file| [&b"http://"[..], b"https://"].iter().any(|scheme| file.as_bytes().starts_with(scheme)))
    {
        return Err(Error::new("--raw cannot read from a url"));
    }
    if beside.files.recursive {
        return Err(Error::new("--raw and --recursive are mutually exclusive"));
    }
    if !beside.output.is_empty() {
        return Err(Error::new("--raw and --output are mutually exclusive"));
    }
    Ok(files.pop())
}

fn read(file: &OsStr, ctx: &mut Context) -> Result<Zeroizing<Vec<u8>>> {
    let too_long = || Error::new(format!("{} is longer than any request may be", file.display()));
    if file == "-" {
        let mut body = Zeroizing::new(Vec::new());
        let read = (&mut ctx.stdin).take(MAX_BYTES as u64 + 1).read_to_end(&mut body);
        read.map_err(|error| Error::new(format!("read /dev/stdin: {}", errno::text(&error))))?;
        return if body.len() > MAX_BYTES { Err(too_long()) } else { Ok(body) };
    }
    match source::read_file(&ctx.env.cwd().join(file)) {
        Ok(body) => Ok(Zeroizing::new(body.expose().to_vec())),
        Err(ReadError::Io(error)) => Err(Error::new(go_open_error(file, &error))),
        Err(ReadError::TooLong) => Err(too_long()),
    }
}
