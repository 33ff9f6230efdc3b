//! Runs a conversation: opens the editor, sends the requests, prints.

use std::path::PathBuf;

use super::options::Options;
use crate::{
    cli::{flags::DryRun, resources},
    client::{Call, Client, Failure, Path},
    commands::{output::Output as Printer, session, targets::Target, write},
    context::Context,
    edit::{
        conversation::{Aim, Conversation, Event, Next, Output, Refusal},
        editor::Editor,
        keep::{self, Kept},
        session as editing,
        signals::unless_interrupted,
    },
    error::{Error, Result},
    secret::{Object, resource::Resource},
};

/// What a conversation runs with.
pub(super) struct Work<'a> {
    pub(super) client: &'a Client,
    pub(super) options: &'a Options,
    pub(super) editor: &'a Editor,
    pub(super) file: String,
    /// The objects as they were opened, which are stored with a kept text.
    pub(super) opened: Vec<Object>,
    /// The kept edit that is resumed.
    pub(super) kept_file: Option<PathBuf>,
    /// What saving does.
    pub(super) aim: Aim,
}

impl Work<'_> {
    pub(super) async fn talk(
        &mut self,
        mut talk: Conversation,
        mut next: Next,
        printer: &mut Printer,
        ctx: &mut Context,
    ) -> Result<()> {
        let mut shown = false;
        loop {
            let event = match next {
                Next::Open(text) => match editing::open(self.editor, ctx, &self.file, &text) {
                    Err(error) => Event::EditorFailed(error, Some(text)),
                    Ok(editing::Ended::Saved(text)) => Event::Saved(text),
                    Ok(editing::Ended::Failed(error, text)) => Event::EditorFailed(error, text),
                    Ok(editing::Ended::Interrupted(status, text)) => {
                        if let Some(text) = text.filter(|text| talk.worth_keeping(text)) {
                            self.keep(&text, ctx);
                        }
                        return Err(Error::silent(status));
                    }
                },
                Next::Confirm(receipt) => {
                    // Invariant: the text is kept before the question, so that Ctrl-C at the question does not lose it.
                    if let Some(Ok(file)) = self.options.keep.then(|| keep::keep(&ctx.env, &self.kept(talk.text()))) {
                        self.kept_file = Some(file);
                    }
                    Event::Confirmed(ask(&receipt, ctx)?)
                }
                Next::Finish(result, kept) => {
                    match kept {
                        Some(text) => self.keep(&text, ctx),
                        None if self.options.dry_run == DryRun::Server && shown => self.keep(talk.text(), ctx),
                        None if result.is_ok() => {
                            self.kept_file.as_deref().into_iter().for_each(keep::forget);
                            if let Some(hint) = self.editor.returns_at_once().filter(|_| !shown) {
                                ctx.say(format_args!("hint: {hint}"));
                            }
                        }
                        None => {}
                    }
                    return result;
                }
                asked => match unless_interrupted(self.ask_server(asked, ctx)).await {
                    Ok(event) => event,
                    Err(status) => {
                        self.keep(talk.text(), ctx);
                        return Err(Error::silent(status));
                    }
                },
            };
            let step = talk.on(event);
            for output in step.output {
                match output {
                    Output::Say(line) => ctx.say(line),
                    Output::Print(line) => ctx.put(line + "\n")?,
                    Output::Show(object, operation) => {
                        shown = true;
                        // As in kubectl, whose `edit` makes a printer for each object.
                        printer.alone(ctx, object, operation, self.options.dry_run)?;
                    }
                }
            }
            next = step.next;
        }
    }

    fn path(&self, name: &str) -> Result<Path, Failure> {
        Ok(Target::new(Resource::Secrets, self.client.namespace(), name)?.path())
    }

    /// Sends the request of a step.
    async fn ask_server(&self, asked: Next, ctx: &mut Context) -> Event {
        match asked {
            Next::Patch { name, body } => match self.path(&name) {
                Ok(path) => {
                    let call = session::patch(path, session::STRATEGIC_MERGE_PATCH, body.json());
                    self.send(call, Resource::Secrets, &name, &body, ctx).await
                }
                Err(failure) => self.refused(failure),
            },
            Next::Create(object) if self.options.dry_run == DryRun::Client => Event::Done(object),
            Next::Create(mut object) => {
                write::clear_version(&mut object);
                match self.client.collection(resource(&object)) {
                    Ok(collection) => {
                        let call = session::post(collection.path(), object.json());
                        self.send(call, resource(&object), object.name(), &object, ctx).await
                    }
                    Err(failure) => self.refused(failure),
                }
            }
            Next::Annotate { edited, body } => {
                match Target::new(resource(&edited), self.client.namespace(), edited.name()) {
                    Ok(target) => {
                        let call = session::patch(target.path(), session::MERGE_PATCH, body.json());
                        self.send(call, target.resource(), target.name.as_str(), &body, ctx).await
                    }
                    Err(failure) => self.refused(failure),
                }
            }
            Next::Fetch(name) => match self.get(&name).await {
                Ok(object) => Event::Fetched(object),
                Err(failure) => Event::Refused(refusal(&failure)),
            },
            Next::Open(_) | Next::Confirm(_) | Next::Finish(..) => Event::Confirmed(false),
        }
    }

    async fn get(&self, name: &str) -> Result<Object, Failure> {
        self.client.call(Call::get(self.path(name)?)).await?.object_named(Some(self.client.namespace()), name)
    }

    async fn send(&self, call: Call, resource: Resource, name: &str, body: &Object, ctx: &mut Context) -> Event {
        let mut call =
            call.query("fieldManager", self.options.manager.as_str()).query("fieldValidation", self.options.validation);
        if self.options.dry_run == DryRun::Server {
            call = call.query("dryRun", "All");
        }
        let answer = match self.client.call(call).await {
            Ok(answer) => answer,
            Err(failure) => return self.refused(failure.redacted(body)),
        };
        session::say_warnings(ctx, &answer);
        let namespace = (resource == Resource::Secrets).then(|| self.client.namespace());
        // With only `generateName`, the server chooses the name.
        let object = if name.is_empty() { answer.object() } else { answer.object_named(namespace, name) };
        match object {
            Ok(object) => Event::Done(object),
            Err(failure) => self.refused(failure),
        }
    }

    fn refused(&self, failure: Failure) -> Event {
        match self.aim.ends_at_refusal() {
            true => Event::Failed(failure.into()),
            false => Event::Refused(refusal(&failure)),
        }
    }

    fn kept(&self, text: &editing::Text) -> Kept {
        Kept {
            namespace: self.client.namespace().to_owned(),
            view: if self.aim == Aim::Create { keep::FORMER.to_owned() } else { self.options.view.name() },
            objects: self.opened.clone(),
            text: text.clone(),
        }
    }

    /// Keeps a text that was not saved, and prints how to resume it.
    fn keep(&self, text: &editing::Text, ctx: &mut Context) {
        if !self.options.keep {
            ctx.say("hint: your changes were not kept, as --no-keep says");
            return;
        }
        match keep::keep(&ctx.env, &self.kept(text)) {
            Ok(_) => {
                let names: Vec<&str> = self.opened.iter().map(Object::name).collect();
                let mut command = format!("{} edit --resume {}", ctx.program, resources::naming(&names));
                if self.client.namespace_given() {
                    command.push_str(&format!(" -n {}", self.client.namespace()));
                }
                ctx.say(format_args!("hint: your changes are kept, encrypted: {command}"));
            }
            Err(error) => ctx.say(format_args!("warning: your changes could not be kept: {}", go::errno::text(&error))),
        }
    }
}

fn resource(object: &Object) -> Resource {
    if object.kind() == "Namespace" { Resource::Namespaces } else { Resource::Secrets }
}

fn ask(receipt: &str, ctx: &mut Context) -> Result<bool> {
    for line in receipt.lines() {
        ctx.say(line);
    }
    dialoguer::Confirm::new()
        .with_prompt("Save this?")
        .default(false)
        .interact()
        .map_err(|dialoguer::Error::IO(error)| Error::system("cannot ask", &error))
}

/// Classifies a failure for the conversation.
fn refusal(failure: &Failure) -> Refusal {
    let text = failure.message().to_owned();
    if failure.is_invalid() {
        let causes = failure.status().and_then(|status| status.details.as_ref()).map(|details| &details.causes);
        let causes: Vec<(String, String)> =
            causes.into_iter().flatten().map(|cause| (cause.field.clone(), cause.message.clone())).collect();
        return Refusal::Invalid(if causes.is_empty() { vec![("secret".to_owned(), text)] } else { causes });
    }
    match failure.code() {
        404 => Refusal::NotFound(text),
        409 => Refusal::Conflict(text),
        400 | 413 => Refusal::Bad(text),
        _ => Refusal::Other(text),
    }
}
