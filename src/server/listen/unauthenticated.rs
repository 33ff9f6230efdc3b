//! Connections before their first authenticated request: limited in number and in time. If there is no room for
//! another, the connection is ended that has kept the server waiting longest, those first that have sent nothing yet.
//! Why: a client that has the token sends its handshake and request at once, so clients without it cannot keep it out.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    task::AbortHandle,
    time::Instant,
};

use super::timeouts::Timeouts;

/// How many connections there may be.
#[derive(Debug, Clone, Copy)]
pub struct Capacity {
    /// Connections that have authenticated.
    pub authenticated: usize,
    /// Connections that have not.
    pub unauthenticated: usize,
}

impl Capacity {
    const MOST: Self = Self { authenticated: 4096, unauthenticated: 512 };

    /// Returns the capacity for the file descriptors that this process may open. Why not all of them: the rest is for
    /// files and for connections that are ending.
    pub fn of_process() -> Self {
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        Self {
            authenticated: (limit / 3).clamp(1, Self::MOST.authenticated),
            unauthenticated: (limit / 4).clamp(1, Self::MOST.unauthenticated),
        }
    }
}

/// All connections that have not authenticated.
pub struct Unauthenticated {
    most: usize,
    timeouts: Timeouts,
    queue: Mutex<Queue>,
    /// Notified when a connection leaves the queue.
    left: Notify,
    /// A permit for each connection that has authenticated.
    authenticated: Arc<Semaphore>,
}

/// The connections by the step that the server waits for, and in the order in which that wait began.
#[derive(Default)]
struct Queue {
    steps: [BTreeMap<u64, Waiting>; STEPS],
    next: u64,
}

/// The steps: the beginning of the TLS handshake, its end, an authenticated request.
const STEPS: usize = 3;

struct Waiting {
    since: Instant,
    /// The task that serves the connection; set right after it was spawned.
    task: Option<AbortHandle>,
}

/// The position of a connection in the queue.
#[derive(Clone, Copy)]
struct Position {
    step: usize,
    number: u64,
}

impl Queue {
    fn add(&mut self, step: usize, task: Option<AbortHandle>) -> Position {
        self.next += 1;
        let place = Position { step: step.min(STEPS - 1), number: self.next };
        self.steps[place.step].insert(place.number, Waiting { since: Instant::now(), task });
        place
    }

    fn get(&mut self, place: Position) -> Option<&mut Waiting> {
        self.steps[place.step].get_mut(&place.number)
    }

    fn remove(&mut self, place: Position) -> Option<Waiting> {
        self.steps[place.step].remove(&place.number)
    }

    fn len(&self) -> usize {
        self.steps.iter().map(BTreeMap::len).sum()
    }
}

impl Unauthenticated {
    /// Returns a queue without connections.
    pub fn new(capacity: Capacity, timeouts: Timeouts) -> Arc<Self> {
        Arc::new(Self {
            most: capacity.unauthenticated,
            timeouts,
            queue: Mutex::default(),
            left: Notify::new(),
            authenticated: Arc::new(Semaphore::new(capacity.authenticated)),
        })
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns `true` if there is no room for another connection.
    pub fn is_full(&self) -> bool {
        self.queue().len() >= self.most
    }

    /// Makes room by ending a connection, or waits a moment for room.
    ///
    /// Invariant: before this call the server must have processed all data that has arrived
    /// ([`super::threads::Threads::catch_up`]). Otherwise it could end a connection whose client has done its part and
    /// waits for the server.
    pub async fn make_room(&self) {
        let Some(next) = self.evict(true) else { return };
        tokio::select! {
            () = self.left.notified() => {}
            () = tokio::time::sleep_until(next) => {}
        }
    }

    /// Ends connections that have waited longest until an eighth of the places is free; if `patient`, only those whose
    /// time for their step is over. Returns when that of the next one will be, if the queue is still full.
    pub fn evict(&self, patient: bool) -> Option<Instant> {
        let mut queue = self.queue();
        let now = Instant::now();
        let mut next = None::<Instant>;
        let timeout_of_step = [self.timeouts.hello, self.timeouts.step, self.timeouts.step];
        for (step, timeout) in timeout_of_step.into_iter().enumerate() {
            while queue.len() + self.most / 8 >= self.most
                && let Some(first) = queue.steps[step].first_entry()
            {
                let until = first.get().since + timeout;
                if patient && until > now {
                    next = next.into_iter().chain([until]).min();
                    break;
                }
                if let Some(task) = first.remove().task {
                    task.abort();
                }
            }
        }
        next.filter(|_| queue.len() >= self.most)
    }

    /// Adds a new connection.
    pub fn enter(self: &Arc<Self>) -> Arc<Authenticating> {
        let place = self.queue().add(0, None);
        Arc::new(Authenticating {
            of: Arc::clone(self),
            place: Mutex::new(Some(place)),
            passed: AtomicBool::new(false),
            permit: Mutex::default(),
            deadline: Instant::now() + self.timeouts.authentication,
        })
    }
}

/// A connection's state in authentication; kept as long as the connection.
pub struct Authenticating {
    of: Arc<Unauthenticated>,
    /// Its position in the queue; `None` once it has left it.
    place: Mutex<Option<Position>>,
    passed: AtomicBool,
    /// Held as long as the connection, once it has authenticated.
    permit: Mutex<Option<OwnedSemaphorePermit>>,
    deadline: Instant,
}

impl Authenticating {
    fn place(&self) -> MutexGuard<'_, Option<Position>> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the task that serves the connection, which is aborted to end it.
    pub fn served_by(&self, task: AbortHandle) {
        let place = *self.place();
        if let Some(place) = place
            && let Some(waiting) = self.of.queue().get(place)
        {
            waiting.task = Some(task);
        }
    }

