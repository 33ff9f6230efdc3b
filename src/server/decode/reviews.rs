//! Decodes reviews.

use serde_json::Value as Json;

use super::{
    Decoded, OTHER_KINDS, SCHEME, Status, members, named_type, schema,
    types::{METADATA, Struct, TEXT, TEXTS, Type},
    unhandled,
};
use crate::http::{negotiate::Media, route::Review};

macro_rules! fields {
    ($of:ident = $name:literal $go:literal $(, $field:literal: $type:expr)* $(,)?) => {
        static $of: Struct = Struct { name: $name, go: $go, fields: &[$(($field, $type)),*] };
    };
}

fields!(REQUIREMENT = "LabelSelectorRequirement" "v1.LabelSelectorRequirement",
    "key": TEXT, "operator": Type::Text("v1.LabelSelectorOperator"), "values": TEXTS);
fields!(FIELD_REQUIREMENT = "FieldSelectorRequirement" "v1.FieldSelectorRequirement",
    "key": TEXT, "operator": Type::Text("v1.FieldSelectorOperator"), "values": TEXTS);
fields!(LABEL_SELECTOR = "LabelSelectorAttributes" "v1.LabelSelectorAttributes",
    "rawSelector": TEXT,
    "requirements": Type::List(&Type::Struct(&REQUIREMENT), "[]v1.LabelSelectorRequirement"));
fields!(FIELD_SELECTOR = "FieldSelectorAttributes" "v1.FieldSelectorAttributes",
    "rawSelector": TEXT,
    "requirements": Type::List(&Type::Struct(&FIELD_REQUIREMENT), "[]v1.FieldSelectorRequirement"));
fields!(RESOURCE = "ResourceAttributes" "v1.ResourceAttributes",
    "namespace": TEXT, "verb": TEXT, "group": TEXT, "version": TEXT, "resource": TEXT, "subresource": TEXT, "name": TEXT,
    "fieldSelector": Type::Struct(&FIELD_SELECTOR), "labelSelector": Type::Struct(&LABEL_SELECTOR));
fields!(PATH = "NonResourceAttributes" "v1.NonResourceAttributes", "path": TEXT, "verb": TEXT);
fields!(ACCESS_SPEC = "SelfSubjectAccessReviewSpec" "v1.SelfSubjectAccessReviewSpec",
    "resourceAttributes": Type::Struct(&RESOURCE), "nonResourceAttributes": Type::Struct(&PATH));
fields!(ACCESS_STATUS = "SubjectAccessReviewStatus" "v1.SubjectAccessReviewStatus",
    "allowed": Type::Bool, "denied": Type::Bool, "reason": TEXT, "evaluationError": TEXT);
fields!(ACCESS = "SelfSubjectAccessReview" "v1.SelfSubjectAccessReview",
    "kind": TEXT, "apiVersion": TEXT, "metadata": Type::Struct(&METADATA), "spec": Type::Struct(&ACCESS_SPEC),
    "status": Type::Struct(&ACCESS_STATUS));

fields!(RESOURCE_RULE = "ResourceRule" "v1.ResourceRule",
    "verbs": TEXTS, "apiGroups": TEXTS, "resources": TEXTS, "resourceNames": TEXTS);
fields!(PATH_RULE = "NonResourceRule" "v1.NonResourceRule", "verbs": TEXTS, "nonResourceURLs": TEXTS);
fields!(RULES_SPEC = "SelfSubjectRulesReviewSpec" "v1.SelfSubjectRulesReviewSpec", "namespace": TEXT);
fields!(RULES_STATUS = "SubjectRulesReviewStatus" "v1.SubjectRulesReviewStatus",
    "resourceRules": Type::List(&Type::Struct(&RESOURCE_RULE), "[]v1.ResourceRule"),
    "nonResourceRules": Type::List(&Type::Struct(&PATH_RULE), "[]v1.NonResourceRule"),
    "incomplete": Type::Bool, "evaluationError": TEXT);
fields!(RULES = "SelfSubjectRulesReview" "v1.SelfSubjectRulesReview",
    "kind": TEXT, "apiVersion": TEXT, "metadata": Type::Struct(&METADATA), "spec": Type::Struct(&RULES_SPEC),
    "status": Type::Struct(&RULES_STATUS));

fields!(USER = "UserInfo" "v1.UserInfo",
    "username": TEXT, "uid": TEXT, "groups": TEXTS, "extra": Type::Map(&TEXTS, "map[string]v1.ExtraValue"));
fields!(WHO_STATUS = "SelfSubjectReviewStatus" "v1.SelfSubjectReviewStatus", "userInfo": Type::Struct(&USER));
fields!(WHO = "SelfSubjectReview" "v1.SelfSubjectReview",
    "kind": TEXT, "apiVersion": TEXT, "metadata": Type::Struct(&METADATA), "status": Type::Struct(&WHO_STATUS));

/// Decodes the body of a review.
///
/// # Errors
/// 400, in the words of [`super::body`].
pub fn review(review: Review, media: Media, bytes: &[u8]) -> Result<Decoded, Status> {
    let kind = review.kind();
    let (node, findings) = members(kind, media, bytes)?;
    let version = format!("{}/v1", review.group());
    let (given_kind, given_version) = named_type(&node, kind, &version);
    let refuse = |why: String| {
        let short = given_version.rsplit('/').next().unwrap_or_default();
        Status::bad_request(unhandled(kind, &given_kind, short, &why))
    };
    if given_kind == kind && given_version == format!("{version}beta1") {
        let text = format!(
            "the API version in the data ({given_version}) does not match the expected API version ({version})"
        );
        return Err(Status::bad_request(text));
    }
    if given_kind != kind || given_version != version {
        let known = match given_version.as_str() {
            "v1" => OTHER_KINDS.contains(&given_kind.as_str()),
            other => {
                other == version
                    && Review::ALL.into_iter().any(|r| r.group() == review.group() && r.kind() == given_kind)
            }
        };
        let internal = review.group().split('.').next().unwrap_or_default();
        return Err(refuse(if known {
            format!("converting (v1.{given_kind}) to ({internal}.{kind}): unknown conversion")
        } else {
            format!("no kind \"{given_kind}\" is registered for version \"{given_version}\" in scheme \"{SCHEME}\"")
        }));
    }
    let of = match review {
        Review::Access => &ACCESS,
        Review::Rules => &RULES,
        Review::Who => &WHO,
    };
    let (object, mut found) = schema::members(of, node).map_err(refuse)?;
    found.splice(0..0, findings);
    Ok(Decoded { object: Json::Object(object), findings: found })
}
