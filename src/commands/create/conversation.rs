//! `create` without arguments, on a terminal: asks for the parts of a Secret, checks each answer, prints the command
//! line with the same effect and runs it. Invariant: that line contains no value. Values are asked for, without echo,
//! when it runs.

use std::io::Write as _;

use clap::{Command, FromArgMatches as _, Subcommand as _};

use super::Kind;
use crate::{
    cli::{flags::ConnectionFlags, pflag},
    commands::spelled::{self, quoted},
    context::Context,
    error::{Error, Result},
    secret::{
        build::{Entries, check_key},
        details, tls, types,
        validate::names,
    },
    source::{self, generate::Spec},
};

/// The types, by subcommand, in the order in which they are offered.
const TYPES: [&str; 7] =
    ["generic", "docker-registry", "tls", "basic-auth", "ssh-auth", "bootstrap-token", "service-account-token"];

/// Asks the questions. Returns the command to run; `None` if the user declines.
///
/// # Errors
/// The end of standard input.
pub fn hold(flags: &ConnectionFlags, ctx: &mut Context) -> Result<Option<Kind>> {
    let mut line = Line { words: Vec::new(), ctx };
    let kind = TYPES[line.choose("Type", &TYPES)?];
    line.words.push(kind.to_owned());
    match kind {
        "generic" => line.generic()?,
        "docker-registry" => line.docker_registry()?,
        "tls" => line.tls()?,
        "basic-auth" => line.basic_auth()?,
        "ssh-auth" => line.ssh_auth()?,
        "bootstrap-token" => line.bootstrap_token()?,
        _ => line.service_account_token()?,
    }
    let Line { words, ctx } = line;
    let mut typed = vec![ctx.program.clone()];
    typed.extend(spelled::server(flags));
    typed.extend(flags.place.namespace.as_ref().map(|namespace| format!("--namespace={}", quoted(namespace))));
    typed.push("create".to_owned());
    typed.extend(words.iter().map(|word| quoted(word).into_owned()));
    ctx.say(format_args!("\n  {}\n", typed.join(" ")));
    let mut line = Line { words: Vec::new(), ctx };
    if line.choose("Run it", &["yes", "no"])? == 1 {
        line.ctx.say("Nothing was created.");
        return Ok(None);
    }
    let command = pflag::adapt(Kind::augment_subcommands(Command::new("create")).no_binary_name(true));
    // Invariant: the line consists of checked answers, so the definitions accept it.
    let mut matches = command.try_get_matches_from(words).map_err(|error| Error::new(error.kind()))?;
    Kind::from_arg_matches_mut(&mut matches).map(Some).map_err(|error| Error::new(error.kind()))
}

/// The command line, as far as it is known.
struct Line<'c> {
    words: Vec<String>,
    ctx: &'c mut Context,
}

