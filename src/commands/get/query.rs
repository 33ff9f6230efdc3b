//! How objects are requested.

use crate::{
    client::{Call, Client, ListOptions, Path},
    commands::{discovery, session, targets::Target},
    context::Context,
    error::{Error, Result},
    secret::resource::Resource,
};

/// How objects are requested.
#[derive(Debug)]
pub struct Query {
    /// `-l`.
    pub labels: String,
    /// `--field-selector`.
    pub fields: String,
    /// `-A`.
    pub all_namespaces: bool,
    /// `--chunk-size`: objects per page; 0 for all at once.
    pub chunk: u64,
    /// `--ignore-not-found`: whether an object that does not exist is no error.
    pub ignore_not_found: bool,
    /// Whether the output is a table and not a watch.
    pub human: bool,
    /// Whether the server is asked for a table.
    pub table: bool,
    /// Whether the rows of the table need whole objects, to be sorted by a field outside metadata.
    pub values: bool,
    /// Whether the name was typed without a kind.
    pub bare: bool,
}

impl Query {
    /// Returns the path of a list.
    pub fn path(&self, resource: Resource, client: &Client) -> Result<Path> {
        // As in kubectl: its table output nests two aggregate errors in a list, for which `checkErr` prints no `error:
        // `.
        let bare = |error: Error| if self.human { Error::bare(error.text()) } else { error };
        client.listed(resource, self.all_namespaces).map_err(|failure| bare(failure.into()))
    }

    /// Returns whether a name that does not exist is a kind that the cluster adds.
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

    /// Asks for a table if one is printed. Its rows carry metadata, and whole objects only for sorting.
    pub fn asking(&self, call: Call) -> Call {
        match (self.table, self.values) {
            (true, true) => call.accept(session::TABLE).query("includeObject", "Object"),
            (true, false) => call.accept(session::TABLE),
            (false, _) => call,
        }
    }

    /// Returns kubectl's line for an empty list. `kinds` were listed; it is empty if objects were named.
    pub fn nothing_found(&self, kinds: &[Resource], client: &Client) -> String {
        match matches!(kinds, [] | [Resource::Secrets]) && !self.all_namespaces {
            true => format!("No resources found in {} namespace.", client.namespace()),
            false => "No resources found".to_owned(),
        }
    }
}
