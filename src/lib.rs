//! `ksecret`: kubectl for Secrets. This page is the map of the crate.
//!
//! | module | what lives there | may use |
//! | --- | --- | --- |
//! | [`go`] (a crate) | Go's text conventions, on which kubectl's output rests: quoting, numbers, durations, JSON, templates | nothing |
//! | [`guard`] (a crate) | what holds values: they show no content and wipe themselves; bounded reads | nothing |
//! | [`platform`] (a crate) | what depends on the operating system, and portable ways beside it | nothing |
//! | [`environment`] (a crate) | what surrounds the process: variables, working directory, files | `guard` |
//! | [`yaml`] (a crate) | YAML as kubectl reads and writes it | `go`, `guard` |
//! | [`cli`] | what can be typed: kubectl's flag syntax, shared flag groups | `client`, `receipts`, `manifest`, `secret`, `go`, `guard`, `error` |
//! | [`commands`] | one file a command: `Args` → `Options` → `run` | everything; of `server` its handle |
//! | [`secret`] (a crate) | what a Secret is: types, rules, builders, validation, merges, hash | `go`, `guard` |
//! | [`findings`] (a crate) | what is wrong with Secrets: rules with stable codes, what they find, what to do about it | `secret`, `go` |
//! | [`client`] (a crate) | kubeconfig → connection → request → answer, over a tower Service | `secret`, `yaml`, `go`, `guard`, `environment`, `platform` |
//! | [`source`] | where entries come from: literals, files, streams, maps | `secret`, `go`, `guard`, `platform`, `context`, `error` |
//! | [`hooks`] | programs of the user's that take part in a rotation: their values, their output, their end | `secret`, `platform`, `go`, `context`, `error` |
//! | [`manifest`] (a crate) | text to objects: `-f`, `-R`, `-k` | `secret`, `yaml`, `go`, `guard`, `context`, `error` |
//! | [`print`] (a crate) | objects to bytes: every output format | `secret`, `yaml`, `go`, `context`, `error` |
//! | [`private`] | what only this user may read: keys, and texts that are sealed with them | `context` |
//! | [`receipts`] | what is told of writes: receipts, and the journal | `private`, `client`, `secret`, `go`, `context`, `error` |
//! | [`edit`] | the conversation with an editor, and the file it happens in | `private`, `secret`, `print`, `yaml`, `go`, `platform`, `context`, `error` |
//! | [`server`] (a crate) | the embedded API server, itself such a Service | `secret`, `yaml`, `go`, `guard`, `platform` |
//! | [`context`] (a crate) | the process's surroundings, passed in: environment, streams, clock | `environment`, `secret`, `error` |
//! | [`error`] (a crate) | the one error type, with its words and exit status | `client`, `go` |
//!
//! Dependencies point one way; `secret` knows neither async nor I/O. Only `main` ends the process, only `environment` reads
//! the variables; lints hold both, and a test holds this table. A Secret's values travel as [`secret::Value`] or
//! [`secret::Object`], whose `Debug` shows sizes and names, never content.

pub mod cli;
pub mod commands;
pub mod edit;
pub mod hooks;
pub mod private;
#[cfg(test)]
#[path = "../tests/support/properties.rs"]
mod properties;
pub mod receipts;
pub mod source;

pub use client;
pub use context;
pub use error;
pub use findings;
pub use manifest;
pub use print;
pub use secret;
pub use server;
