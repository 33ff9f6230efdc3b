//! `get -w`: prints the existing objects, then every change.

use serde_json::Value as Json;

use super::{Choice, options::Watch, query::Query, show};
use crate::{
    client::{Call, Client, Events, Path},
    commands::targets::Target,
    context::{Context, output_error},
    error::{Error, Result},
    print::Printer,
};

/// Where the watch begins.
struct Begin {
    collection: Path,
    selectors: Vec<(&'static str, String)>,
    version: String,
}

/// Prints objects and their changes until the watch ends.
///
/// # Errors
/// More than one name, and what the server refuses.
pub async fn run(
    client: &Client,
    query: &Query,
    choice: &Choice,
    watch: Watch,
    mut printer: Printer,
    ctx: &mut Context,
) -> Result<()> {
    let begin = match choice {
        Choice::Names(targets, _) => {
            let mut kinds = targets.iter().flatten().map(Target::resource);
            let first = kinds.next();
            if kinds.any(|kind| Some(kind) != first) {
                return Err(Error::new("you may only specify a single resource type"));
            }
            let [target] = targets.as_slice() else {
                return Err(Error::new(
                    "watch is only supported on individual resources and resource collections - more than 1 resource was found",
                ));
            };
            let target = target.as_ref().map_err(Clone::clone)?;
            let mut answer = client.call(query.asking(Call::get(target.path()))).await?.object()?;
            let version = answer.resource_version().unwrap_or_default().to_owned();
            if !watch.changes_only {
                print("ADDED", answer.json_mut(), &mut printer, watch, ctx)?;
            }
            Begin {
                collection: target.collection.path(),
                selectors: vec![("fieldSelector", format!("metadata.name={}", target.name))],
                version,
            }
        }
        Choice::All(kinds) => {
            let [resource] = kinds.as_slice() else {
                return Err(Error::new("you may only specify a single resource type"));
            };
            let path = query.path(*resource, client)?;
            let mut version = String::new();
            let mut pages = client.list(*resource, path.clone(), query.list_options());
            while let Some(page) = pages.next().await? {
                version.clone_from(&page.resource_version);
                if watch.changes_only {
                    continue;
                }
                if page.kind == "Table" {
                    for table in page.tables() {
                        add("ADDED", table?.json_mut(), &mut printer, watch, ctx)?;
                    }
                    flush(&mut printer, ctx)?;
                } else {
                    for item in page.objects(*resource) {
                        print("ADDED", item?.json_mut(), &mut printer, watch, ctx)?;
                    }
                }
            }
            let selectors = [("labelSelector", &query.labels), ("fieldSelector", &query.fields)];
            Begin {
                collection: path,
                selectors: selectors
                    .into_iter()
                    .filter(|(_, text)| !text.is_empty())
                    .map(|(name, text)| (name, text.clone()))
                    .collect(),
                version,
            }
        }
    };
    let mut call = Call::get(begin.collection).query("watch", "true").query("resourceVersion", begin.version);
    for (name, text) in begin.selectors {
        call = call.query(name, text);
    }
    let mut events = Events::new(client.stream(query.asking(call)).await?);
    while let Some(mut event) = events.next().await? {
        if event.kind != "BOOKMARK" {
            print(&event.kind, event.object.json_mut(), &mut printer, watch, ctx)?;
        }
    }
    Ok(())
}

fn print(kind: &str, object: &mut Json, printer: &mut Printer, watch: Watch, ctx: &mut Context) -> Result<()> {
    add(kind, object, printer, watch, ctx)?;
    flush(printer, ctx)
}

/// Prints an object or a Table, whose rows may be held back until [`flush`].
fn add(kind: &str, object: &mut Json, printer: &mut Printer, watch: Watch, ctx: &mut Context) -> Result<()> {
    if watch.with_events { printer.event(kind, object, &mut ctx.stdout) } else { show(printer, object, ctx) }
}

fn flush(printer: &mut Printer, ctx: &mut Context) -> Result<()> {
    printer.flush(&mut ctx.stdout)?;
    ctx.flush_stdout().map_err(output_error)
}
