//! Discovery: the resources of a server, and whether a word with a dot names one that the cluster adds.

mod groups;
mod mapper;

pub use groups::{Groups, Resource};

use serde_json::Value as Json;

use crate::{
    cli::resources,
    client::{Call, Client, Path},
    context::Context,
    error::Result,
};

/// Refuses a word that is a kind of this cluster, as `certificates.cert-manager.io` with cert-manager. Why only words
/// with a dot: looking up every word would cost every command a request.
///
/// # Errors
/// The kind is not handled here; or discovery fails, and the word could be a kind.
pub async fn refuse_kind(client: &Client, word: &str) -> Result<()> {
    let hint = || format!("a Secret is named with its kind: secret/{word}");
    match is_kind(client, word).await {
        Ok(false) => Ok(()),
        Ok(true) => Err(resources::not_handled(word).hint(hint())),
        Err(error) => Err(error.hint(hint())),
    }
}

/// Returns whether a word that names no Secret is a kind of the server. With a fallback, words without a dot are looked
/// up too, since the fallback can handle the kind.
pub async fn is_foreign_kind(client: &Client, word: &str, ctx: &Context) -> bool {
    if ctx.foreign.is_none() {
        return is_kind(client, word).await.unwrap_or(false);
    }
    let Ok(mut groups) = Groups::fetch(client).await else { return false };
    groups.complete(client).await;
    groups.resource_for(word).is_some()
}

/// Returns whether the server has the kind `RESOURCE.GROUP` or `RESOURCE.VERSION.GROUP`.
///
/// # Errors
/// Those of the requests.
pub async fn is_kind(client: &Client, word: &str) -> Result<bool> {
    let Some((name, tail)) = word.split_once('.') else { return Ok(false) };
    let groups = match client.call(Call::get(Path::fixed("/apis"))).await {
        Ok(answer) => answer.object()?.into_json(),
        Err(failure) if failure.is_not_found() => return Ok(false),
        Err(failure) => return Err(failure.into()),
    };
    for group in groups["groups"].as_array().into_iter().flatten() {
        let Some(version) = group["preferredVersion"]["groupVersion"].as_str() else { continue };
        if !group["name"].as_str().is_some_and(|group| names_group(tail, group)) {
            continue;
        }
        let answer = client.call(Call::get(Path::raw(&format!("/apis/{version}"))?)).await?.object()?.into_json();
        if answer["resources"].as_array().into_iter().flatten().any(|resource| is_named(resource, name)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns whether `tail` is the group, a prefix of it, or a version and the group, as kubectl's REST mapper accepts.
fn names_group(tail: &str, group: &str) -> bool {
    let versioned = tail.split_once('.').is_some_and(|(_, rest)| rest == group);
    versioned || (!tail.is_empty() && group.starts_with(tail))
}

/// Returns whether `name` is the plural, the singular, a short name or the kind of a resource.
fn is_named(resource: &Json, name: &str) -> bool {
    let short = resource["shortNames"].as_array().into_iter().flatten();
    [&resource["name"], &resource["singularName"], &resource["kind"]]
        .into_iter()
        .chain(short)
        .filter_map(Json::as_str)
        .any(|known| known.eq_ignore_ascii_case(name))
}
