//! `rotate --due`: lists Secrets that are due for rotation, by the annotations of earlier rotations. Only metadata is
//! requested, never a value.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::{
    live::{EVERY, EXPIRES, ROTATED, output_time},
    options::{Due, Format},
};
use crate::{
    cli::time,
    client::{Client, ListOptions},
    commands::{output, session},
    context::Context,
    error::{Error, Result},
    secret::{Object, age, resource::Resource},
};
use go::tabwriter;

/// A Secret that is rotated regularly.
struct Entry {
    namespace: String,
    name: String,
    rotated: Timestamp,
    /// When it is due: after its period, or when a certificate expires, whichever is earlier.
    due: Timestamp,
    /// When the first certificate expires.
    expires: Option<Timestamp>,
}

/// Prints the list.
///
/// # Errors
/// A list that fails; if a Secret is overdue, exit status 1 without a message.
pub async fn run(due: &Due, client: &Client, ctx: &mut Context) -> Result<()> {
    let options = ListOptions {
        label_selector: due.selector.trim().to_owned(),
        limit: 500,
        accept: session::METADATA,
        ..ListOptions::default()
    };
    let path = client.listed(Resource::Secrets, due.everywhere)?;
    let mut pages = client.list(Resource::Secrets, path, options);
    let (mut entries, mut warnings) = (Vec::new(), Vec::new());
    while let Some(page) = pages.next().await? {
        for object in page.objects(Resource::Secrets) {
            match Entry::of(&object?) {
                Ok(entry) => entries.extend(entry),
                Err(warning) => warnings.push(warning),
            }
        }
    }
    for warning in warnings {
        ctx.say(format_args!("warning: {warning}"));
    }
    entries.sort_by_key(|entry| entry.due);
    let now = output::now();
    let is_overdue = entries.iter().any(|entry| entry.due <= now);
    let limit = now.checked_add(due.within).unwrap_or(Timestamp::MAX);
    if due.format == Format::OpenMetrics {
        ctx.put(metrics(&entries, now))?;
    } else {
        entries.retain(|entry| entry.due <= limit);
        ctx.put(match due.format {
            Format::Json => format!(
                "{}\n",
                json!({
                    "apiVersion": "ksecret/rotation/v1", "kind": "DueList",
                    "items": entries.iter().map(|entry| entry.json(now)).collect::<Vec<_>>(),
                })
            ),
            _ if entries.is_empty() => String::new(),
            _ => table(&entries, due.everywhere, now),
        })?;
        if entries.is_empty() && due.format == Format::Text {
            ctx.say("nothing is due");
        }
    }
    if is_overdue { Err(Error::silent(1)) } else { Ok(()) }
}

impl Entry {
    /// Reads the annotations; `None` if there are none.
    fn of(object: &Object) -> Result<Option<Self>, String> {
        let metadata = &object.json()["metadata"];
        let text = |key: &str| metadata["annotations"][key].as_str();
        let (every, expires) = (text(EVERY), text(EXPIRES));
        if every.or(expires).is_none() {
            return Ok(None);
        }
        let (namespace, name) = (object.namespace().unwrap_or_default().to_owned(), object.name().to_owned());
        let unreadable = |key: &str| format!("secret/{name} in {namespace}: its annotation {key} cannot be read");
        let every = every.map(|every| time::read(EVERY, every)).transpose().map_err(|_| unreadable(EVERY))?;
        let expires: Option<Timestamp> = expires.map(str::parse).transpose().map_err(|_| unreadable(EXPIRES))?;
        // A Secret that was never rotated counts from its creation.
        let rotated = text(ROTATED).or(metadata["creationTimestamp"].as_str()).unwrap_or_default();
        let rotated: Timestamp = rotated.parse().map_err(|_| unreadable(ROTATED))?;
        let after = every.map(|every| rotated.checked_add(every).unwrap_or(Timestamp::MAX));
        let due = after.into_iter().chain(expires).min().unwrap_or(Timestamp::MAX);
        Ok(Some(Self { namespace, name, rotated, due, expires }))
    }

    fn json(&self, now: Timestamp) -> Json {
        json!({
            "namespace": self.namespace, "name": self.name, "rotatedAt": self.rotated, "dueAt": self.due,
            "expiresAt": self.expires, "overdue": self.due <= now,
        })
    }
}

fn table(entries: &[Entry], everywhere: bool, now: Timestamp) -> String {
    let mut text = if everywhere { "NAMESPACE\t" } else { "" }.to_owned();
    text.push_str("NAME\tAGE\tDUE\tSTATUS\n");
    for entry in entries {
        if everywhere {
            text.push_str(&format!("{}\t", entry.namespace));
        }
        let seconds = |from: Timestamp, to: Timestamp| to.as_second() - from.as_second();
        let status = match entry.due <= now {
            true => format!("overdue for {}", age::human(seconds(entry.due, now))),
            false => format!("due in {}", age::human(seconds(now, entry.due))),
        };
        let age = age::human(seconds(entry.rotated, now));
        text.push_str(&format!("{}\t{age}\t{}\t{status}\n", entry.name, output_time(entry.due)));
    }
    tabwriter::TABLE.align(&text)
}

/// Returns ages and remaining times in the format of OpenMetrics 1.0.
fn metrics(entries: &[Entry], now: Timestamp) -> String {
    let mut text = String::new();
    type Sample = fn(&Entry) -> Option<Timestamp>;
    let families: [(&str, &str, i64, Sample); 3] = [
        ("ksecret_rotation_age_seconds", "Time since the Secret was rotated.", -1, |entry| Some(entry.rotated)),
        (
            "ksecret_rotation_due_seconds",
            "Time until the Secret is to be rotated; negative if it is overdue.",
            1,
            |entry| Some(entry.due),
        ),
        ("ksecret_certificate_expiry_seconds", "Time until a rotated certificate ends.", 1, |entry| entry.expires),
    ];
    for (name, help, sign, sample) in families {
        text.push_str(&format!("# TYPE {name} gauge\n# UNIT {name} seconds\n# HELP {name} {help}\n"));
        for entry in entries {
            let (namespace, secret) = (&entry.namespace, &entry.name);
            if let Some(time) = sample(entry) {
                let seconds = sign * (time.as_second() - now.as_second());
                text.push_str(&format!("{name}{{namespace=\"{namespace}\",secret=\"{secret}\"}} {seconds}\n"));
            }
        }
    }
    text + "# EOF\n"
}
