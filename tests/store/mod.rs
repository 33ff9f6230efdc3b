//! The store of the built program under what happens to files and processes: SIGKILL, full disks, limits, files and mounts
//! that are read-only. What was acknowledged is there, what was answered 500 was not applied.

mod full_disk;
mod killed;
mod ledger;
pub mod mounts;
mod read_only;

use crate::support;
