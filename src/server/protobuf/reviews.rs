//! The messages of reviews, declared after the `generated.proto` of `k8s.io/api/authorization/v1` and
//! `authentication/v1`, and the conversion between them and the JSON of the API.

use std::collections::BTreeMap;

use prost::Message;
use serde_json::{Value as Json, json};

use super::{
    messages as wire,
    read::{Members, Out, Read, objects, strings},
    write,
};

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct ResourceAttributes {
    #[prost(string, required, tag = "1")]
    namespace: String,
    #[prost(string, required, tag = "2")]
    verb: String,
    #[prost(string, required, tag = "3")]
    group: String,
    #[prost(string, required, tag = "4")]
    version: String,
    #[prost(string, required, tag = "5")]
    resource: String,
    #[prost(string, required, tag = "6")]
    subresource: String,
    #[prost(string, required, tag = "7")]
    name: String,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct NonResourceAttributes {
    #[prost(string, required, tag = "1")]
    path: String,
    #[prost(string, required, tag = "2")]
    verb: String,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct AccessReviewSpec {
    #[prost(message, optional, tag = "1")]
    resource: Option<ResourceAttributes>,
    #[prost(message, optional, tag = "2")]
    non_resource: Option<NonResourceAttributes>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct AccessReviewStatus {
    #[prost(bool, required, tag = "1")]
    allowed: bool,
    #[prost(string, required, tag = "2")]
    reason: String,
    #[prost(string, required, tag = "3")]
    evaluation_error: String,
    #[prost(bool, required, tag = "4")]
    denied: bool,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct SelfSubjectAccessReview {
    #[prost(message, required, tag = "1")]
    metadata: wire::ObjectMeta,
    #[prost(message, required, tag = "2")]
    spec: AccessReviewSpec,
    #[prost(message, required, tag = "3")]
    status: AccessReviewStatus,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct ExtraValue {
    #[prost(string, repeated, tag = "1")]
    items: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct UserInfo {
    #[prost(string, required, tag = "1")]
    username: String,
    #[prost(string, required, tag = "2")]
    uid: String,
    #[prost(string, repeated, tag = "3")]
    groups: Vec<String>,
    #[prost(btree_map = "string, message", tag = "4")]
    extra: BTreeMap<String, ExtraValue>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct SelfSubjectReviewStatus {
    #[prost(message, required, tag = "1")]
    user_info: UserInfo,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct SelfSubjectReview {
    #[prost(message, required, tag = "1")]
    metadata: wire::ObjectMeta,
    #[prost(message, required, tag = "2")]
    status: SelfSubjectReviewStatus,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct RulesReviewSpec {
    #[prost(string, required, tag = "1")]
    namespace: String,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct ResourceRule {
    #[prost(string, repeated, tag = "1")]
    verbs: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    api_groups: Vec<String>,
    #[prost(string, repeated, tag = "3")]
    resources: Vec<String>,
    #[prost(string, repeated, tag = "4")]
    resource_names: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct NonResourceRule {
    #[prost(string, repeated, tag = "1")]
    verbs: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    paths: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct RulesReviewStatus {
    #[prost(message, repeated, tag = "1")]
    resource_rules: Vec<ResourceRule>,
    #[prost(message, repeated, tag = "2")]
    non_resource_rules: Vec<NonResourceRule>,
    #[prost(bool, required, tag = "3")]
    incomplete: bool,
    #[prost(string, required, tag = "4")]
    evaluation_error: String,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct SelfSubjectRulesReview {
    #[prost(message, required, tag = "1")]
    metadata: wire::ObjectMeta,
    #[prost(message, required, tag = "2")]
    spec: RulesReviewSpec,
    #[prost(message, required, tag = "3")]
    status: RulesReviewStatus,
}

impl Read for SelfSubjectAccessReview {
    fn members(self) -> Members {
        let resource = self.spec.resource.map(|wanted| {
            Out::default()
                .text("namespace", wanted.namespace)
                .text("verb", wanted.verb)
                .text("group", wanted.group)
                .text("version", wanted.version)
                .text("resource", wanted.resource)
                .text("subresource", wanted.subresource)
                .text("name", wanted.name)
                .0
        });
        let path = self.spec.non_resource.map(|wanted| json!({"path": wanted.path, "verb": wanted.verb}));
        let spec = Out::default().some("resourceAttributes", resource).some("nonResourceAttributes", path);
        let status = Out::default()
            .some("allowed", Some(self.status.allowed))
            .some("denied", Some(true).filter(|_| self.status.denied))
            .text("reason", self.status.reason)
            .text("evaluationError", self.status.evaluation_error);
        Out::default()
            .some("metadata", Some(self.metadata.members()))
            .some("spec", Some(spec.0))
            .some("status", Some(status.0))
            .0
    }
}

impl Read for SelfSubjectReview {
    fn members(self) -> Members {
        let user = self.status.user_info;
        let extra = user.extra.into_iter().map(|(name, value)| (name, Json::Array(strings(value.items))));
        let info = Out::default()
            .text("username", user.username)
            .text("uid", user.uid)
            .list("groups", strings(user.groups))
            .map("extra", extra.collect());
        Out::default()
            .some("metadata", Some(self.metadata.members()))
            .some("status", Some(Out::default().some("userInfo", Some(info.0)).0))
            .0
    }
}

impl Read for ResourceRule {
    fn members(self) -> Members {
        Out::default()
            .some("verbs", Some(strings(self.verbs)))
            .list("apiGroups", strings(self.api_groups))
            .list("resources", strings(self.resources))
            .list("resourceNames", strings(self.resource_names))
            .0
    }
}

impl Read for NonResourceRule {
    fn members(self) -> Members {
        Out::default().some("verbs", Some(strings(self.verbs))).list("nonResourceURLs", strings(self.paths)).0
    }
}

impl Read for SelfSubjectRulesReview {
    fn members(self) -> Members {
        let status = Out::default()
            .some("resourceRules", Some(objects(self.status.resource_rules)))
            .some("nonResourceRules", Some(objects(self.status.non_resource_rules)))
            .some("incomplete", Some(self.status.incomplete))
            .text("evaluationError", self.status.evaluation_error);
        Out::default()
            .some("metadata", Some(self.metadata.members()))
            .some("spec", Some(Out::default().text("namespace", self.spec.namespace).0))
            .some("status", Some(status.0))
            .0
    }
}

pub(super) fn access_review(review: &Json) -> SelfSubjectAccessReview {
    let (spec, status) = (&review["spec"], &review["status"]);
    let resource = spec.get("resourceAttributes").map(|wanted| ResourceAttributes {
        namespace: write::text(wanted, "namespace"),
        verb: write::text(wanted, "verb"),
        group: write::text(wanted, "group"),
        version: write::text(wanted, "version"),
        resource: write::text(wanted, "resource"),
        subresource: write::text(wanted, "subresource"),
        name: write::text(wanted, "name"),
    });
    let non_resource = spec
        .get("nonResourceAttributes")
        .map(|wanted| NonResourceAttributes { path: write::text(wanted, "path"), verb: write::text(wanted, "verb") });
    SelfSubjectAccessReview {
        metadata: write::metadata(review),
        spec: AccessReviewSpec { resource, non_resource },
        status: AccessReviewStatus {
            allowed: status["allowed"].as_bool().unwrap_or_default(),
            reason: write::text(status, "reason"),
            evaluation_error: write::text(status, "evaluationError"),
            denied: status["denied"].as_bool().unwrap_or_default(),
        },
    }
}

pub(super) fn self_review(review: &Json) -> SelfSubjectReview {
    let info = &review["status"]["userInfo"];
    let extra = info["extra"].as_object().into_iter().flatten();
    let user_info = UserInfo {
        username: write::text(info, "username"),
        uid: write::text(info, "uid"),
        groups: write::strings(info, "groups"),
        extra: extra
            .map(|(name, _)| (name.clone(), ExtraValue { items: write::strings(&info["extra"], name) }))
            .collect(),
    };
    SelfSubjectReview { metadata: write::metadata(review), status: SelfSubjectReviewStatus { user_info } }
}

pub(super) fn rules_review(review: &Json) -> SelfSubjectRulesReview {
    let status = &review["status"];
    SelfSubjectRulesReview {
        metadata: write::metadata(review),
        spec: RulesReviewSpec { namespace: write::text(&review["spec"], "namespace") },
        status: RulesReviewStatus {
            resource_rules: write::each(status, "resourceRules", |rule| ResourceRule {
                verbs: write::strings(rule, "verbs"),
                api_groups: write::strings(rule, "apiGroups"),
                resources: write::strings(rule, "resources"),
                resource_names: write::strings(rule, "resourceNames"),
            }),
            non_resource_rules: write::each(status, "nonResourceRules", |rule| NonResourceRule {
                verbs: write::strings(rule, "verbs"),
                paths: write::strings(rule, "nonResourceURLs"),
            }),
            incomplete: status["incomplete"].as_bool().unwrap_or_default(),
            evaluation_error: write::text(status, "evaluationError"),
        },
    }
}
