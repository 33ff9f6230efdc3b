//! `config set` and `config unset`: one field by its path, found as kubectl finds it in client-go's types.

use guard::Typed;
use serde_json::{Value as Json, json};

use super::{change, see};
use crate::{
    cli::flags::ConnectionFlags,
    client::kubeconfig::{Entry, List, Merged, Paths},
    context::Context,
    error::{Error, Result},
};
use go::quote::quote;

#[derive(clap::Args, Debug)]
#[command(
    override_usage = "PROPERTY VALUE [flags]",
    after_help = "Examples:\n  ksecret config set clusters.prod.server https://prod.example:6443\n  ksecret config set contexts.prod.namespace team-a\n  ksecret config set users.ci.client-key-data \"$(base64 -w0 key.pem)\""
)]
pub(super) struct SetArgs {
    /// The field (current-context, clusters.NAME.server, users.NAME.token …), and its value
    #[arg(value_name = "PROPERTY VALUE")]
    words: Vec<Typed<String>>,
    /// Take VALUE of a field of bytes as it is, not as base64
    #[arg(long)]
    set_raw_bytes: bool,
}

#[derive(clap::Args, Debug)]
#[command(
    override_usage = "PROPERTY [flags]",
    after_help = "Examples:\n  ksecret config unset current-context\n  ksecret config unset contexts.prod.namespace\n  ksecret config unset users.old"
)]
pub(super) struct UnsetArgs {
    /// The field, or the entry (users.NAME)
    #[arg(value_name = "PROPERTY")]
    words: Vec<String>,
}

/// The resolved arguments: a property as it was typed, and its new value.
struct Options<'a> {
    name: &'a str,
    property: Property,
    /// `None` to unset the property.
    value: Option<New<'a>>,
}

impl<'a> Options<'a> {
    /// Checks and resolves the arguments of `set`.
    ///
    /// # Errors
    /// Missing words, an empty value, and a property that does not exist.
    fn of_set(args: &'a SetArgs, ctx: &Context) -> Result<Self> {
        let [name, value] = args.words.as_slice() else {
            // Why not the words: kubectl repeats all of them, and one may be a secret.
            let text = match args.words.as_slice() {
                [] => "Unexpected args: []".to_owned(),
                [name] if !name.contains('=') => format!("Unexpected args: [{}]", name.as_str()),
                words => format!("Unexpected args: expected PROPERTY and VALUE, got {} words", words.len()),
            };
            return Err(Error::new(text).hint(see("set", ctx)));
        };
        if value.is_empty() {
            return Err(Error::new("you cannot use set to unset a property"));
        }
        let value = New { text: value, raw: args.set_raw_bytes };
        Ok(Self { name, property: Property::parse(name)?, value: Some(value) })
    }

    /// Checks and resolves the arguments of `unset`.
    ///
    /// # Errors
    /// Not one word, and a property that does not exist.
    fn of_unset(args: &'a UnsetArgs, ctx: &Context) -> Result<Self> {
        let name = super::one_word(&args.words, "unset", ctx)?;
        Ok(Self { name, property: Property::parse(name)?, value: None })
    }

    /// Changes the files.
    fn run(&self, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
        change(Paths::AsSet, flags, ctx, |merged| self.property.change(merged, self.value.as_ref()))?;
        let done = if self.value.is_some() { "set" } else { "unset" };
        ctx.put(format!("Property {} {done}.\n", quote(self.name)))
    }
}

/// Sets a field.
///
/// # Errors
/// Those of [`Options::of_set`], a property that cannot be set in this way, or a file that cannot be read or written.
pub(super) fn set(args: &SetArgs, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    Options::of_set(args, ctx)?.run(flags, ctx)
}

/// Unsets a field.
///
/// # Errors
/// Those of [`Options::of_unset`], and a file that cannot be read or written.
pub(super) fn unset(args: &UnsetArgs, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    Options::of_unset(args, ctx)?.run(flags, ctx)
}

/// A value to set.
struct New<'v> {
    text: &'v str,
    /// `--set-raw-bytes`: whether the text is taken as bytes, instead of base64.
    raw: bool,
}

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Bool,
    Bytes,
    Texts,
    /// A map of lists of text.
    TextsMap,
    Extensions,
    /// A struct behind a pointer, into which kubectl does not descend.
    Pointer,
}