impl Line<'_> {
    /// Asks until the answer is valid. `check` returns the error of an answer.
    fn ask(&mut self, question: &str, check: impl Fn(&Context, &str) -> Result<(), String>) -> Result<String> {
        loop {
            let _ = write!(self.ctx.stderr, "{question}: ");
            let _ = self.ctx.stderr.flush();
            let answer = self.answer()?;
            match check(self.ctx, &answer) {
                Ok(()) => return Ok(answer),
                Err(wrong) => self.ctx.say(format_args!("  {wrong}")),
            }
        }
    }

    /// Reads a line.
    fn answer(&mut self) -> Result<String> {
        let mut line = Vec::new();
        let mut byte = [0];
        loop {
            match self.ctx.stdin.read(&mut byte) {
                Ok(0) if line.is_empty() => {
                    return Err(Error::new("standard input has ended, and nothing was created"));
                }
                Ok(0) => break,
                Ok(_) if byte == *b"\n" => break,
                Ok(_) => line.extend(byte),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::new(format!("standard input: {}", go::errno::text(&error)))),
            }
        }
        Ok(String::from_utf8_lossy(&line).trim().to_owned())
    }

    /// Asks for one of several choices, by number, name or prefix of a name. An empty answer is the first choice.
    fn choose(&mut self, what: &str, choices: &[&str]) -> Result<usize> {
        let begins = |answer: &str| {
            let mut found = choices.iter().enumerate().filter(|(_, choice)| choice.starts_with(answer));
            found.next().filter(|_| found.next().is_none()).map(|(at, _)| at)
        };
        let number = |answer: &str| match (answer, answer.parse::<usize>()) {
            ("", _) => Some(0),
            (_, Ok(number)) => number.checked_sub(1).filter(|at| *at < choices.len()),
            _ => begins(answer),
        };
        let list: Vec<String> = choices.iter().enumerate().map(|(at, choice)| format!("{} {choice}", at + 1)).collect();
        let question = format!("{what} ({}) [{}]", list.join(", "), choices.first().unwrap_or(&""));
        let answer = self.ask(&question, |_, answer| match number(answer) {
            Some(_) => Ok(()),
            None => Err("a number or a name of the list is wanted".to_owned()),
        })?;
        Ok(number(&answer).unwrap_or_default())
    }

    fn name(&mut self) -> Result<()> {
        let name = self.ask("Name", |_, answer| match names::subdomain(answer).as_slice() {
            [] => Ok(()),
            wrong => Err(wrong.join("; ")),
        })?;
        self.words.push(name);
        Ok(())
    }

    /// Asks for a file, and adds it as a flag.
    fn file(&mut self, question: &str, flag: &str, check: impl Fn(&[u8]) -> Result<(), String>) -> Result<String> {
        let path = self.ask(question, |ctx, answer| {
            let value = source::read_file(&ctx.env.cwd().join(answer)).map_err(|error| match error {
                source::ReadError::Io(error) => go::errno::text(&error),
                source::ReadError::TooLong => "it is too long for a Secret".to_owned(),
            })?;
            check(value.expose())
        })?;
        self.words.push(format!("--{flag}={path}"));
        Ok(path)
    }

    fn required(&mut self, question: &str, flag: &str) -> Result<()> {
        let answer = self.ask(question, |_, answer| match answer {
            "" => Err("an answer is wanted".to_owned()),
            _ => Ok(()),
        })?;
        self.words.push(format!("--{flag}={answer}"));
        Ok(())
    }

    fn optional(&mut self, question: &str, flag: &str) -> Result<()> {
        let answer = self.ask(question, |_, _| Ok(()))?;
        if !answer.is_empty() {
            self.words.push(format!("--{flag}={answer}"));
        }
        Ok(())
    }

    /// Asks for the SPEC of a generated value, and adds it as a flag.
    fn generated(&mut self, key: &str) -> Result<Vec<String>> {
        let spec = |answer: &str| Spec::parse(&format!("{key}={answer}"));
        let question = "Made by (as random:32, uuid, passphrase, ssh)";
        let answer = self.ask(question, |_, answer| match spec(answer) {
            Ok(_) => Ok(()),
            Err(error) => Err([&[error.text()], error.hints()].concat().join("; ")),
        })?;
        self.words.push(format!("--generate={key}={answer}"));
        Ok(spec(&answer)?.keys())
    }

    fn generic(&mut self) -> Result<()> {
        self.name()?;
        let mut keys = Entries::default();
        loop {
            let key = self.ask("Key (Enter: no more)", |_, answer| match answer {
                "" => Ok(()),
                key => check_key(key).and_then(|()| keys.clone().add(key, Default::default())),
            })?;
            if key.is_empty() {
                return Ok(());
            }
            let made = match self.choose("Its value", &["typed unseen", "a file", "made here"])? {
                0 => {
                    self.words.push(format!("--prompt={key}"));
                    vec![key]
                }
                1 => {
                    self.file("File", &format!("from-file={key}"), |_| Ok(()))?;
                    vec![key]
                }
                _ => self.generated(&key)?,
            };
            for key in made {
                keys.add(key, Default::default()).map_err(Error::new)?;
            }
        }
    }

    fn docker_registry(&mut self) -> Result<()> {
        self.name()?;
        self.optional("Registry [https://index.docker.io/v1/]", "docker-server")?;
        self.required("User name", "docker-username")?;
        self.words.push("--docker-password-prompt".to_owned());
        Ok(())
    }

    fn tls(&mut self) -> Result<()> {
        self.name()?;
        if self.choose("Certificate", &["files", "self-signed"])? == 1 {
            let spec = |answer: &str| format!("tls=self-signed:{}", answer.replace(' ', ",name="));
            let names = self.ask("DNS names and addresses, with spaces between them", |_, answer| {
                Spec::parse(&spec(answer)).and_then(|spec| spec.make()).map(drop).map_err(|error| error.text())
            })?;
            self.words.push(format!("--generate={}", spec(&names)));
            return Ok(());
        }
        let certificate = self.file("File of the certificate", "cert", |_| Ok(()))?;
        let certificate = source::read_file(&self.ctx.env.cwd().join(certificate)).unwrap_or_default();
        self.file("File of its key", "key", |key| {
            tls::check_pair(certificate.expose(), key).map_err(|e| e.to_string())
        })?;
        Ok(())
    }

    fn basic_auth(&mut self) -> Result<()> {
        self.name()?;
        self.required("User name", "basic-username")?;
        match self.choose("Password", &["typed unseen", "made here"])? {
            0 => self.words.push("--basic-password-prompt".to_owned()),
            _ => drop(self.generated(types::PASSWORD_KEY)?),
        }
        Ok(())
    }

    fn ssh_auth(&mut self) -> Result<()> {
        self.name()?;
        if self.choose("Key", &["a file", "made here"])? == 1 {
            self.words.push(format!("--generate={}=ssh", types::SSH_PRIVATE_KEY));
            return Ok(());
        }
        self.file("File of the private key", "ssh-privatekey", |key| {
            match details::ssh_key(types::SSH_PRIVATE_KEY, key) {
                Some(_) => Ok(()),
                None => Err("it holds no private key for SSH".to_owned()),
            }
        })?;
        Ok(())
    }

    fn bootstrap_token(&mut self) -> Result<()> {
        let is_time = |answer: &str| answer.is_empty() || go::duration::parse(answer).is_some();
        let ttl = self.ask("It expires after [24h]", |_, answer| match is_time(answer) {
            true => Ok(()),
            false => Err("a time is wanted, as 24h".to_owned()),
        })?;
        if !ttl.is_empty() {
            self.words.push(format!("--ttl={ttl}"));
        }
        self.optional("What it is for", "description")
    }

    fn service_account_token(&mut self) -> Result<()> {
        self.name()?;
        self.required("Service account", "service-account")
    }
}
