//! The requests of a rotation: what each of them must say, and what is done when an answer does not tell whether it had an
//! effect.

use std::{cell::RefCell, rc::Rc, time::Duration};

use jiff::Timestamp;

use super::holder::Holder;
use crate::{
    client::{Answer, Call, Client, Collection, Failure, Name, Path},
    secret::Object,
};

/// How often a request is sent that had no clear answer.
const TRIES: u32 = 6;
/// How often a write is repeated that other writes came before.
const CONFLICTS: u32 = 20;
/// The first pause; each is twice as long as the one before.
const PAUSE: Duration = Duration::from_millis(100);

/// Where a rotation takes place.
pub struct Site<'s> {
    /// The server.
    pub client: &'s Client,
    /// The Secrets of the namespace.
    pub collection: Collection,
    /// The Secret.
    pub name: Name,
    /// Its companion.
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

    /// Returns a write with its parameters.
    pub fn write(&self, call: Call) -> Call {
        call.query("fieldManager", self.manager.clone())
    }

    /// Sends a request, and keeps the warnings of the server.
    ///
    /// # Errors
    /// The server's.
    pub async fn send(&self, call: Call) -> Result<Answer, Failure> {
        let answer = self.client.call(call).await?;
        self.warnings.borrow_mut().extend(answer.warnings.iter().cloned());
        Ok(answer)
    }

    /// Reads a Secret, and asks again where there is no clear answer.
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

/// Returns whether a failure leaves open if the request had an effect: there was no answer, the server failed, or it was too
/// busy.
pub fn is_unclear(failure: &Failure) -> bool {
    matches!(failure.code(), 0 | 429 | 500..)
}

/// Returns when an object was last written, by the clock of the server. Why not by this machine's: clocks differ.
pub fn written(object: &Object) -> Option<Timestamp> {
    let entries = object.json()["metadata"]["managedFields"].as_array()?;
    entries.iter().filter_map(|entry| entry["time"].as_str()?.parse().ok()).max()
}

/// The repetitions of one request.
#[derive(Default)]
pub struct Backoff(u32);

impl Backoff {
    /// Waits; `false` if it was repeated often enough.
    pub async fn again(&mut self) -> bool {
        self.0 += 1;
        if self.0 >= TRIES {
            return false;
        }
        tokio::time::sleep(PAUSE * 2_u32.pow(self.0 - 1)).await;
        true
    }
}

/// The repetitions of a write that reads before it writes.
#[derive(Default)]
pub struct Retries {
    backoff: Backoff,
    conflicts: u32,
}

impl Retries {
    /// Returns whether what failed is to be tried again, after a while if there was no clear answer.
    pub async fn again(&mut self, failure: &Failure) -> bool {
        if failure.is_conflict() {
            self.conflicts += 1;
            return self.conflicts < CONFLICTS;
        }
        is_unclear(failure) && self.backoff.again().await
    }
}
