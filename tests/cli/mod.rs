//! What a person or a script meets on the command line: the main job, bad input, servers that misbehave, signals.

mod apply;
mod bad_input;
mod bytes;
mod completion;
mod config;
mod crowd;
mod describe;
mod endless;
mod fallback;
mod first_minutes;
mod grammar;
mod help;
mod hostile;
mod interrupted;
mod kustomize;
mod label;
mod lifeline;
mod local;
mod main_job;
mod many;
mod names;
mod old_flags;
mod plugins;
mod process;
mod prune;
mod replace;
mod selectors;
mod servers;
mod store;
mod subresource;
mod usage;
mod wait;
mod with_server;

use crate::support;
