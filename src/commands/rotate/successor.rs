//! The successor of an immutable Secret, whose values cannot be changed: a new Secret with the new values, named with
//! their hash.

use serde_json::{Map, Value as Json, json};

use super::{
    live::{Live, Promotion, last_token, with_data},
    server::{self, Backoff, Retries, Site},
};
use crate::{
    client::{Call, Client, Collection, Name, Path},
    commands::session,
    error::{Error, Result},
    findings::references,
    secret::{Object, hash},
};

/// The annotation of an immutable Secret with the name of its successor.
const SUCCESSOR: &str = "ksecret/successor";

/// Creates the successor, and records its name in the old Secret. Returns that name, and the old Secret.
///
/// # Errors
/// The old Secret does not exist any more; another Secret has the successor's name; what the server refuses.
pub async fn create(site: &Site<'_>, promotion: &Promotion) -> Result<(String, Object)> {
    let mut retries = Retries::default();
    loop {
        let live = Live::read(site, &promotion.uid).await?;
        let named = live.object().json()["metadata"]["annotations"][SUCCESSOR].as_str().map(str::to_owned);
        if let (Some(name), true) = (named, live.is_promoted_by(&promotion.token)) {
            return Ok((name, live.into_object()));
        }
        let successor = of(live.object(), promotion);
        post(site, &successor).await?;
        let mut annotations = promotion.annotations();
        annotations.insert(SUCCESSOR.to_owned(), successor.name().into());
        let metadata = &live.object().json()["metadata"];
        let patch = json!({"metadata": {
            "uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"], "annotations": annotations,
        }});
        let call = site.write(session::patch(site.path(&site.name), session::MERGE_PATCH, &patch));
        match site.send(call).await {
            Ok(answer) => return Ok((successor.name().to_owned(), answer.object()?)),
            Err(failure) if retries.again(&failure).await => {}
            Err(failure) => return Err(failure.redacted(live.object()).into()),
        }
    }
}

/// Creates a Secret, or finds that it exists with the same values.
async fn post(site: &Site<'_>, successor: &Object) -> Result<()> {
    let name = Name::new(successor.name())?;
    let mut backoff = Backoff::default();
    loop {
        let call = site.write(session::post(site.collection.path(), successor.json()));
        let failure = match site.send(call).await {
            Ok(_) => return Ok(()),
            Err(failure) => failure.redacted(successor),
        };
        if !failure.is_already_exists() && !server::is_unclear(&failure) {
            return Err(failure.words_of_create("secret").into());
        }
        match site.get(&name).await {
            Ok(there) if there.json()["data"] == successor.json()["data"] => return Ok(()),
            Ok(_) => return Err(failure.words_of_create("secret").into()),
            Err(missing) if missing.is_not_found() && backoff.again().await => {}
            Err(missing) => return Err(missing.into()),
        }
    }
}

/// Returns the successor of a Secret: its type, labels and annotations with the new values, named with their hash.
fn of(live: &Object, promotion: &Promotion) -> Object {
    let mut data: Map<String, Json> = live.json()["data"].as_object().cloned().unwrap_or_default();
    let patch = promotion.patch();
    data.extend(patch.json()["data"].as_object().cloned().unwrap_or_default());
    let base = base_name(live);
    let successor = json!({
        "apiVersion": "v1", "kind": "Secret", "type": live.json()["type"], "immutable": true,
        "metadata": {"name": base, "annotations": promotion.annotations()},
    });
    let mut successor = with_data(successor, data);
    let name = format!("{base}-{}", hash::suffix(&successor));
    if let Some(metadata) = successor.metadata_mut() {
        metadata.insert("name".to_owned(), name.into());
        if let Some(labels) = live.json()["metadata"].get("labels") {
            metadata.insert("labels".to_owned(), labels.clone());
        }
    }
    successor
}

/// Returns the name of a Secret without the hash of its values, if it has one.
fn base_name(live: &Object) -> String {
    let name = live.name();
    let Some((base, suffix)) = name.rsplit_once('-') else { return name.to_owned() };
    let bare = Object::new(json!({
        "metadata": {"name": base}, "type": live.json()["type"], "data": live.json()["data"],
    }));
    // Why both: kubectl hashes the type as it was typed, and for Opaque that may be empty.
    let mut untyped = bare.clone();
    untyped.json_mut()["type"] = Json::Null;
    let is_hash = !base.is_empty() && (hash::suffix(&bare) == suffix || hash::suffix(&untyped) == suffix);
    if is_hash || last_token(live).is_some() && suffix.len() == 10 { base.to_owned() } else { name.to_owned() }
}

/// Resources that may refer to a Secret, by API path.
const USERS: [(&str, &str, &str); 9] = [
    ("/api/v1", "pods", "Pod"),
    ("/api/v1", "serviceaccounts", "ServiceAccount"),
    ("/apis/apps/v1", "deployments", "Deployment"),
    ("/apis/apps/v1", "statefulsets", "StatefulSet"),
    ("/apis/apps/v1", "daemonsets", "DaemonSet"),
    ("/apis/apps/v1", "replicasets", "ReplicaSet"),
    ("/apis/batch/v1", "jobs", "Job"),
    ("/apis/batch/v1", "cronjobs", "CronJob"),
    ("/apis/networking.k8s.io/v1", "ingresses", "Ingress"),
];

/// Returns the objects of the namespace that refer to a Secret, as `deployment/web`, except those that a controller has
/// made. Also returns the resources that could not be listed.
pub async fn users(client: &Client, collection: &Collection, name: &str) -> (Vec<String>, Vec<&'static str>) {
    let (mut users, mut unseen) = (Vec::new(), Vec::new());
    let namespace = collection.namespace().unwrap_or_default();
    for (root, plural, kind) in USERS {
        let list = async {
            let path = Path::raw(&format!("{root}/namespaces"))?.subresource(namespace)?.subresource(plural)?;
            client.call(Call::get(path)).await?.object()
        };
        let list = match list.await {
            Ok(list) => list,
            Err(failure) if failure.is_not_found() => continue,
            Err(_) => {
                unseen.push(plural);
                continue;
            }
        };
        for item in list.json()["items"].as_array().into_iter().flatten() {
            let is_made = item["metadata"]["ownerReferences"].as_array().is_some_and(|owners| !owners.is_empty());
            let mut whole = item.clone();
            whole["kind"] = kind.into();
            whole["apiVersion"] = root.trim_start_matches("/apis/").trim_start_matches("/api/").into();
            if !is_made && references::of(&whole).iter().any(|reference| reference.secret == name) {
                let item = item["metadata"]["name"].as_str().unwrap_or_default();
                users.push(format!("{}/{item}", kind.to_lowercase()));
            }
        }
    }
    (users, unseen)
}

/// Returns an error if bundles were asked for, which an immutable Secret cannot have.
pub fn refuse_bundles(bundles: &[String]) -> Result<()> {
    match bundles.is_empty() {
        true => Ok(()),
        false => Err(Error::new("--overlap=bundle changes the Secret twice, and this one is immutable")),
    }
}
