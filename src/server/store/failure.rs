//! Failures of the store.

use rusqlite::{ErrorCode, ffi::SQLITE_IOERR_SHMSIZE};

/// A failure of the store: the disk is full, the file is not a store, another process keeps it locked. The text names
/// files and objects, never content.
#[derive(Debug, Clone)]
pub struct Failure {
    text: String,
    hint: Option<String>,
    scope: Scope,
}

/// What a failure concerns besides the request that met it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// One object only; other requests go on.
    Object,
    /// The transaction in which the statement failed, and so all requests that share it.
    Transaction,
}

impl Failure {
    /// Returns a failure of a statement or of the store as a whole.
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), hint: None, scope: Scope::Transaction }
    }

    /// Returns a failure that concerns one object.
    pub(super) fn of_object(text: impl Into<String>) -> Self {
        Self { scope: Scope::Object, ..Self::new(text) }
    }

    /// Adds the command or the change that helps.
    #[must_use]
    pub(super) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Returns the command or the change that helps, if there is one.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    pub(super) fn scope(&self) -> Scope {
        self.scope
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Failure {}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        // Why not rusqlite's own text: it may quote SQL and, with it, parameters.
        let text = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => "the disk is full",
            // Why: SQLite reports a `-shm` that cannot grow as an I/O error, never as a full disk.
            Some(ErrorCode::SystemIoFailure)
                if error.sqlite_error().is_some_and(|error| error.extended_code == SQLITE_IOERR_SHMSIZE) =>
            {
                "its -shm cannot grow: the disk is full, or files may not become larger"
            }
            Some(ErrorCode::SystemIoFailure) => "the file cannot be read or written: input/output error",
            Some(ErrorCode::OutOfMemory) => "there is not enough memory",
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "another process keeps the file locked",
            Some(ErrorCode::ReadOnly) => "the file is read-only",
            Some(ErrorCode::CannotOpen) => "the file, its -wal or its -shm cannot be opened",
            Some(ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied) => {
                "access to the file is denied"
            }
            Some(ErrorCode::DatabaseCorrupt) => "the file is damaged",
            Some(ErrorCode::NotADatabase) => "the file is not a ksecret store",
            Some(code) => return Self::new(format!("SQLite failed: {code:?}")),
            None => "the file has unexpected content",
        };
        Self::new(text)
    }
}
