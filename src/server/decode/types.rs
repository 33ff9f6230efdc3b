//! The Go types of Secrets and Namespaces, reduced to what decoding needs.

/// The type of a field, with the name that Go's errors have for it.
pub(super) enum Type {
    Text(&'static str),
    Bool,
    Int64,
    Bytes,
    Time,
    Raw,
    Map(&'static Type, &'static str),
    List(&'static Type, &'static str),
    Struct(&'static Struct),
}

pub(super) struct Struct {
    pub(super) name: &'static str,
    pub(super) go: &'static str,
    pub(super) fields: &'static [(&'static str, Type)],
}

pub(super) const TEXT: Type = Type::Text("string");
pub(super) const TEXTS: Type = Type::List(&TEXT, "[]string");
const TEXT_MAP: Type = Type::Map(&TEXT, "map[string]string");

static OWNER: Struct = Struct {
    name: "OwnerReference",
    go: "v1.OwnerReference",
    fields: &[
        ("apiVersion", TEXT),
        ("kind", TEXT),
        ("name", TEXT),
        ("uid", Type::Text("types.UID")),
        ("controller", Type::Bool),
        ("blockOwnerDeletion", Type::Bool),
    ],
};

static MANAGED: Struct = Struct {
    name: "ManagedFieldsEntry",
    go: "v1.ManagedFieldsEntry",
    fields: &[
        ("manager", TEXT),
        ("operation", Type::Text("v1.ManagedFieldsOperationType")),
        ("apiVersion", TEXT),
        ("time", Type::Time),
        ("fieldsType", TEXT),
        ("fieldsV1", Type::Raw),
        ("subresource", TEXT),
    ],
};

pub(super) static METADATA: Struct = Struct {
    name: "ObjectMeta",
    go: "v1.ObjectMeta",
    fields: &[
        ("name", TEXT),
        ("generateName", TEXT),
        ("namespace", TEXT),
        ("selfLink", TEXT),
        ("uid", Type::Text("types.UID")),
        ("resourceVersion", TEXT),
        ("generation", Type::Int64),
        ("creationTimestamp", Type::Time),
        ("deletionTimestamp", Type::Time),
        ("deletionGracePeriodSeconds", Type::Int64),
        ("labels", TEXT_MAP),
        ("annotations", TEXT_MAP),
        ("ownerReferences", Type::List(&Type::Struct(&OWNER), "[]v1.OwnerReference")),
        ("finalizers", TEXTS),
        ("managedFields", Type::List(&Type::Struct(&MANAGED), "[]v1.ManagedFieldsEntry")),
    ],
};

pub(super) static SECRET: Struct = Struct {
    name: "Secret",
    go: "v1.Secret",
    fields: &[
        ("kind", TEXT),
        ("apiVersion", TEXT),
        ("metadata", Type::Struct(&METADATA)),
        ("immutable", Type::Bool),
        ("data", Type::Map(&Type::Bytes, "map[string][]uint8")),
        ("stringData", TEXT_MAP),
        ("type", Type::Text("v1.SecretType")),
    ],
};

static CONDITION: Struct = Struct {
    name: "NamespaceCondition",
    go: "v1.NamespaceCondition",
    fields: &[
        ("type", Type::Text("v1.NamespaceConditionType")),
        ("status", Type::Text("v1.ConditionStatus")),
        ("lastTransitionTime", Type::Time),
        ("reason", TEXT),
        ("message", TEXT),
    ],
};

static NAMESPACE_SPEC: Struct = Struct {
    name: "NamespaceSpec",
    go: "v1.NamespaceSpec",
    fields: &[("finalizers", Type::List(&Type::Text("v1.FinalizerName"), "[]v1.FinalizerName"))],
};

static NAMESPACE_STATUS: Struct = Struct {
    name: "NamespaceStatus",
    go: "v1.NamespaceStatus",
    fields: &[
        ("phase", Type::Text("v1.NamespacePhase")),
        ("conditions", Type::List(&Type::Struct(&CONDITION), "[]v1.NamespaceCondition")),
    ],
};

pub(super) static NAMESPACE: Struct = Struct {
    name: "Namespace",
    go: "v1.Namespace",
    fields: &[
        ("kind", TEXT),
        ("apiVersion", TEXT),
        ("metadata", Type::Struct(&METADATA)),
        ("spec", Type::Struct(&NAMESPACE_SPEC)),
        ("status", Type::Struct(&NAMESPACE_STATUS)),
    ],
};

static PRECONDITIONS: Struct = Struct {
    name: "Preconditions",
    go: "v1.Preconditions",
    fields: &[("uid", Type::Text("types.UID")), ("resourceVersion", TEXT)],
};

pub(super) static DELETE_OPTIONS: Struct = Struct {
    name: "DeleteOptions",
    go: "v1.DeleteOptions",
    fields: &[
        ("kind", TEXT),
        ("apiVersion", TEXT),
        ("gracePeriodSeconds", Type::Int64),
        ("preconditions", Type::Struct(&PRECONDITIONS)),
        ("orphanDependents", Type::Bool),
        ("propagationPolicy", Type::Text("v1.DeletionPropagation")),
        ("dryRun", TEXTS),
        ("ignoreStoreReadErrorWithClusterBreakingPotential", Type::Bool),
    ],
};