/// A field: its name in client-go's types, by which kubectl finds it; its name in the file; its type.
type Field = (&'static str, &'static str, Kind);

const CLUSTER: &[Field] = &[
    ("server", "server", Kind::Text),
    ("tls-server-name", "tls-server-name", Kind::Text),
    ("insecure-skip-tls-verify", "insecure-skip-tls-verify", Kind::Bool),
    ("certificate-authority", "certificate-authority", Kind::Text),
    ("certificate-authority-data", "certificate-authority-data", Kind::Bytes),
    ("proxy-url", "proxy-url", Kind::Text),
    ("disable-compression", "disable-compression", Kind::Bool),
    ("extensions", "extensions", Kind::Extensions),
];
const USER: &[Field] = &[
    ("client-certificate", "client-certificate", Kind::Text),
    ("client-certificate-data", "client-certificate-data", Kind::Bytes),
    ("client-key", "client-key", Kind::Text),
    ("client-key-data", "client-key-data", Kind::Bytes),
    ("token", "token", Kind::Text),
    ("tokenFile", "tokenFile", Kind::Text),
    ("act-as", "as", Kind::Text),
    ("act-as-uid", "as-uid", Kind::Text),
    ("act-as-groups", "as-groups", Kind::Texts),
    ("act-as-user-extra", "as-user-extra", Kind::TextsMap),
    ("username", "username", Kind::Text),
    ("password", "password", Kind::Text),
    ("auth-provider", "auth-provider", Kind::Pointer),
    ("exec", "exec", Kind::Pointer),
    ("extensions", "extensions", Kind::Extensions),
];
const CONTEXT: &[Field] = &[
    ("cluster", "cluster", Kind::Text),
    ("user", "user", Kind::Text),
    ("namespace", "namespace", Kind::Text),
    ("extensions", "extensions", Kind::Extensions),
];
const PREFERENCES: &[Field] = &[("colors", "colors", Kind::Bool), ("extensions", "extensions", Kind::Extensions)];

/// A property that exists.
enum Property {
    CurrentContext,
    /// `kind` or `apiVersion`, whose value is fixed.
    Fixed,
    /// The extensions of the file.
    Extensions,
    Preferences(Option<Field>),
    List(List),
    Entry(List, String, Option<Field>),
}

impl Property {
    /// Finds a property (kubectl's `newNavigationSteps`). The name of an entry may contain dots: it ends where the name
    /// of a field begins.
    fn parse(path: &str) -> Result<Self> {
        if path.is_empty() {
            return Err(Error::new("you must specify a property"));
        }
        let nowhere = || Error::new(format!("unable to parse one or more field values of {path}"));
        let parts: Vec<&str> = path.split('.').collect();
        let (first, rest) = parts.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
        let list = match first {
            "current-context" if rest.is_empty() => return Ok(Self::CurrentContext),
            "kind" | "apiVersion" if rest.is_empty() => return Ok(Self::Fixed),
            "extensions" if rest.is_empty() => return Ok(Self::Extensions),
            "current-context" | "kind" | "apiVersion" | "extensions" => return Err(nowhere()),
            "preferences" => {
                let [name, more @ ..] = rest else { return Ok(Self::Preferences(None)) };
                let field = find(PREFERENCES, name).ok_or_else(|| {
                    Error::new(format!("unable to parse {path} after [preferences] at api.Preferences"))
                })?;
                return if more.is_empty() { Ok(Self::Preferences(Some(field))) } else { Err(nowhere()) };
            }
            _ => List::ALL.into_iter().find(|list| list.name() == first),
        };
        let Some(list) = list else {
            return Err(Error::new(format!("unable to parse {path} after [] at api.Config")));
        };
        let Some((head, tail)) = rest.split_first() else { return Ok(Self::List(list)) };
        let fields = fields(list);
        let end = tail.iter().position(|part| find(fields, part).is_some());
        let (name, below) = tail.split_at(end.unwrap_or(tail.len()));
        let name = std::iter::once(head).chain(name).copied().collect::<Vec<_>>().join(".");
        match below {
            [] => Ok(Self::Entry(list, name, None)),
            [field] => Ok(Self::Entry(list, name, find(fields, field))),
            [field, ..] => match find(fields, field) {
                Some((_, _, Kind::TextsMap)) => Err(Error::new("string is not of type struct")),
                _ => Err(nowhere()),
            },
        }
    }

