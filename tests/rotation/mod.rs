//! `rotate` under what happens to processes, servers and connections: whatever it is, the backend accepts what the Secret
//! holds, and the rotation comes to its end or back to its beginning.

mod answers;
mod backend;
mod crowd;
mod interrupts;
mod kills;
mod makers;
mod model;
mod proxy;
mod scenarios;
mod stage;

use crate::{client, support};
