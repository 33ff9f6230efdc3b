//! Properties of a flag's definition that pflag asks for, and the deprecated flags.

use std::{any::TypeId, ffi::OsString, path::PathBuf};

use clap::{Arg, ArgAction};
use guard::Typed;

use super::value::Fields;

/// Returns whether the flag needs no value (pflag's `NoOptDefVal`). Then a value is only read after `=`.
pub fn value_is_optional(arg: &Arg) -> bool {
    match arg.get_action() {
        ArgAction::Set | ArgAction::Append => {
            arg.is_require_equals_set() && arg.get_num_args().is_some_and(|range| range.min_values() == 0)
        }
        _ => true,
    }
}

/// Returns whether the value may be any bytes: a path, or the value of an entry.
pub fn takes_bytes(arg: &Arg) -> bool {
    let bytes = [
        TypeId::of::<OsString>(),
        TypeId::of::<PathBuf>(),
        TypeId::of::<Fields<OsString>>(),
        TypeId::of::<Typed<OsString>>(),
    ];
    bytes.iter().any(|id| arg.get_value_parser().type_id() == *id)
}

/// A deprecated flag that is still accepted.
pub struct Deprecated {
    /// Its name.
    pub name: &'static str,
    /// What kubectl prints about it (pflag's `MarkDeprecated`).
    pub advice: &'static str,
    /// What it does not do here, unlike in kubectl.
    pub warning: &'static str,
}

/// All deprecated flags.
pub const DEPRECATED: [Deprecated; 1] = [Deprecated {
    name: "record",
    advice: "--record will be removed in the future",
    warning: "--record keeps nothing: the command line may hold values",
}];