    /// Sets or unsets the property (kubectl's `modifyConfig`).
    fn change(&self, merged: &mut Merged, new: Option<&New<'_>>) -> Result<()> {
        match (self, new) {
            // As in kubectl, which reports these as set or unset, and writes nothing.
            (Self::Fixed, _) | (Self::Extensions, None) => Ok(()),
            (Self::CurrentContext, new) => {
                merged.current_context = new.map(|new| new.text.to_owned()).unwrap_or_default();
                Ok(())
            }
            (Self::Extensions | Self::Preferences(None), Some(_)) => Err(no_value("map[]")),
            (Self::Preferences(None), None) => {
                merged.set_preferences(Json::Null);
                Ok(())
            }
            (Self::Preferences(Some(field)), new) => {
                let mut preferences = merged.preferences().clone();
                if !preferences.is_object() {
                    preferences = json!({});
                }
                preferences[field.1] = value(*field, new)?;
                if preferences[field.1] == Json::Null || preferences[field.1] == false {
                    preferences.as_object_mut().map(|map| map.remove(field.1));
                }
                let empty = preferences.as_object().is_none_or(serde_json::Map::is_empty);
                merged.set_preferences(if empty { Json::Null } else { preferences });
                Ok(())
            }
            (Self::List(list), None) => {
                merged.list_mut(*list).clear();
                Ok(())
            }
            (Self::Entry(list, name, None), None) => {
                merged.list_mut(*list).remove(name);
                Ok(())
            }
            (Self::List(list) | Self::Entry(list, _, None), Some(_)) => {
                let names: Vec<&str> = merged.list(*list).keys().map(String::as_str).collect();
                Err(no_value(&format!("map[{}]", names.join(" "))))
            }
            (Self::Entry(list, name, Some(field)), Some(_)) => {
                let value = value(*field, new)?;
                let entry = merged.list_mut(*list).entry(name.clone()).or_insert_with(|| Entry::new(*list));
                entry.set(field.1, value);
                Ok(())
            }
            (Self::Entry(list, name, Some(field)), None) => {
                let Some(entry) = merged.list_mut(*list).get_mut(name) else {
                    return Err(Error::new(format!("current map key `{name}` is invalid")));
                };
                if entry.body().get(field.1).is_some() {
                    entry.unset(field.1);
                }
                Ok(())
            }
        }
    }
}

fn fields(list: List) -> &'static [Field] {
    match list {
        List::Clusters => CLUSTER,
        List::Users => USER,
        List::Contexts => CONTEXT,
    }
}

fn find(fields: &'static [Field], name: &str) -> Option<Field> {
    fields.iter().find(|(known, ..)| *known == name).copied()
}

fn no_value(shown: &str) -> Error {
    Error::new(format!("can't set a map to a value: {shown}"))
}

/// Returns the value that the text means for the type of the field; null unsets the field.
fn value(field: Field, new: Option<&New<'_>>) -> Result<Json> {
    let (name, _, kind) = field;
    let Some(New { text, raw }) = new else { return Ok(Json::Null) };
    match kind {
        Kind::Text => Ok((*text).into()),
        Kind::Bool => crate::cli::pflag::parse_bool(text).map(Json::from).map_err(Error::new),
        Kind::Bytes => {
            let bytes = match raw {
                true => text.as_bytes().to_vec(),
                false => go::base64::decode(text.as_bytes()).map_err(|at| {
                    Error::new(format!("error decoding input value: illegal base64 data at input byte {at}"))
                })?,
            };
            Ok(guard::Value::new(bytes).to_base64().into())
        }
        Kind::Texts => Err(Error::new("unrecognized slice type. string")),
        Kind::TextsMap | Kind::Extensions => Err(no_value("map[]")),
        Kind::Pointer => Err(Error::new(format!("{name} has fields of its own, and no value"))),
    }
}
