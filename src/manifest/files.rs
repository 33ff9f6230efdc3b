//! `-f`, `-R`, `-k`: from names to documents, by the rules of kubectl's resource builder.

use std::{
    ffi::{OsStr, OsString},
    fs::{self, File},
    io::{self, Read},
    os::unix::ffi::OsStrExt as _,
    path::Path,
    rc::Rc,
    sync::Arc,
};

use super::{
    Document,
    kustomize::{self, LoadRestrictions},
    object::Select,
    queue::{How, Queue},
    reading::{Input, Named, Stamp},
};
use context::{Build, Context};
use error::{Error, Result};
use go::glob::{self, join};
use go::quote::{quote, quote_bytes};
use guard::Value;

/// Extensions of the files that are read from a directory.
const EXTENSIONS: [&str; 3] = ["json", "yaml", "yml"];

/// The name of standard input in errors.
const STDIN: &str = "STDIN";

/// The values of `-f`, `-k` and `-R`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filenames {
    /// `-f`: files, directories, patterns, URLs, `-`; commas already split.
    pub filenames: Vec<OsString>,
    /// `-k`: the directory of a kustomization.
    pub kustomize: Option<OsString>,
    /// `-R`: whether directories are read with everything below them.
    pub recursive: bool,
    /// Which files the kustomization may read.
    pub restrictions: LoadRestrictions,
    /// Whether encrypted files are decrypted, by [`Options::decrypt`].
    pub decrypt: bool,
}

impl Filenames {
    /// Returns the same files, with decryption on or off.
    #[must_use]
    pub fn decrypted(self, decrypt: bool) -> Self {
        Self { decrypt, ..self }
    }

    /// Returns whether no file is named.
    pub fn is_empty(&self) -> bool {
        self.filenames.is_empty() && self.kustomize.is_none()
    }
}

/// How objects are read.
pub struct Options<'a> {
    /// Whether a missing `kind` or `apiVersion` is reported in the words of `--validate`, as create, apply and replace
    /// do unless it is off.
    pub validate: bool,
    /// Fetches a URL: returns the content, or the complete error.
    #[allow(clippy::type_complexity)]
    pub fetch: Option<&'a mut dyn FnMut(&str) -> Result<Vec<u8>>>,
    /// Builds a kustomization that cannot be built here.
    pub build: Option<Build>,
    /// Decrypts a file if it is encrypted. The second argument is its name, for errors.
    #[allow(clippy::type_complexity)]
    pub decrypt: Option<&'a mut dyn FnMut(Value, &str) -> Result<Value>>,
    /// Receives objects of other kinds. Without it each of them is an error.
    pub foreign: Option<&'a mut dyn FnMut(Document)>,
    /// Selects objects. Without it all are selected.
    pub select: Option<Rc<Select>>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { validate: true, fetch: None, build: None, decrypt: None, foreign: None, select: None }
    }
}

/// A place to read from.
enum Source {
    Stdin,
    Url(String),
    File(OsString),
    Kustomization(OsString),
}

/// Reads the documents, as create, apply and replace do; see [`load_with`].
///
/// # Errors
/// As [`load_with`].
pub fn load(files: &Filenames, ctx: &mut Context) -> Result<Queue> {
    load_with(files, Options::default(), ctx)
}

