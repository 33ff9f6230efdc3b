//! The types of Secrets and Namespaces for server-side apply: which parts are one field, and which are maps or lists of
//! fields.

use serde_json::Value as Json;

/// The type of a value that is one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalar {
    Text,
    Number,
    Bool,
    Any,
}

/// The type of a field.
#[derive(Debug)]
pub(super) enum Type {
    /// One value, which is one field.
    Scalar(Scalar),
    /// Any keys, each a field of its own.
    Map(&'static Type),
    /// A struct with declared members. An atomic one is validated member by member and owned as a whole.
    Struct { fields: &'static [(&'static str, &'static Type)], atomic: bool },
    /// A list of strings (`listType=set`), each a field of its own.
    Set,
    /// A list of structs (`listType=map`), each identified by one key.
    Keyed { key: &'static str, item: &'static Type },
    /// A list that is one field (`listType=atomic`).
    AtomicList,
}

static TEXT: Type = Type::Scalar(Scalar::Text);
static NUMBER: Type = Type::Scalar(Scalar::Number);
static BOOL: Type = Type::Scalar(Scalar::Bool);
/// Timestamps, which upstream leaves untyped, and members that are not declared.
static ANY: Type = Type::Scalar(Scalar::Any);
static TEXTS: Type = Type::Map(&TEXT);
static LIST: Type = Type::AtomicList;
static SET: Type = Type::Set;

static OWNER: Type = Type::Struct {
    fields: &[
        ("apiVersion", &TEXT),
        ("blockOwnerDeletion", &BOOL),
        ("controller", &BOOL),
        ("kind", &TEXT),
        ("name", &TEXT),
        ("uid", &TEXT),
    ],
    atomic: true,
};
static OWNERS: Type = Type::Keyed { key: "uid", item: &OWNER };

static METADATA: Type = Type::Struct {
    fields: &[
        ("annotations", &TEXTS),
        ("creationTimestamp", &ANY),
        ("deletionGracePeriodSeconds", &NUMBER),
        ("deletionTimestamp", &ANY),
        ("finalizers", &SET),
        ("generateName", &TEXT),
        ("generation", &NUMBER),
        ("labels", &TEXTS),
        ("managedFields", &LIST),
        ("name", &TEXT),
        ("namespace", &TEXT),
        ("ownerReferences", &OWNERS),
        ("resourceVersion", &TEXT),
        ("selfLink", &TEXT),
        ("uid", &TEXT),
    ],
    atomic: false,
};

pub(super) static SECRET: Type = Type::Struct {
    fields: &[
        ("apiVersion", &TEXT),
        ("data", &TEXTS),
        ("immutable", &BOOL),
        ("kind", &TEXT),
        ("metadata", &METADATA),
        ("stringData", &TEXTS),
        ("type", &TEXT),
    ],
    atomic: false,
};

static SPEC: Type = Type::Struct { fields: &[("finalizers", &LIST)], atomic: false };
static CONDITION: Type = Type::Struct {
    fields: &[("lastTransitionTime", &ANY), ("message", &TEXT), ("reason", &TEXT), ("status", &TEXT), ("type", &TEXT)],
    atomic: false,
};
static CONDITIONS: Type = Type::Keyed { key: "type", item: &CONDITION };
static STATUS: Type = Type::Struct { fields: &[("conditions", &CONDITIONS), ("phase", &TEXT)], atomic: false };

pub(super) static NAMESPACE: Type = Type::Struct {
    fields: &[("apiVersion", &TEXT), ("kind", &TEXT), ("metadata", &METADATA), ("spec", &SPEC), ("status", &STATUS)],
    atomic: false,
};

impl Type {
    /// Returns the type of a member, and whether it is declared by name.
    pub(super) fn member(&'static self, name: &str) -> (bool, &'static Type) {
        match self {
            Self::Map(values) => (false, values),
            Self::Struct { fields, .. } => match fields.iter().find(|(field, _)| *field == name) {
                Some((_, member)) => (true, member),
                None => (false, &ANY),
            },
            _ => (false, &ANY),
        }
    }

    /// Returns the type below a path element of a field set, and whether that element is a declared member.
    pub(super) fn step(&'static self, step: &str) -> (bool, &'static Type) {
        match (self, step.strip_prefix("f:")) {
            (_, Some(name)) => self.member(name),
            (Self::Keyed { item, .. }, None) => (false, item),
            _ => (false, &ANY),
        }
    }

    /// Returns the type of a list's elements.
    pub(super) fn item(&self) -> &'static Type {
        match self {
            Self::Keyed { item, .. } => item,
            Self::Set => &TEXT,
            _ => &ANY,
        }
    }

    /// Returns the path element that identifies an element of this list.
    pub(super) fn identity(&self, item: &Json) -> String {
        match self {
            Self::Keyed { key, .. } => {
                format!("k:{}", serde_json::json!({*key: item.get(key).unwrap_or(&Json::Null)}))
            }
            _ => format!("v:{item}"),
        }
    }
}
