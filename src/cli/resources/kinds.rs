//! The kinds that Kubernetes brings with it, by every word that kubectl takes for them.
//!
//! Invariant: none of these words alone is ever the name of a Secret, so that `delete deployment web` cannot touch the
//! Secret web.

/// Resources of one API group.
struct Group {
    /// Its name, empty for the core group.
    name: &'static str,
    /// Each resource: plural, singular, short names.
    resources: &'static [&'static [&'static str]],
}

/// The resources of Kubernetes 1.36 and those that 1.37 adds, alpha APIs included, without Secrets and Namespaces.
/// Taken from the discovery document (`api/discovery/aggregated_v2.json`) and `k8s.io/client-go/kubernetes/typed`.
const GROUPS: &[Group] = &[
    Group {
        name: "",
        resources: &[
            &["bindings", "binding"],
            &["componentstatuses", "componentstatus", "cs"],
            &["configmaps", "configmap", "cm"],
            &["endpoints", "ep"],
            &["events", "event", "ev"],
            &["limitranges", "limitrange", "limits"],
            &["nodes", "node", "no"],
            &["persistentvolumeclaims", "persistentvolumeclaim", "pvc"],
            &["persistentvolumes", "persistentvolume", "pv"],
            &["pods", "pod", "po"],
            &["podtemplates", "podtemplate"],
            &["replicationcontrollers", "replicationcontroller", "rc"],
            &["resourcequotas", "resourcequota", "quota"],
            &["serviceaccounts", "serviceaccount", "sa"],
            &["services", "service", "svc"],
        ],
    },
    Group {
        name: "admissionregistration.k8s.io",
        resources: &[
            &["mutatingadmissionpolicies", "mutatingadmissionpolicy"],
            &["mutatingadmissionpolicybindings", "mutatingadmissionpolicybinding"],
            &["mutatingwebhookconfigurations", "mutatingwebhookconfiguration"],
            &["validatingadmissionpolicies", "validatingadmissionpolicy"],
            &["validatingadmissionpolicybindings", "validatingadmissionpolicybinding"],
            &["validatingwebhookconfigurations", "validatingwebhookconfiguration"],
        ],
    },
    Group {
        name: "apiextensions.k8s.io",
        resources: &[&["customresourcedefinitions", "customresourcedefinition", "crd", "crds"]],
    },
    Group { name: "apiregistration.k8s.io", resources: &[&["apiservices", "apiservice"]] },
    Group {
        name: "apps",
        resources: &[
            &["controllerrevisions", "controllerrevision"],
            &["daemonsets", "daemonset", "ds"],
            &["deployments", "deployment", "deploy"],
            &["replicasets", "replicaset", "rs"],
            &["statefulsets", "statefulset", "sts"],
        ],
    },
    Group {
        name: "authentication.k8s.io",
        resources: &[&["selfsubjectreviews", "selfsubjectreview"], &["tokenreviews", "tokenreview"]],
    },
    Group {
        name: "authorization.k8s.io",
        resources: &[
            &["localsubjectaccessreviews", "localsubjectaccessreview"],
            &["selfsubjectaccessreviews", "selfsubjectaccessreview"],
            &["selfsubjectrulesreviews", "selfsubjectrulesreview"],
            &["subjectaccessreviews", "subjectaccessreview"],
        ],
    },
    Group { name: "autoscaling", resources: &[&["horizontalpodautoscalers", "horizontalpodautoscaler", "hpa"]] },
    Group { name: "batch", resources: &[&["cronjobs", "cronjob", "cj"], &["jobs", "job"]] },
    Group {
        name: "certificates.k8s.io",
        resources: &[
            &["certificatesigningrequests", "certificatesigningrequest", "csr"],
            &["clustertrustbundles", "clustertrustbundle"],
            &["podcertificaterequests", "podcertificaterequest"],
        ],
    },
    Group { name: "coordination.k8s.io", resources: &[&["leasecandidates", "leasecandidate"], &["leases", "lease"]] },
    Group { name: "discovery.k8s.io", resources: &[&["endpointslices", "endpointslice"]] },
    Group { name: "events.k8s.io", resources: &[&["events", "event", "ev"]] },
    Group { name: "extensions", resources: &[&["ingresses", "ingress", "ing"]] },
    Group {
        name: "flowcontrol.apiserver.k8s.io",
        resources: &[&["flowschemas", "flowschema"], &["prioritylevelconfigurations", "prioritylevelconfiguration"]],
    },
    Group { name: "internal.apiserver.k8s.io", resources: &[&["storageversions", "storageversion"]] },
    Group { name: "lifecycle.k8s.io", resources: &[&["evictionrequests", "evictionrequest"]] },
    Group {
        name: "networking.k8s.io",
        resources: &[
            &["ingressclasses", "ingressclass"],
            &["ingresses", "ingress", "ing"],
            &["ipaddresses", "ipaddress", "ip"],
            &["networkpolicies", "networkpolicy", "netpol"],
            &["servicecidrs", "servicecidr"],
        ],
    },
    Group { name: "node.k8s.io", resources: &[&["runtimeclasses", "runtimeclass"]] },
    Group {
        name: "policy",
        resources: &[
            &["poddisruptionbudgets", "poddisruptionbudget", "pdb"],
            &["podsecuritypolicies", "podsecuritypolicy", "psp"],
        ],
    },
    Group {
        name: "rbac.authorization.k8s.io",
        resources: &[
            &["clusterrolebindings", "clusterrolebinding"],
            &["clusterroles", "clusterrole"],
            &["rolebindings", "rolebinding"],
            &["roles", "role"],
        ],
    },
    Group {
        name: "resource.k8s.io",
        resources: &[
            &["deviceclasses", "deviceclass"],
            &["devicetaintrules", "devicetaintrule"],
            &["resourceclaims", "resourceclaim"],
            &["resourceclaimtemplates", "resourceclaimtemplate"],
            &["resourcepoolstatusrequests", "resourcepoolstatusrequest"],
            &["resourceslices", "resourceslice"],
        ],
    },
    Group {
        name: "scheduling.k8s.io",
        resources: &[
            &["compositepodgroups", "compositepodgroup"],
            &["podgroups", "podgroup"],
            &["priorityclasses", "priorityclass", "pc"],
            &["workloads", "workload"],
        ],
    },
    Group {
        name: "storage.k8s.io",
        resources: &[
            &["csidrivers", "csidriver"],
            &["csinodes", "csinode"],
            &["csistoragecapacities", "csistoragecapacity"],
            &["storageclasses", "storageclass", "sc"],
            &["volumeattachments", "volumeattachment"],
            &["volumeattributesclasses", "volumeattributesclass", "vac"],
        ],
    },
    Group { name: "storagemigration.k8s.io", resources: &[&["storageversionmigrations", "storageversionmigration"]] },
];

/// Words that kubectl expands to several kinds (`CategoryExpander`).
const CATEGORIES: [&str; 2] = ["all", "api-extensions"];

/// Returns whether kubectl takes `word` for a kind other than Secrets and Namespaces on every cluster: `deploy`, `Pod`,
/// `deployments.apps`, `deployments.v1.apps`, `storageclass.storage`, `all`.
pub fn is_other(word: &str) -> bool {
    if CATEGORIES.contains(&word) {
        return true;
    }
    let (head, tail) = word.split_once('.').map_or((word, None), |(head, tail)| (head, Some(tail)));
    let head = head.to_ascii_lowercase();
    GROUPS.iter().any(|group| {
        let within = tail.is_none_or(|tail| group.is(tail));
        within && group.resources.iter().any(|names| names.contains(&head.as_str()))
    })
}

impl Group {
    /// Returns whether `tail`, which follows the first dot of a word, means this group: by its name, by a prefix of its
    /// name as `DefaultRESTMapper.ResourcesFor` takes it, or by a version and its name.
    fn is(&self, tail: &str) -> bool {
        let versioned = tail.split_once('.').is_some_and(|(version, name)| is_version(version) && name == self.name);
        versioned || self.name.starts_with(tail)
    }
}

/// Returns whether the text is the version of an API: `v1`, `v1beta2`, `v2alpha1`.
fn is_version(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('v') else { return false };
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    number(rest)
        || ["alpha", "beta"].iter().any(|stage| rest.split_once(stage).is_some_and(|(a, b)| number(a) && number(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_kind_is_a_kind() {
        for word in [
            "deploy",
            "deployment",
            "deployments",
            "Deployment",
            "PODS",
            "po",
            "cm",
            "svc",
            "ingress",
            "ing",
            "sts",
            "crd",
            "crds",
            "all",
            "endpoints",
            "deployments.apps",
            "deployments.v1.apps",
            "deploy.app",
            "storageclass.storage",
            "pods.",
            "pods.v1.",
            "ingresses.extensions",
            "ev.events.k8s.io",
            "horizontalpodautoscalers.v2.autoscaling",
            "csr.v1beta1.certificates.k8s.io",
        ] {
            assert!(is_other(word), "{word}");
        }
    }

    #[test]
    fn names_of_secrets_are_no_kinds() {
        for word in [
            "db",
            "web",
            "secret",
            "ns",
            "tls",
            "db.example.com",
            "pods.example.com",
            "deployments.v1.example.com",
            "deploy.prod",
            "service.web",
            "",
            ".",
            "..",
            ".apps",
            "default-token-x7k2p",
            "sh.helm.release.v1.app.v3",
        ] {
            assert!(!is_other(word), "{word}");
        }
    }
}