/// Reads the documents that `files` name, all of them, and holds the first ones. A document that cannot be read does not
/// stop the others: its error is in its position. (kubectl prints such errors at the end, without `error: ` if there are
/// several.)
///
/// # Errors
/// An error of the names themselves: a path that does not exist, flags that exclude each other.
pub fn load_with(files: &Filenames, options: Options<'_>, ctx: &mut Context) -> Result<Queue> {
    let Options { validate, mut fetch, mut build, decrypt, mut foreign, select } = options;
    let mut decrypt = decrypt.filter(|_| files.decrypt);
    let base = ctx.env.cwd().to_owned();
    let mut queue = Queue::new(How { base, validate, passes_foreign: foreign.is_some(), select });
    let mut read = |mut reader: Input<'_>, name: OsString, file: Option<Stamp>, queue: &mut Queue| {
        // Reborrowed, with a lifetime that fits.
        let foreign = foreign.as_mut().map(|foreign| &mut **foreign as &mut dyn FnMut(Document));
        let Some(decrypt) = &mut decrypt else { return queue.read(name, reader, file, foreign) };
        let path = name.to_string_lossy();
        match whole(&mut reader, &path).and_then(|text| decrypt(text, &path)) {
            Ok(text) => queue.read(name, Input::new(text.expose()), None, foreign),
            Err(error) => queue.fail(error),
        }
    };
    for source in sources(files, ctx.env.cwd())? {
        match source {
            Source::Stdin => {
                ctx.stdin_in_use.set();
                read(Input::new(&mut ctx.stdin), STDIN.into(), None, &mut queue);
            }
            Source::Url(url) => {
                let fetched = match &mut fetch {
                    Some(fetch) => fetch(&url),
                    None => Err(Error::new(format_args!("unable to read URL {}: not supported here", quote(&url)))),
                };
                match fetched {
                    Ok(content) => read(Input::new(content.as_slice()), url.into(), None, &mut queue),
                    Err(error) => queue.fail(error),
                }
            }
            Source::File(path) => match File::open(ctx.env.cwd().join(&path)) {
                Ok(file) => {
                    let stamp = Stamp::of(&file);
                    let named = Named { file: Arc::new(file), path: path.to_string_lossy().into_owned() };
                    read(Input::new(named), path, stamp, &mut queue);
                }
                Err(error) => {
                    queue.fail(Error::new(format_args!("open {}: {}", path.display(), go::errno::text(&error))));
                }
            },
            Source::Kustomization(path) => match kustomize::build(Path::new(&path), files.restrictions, &ctx.env) {
                Ok(objects) => {
                    let path = path.to_string_lossy();
                    queue.built(objects.into_iter().map(|object| Document::built(&path, object)));
                }
                Err(error) => match build
                    .as_mut()
                    .filter(|_| error.is_foreign())
                    .map_or(Err(error.clone()), |build| build(&path, error))
                {
                    Ok(built) => read(Input::new(built.as_slice()), path, None, &mut queue),
                    Err(error) => queue.fail(error),
                },
            },
        }
    }
    Ok(queue)
}

/// The largest file that is decrypted. Why: decryption needs the whole file in memory.
const MAX_ENCRYPTED: usize = 16 << 20;

/// Reads a whole source.
fn whole(reader: &mut dyn Read, path: &str) -> Result<Value> {
    let mut bytes = Vec::new();
    let read = guard::bounded::read(reader, 0, MAX_ENCRYPTED, &mut bytes);
    let text = Value::new(bytes);
    read.map_err(|error| Error::system(format_args!("error parsing {path}"), &error))?;
    match text.len() > MAX_ENCRYPTED {
        true => Err(Error::new(format_args!("error parsing {path}: more than 16 MiB are not decrypted"))),
        false => Ok(text),
    }
}

/// Returns the sources that the names stand for. Why before reading any: as in kubectl, a missing path is reported
/// before any object is created.
fn sources(files: &Filenames, base: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    let mut errors = Vec::new();
    if files.kustomize.is_some() && !files.filenames.is_empty() {
        errors.push("only one of -f or -k can be specified".to_owned());
    }
    if files.kustomize.is_some() && files.recursive {
        errors.push("the -k flag can't be used with -f or -R".to_owned());
    }
    if errors.is_empty() {
        for name in &files.filenames {
            if name == "-" {
                if sources.iter().any(|source| matches!(source, Source::Stdin)) {
                    errors.push("standard input cannot be used for multiple arguments".to_owned());
                }
                sources.push(Source::Stdin);
            } else if let Some(url) = url(name) {
                sources.push(Source::Url(url.to_owned()));
            } else if let Err(error) = add_pattern(name, files.recursive, base, &mut sources, &mut errors) {
                errors.push(error);
            }
        }
        sources.extend(files.kustomize.iter().cloned().map(Source::Kustomization));
    }
    match errors.as_slice() {
        [] => Ok(sources),
        [error] => Err(Error::new(error)),
        _ => Err(Error::many(errors.into_iter().map(Error::bare).collect())),
    }
}

