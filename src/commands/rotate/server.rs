//! The requests of a rotation: their parameters, and how they are repeated if it is not known whether one had an
//! effect.

use std::{cell::RefCell, rc::Rc, time::Duration};

use jiff::Timestamp;

use super::holder::Holder;
use crate::{
    client::{Answer, Call, Client, Collection, Failure, Name, Path},
    secret::Object,
};

/// How often a request without a clear response is sent.
const TRIES: u32 = 6;
/// How often a write is repeated after conflicts.
const CONFLICTS: u32 = 20;
/// The first pause. Each pause is twice as long as the one before.
const PAUSE: Duration = Duration::from_millis(100);

/// The place of a rotation.
pub struct Site<'s> {
    /// The server.
    pub client: &'s Client,
    /// The Secrets of the namespace.
    pub collection: Collection,
    /// The Secret's name.
    pub name: Name,
    /// The companion's name.
    pub companion: Name,
    /// `fieldManager` of the writes.
    pub manager: String,
    /// This process.
    pub holder: Holder,
    /// The warnings of the server.
    pub warnings: Rc<RefCell<Vec<String>>>,
}

impl Site<'_> {
    /// Returns the namespace.
    pub fn namespace(&self) -> &str {
        self.collection.namespace().unwrap_or_default()
    }

    /// Returns the path of a Secret.
    pub fn path(&self, name: &Name) -> Path {
        self.collection.object(name)
    }

    /// Returns a write with its query parameters.
    pub fn write(&self, call: Call) -> Call {
        call.query("fieldManager", self.manager.clone())
    }

    /// Sends a request, and collects the server's warnings.
    ///
    /// # Errors
    /// The server's.
    pub async fn send(&self, call: Call) -> Result<Answer, Failure> {
        let answer = self.client.call(call).await?;
        self.warnings.borrow_mut().extend(answer.warnings.iter().cloned());
        Ok(answer)
    }

    /// Reads a Secret; repeats the request if the response is not clear.
    ///
    /// # Errors
    /// The server's.
    pub async fn get(&self, name: &Name) -> Result<Object, Failure> {
        let mut backoff = Backoff::default();
        loop {
            let outcome = self.send(Call::get(self.path(name))).await;
            match outcome.and_then(|answer| answer.object_named(Some(self.namespace()), name.as_str())) {
                Err(failure) if is_unclear(&failure) && backoff.again().await => {}
                outcome => return outcome,
            }
        }
    }
}

/// Returns whether it is unknown if the request had an effect: there was no response, the server failed, or it was too
/// busy.
pub fn is_unclear(failure: &Failure) -> bool {
    matches!(failure.code(), 0 | 429 | 500..)
}

/// Returns when an object was last stored, by the server's clock. Why not by this machine's: their clocks differ.
pub fn written(object: &Object) -> Option<Timestamp> {
    let entries = object.json()["metadata"]["managedFields"].as_array()?;
    entries.iter().filter_map(|entry| entry["time"].as_str()?.parse().ok()).max()
}

/// Repetitions of one request.
#[derive(Default)]
pub struct Backoff(u32);

impl Backoff {
    /// Waits before the next attempt. Returns `false` after the last one.
    pub async fn again(&mut self) -> bool {
        self.0 += 1;
        if self.0 >= TRIES {
            return false;
        }
        tokio::time::sleep(PAUSE * 2_u32.pow(self.0 - 1)).await;
        true
    }
}

/// Repetitions of a write, each of which reads the object first.
#[derive(Default)]
pub struct Retries {
    backoff: Backoff,
    conflicts: u32,
}

impl Retries {
    /// Returns whether the write is to be repeated. Waits first if the response was not clear.
    pub async fn again(&mut self, failure: &Failure) -> bool {
        if failure.is_conflict() {
            self.conflicts += 1;
            return self.conflicts < CONFLICTS;
        }
        is_unclear(failure) && self.backoff.again().await
    }
}
