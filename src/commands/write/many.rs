//! Work on many objects: several requests are in flight, and the results are reported in the order of the objects.

use std::collections::VecDeque;

use futures::{StreamExt as _, stream::FuturesUnordered};

use super::advice;
use crate::{
    cli::flags::DryRun,
    client::Client,
    commands::{
        files,
        outcome::{self, Notices},
        progress::{Run, Verb},
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
    /// Keep up to NUMBER requests in flight; 1 sends one after the other
    #[arg(long, value_name = "NUMBER", default_value_t = 16, value_parser = crate::cli::pflag::parse_count)]
    pub parallel: usize,
}

impl ParallelFlag {
    /// Returns the pace of work that continues after failures. `done` is the participle of its result: `created`.
    pub fn through_failures(self, done: &'static str, dry_run: DryRun) -> Pace {
        Pace { parallel: self.parallel, is_stopped_by_failure: false, verb: Verb { done, dry_run } }
    }

    /// Returns the pace of work that ends with the first failure.
    pub fn to_first_failure(self, done: &'static str, dry_run: DryRun) -> Pace {
        Pace { is_stopped_by_failure: true, ..self.through_failures(done, dry_run) }
    }
}

/// How work on many objects proceeds.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    parallel: usize,
    is_stopped_by_failure: bool,
    verb: Verb,
}

/// The identity of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    // Why first: names differ most, and fields are compared in order.
    name: String,
    namespace: String,
    resource: Resource,
}

impl Key {
    /// Returns whether one must wait for the other: both are the same object, or one is the Namespace of the other.
    fn is_related(&self, other: &Self) -> bool {
        let holds = |namespace: &Self, object: &Self| {
            namespace.resource == Resource::Namespaces
                && object.resource != Resource::Namespaces
                && namespace.name == object.namespace
        };
        self == other || holds(self, other) || holds(other, self)
    }
}

/// An input of work on one object.
pub trait Subject {
    /// Returns the object; `None` if it is not known. `client` has the namespace for objects without one.
    fn key(&self, client: &Client) -> Option<Key>;

    /// Returns what is wrong with the object itself, as a hint to a refusal by the server.
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

/// The notices and the result of work on one object.
type Outcome<T> = (Notices, Result<T>);

/// Does `work` on each of `subjects`, several at once, and calls `print` with each result, in their order. A subject is
/// taken when its turn has come. After SIGINT or SIGTERM requests in flight are completed, and no new ones are begun.
///
/// # Errors
/// Every failure; after a signal, the progress.
pub async fn each<S: Subject, T>(
    subjects: impl IntoIterator<Item = S, IntoIter: ExactSizeIterator>,
    pace: Pace,
    client: &Client,
    ctx: &mut Context,
    work: impl AsyncFn(S, &mut Notices) -> Result<T>,
    print: impl FnMut(T, &mut Context) -> Result<()>,
) -> Result<()> {
    outcome::all(attempt(subjects, pace, client, ctx, work, print).await?)
}

/// As [`each`], but returns the failures of work that came to its end.
///
/// Invariant: if two subjects are the same object, or one is the Namespace of the other, the later one begins when the
/// earlier one is done.
///
/// # Errors
/// Why the work ended early: a failure that stops it, or a signal.
pub async fn attempt<S: Subject, T>(
    subjects: impl IntoIterator<Item = S, IntoIter: ExactSizeIterator>,
    pace: Pace,
    client: &Client,
    ctx: &mut Context,
    work: impl AsyncFn(S, &mut Notices) -> Result<T>,
    mut print: impl FnMut(T, &mut Context) -> Result<()>,
) -> Result<Vec<Error>> {
    let begin = async |at: usize, subject: S| {
        let mut notices = Notices::default();
        let advice = subject.advice();
        let done = work(subject, &mut notices).await;
        (at, (notices, done.map_err(|error| error.hints_of(advice.as_deref()))))
    };
    let subjects = subjects.into_iter();
    let mut run = Run::begin(pace.verb, subjects.len(), ctx);
    let mut waiting = subjects.enumerate().peekable();
    let mut flying = FuturesUnordered::new();
    // Work that was begun and is not reported yet: its key and its result. The first is that of the object number
    // `told`.
    let mut begun: VecDeque<(Option<Key>, Option<Outcome<T>>)> = VecDeque::new();
    let mut failures = Vec::new();
    let mut told = 0;
    let left = loop {
        while !run.is_over()
            && begun.len() < pace.parallel
            && let Some((_, subject)) = waiting.peek()
        {
            let key = subject.key(client);
            if key
                .as_ref()
                .is_some_and(|key| begun.iter().filter_map(|(key, _)| key.as_ref()).any(|other| other.is_related(key)))
            {
                break;
            }
            begun.push_back((key, None));
            flying.extend(waiting.next().map(|(at, subject)| begin(at, subject)));
        }
        let in_flight = flying.len();
        let left = match run.next(in_flight, ctx, flying.next()).await {
            Some(None) => break 0,
            Some(Some((at, outcome))) => {
                if let Some((_, slot)) = begun.get_mut(at - told) {
                    *slot = Some(outcome);
                }
                None
            }
            None => Some(in_flight),
        };
        // Results are reported in order; abandoned work does not hold back those after it.
        while left.is_some() || begun.front().is_some_and(|(_, outcome)| outcome.is_some()) {
            let Some((_, outcome)) = begun.pop_front() else { break };
            told += 1;
            let Some((notices, done)) = outcome else { continue };
            if !notices.is_idle() {
                run.progress.count(done.is_ok());
            }
            let printed = notices.tell(ctx).and(done).and_then(|done| print(done, ctx));
            run.progress.shown(ctx);
            failures.extend(printed.err());
            // After a signal the loop ends by itself.
            if pace.is_stopped_by_failure && !failures.is_empty() && !run.is_over() {
                ctx.erase();
                return Err(Error::many(failures));
            }
        }
        if let Some(left) = left {
            break left;
        }
    };
    run.end(failures, left, ctx)
}
