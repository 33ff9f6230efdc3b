//! The latest writes, read from the store and written down once for all watches of the process: however many there are, a
//! write is parsed once. Without a watch nothing is remembered.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
};

use bytes::Bytes;

use crate::{
    encode,
    http::call::serve,
    store::{Compacted, Event, Failure, Store, Stored},
};

/// How many writes are remembered, and how many bytes of them. Watches are rarely further behind.
const KEPT: usize = 64;
const KEPT_BYTES: usize = 4 << 20;

/// A write, and what watches say of it.
pub struct CachedEvent {
    /// The write.
    pub event: Event,
    /// In JSON, whole: the state after as an addition and as a change, the state before as a deletion.
    lines: [OnceLock<Bytes>; 3],
}

impl CachedEvent {
    fn new(event: Event) -> Self {
        Self { event, lines: Default::default() }
    }

    /// The line that tells a watch of this write: an object of it as a `kind` of event.
    pub fn line(&self, kind: &str, object: &Stored, revision: u64) -> Bytes {
        let write = || encode::json::event(kind, &serve(self.event.resource, object.object.clone(), Some(revision)));
        let [added, modified, deleted] = &self.lines;
        let line = match kind {
            "ADDED" => added,
            "MODIFIED" => modified,
            "DELETED" => deleted,
            _ => return write().into(),
        };
        line.get_or_init(|| write().into()).clone()
    }

    /// About how many bytes it has.
    fn size(&self) -> usize {
        let strings = |stored: &Stored| {
            let data = stored.object["data"].as_object().into_iter().flatten();
            data.map(|(_, value)| value.as_str().map_or(0, str::len)).sum::<usize>()
        };
        1_000 + [&self.event.old, &self.event.new].into_iter().flatten().map(strings).sum::<usize>()
    }
}

/// Where the watches of a server find each other.
#[derive(Default)]
pub struct WatchCache(Mutex<Weak<Cache>>);

impl WatchCache {
    /// What the watches that there are remember together.
    pub fn join(&self) -> Arc<Cache> {
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let new = Arc::new(Cache::default());
            *shared = Arc::downgrade(&new);
            new
        })
    }
}

/// The latest writes; gone with the last watch.
#[derive(Default)]
pub struct Cache(Mutex<Writes>);

/// All writes after revision `after`, up to the last of them.
#[derive(Default)]
struct Writes {
    after: u64,
    events: VecDeque<Arc<CachedEvent>>,
    bytes: usize,
}

impl Cache {
    /// Up to `limit` writes after revision `after`, as [`Store::events`] gives them.
    pub fn events(
        &self,
        store: &Store,
        after: u64,
        limit: usize,
    ) -> Result<Result<Vec<Arc<CachedEvent>>, Compacted>, Failure> {
        let mut writes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if writes.after <= after {
            let begin = writes.events.partition_point(|happened| happened.event.revision <= after);
            let known = writes.events.range(begin..).take(limit).cloned().collect::<Vec<_>>();
            if !known.is_empty() {
                let forgotten = after < store.oldest()?;
                return Ok(if forgotten { Err(Compacted) } else { Ok(known) });
            }
        }
        let Ok(events) = store.events(after, limit)? else { return Ok(Err(Compacted)) };
        let events = events.into_iter().map(|event| Arc::new(CachedEvent::new(event))).collect::<Vec<_>>();
        writes.remember(after, &events);
        Ok(Ok(events))
    }
}

impl Writes {
    fn remember(&mut self, after: u64, events: &[Arc<CachedEvent>]) {
        let last = self.events.back().map_or(self.after, |happened| happened.event.revision);
        // Why: a watch that is behind reads from the store; one that is ahead leaves a gap that no other will ask for.
        if events.is_empty() || after < last {
            return;
        }
        if after > last {
            *self = Self { after, ..Self::default() };
        }
        for happened in events {
            self.bytes += happened.size();
            self.events.push_back(Arc::clone(happened));
        }
        while (self.events.len() > KEPT || self.bytes > KEPT_BYTES)
            && let Some(oldest) = self.events.pop_front()
        {
            self.bytes -= oldest.size();
            self.after = oldest.event.revision;
        }
    }
}
