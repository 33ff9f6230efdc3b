//! How objects are asked for.

use crate::{
    client::{Call, Client, ListOptions, Path},
    commands::{discovery, session, targets::Target},
    context::Context,
    error::{Error, Result},
    secret::resource::Resource,
};

/// How objects are asked for.
#[derive(Debug)]
pub struct Query {
    /// `-l`.
    pub labels: String,
    /// `--field-selector`.
    pub fields: String,
    /// `-A`.
    pub all_namespaces: bool,
    /// How many at once; 0 for all.
    pub chunk: u64,
    /// Whether what is not there is no error.
    pub ignore_not_found: bool,
    /// Whether a table is printed, and nothing is watched.
    pub human: bool,
    /// Whether the server is asked for a table.
    pub table: bool,
    /// Whether the table's rows must carry whole objects, to sort by a field outside metadata.
    pub values: bool,
    /// Whether the name was typed without a kind.
    pub bare: bool,
}

impl Query {
    /// Returns the path of a list.
    pub fn path(&self, resource: Resource, client: &Client) -> Result<Path> {
        // kubectl's table lists through two aggregates of errors, and its `checkErr` leaves `error: ` out of those.
        let bare = |error: Error| if self.human { Error::bare(error.text()) } else { error };
        client.listed(resource, self.all_namespaces).map_err(|failure| bare(failure.into()))
    }

    /// Whether the name that was not found is a kind of the cluster's own: then nothing was meant by that name.
    pub async fn is_other_kind(&self, client: &Client, target: &Target, ctx: &Context) -> bool {
        self.bare && discovery::is_foreign_kind(client, target.name.as_str(), ctx).await
    }

    pub fn list_options(&self) -> ListOptions {
        ListOptions {
            label_selector: self.labels.clone(),
            field_selector: self.fields.clone(),
            limit: self.chunk,
            accept: if self.table { session::TABLE } else { "" },
            whole_rows: self.table && self.values,
        }
    }

    /// Asks for a table where one is wanted; its rows carry metadata, and values only to be sorted by.
    pub fn asking(&self, call: Call) -> Call {
        match (self.table, self.values) {
            (true, true) => call.accept(session::TABLE).query("includeObject", "Object"),
            (true, false) => call.accept(session::TABLE),
            (false, _) => call,
        }
    }

    /// Returns kubectl's line for an empty list; `kinds` is what was listed, nothing if objects were named.
    pub fn nothing_found(&self, kinds: &[Resource], client: &Client) -> String {
        match matches!(kinds, [] | [Resource::Secrets]) && !self.all_namespaces {
            true => format!("No resources found in {} namespace.", client.namespace()),
            false => "No resources found".to_owned(),
        }
    }
}
