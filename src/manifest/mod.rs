//! Text to objects: YAML and JSON, several documents, `List`, `-f`, `-R`, kustomizations.
