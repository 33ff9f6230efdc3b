//! `rotate NAME --print-role`: the rights that a rotation of one Secret needs.

use super::server::Site;

/// Returns a Role in YAML.
pub fn text(site: &Site<'_>) -> String {
    let (name, companion, namespace) = (&site.name, &site.companion, site.namespace());
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: rotate-{name}
  namespace: {namespace}
rules:
- apiGroups: [\"\"]
  resources: [secrets]
  resourceNames: [{name}]
  verbs: [get, patch]
- apiGroups: [\"\"]
  resources: [secrets]
  resourceNames: [{companion}]
  verbs: [get, patch, delete]
# RBAC cannot limit the creation to a name: the object has none yet when it is checked.
- apiGroups: [\"\"]
  resources: [secrets]
  verbs: [create]
"
    )
}
