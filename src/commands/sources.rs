//! The flags for the sources of entries, shared by `create generic` and `set`.

use std::ffi::OsString;

use guard::Typed;

use super::create::prompt;
use crate::{
    cli::{
        flags::DecryptFlag,
        pflag::{self, Fields},
    },
    context::Context,
    error::{Error, Result},
    secret::Value,
    source::{
        Sources,
        generate::Spec,
        own::{self, Own},
    },
};

/// `--generate`, of `create` and `set`.
#[derive(clap::Args, Debug)]
pub struct GenerateFlag {
    /// Make a value: random, uuid, passphrase, self-signed, …; repeatable
    ///
    /// SPEC is random[:LENGTH][,alphabet=NAME][,unambiguous] (32 characters if not said; alphabets: alphanumeric, letters, lower,
    /// upper, digits, lower-alphanumeric, printable, and password, which has letters, digits and signs, one of each at least),
    /// uuid, hex[:BYTES], base64[:BYTES], base64url[:BYTES], bytes[:BYTES], passphrase[:WORDS][,separator=TEXT], ed25519 or
    /// ecdsa[:CURVE] (a private key in PKCS#8), ssh[,comment=TEXT] (a pair of keys, as KEY and KEY.pub) or
    /// self-signed:NAME[,name=NAME]...[,days=DAYS][,key=ecdsa|ed25519] (a certificate and its key, as KEY.crt and KEY.key).
    #[arg(long, value_name = "KEY=SPEC")]
    generate: Vec<String>,
}

impl GenerateFlag {
    /// Returns the flag as if these texts had been typed.
    #[cfg(test)]
    pub fn of(typed: &[&str]) -> Self {
        Self { generate: typed.iter().map(|typed| (*typed).to_owned()).collect() }
    }

    /// Parses every SPEC.
    ///
    /// # Errors
    /// [`Spec::parse`]'s.
    pub fn specs(&self) -> Result<Vec<Spec>> {
        self.generate.iter().map(|typed| Spec::parse(typed)).collect()
    }
}

/// The sources of kubectl and further ones.
#[derive(clap::Args, Debug)]
pub struct SourceFlags {
    /// Add an entry: all after the first = is its value; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    from_literal: Vec<Typed<OsString>>,
    /// Add a file, under its name or KEY, or all files of a directory; repeatable
    #[arg(long, value_name = "[KEY=]PATH", value_parser = pflag::paths())]
    from_file: Vec<Fields<OsString>>,
    /// Add an entry for each KEY=VALUE line of a file; repeatable
    #[arg(long, value_name = "FILE", value_parser = pflag::paths())]
    from_env_file: Vec<Fields<OsString>>,
    /// Add standard input under KEY, byte for byte; it must not be empty
    #[arg(long, value_name = "KEY")]
    from_stdin: Option<String>,
    /// Add the value of an environment variable, if not empty; repeatable
    #[arg(long, value_name = "KEY=VARIABLE")]
    from_env: Vec<OsString>,
    /// Add what an open file descriptor holds, if not empty; repeatable
    #[arg(long, value_name = "KEY=NUMBER")]
    from_fd: Vec<OsString>,
    /// Add the entries of a dotenv file, quotes read and each $ kept; repeatable
    #[arg(long, value_name = "FILE")]
    from_dotenv: Vec<OsString>,
    /// Add the members of a JSON object of strings, numbers and booleans; repeatable
    #[arg(long, value_name = "FILE")]
    from_json: Vec<OsString>,
    /// Add the entries of a YAML map of strings, numbers and booleans; repeatable
    #[arg(long, value_name = "FILE")]
    from_yaml: Vec<OsString>,
    /// Take one newline off each value of --from-file, --from-stdin and --from-fd
    #[arg(long)]
    strip_newline: bool,
    /// Ask for the value of KEY, twice and unseen; repeatable
    #[arg(long, value_name = "KEY")]
    prompt: Vec<String>,
    #[command(flatten)]
    decrypt: DecryptFlag,
}

impl SourceFlags {
    /// Adds a file: `KEY=PATH`.
    pub fn add_file(&mut self, typed: OsString) {
        self.from_file.push(vec![typed].into());
    }

    /// Adds standard input as the value of a key.
    ///
    /// # Errors
    /// Standard input is already used for another key.
    pub fn add_stdin(&mut self, key: &str) -> Result<()> {
        match self.from_stdin.replace(key.to_owned()) {
            None => Ok(()),
            Some(_) => Err(Error::new("standard input can be read once, and more than one key takes it")),
        }
    }

    /// Reads all entries, with additional literals. Returns them sorted by key.
    ///
    /// # Errors
    /// A source that cannot be read, an invalid or duplicate key.
    pub fn collect(mut self, literals: Vec<Typed<OsString>>, ctx: &mut Context) -> Result<Vec<(String, Value)>> {
        self.from_literal.extend(literals);
        let sources = Sources {
            literals: self.from_literal,
            files: Fields::flatten(self.from_file),
            env_files: Fields::flatten(self.from_env_file),
            strip_newline: self.strip_newline,
            decrypt: self.decrypt.resolve()?,
        };
        let own = Own {
            stdin: self.from_stdin,
            variables: self.from_env,
            descriptors: self.from_fd,
            dotenv: self.from_dotenv,
            json: self.from_json,
            yaml: self.from_yaml,
            prompts: self.prompt,
        };
        own::collect(&own, &sources, prompt::ask, ctx)
    }
}
