//! Objects made of the bytes of an input: a byte is a choice, so that each change of a byte is another object.

use serde_json::{Map, Value as Json, json};

use super::MARKER;

/// Choices that are left.
pub struct Dice<'a> {
    left: &'a [u8],
    /// Whether the marker may stand anywhere, not only where values do.
    marked: bool,
}

impl<'a> Dice<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        Self { left: data, marked: true }
    }

    /// A number below `end`; 0 when no choices are left.
    pub fn below(&mut self, end: usize) -> usize {
        match self.left.split_first() {
            Some((first, rest)) => {
                self.left = rest;
                usize::from(*first) % end
            }
            None => 0,
        }
    }

    fn is(&mut self, one_in: usize) -> bool {
        self.below(one_in) == one_in - 1
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of.get(self.below(of.len())).copied().unwrap_or_default()
    }

    /// A value that may stand in a Secret.
    fn value(&mut self) -> Json {
        self.one(&["", "MQ==", "Mg==", MARKER, "aHVudGVyMi16eDlR", "not base64"]).into()
    }

    fn texts(&mut self, names: &[&str]) -> Json {
        let mut map = Map::new();
        for _ in 0..self.below(4) {
            let name = self.one(names).to_owned();
            map.insert(name, self.value());
        }
        Json::Object(map)
    }

    /// Names that stand once each.
    fn names(&mut self, of: &[&str]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for _ in 0..self.below(5) {
            let name = self.one(of).to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn owners(&mut self) -> Json {
        let uids = self.names(&["1", "2", "3", "4"]);
        let owner = |uid: &String| json!({"apiVersion": "v1", "kind": "Secret", "uid": uid, "name": self.one(&["p", "q", "r"])});
        Json::Array(uids.iter().map(owner).collect())
    }

    /// A Secret whose fields have their types. None of them is null, and what merges by a key has each key once.
    pub fn secret(&mut self) -> Json {
        let mut metadata = Map::new();
        metadata.insert("name".to_owned(), "s".into());
        metadata.insert("namespace".to_owned(), "n".into());
        for name in ["labels", "annotations"] {
            if self.is(3) {
                metadata.insert(name.to_owned(), self.texts(&["a", "b", "example.com/c", secret::LAST_APPLIED]));
            }
        }
        if self.is(3) {
            metadata.insert("finalizers".to_owned(), self.names(&["x/1", "x/2", "x/3", "x/4"]).into());
        }
        if self.is(3) {
            metadata.insert("ownerReferences".to_owned(), self.owners());
        }
        let mut secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": metadata});
        if let Json::Object(secret) = &mut secret {
            if !self.is(4) {
                secret.insert("data".to_owned(), self.texts(&["a", "b", "c", "tls.crt"]));
            }
            if self.is(4) {
                secret.insert("stringData".to_owned(), self.texts(&["a", "b", "c", "d"]));
            }
            if self.is(4) {
                secret.insert("type".to_owned(), self.one(&["Opaque", "example.com/t"]).into());
            }
            if self.is(4) {
                secret.insert("immutable".to_owned(), self.is(2).into());
            }
        }
        secret
    }

    /// A Secret, some of whose fields are anything.
    pub fn wild_secret(&mut self) -> Json {
        let mut secret = self.secret();
        for _ in 0..self.below(4) {
            let pointer = self.one(&[
                "/metadata/name",
                "/metadata/labels",
                "/metadata/finalizers",
                "/metadata/finalizers/0",
                "/metadata/ownerReferences",
                "/metadata/ownerReferences/0",
                "/metadata/ownerReferences/0/uid",
                "/metadata",
                "/data",
                "/data/a",
                "/stringData",
                "/type",
                "/apiVersion",
                "/kind",
                "",
            ]);
            // Names are shown, and so is what tells the elements of a list apart.
            self.marked = pointer.starts_with("/data") || pointer == "/stringData";
            let wild = self.json(3);
            self.marked = true;
            if let Some(place) = secret.pointer_mut(pointer) {
                *place = wild;
            }
        }
        if self.is(3) && secret["metadata"].is_object() {
            secret["metadata"]["managedFields"] = self.managed_fields();
        }
        secret
    }

    fn managed_fields(&mut self) -> Json {
        let mut entries = Vec::new();
        for _ in 0..self.below(4) {
            let mut entry = json!({"manager": self.one(&["a", "b", "kubectl", ""]), "operation": self.one(&["Update", "Apply"]),
                "apiVersion": "v1", "fieldsType": "FieldsV1", "time": self.one(&["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "x"]),
                "fieldsV1": self.fields(4)});
            if self.is(6) {
                let name = self.one(&["operation", "apiVersion", "fieldsType", "fieldsV1", "time", "subresource"]);
                entry[name] = self.json(2);
            }
            entries.push(entry);
        }
        entries.into()
    }

    /// A set of fields.
    pub fn fields(&mut self, depth: usize) -> Json {
        let mut fields = Map::new();
        for _ in 0..self.below(4) {
            let step = self.one(&[
                ".",
                "f:data",
                "f:a",
                "f:metadata",
                "f:finalizers",
                "v:\"x/1\"",
                "f:ownerReferences",
                "k:{\"uid\":\"1\"}",
                "f:labels",
                "f:",
                "i:0",
                "i:-1",
                "v:1.5",
                "k:{}",
                "x:",
                "k:[]",
            ]);
            let below = if depth == 0 { json!({}) } else { self.fields(depth - 1) };
            fields.insert(step.to_owned(), below);
        }
        fields.into()
    }

    /// Any JSON, of the names and texts that patches and managed fields know. The marker is never a name.
    pub fn json(&mut self, depth: usize) -> Json {
        match self.below(if depth == 0 { 6 } else { 10 }) {
            0 => Json::Null,
            1 => self.is(2).into(),
            2 => self.below(256).into(),
            3 => (self.below(256) as f64 / 8.0 - 9.0).into(),
            4 if self.marked => self.value(),
            4 => "text".into(),
            5 => self
                .one(&[
                    "a",
                    "1",
                    "x/1",
                    "delete",
                    "replace",
                    "merge",
                    "/data/a",
                    "/metadata/finalizers/0",
                    "/metadata/finalizers/-",
                    "",
                    "/",
                ])
                .into(),
            6 | 7 => (0..self.below(4)).map(|_| self.json(depth - 1)).collect(),
            _ => {
                let mut map = Map::new();
                for _ in 0..self.below(5) {
                    let name = self.one(&[
                        "data",
                        "metadata",
                        "finalizers",
                        "ownerReferences",
                        "uid",
                        "a",
                        "b",
                        "name",
                        "labels",
                        "annotations",
                        "stringData",
                        "type",
                        "status",
                        "conditions",
                        "op",
                        "path",
                        "from",
                        "value",
                        "$patch",
                        "$retainKeys",
                        "$setElementOrder/finalizers",
                        "$setElementOrder/ownerReferences",
                        "$deleteFromPrimitiveList/finalizers",
                        "$setElementOrder/a",
                        "$deleteFromPrimitiveList/a",
                        "$setElementOrder",
                        "immutable",
                    ]);
                    map.insert(name.to_owned(), self.json(depth - 1));
                }
                Json::Object(map)
            }
        }
    }

    /// A JSON patch.
    pub fn operations(&mut self) -> Json {
        let path = |dice: &mut Self| {
            let mut path = String::new();
            for _ in 0..=dice.below(3) {
                path.push('/');
                path.push_str(dice.one(&[
                    "data",
                    "metadata",
                    "finalizers",
                    "ownerReferences",
                    "a",
                    "b",
                    "0",
                    "1",
                    "-1",
                    "-",
                    "",
                    "a~1b",
                    "~0",
                    "name",
                ]));
            }
            path
        };
        let mut operations = Vec::new();
        for _ in 0..self.below(6) {
            let op = self.one(&["add", "remove", "replace", "move", "copy", "test", "frob"]);
            operations.push(json!({"op": op, "path": path(self), "from": path(self), "value": self.json(2)}));
        }
        operations.into()
    }
}