    /// Moves the connection to the end of the queue of its next step.
    pub fn step(&self) {
        let mut place = self.place();
        let Some(old) = *place else { return };
        let mut queue = self.of.queue();
        // `None`: the connection is being ended.
        if let Some(waiting) = queue.remove(old) {
            *place = Some(queue.add(old.step + 1, waiting.task));
        }
    }

    /// Records an authenticated request. Returns `false` if the limit of authenticated connections is reached.
    pub fn pass(&self) -> bool {
        if self.passed.load(Ordering::Acquire) {
            return true;
        }
        let Ok(permit) = Arc::clone(&self.of.authenticated).try_acquire_owned() else { return false };
        // Invariant: the permit is held before `passed` is published, so a connection that counts as authenticated has
        // one.
        *self.permit.lock().unwrap_or_else(PoisonError::into_inner) = Some(permit);
        self.passed.store(true, Ordering::Release);
        self.leave();
        true
    }

    /// Waits for the end of the time to authenticate; never returns for a connection that has authenticated.
    pub async fn overdue(&self) {
        tokio::time::sleep_until(self.deadline).await;
        if self.passed.load(Ordering::Acquire) {
            std::future::pending().await
        }
    }

    /// Returns when the time to authenticate ends.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    fn leave(&self) {
        if let Some(place) = self.place().take()
            && self.of.queue().remove(place).is_some()
        {
            self.of.left.notify_one();
        }
    }
}

impl Drop for Authenticating {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SHORT: Timeouts = Timeouts {
        authentication: Duration::from_millis(200),
        hello: Duration::from_millis(20),
        step: Duration::from_millis(60),
        ..Timeouts::SERVER
    };

    fn pool(unauthenticated: usize) -> Arc<Unauthenticated> {
        Unauthenticated::new(Capacity { authenticated: 1, unauthenticated }, SHORT)
    }

    /// Returns a connection that is served until it is aborted.
    fn served(pool: &Arc<Unauthenticated>) -> (Arc<Authenticating>, tokio::task::JoinHandle<()>) {
        let authenticating = pool.enter();
        let task = tokio::spawn(std::future::pending());
        authenticating.served_by(task.abort_handle());
        (authenticating, task)
    }

    /// Waits for room; returns how long that took.
    async fn room(pool: &Unauthenticated) -> Duration {
        let begun = Instant::now();
        while pool.is_full() {
            pool.make_room().await;
        }
        begun.elapsed()
    }

    #[tokio::test]
    async fn the_one_that_says_nothing_makes_room_and_then_the_one_that_waits_longest() {
        let pool = pool(3);
        let [first, second, third] = [0; 3].map(|_| served(&pool));
        first.0.step();
        third.0.step();
        assert!(room(&pool).await >= SHORT.hello);
        assert!(second.1.await.is_err_and(|error| error.is_cancelled()), "it said nothing");
        first.0.step();
        let fourth = served(&pool);
        fourth.0.step();
        fourth.0.step();
        let begun = Instant::now();
        room(&pool).await;
        assert!(third.1.await.is_err_and(|error| error.is_cancelled()), "it is behind the others");
        let fifth = served(&pool);
        fifth.0.step();
        fifth.0.step();
        room(&pool).await;
        assert!(first.1.await.is_err_and(|error| error.is_cancelled()), "it waits longest");
        assert!(begun.elapsed() >= SHORT.step / 2 && !fourth.1.is_finished() && !fifth.1.is_finished());
    }

    #[tokio::test]
    async fn a_client_has_time_for_a_step_and_one_that_authenticates_makes_room() {
        let pool = pool(2);
        let (first, second) = (served(&pool), served(&pool));
        assert!(second.0.pass() && second.0.pass());
        pool.make_room().await;
        assert!(!first.1.is_finished() && !pool.is_full());
        let third = served(&pool);
        assert!(pool.is_full() && !third.0.pass(), "there is room for one");
        drop(second.0);
        assert!(third.0.pass() && !pool.is_full() && !first.1.is_finished());
    }

    #[tokio::test]
    async fn only_one_that_has_not_authenticated_is_overdue() {
        let pool = pool(2);
        let (known, unknown) = (pool.enter(), pool.enter());
        assert!(known.pass());
        unknown.overdue().await;
        assert!(tokio::time::timeout(SHORT.step, known.overdue()).await.is_err());
    }
}
