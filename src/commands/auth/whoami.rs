//! `auth whoami`: the user as whom the server authenticates this client.

use serde_json::{Value as Json, json};

use crate::{
    cli::flags::{ConnectionFlags, PrintFlags},
    client::{Client, Failure, Path},
    commands::{output, session},
    context::Context,
    error::{Error, Result},
    print::{self, Allowed, Format, Order, Printer},
    secret::Object,
};
use go::tabwriter;

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  ksecret auth whoami\n  ksecret auth whoami -o yaml")]
pub struct Args {
    /// Ignored, as kubectl does
    #[arg(hide = true)]
    words: Vec<String>,
    #[command(flatten)]
    print: PrintFlags,
}

/// The versions of the API, newest first.
const VERSIONS: [&str; 3] = ["v1", "v1beta1", "v1alpha1"];

/// The resolved arguments.
struct Options {
    /// `-o`; `None` for the table.
    format: Option<Format>,
    show_managed_fields: bool,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// An unknown format, and a template that cannot be read or is invalid.
    fn resolve(args: &Args, ctx: &Context) -> Result<Self> {
        // As in kubectl: `--template` alone selects no format.
        let format = match args.print.output {
            Some(_) => Some(output::parse(&args.print, Allowed::Create, false, ctx)?),
            None => None,
        };
        Ok(Self { format, show_managed_fields: args.print.show_managed_fields })
    }
}

/// Prints the user.
///
/// # Errors
/// kubectl's: those of [`Options::resolve`], a server without the API or one that refuses it.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let Options { format, show_managed_fields } = Options::resolve(args, ctx)?;
    let client = session::connect(flags, ctx)?;
    let answer = session::block_on(async { ask(&client).await.map_err(refused) })?;
    let user = &answer.json()["status"]["userInfo"];
    let Some(format) = format else { return ctx.put(table(user)) };
    let options = print::Options {
        show_managed_fields,
        order: Order::Typed,
        style: output::style(ctx),
        ..print::Options::default()
    };
    let mut printer = Printer::new(format, options);
    printer.object(&mut answer.into_json(), &mut ctx.stdout)?;
    printer.end(&mut ctx.stdout).map(|_| ())
}

async fn ask(client: &Client) -> Result<Object, Failure> {
    let mut not_found = None;
    for version in VERSIONS {
        let review = json!({"kind": "SelfSubjectReview", "apiVersion": format!("authentication.k8s.io/{version}")});
        let path = Path::raw(&format!("/apis/authentication.k8s.io/{version}/selfsubjectreviews"))?;
        match client.call(session::post(path, &review)).await {
            Ok(answer) => return answer.object(),
            Err(failure) if failure.is_not_found() => not_found = Some(failure),
            Err(failure) => return Err(failure),
        }
    }
    Err(not_found.unwrap_or_else(|| Failure::local("the server knows no version of the API")))
}

fn refused(failure: Failure) -> Error {
    let missing = "the selfsubjectreviews API is not enabled in the cluster";
    if failure.is_not_found() {
        return Error::new(missing);
    }
    if failure.reason() == "Forbidden" {
        return Error::new(format!("{missing} or you do not have permission to call it"));
    }
    failure.into()
}

fn table(user: &Json) -> String {
    let mut text = "ATTRIBUTE\tVALUE\n".to_owned();
    let list = |texts: &Json| {
        let texts: Vec<&str> = texts.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        (!texts.is_empty()).then(|| format!("[{}]", texts.join(" ")))
    };
    for (name, field) in [("Username", "username"), ("UID", "uid")] {
        if let Some(value) = user[field].as_str().filter(|value| !value.is_empty()) {
            text.push_str(&format!("{name}\t{value}\n"));
        }
    }
    if let Some(groups) = list(&user["groups"]) {
        text.push_str(&format!("Groups\t{groups}\n"));
    }
    for (name, values) in user["extra"].as_object().into_iter().flatten() {
        text.push_str(&format!("Extra: {name}\t{}\n", list(values).unwrap_or_else(|| "[]".to_owned())));
    }
    tabwriter::TABLE.align(&text)
}