fn url(name: &OsStr) -> Option<&str> {
    name.to_str().filter(|name| name.starts_with("http://") || name.starts_with("https://"))
}

/// Adds a name that may be a glob pattern. It is one only if no file has that name.
fn add_pattern(
    name: &OsStr,
    recursive: bool,
    base: &Path,
    sources: &mut Vec<Source>,
    errors: &mut Vec<String>,
) -> Result<(), String> {
    let paths = if is_absent(&base.join(name)) {
        let found = glob::expand(name, base)
            .map_err(|glob::BadPattern| format!("pattern {} is not valid: syntax error in pattern", quoted(name)))?;
        if found.is_empty() {
            return Err(does_not_exist(name));
        }
        found
    } else {
        vec![name.to_owned()]
    };
    for path in &paths {
        match fs::metadata(base.join(path)) {
            Ok(_) => {
                if let Err(error) = walk(path, recursive, base, sources) {
                    errors.push(format!("error reading {}: {error}", quoted(path)));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => errors.push(does_not_exist(path)),
            Err(error) => errors.push(format!(
                "the path {} cannot be accessed: stat {}: {}",
                quoted(path),
                path.display(),
                go::errno::text(&error)
            )),
        }
    }
    if sources.is_empty() && errors.is_empty() {
        return Err(format!(
            "error reading [{}]: recognized file extensions are [.json .yaml .yml]",
            paths.join(OsStr::new(" ")).display()
        ));
    }
    Ok(())
}

fn is_absent(path: &Path) -> bool {
    fs::metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn quoted(path: &OsStr) -> String {
    quote_bytes(path.as_bytes(), false)
}

fn does_not_exist(path: &OsStr) -> String {
    format!("the path {} does not exist", quoted(path))
}

/// Adds a file, or the files of a directory in the order of their names. A link is never followed into a directory: a
/// link that was named is not read as a directory, and a link inside one is read as a file. So the walk neither leaves
/// the tree nor runs in a cycle.
fn walk(path: &OsStr, recursive: bool, base: &Path, sources: &mut Vec<Source>) -> Result<(), String> {
    let kind = fs::symlink_metadata(base.join(path))
        .map_err(|error| format!("lstat {}: {}", path.display(), go::errno::text(&error)))?;
    if !kind.is_dir() {
        sources.push(Source::File(path.to_owned()));
        return Ok(());
    }
    walk_directory(path, recursive, base, sources)
}

fn walk_directory(path: &OsStr, recursive: bool, base: &Path, sources: &mut Vec<Source>) -> Result<(), String> {
    let failed = |error: io::Error| format!("open {}: {}", path.display(), go::errno::text(&error));
    let mut entries = Vec::new();
    for entry in base.join(path).read_dir().map_err(failed)? {
        let entry = entry.map_err(failed)?;
        entries.push((entry.file_name(), entry.file_type().map_err(failed)?));
    }
    entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    for (name, kind) in entries {
        let extension = name.as_bytes().rsplit(|byte| *byte == b'.').next().unwrap_or_default();
        let taken = extension.len() < name.len() && EXTENSIONS.iter().any(|taken| taken.as_bytes() == extension);
        if kind.is_dir() {
            if recursive {
                walk_directory(&join(path, &name), recursive, base, sources)?;
            }
        } else if taken && (kind.is_file() || kind.is_symlink()) {
            sources.push(Source::File(join(path, &name)));
        }
    }
    Ok(())
}
