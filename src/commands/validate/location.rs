//! Where a finding is: the object, the field, and the line in a file.

use crate::{
    findings::Finding,
    manifest::Document,
    secret::{Object, sanitize},
};

/// The object of findings.
#[derive(Debug, Clone)]
pub(super) struct Location {
    pub(super) kind: String,
    /// Empty if the document has none.
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) file: Option<File>,
    /// The uid and the version, on a server.
    pub(super) uid: String,
    pub(super) version: String,
    pub(super) is_immutable: bool,
}

/// A document of a file.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) document: usize,
    /// Whether the document was built from the file, and is not in it.
    pub(super) is_built: bool,
}

impl Location {
    /// Returns the location of an object on a server.
    pub(super) fn of_object(object: &Object) -> Self {
        let text = |field: &str| object.json()["metadata"][field].as_str().unwrap_or_default().to_owned();
        Self {
            uid: text("uid"),
            version: text("resourceVersion"),
            is_immutable: object.json()["immutable"] == true,
            kind: object.kind().to_owned(),
            namespace: object.namespace().unwrap_or_default().to_owned(),
            name: object.name().to_owned(),
            file: None,
        }
    }

    /// Returns the location of a document. `built` is the kustomization that it was built from.
    pub(super) fn of_document(document: &Document, built: Option<&str>) -> Self {
        let (path, is_built) = (built.unwrap_or(&document.origin.path).to_owned(), built.is_some());
        let file = File { path, document: document.origin.document, is_built };
        Self { file: Some(file), ..Self::of_object(&document.object) }
    }

    /// Returns `secret/NAME` with its namespace.
    pub(super) fn shown(&self) -> String {
        let name = if self.name.is_empty() { "(no name)" } else { &self.name };
        let within =
            if self.namespace.is_empty() { String::new() } else { format!(" in namespace {}", self.namespace) };
        sanitize::line(&format!("{}/{name}{within}", self.kind.to_lowercase())).into_owned()
    }

    /// Returns whether `--fix` can correct the object where it is.
    pub(super) fn is_repairable(&self) -> bool {
        self.file.is_none() || self.is_editable()
    }

    /// Returns whether the document is in a file that can be opened at its line.
    pub(super) fn is_editable(&self) -> bool {
        self.file.as_ref().is_some_and(|file| file.path != "STDIN" && !file.path.contains("://") && !file.is_built)
    }
}

/// Sets the field of a finding to the one that the document has, since values may be in `stringData`. Returns its line.
pub(super) fn locate(finding: &mut Finding, document: &Document) -> usize {
    if let [first, key] = finding.field.as_mut_slice()
        && first == "data"
        && document.object.json()["stringData"].get(&*key).is_some()
    {
        "stringData".clone_into(first);
    }
    let path: Vec<&str> = finding.field.iter().map(String::as_str).collect();
    document.nearest_line(&path)
}

/// Returns the path of a field as the API server writes it: `data[tls.key]`, `spec.containers[0].env[1].name`.
pub(super) fn field(path: &[String]) -> String {
    const MAPS: [&str; 4] = ["annotations", "data", "labels", "stringData"];
    let mut text = String::new();
    let mut is_in_map = false;
    for part in path {
        match is_in_map || part.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
            true => text.push_str(&format!("[{part}]")),
            false if text.is_empty() => text.push_str(part),
            false => text.push_str(&format!(".{part}")),
        }
        is_in_map = MAPS.contains(&part.as_str());
    }
    sanitize::line(&text).into_owned()
}

/// Returns the sentence of a finding with its field, on one line.
pub(super) fn message(finding: &Finding) -> String {
    let sentence = sanitize::line(&finding.sentence);
    match finding.field.is_empty() {
        true => sentence.into_owned(),
        false => format!("{}: {sentence}", field(&finding.field)),
    }
}
