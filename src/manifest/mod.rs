//! Text to objects: YAML and JSON, several documents, `List`, `-f`, `-R`, kustomizations.

pub mod yaml;

/// An I/O error in Go's words: lower case, no number.
fn io_text(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        std::io::ErrorKind::NotADirectory => "not a directory".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().to_lowercase()
        }
    }
}
// STUB
#[allow(missing_docs)]
mod stub {
    use crate::{context::Context, error::Result, secret::Object};
    pub struct Origin {
        pub path: String,
        pub document: usize,
        pub line: usize,
    }
    pub struct Document {
        pub origin: Origin,
        pub object: Object,
    }
    pub struct Filenames {
        pub filenames: Vec<String>,
        pub kustomize: Option<String>,
        pub recursive: bool,
    }
    pub fn load(_: &Filenames, _: &mut Context) -> Result<Vec<Result<Document>>> {
        Ok(vec![])
    }
}
pub use stub::*;
