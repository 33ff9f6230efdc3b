//! Many objects at once: several requests are in flight, and what came of them is told in the order of the objects.

use std::collections::VecDeque;

use futures::{FutureExt as _, StreamExt as _, stream::FuturesOrdered};

use super::advice;
use crate::{
    client::Client,
    commands::{
        files,
        interrupt::{self, Watched, interrupted},
        outcome::{self, Notices},
        targets::Target,
    },
    context::Context,
    error::{Error, Result},
    manifest::Document,
    secret::resource::Resource,
};

/// `--parallel`.
#[derive(clap::Args, Debug, Clone, Copy)]
pub struct ParallelFlag {
    /// How many requests may be in flight at once; 1 for one after the other
    #[arg(long, value_name = "NUMBER", default_value_t = 16, value_parser = crate::cli::pflag::parse_count)]
    pub parallel: usize,
}

impl ParallelFlag {
    /// Returns the pace of work that one failure does not stop.
    pub fn through_failures(self) -> Pace {
        Pace { parallel: self.parallel, is_stopped_by_failure: false }
    }

    /// Returns the pace of work that ends with the first failure.
    pub fn to_first_failure(self) -> Pace {
        Pace { parallel: self.parallel, is_stopped_by_failure: true }
    }
}

/// How the work goes on.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    parallel: usize,
    is_stopped_by_failure: bool,
}

/// Which object is worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    // What differs most is compared first.
    name: String,
    namespace: String,
    resource: Resource,
}

impl Key {
    /// Returns whether one has to wait for the other: they are one object, or one is the namespace of the other.
    fn is_related(&self, other: &Self) -> bool {
        let holds = |namespace: &Self, object: &Self| {
            namespace.resource == Resource::Namespaces
                && object.resource != Resource::Namespaces
                && namespace.name == object.namespace
        };
        self == other || holds(self, other) || holds(other, self)
    }
}

/// What works on one object.
pub trait Subject {
    /// Returns the object, `None` if there is none to be found; `client` has the namespace of those that name none.
    fn key(&self, client: &Client) -> Option<Key>;

    /// Returns what is wrong with the object itself, to stand beside what a server says of it.
    fn advice(&self) -> Option<String> {
        None
    }
}

impl Subject for Document {
    fn key(&self, client: &Client) -> Option<Key> {
        let object = &self.object;
        let resource = files::resource(self);
        let namespace = match resource {
            Resource::Namespaces => "",
            Resource::Secrets => object.namespace().filter(|n| !n.is_empty()).unwrap_or(client.namespace()),
        };
        Some(Key { resource, namespace: namespace.to_owned(), name: object.name().to_owned() })
    }

    fn advice(&self) -> Option<String> {
        advice::of(self)
    }
}

impl Subject for Target {
    fn key(&self, _: &Client) -> Option<Key> {
        let namespace = self.namespace().unwrap_or_default().to_owned();
        Some(Key { resource: self.resource(), namespace, name: self.name.as_str().to_owned() })
    }
}

impl<S: Subject> Subject for Result<S> {
    fn key(&self, client: &Client) -> Option<Key> {
        self.as_ref().ok()?.key(client)
    }

    fn advice(&self) -> Option<String> {
        self.as_ref().ok()?.advice()
    }
}

/// Does `work` to each of `subjects`, several at once, and has `print` tell what came of each, in their order. Ctrl-C lets
/// what is in flight end, and begins nothing more.
///
/// # Errors
/// Every failure; after Ctrl-C, how far it came.
pub async fn each<S: Subject, T>(
    subjects: Vec<S>,
    pace: Pace,
    client: &Client,
    ctx: &mut Context,
    work: impl AsyncFn(S, &mut Notices) -> Result<T>,
    print: impl FnMut(T, &mut Context) -> Result<()>,
) -> Result<()> {
    outcome::all(attempt(subjects, pace, client, ctx, work, print).await?)
}

/// Works as [`each`] does, and returns the failures of work that came to its end.
///
/// Invariant: of two that are about one object, or of which one is the namespace of the other, the later begins when the
/// earlier is done.
///
/// # Errors
/// Why it ended before: a failure that stops it, or Ctrl-C.
pub async fn attempt<S: Subject, T>(
    subjects: Vec<S>,
    pace: Pace,
    client: &Client,
    ctx: &mut Context,
    work: impl AsyncFn(S, &mut Notices) -> Result<T>,
    mut print: impl FnMut(T, &mut Context) -> Result<()>,
) -> Result<Vec<Error>> {
    let begin = async |subject: S| {
        let mut notices = Notices::default();
        let advice = subject.advice();
        let done = work(subject, &mut notices).await;
        (notices, done.map_err(|error| error.hints_of(advice.as_deref())))
    };
    let count = subjects.len();
    let mut interrupts = (count > 1).then(interrupt::watch).flatten();
    let mut waiting = subjects.into_iter().peekable();
    let mut flying = FuturesOrdered::new();
    let mut keys: VecDeque<Option<Key>> = VecDeque::new();
    let mut failures = Vec::new();
    let (mut told, mut is_over) = (0, false);
    loop {
        while !is_over
            && flying.len() < pace.parallel
            && let Some(subject) = waiting.peek()
        {
            let key = subject.key(client);
            if key.as_ref().is_some_and(|key| keys.iter().flatten().any(|other| other.is_related(key))) {
                break;
            }
            keys.push_back(key);
            flying.extend(waiting.next().map(&begin));
        }
        let event = match next(&mut flying, &mut interrupts).now_or_never() {
            Some(event) => event,
            None => {
                // Why: what is done is seen while the rest is waited for.
                let _ = ctx.flush_stdout();
                next(&mut flying, &mut interrupts).await
            }
        };
        let (notices, done) = match event {
            Event::Done(outcome) => outcome,
            Event::End => break,
            Event::Interrupt if is_over => return Err(interrupted(Error::silent(1))),
            Event::Interrupt => {
                is_over = true;
                continue;
            }
        };
        keys.pop_front();
        told += 1;
        let printed = notices.tell(ctx).and(done).and_then(|done| print(done, ctx));
        failures.extend(printed.err());
        if pace.is_stopped_by_failure && !failures.is_empty() {
            return Err(Error::many(failures));
        }
    }
    // Also where all is done: what was to come after it is not, nor is what a shell's script does next.
    if is_over {
        failures.push(Error::new(match count - told {
            0 => format!("interrupted: all {count} objects are done"),
            rest => format!("interrupted: {told} of {count} objects are done, {rest} were not begun"),
        }));
        return Err(interrupted(Error::many(failures)));
    }
    Ok(failures)
}

enum Event<T> {
    Done(T),
    /// All that was begun is done.
    End,
    Interrupt,
}

async fn next<F: Future>(flying: &mut FuturesOrdered<F>, interrupts: &mut Option<Watched>) -> Event<F::Output> {
    tokio::select! {
        biased;
        () = Watched::next(interrupts) => Event::Interrupt,
        outcome = flying.next() => outcome.map_or(Event::End, Event::Done),
    }
}
