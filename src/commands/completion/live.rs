//! Live completion: answers a completion script each time Tab is pressed.
//!
//! cobra's scripts call `PROGRAM __complete WORD... LAST`, and kubectl calls plugins as `kubectl_complete-NAME WORD...
//! LAST` (see `main`). The scripts of this program pass the words on standard input, each followed by a NUL. Invariant:
//! the process prints only candidates, asks nothing on the terminal, exits with status 0, and does so before its
//! deadline.

use std::{
    ffi::OsString,
    fs::File,
    io::Read,
    os::unix::ffi::OsStringExt as _,
    process::{Child, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    process::setsid,
    stdio::{dup2_stderr, dup2_stdin},
};

use super::{
    answer::{Answer, Shell},
    ask::{Access, Asking, ask},
    objects,
    question::{Question, Wanted},
    values,
};
use crate::{
    cli::{
        pflag::{self, Expects, Typed},
        resources::resource_word,
    },
    commands::{
        self,
        fallback::{Plan, Program},
        receipt,
    },
    context::{Context, Env},
    error::Result,
};

/// The deadline. Why: together with starting and ending the process this is half a second, which a user accepts after
/// pressing Tab.
const TIME: Duration = Duration::from_millis(450);

/// The variable that sets another deadline.
const TIMEOUT: &str = "KSECRET_COMPLETION_TIMEOUT";

/// Flags whose values are secret.
const HOLDING: [&str; 7] =
    ["--from-literal", "--docker-password", "--password", "--token", "--patch", "-p", "--auth-provider-arg"];

/// The most that is read of the words, and of the fallback's answer.
const MOST: u64 = 4 << 20;

/// The first word of a completion request, with descriptions.
pub const DESCRIBED: &str = "__complete";
/// As [`DESCRIBED`], without descriptions.
pub const PLAIN: &str = "__completeNoDesc";

/// The request of a completion script.
#[derive(Debug)]
pub struct Asked {
    /// The words up to the cursor, without the program's name. Empty if they are to be read from standard input.
    words: Vec<OsString>,
    /// Whether candidates have descriptions.
    describes: bool,
}

impl Asked {
    /// Parses a request; `None` if it is another command line.
    pub fn of(words: &[OsString]) -> Option<Self> {
        let (first, rest) = words.split_first()?;
        let describes = match first.to_str() {
            Some(DESCRIBED) => true,
            Some(PLAIN) => false,
            _ => return None,
        };
        Some(Self { words: rest.to_vec(), describes })
    }
}

/// A command line up to the cursor.
#[derive(Debug, Clone)]
struct Line {
    /// The words before the one under the cursor.
    words: Vec<OsString>,
    /// The word under the cursor, as far as it is typed.
    last: String,
}

impl Line {
    fn of(mut words: Vec<OsString>) -> Option<Self> {
        let last = words.pop()?.to_string_lossy().into_owned();
        Some(Self { words, last })
    }
}

/// Prints the answer before the deadline.
///
/// # Errors
/// If the answer cannot be written.
pub fn run(asked: Asked, ctx: &mut Context) -> Result<()> {
    let time = time(&ctx.env);
    let end = Instant::now() + if time.is_zero() { TIME } else { time };
    let Asked { words, describes } = asked;
    let words = if words.is_empty() && !ctx.terminals.stdin { words_of(&mut ctx.stdin) } else { words };
    let mut answer = Answer::default();
    if let Some(line) = Line::of(words) {
        let access = Access { detached: detach(), servers: !time.is_zero() };
        let (ours, theirs) = whose(&line, &ctx.env);
        let theirs = theirs.filter(|_| access.servers && access.detached);
        let mut fallback =
            theirs.and_then(|(program, words)| Fallback::ask(&program, &words, &line, describes, &ctx.env));
        if ours {
            // Why in a thread that is never joined: a file, a plugin or a store may block for ever, and the end of the
            // process ends the thread. A credential plugin that is still running is not killed: it could lose a token
            // that it is renewing.
            let env = ctx.env.clone();
            answer = within(end, &in_background(move || own(&line, &env, access)));
        }
        if let Some(fallback) = &mut fallback {
            answer.add(fallback.answer(end));
        }
    }
    ctx.put(answer.lines(describes))
}

/// Returns the deadline: [`TIME`], or what the variable says.
fn time(env: &Env) -> Duration {
    let typed = env.non_empty(TIMEOUT).and_then(|text| pflag::parse_duration(text).ok());
    typed.and_then(|nanos| u64::try_from(nanos).ok()).map_or(TIME, Duration::from_nanos)
}

/// Reads words, each followed by a NUL.
fn words_of(stdin: &mut dyn Read) -> Vec<OsString> {
    let mut text = Vec::new();
    let _ = stdin.take(MOST).read_to_end(&mut text);
    let mut words: Vec<_> = text.split(|byte| *byte == 0).map(|word| OsString::from_vec(word.to_vec())).collect();
    // PowerShell adds a newline to what it pipes.
    words.pop();
    words
}

/// Detaches this process and its children from the terminal. Returns whether they can no longer open it.
fn detach() -> bool {
    let null = File::options().read(true).write(true).open("/dev/null");
    let silent = null.is_ok_and(|null| dup2_stdin(&null).and_then(|()| dup2_stderr(&null)).is_ok());
    // `setsid` fails for a process group leader. That is fine if its session has no terminal.
    silent && (setsid().is_ok() || File::open("/dev/tty").is_err())
}

/// Returns whether this program completes the line, and the fallback with its words if it takes part.
fn whose(line: &Line, env: &Env) -> (bool, Option<(Program, Vec<OsString>)>) {
    match Plan::of(line.words.clone(), env) {
        Plan::Theirs(program, words) => (false, Some((program, words))),
        Plan::Telling(program, words) => (true, Some((program, words))),
        Plan::Shared(job) => {
            let first = job.parts.words.first().map(|word| word.to_string_lossy()).unwrap_or_default();
            let kind = first.split('/').next().unwrap_or_default();
            let is_ours = kind.split(',').all(|kind| resource_word(kind).is_some()) && !line.last.starts_with('-');
            (true, (!is_ours).then_some((job.program, job.words)))
        }
        Plan::Ours(_) | Plan::Local(_) | Plan::Completion(_) => (true, None),
    }
}

/// Runs a function in a thread of its own.
fn in_background<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Receiver<T> {
    let (send, receive) = mpsc::channel();
    // Why: as large as the main thread's stack, which the nested data that is read here is limited to fit into.
    let _ = thread::Builder::new().stack_size(8 << 20).spawn(move || send.send(work()));
    receive
}

fn within<T: Default>(end: Instant, receive: &Receiver<T>) -> T {
    receive.recv_timeout(end.saturating_duration_since(Instant::now())).unwrap_or_default()
}

/// Returns the candidates for commands of this program.
fn own(line: &Line, env: &Env, access: Access) -> Answer {
    let (words, helps) = without_help(&line.words);
    let Some(typed) = Typed::of(commands::command_of(&words), &words, &line.last) else {
        return Answer::default();
    };
    let question = match helps && matches!(typed.expects, Expects::Word(_)) {
        true => Question::known(&line.last, typed.subcommands()),
        false => question(&typed, &line.last),
    };
    let mut candidates = question.known.clone();
    if let Some(flags) = commands::connection(&typed.parts) {
        // Invariant: errors are not printed. If the lookup fails, there are no candidates from it.
        let found = ask(&Asking { flags: &flags, env, access }, &question).unwrap_or_default();
        candidates.extend(found.into_iter().map(|text| (text, String::new())));
    }
    candidates.retain(|(text, _)| text.starts_with(&question.stem));
    for (text, _) in &mut candidates {
        text.insert_str(0, &question.lead);
    }
    let shell = match question.wanted {
        Wanted::Files => Shell::Files,
        Wanted::Directories => Shell::Directories,
        _ => Shell::Nothing,
    };
    Answer { candidates, shell }
}

/// Returns the question that the words pose, without looking anything up.
fn question(typed: &Typed, last: &str) -> Question {
    match &typed.expects {
        Expects::Flag => {
            let mut flags = typed.flags();
            let verb = typed.parts.path.first().map_or("", String::as_str);
            flags.retain(|flag| receipt::is_offered(&flag.text, verb));
            Question::known(last, flags)
        }
        Expects::Value { flag, lead, value } => {
            let question = values::of(typed, flag, value);
            Question { lead: format!("{lead}{}", question.lead), ..question }
        }
        Expects::Word(ended) => objects::of(typed, last, *ended),
    }
}

/// Removes the word `help` that stands in the place of a verb. Returns the other words, and whether it was there.
fn without_help(words: &[OsString]) -> (Vec<OsString>, bool) {
    let mut words = words.to_vec();
    let at = pflag::first_word_at(&commands::program(), &words);
    let helps = at.and_then(|at| words.get(at)).is_some_and(|word| word == "help");
    if let Some(at) = at.filter(|_| helps) {
        words.remove(at);
    }
    (words, helps)
}

/// Returns the words without the values of flags for entries and credentials. Why: other users can read the arguments
/// of the fallback's process, and the user has not run this command line yet.
fn without_values(words: &[OsString]) -> Vec<OsString> {
    let mut is_value = false;
    let blank = |word: &OsString| {
        let text = word.to_string_lossy();
        let (flag, value) = text.split_once('=').map_or((&*text, None), |(flag, value)| (flag, Some(value)));
        let holds = HOLDING.contains(&flag);
        match (std::mem::replace(&mut is_value, holds && value.is_none()), holds && value.is_some()) {
            (true, _) => OsString::new(),
            (_, true) => format!("{flag}=").into(),
            _ => word.clone(),
        }
    };
    words.iter().map(blank).collect()
}

/// A fallback that was started.
struct Fallback {
    child: Child,
    text: Receiver<Vec<u8>>,
}

impl Fallback {
    /// Starts the fallback as cobra's scripts would; `None` if it cannot be started.
    fn ask(program: &Program, words: &[OsString], line: &Line, describes: bool, env: &Env) -> Option<Self> {
        let verb = if describes { DESCRIBED } else { PLAIN };
        let args = [&[verb.into()], without_values(words).as_slice(), &[line.last.clone().into()]].concat();
        let mut command = program.command(&args, env).ok()?;
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let stdout = child.stdout.take()?;
        let text = in_background(move || {
            let mut text = Vec::new();
            stdout.take(MOST).read_to_end(&mut text).map(|_| text).unwrap_or_default()
        });
        Some(Self { child, text })
    }

    /// Returns its answer; an empty one if it is not there before the deadline.
    fn answer(&mut self, end: Instant) -> Answer {
        let text = within(end, &self.text);
        let _ = self.child.kill();
        let _ = self.child.wait();
        Answer::read(&String::from_utf8_lossy(&text))
    }
}
