//! Printing decoded values.

use go::quote::quote;

use super::{
    Shown, extract,
    options::{Format, Options},
};
use crate::{
    context::{Context, color},
    error::{Error, Result},
    print::decoded::{self, Refused, Shape, shape},
    secret::{Object, Value, sanitize},
};

/// Prints values in the chosen format.
///
/// # Errors
/// A value that the format or the terminal cannot show, files that exist, output that cannot be written.
pub fn write(shown: &[Shown], options: &Options, ctx: &mut Context) -> Result<()> {
    if let Some(dir) = &options.to {
        return extract::write(dir, shown, options.force, ctx);
    }
    if options.reveal {
        ctx.stdout.reveal();
    }
    let terminal = ctx.terminals.stdout && !options.reveal;
    if options.keys {
        return each(shown, ctx, false, |secret| Ok(decoded::keys(&secret.entries).into_bytes()));
    }
    match options.output {
        None if options.key.is_some() => value(shown, terminal, ctx),
        Some(Format::Raw) => value(shown, terminal, ctx),
        None | Some(Format::Text) => {
            let colors = ctx.color && !options.reveal;
            each(shown, ctx, colors, |secret| Ok(decoded::text(&secret.entries, terminal).into_bytes()))
        }
        Some(Format::Json) => {
            let objects: Vec<Object> =
                shown.iter().map(|secret| decoded::json(&secret.object, &secret.entries)).collect();
            ctx.put(decoded::json_text(&objects))
        }
        Some(Format::Yaml) => {
            for (index, secret) in shown.iter().enumerate() {
                let text = decoded::yaml(&secret.object, &secret.entries);
                ctx.put(if index > 0 { format!("---\n{text}") } else { text })?;
            }
            Ok(())
        }
        Some(Format::Values) => {
            let values = |secret: &Shown| decoded::values(&secret.entries).map_err(|refused| cannot(secret, &refused));
            let maps = shown.iter().map(values).collect::<Result<Vec<_>>>()?;
            maps.iter().try_for_each(|map| ctx.put(decoded::json_text(std::slice::from_ref(map))))
        }
        Some(Format::Dotenv) => {
            fit_for(terminal, shown)?;
            each(shown, ctx, false, |secret| {
                Ok(decoded::dotenv(&secret.entries).map_err(|refused| cannot(secret, &refused))?.into_bytes())
            })
        }
        Some(Format::Shell) => {
            fit_for(terminal, shown)?;
            each(shown, ctx, false, |secret| {
                decoded::shell(&secret.entries).map_err(|refused| cannot(secret, &refused))
            })
        }
    }
}

/// Refuses unsafe bytes on a terminal. Why: formats for programs contain the values unchanged, and a terminal would
/// obey their control characters.
fn fit_for(terminal: bool, shown: &[Shown]) -> Result<()> {
    let mut values = shown.iter().flat_map(|secret| &secret.entries);
    match terminal && values.any(|(_, value)| unsafe_text(value)) {
        true => {
            Err(Error::new("values hold characters that a terminal would obey")
                .hint("--reveal writes them all the same"))
        }
        false => Ok(()),
    }
}

fn unsafe_text(value: &Value) -> bool {
    match shape(value) {
        Shape::Text(text) => text.contains(sanitize::is_hidden),
        Shape::Binary(_) => true,
    }
}

fn cannot(secret: &Shown, refused: &Refused) -> Error {
    let (name, key) = (quote(secret.object.name()), quote(&refused.key));
    Error::new(format!("secrets {name}: {key} {}", refused.why)).hint("--key-filter leaves keys out")
}

/// Prints one Secret after the other, with its name if there are several. Invariant: all are formatted before the first
/// is printed, so an error prints nothing.
fn each(shown: &[Shown], ctx: &mut Context, colors: bool, text: impl Fn(&Shown) -> Result<Vec<u8>>) -> Result<()> {
    let texts = shown.iter().map(text).collect::<Result<Vec<_>>>()?;
    for (index, (secret, text)) in shown.iter().zip(texts).enumerate() {
        let text = zeroize::Zeroizing::new(text);
        if shown.len() > 1 {
            let space = if index > 0 { "\n" } else { "" };
            let place = secret
                .object
                .namespace()
                .map_or(String::new(), |namespace| format!(" in {}", sanitize::line(namespace)));
            ctx.put(format!("{space}# secret/{}{place}\n", sanitize::line(secret.object.name())))?;
        }
        match std::str::from_utf8(&text) {
            Ok(text) if colors => {
                let text = zeroize::Zeroizing::new(color::fields(&sanitize::text(text)));
                ctx.put_styled(&text)?;
            }
            _ => ctx.put(&*text)?,
        }
    }
    Ok(())
}

/// Prints one value: exactly to a pipe; sanitized and with a newline to a terminal.
fn value(shown: &[Shown], terminal: bool, ctx: &mut Context) -> Result<()> {
    let mut values = shown.iter().flat_map(|secret| &secret.entries);
    let (Some((_, value)), None) = (values.next(), values.next()) else {
        return Err(Error::new("-o raw writes one value").hint("name its key"));
    };
    if !terminal {
        return ctx.put(value.expose());
    }
    match shape(value) {
        Shape::Binary(bytes) => {
            Err(Error::new(format!("the value is binary, {} bytes: it is not written to a terminal", bytes.len()))
                .hint("write it to a file or a pipe; --reveal writes it all the same"))
        }
        Shape::Text(text) => {
            ctx.put(text)?;
            if text.ends_with('\n') { Ok(()) } else { ctx.put("\n") }
        }
    }
}
