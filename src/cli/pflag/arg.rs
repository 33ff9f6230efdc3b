//! What a flag takes, and which are out of use.

use std::{any::TypeId, ffi::OsString, path::PathBuf};

use clap::{Arg, ArgAction};
use guard::Typed;

use super::value::Fields;

/// Whether the flag needs no value (pflag's `NoOptDefVal`): one is only taken behind `=`.
pub fn value_is_optional(arg: &Arg) -> bool {
    match arg.get_action() {
        ArgAction::Set | ArgAction::Append => {
            arg.is_require_equals_set() && arg.get_num_args().is_some_and(|range| range.min_values() == 0)
        }
        _ => true,
    }
}

/// Whether the value may be any bytes: a path, or the value of an entry.
pub fn takes_bytes(arg: &Arg) -> bool {
    let bytes = [
        TypeId::of::<OsString>(),
        TypeId::of::<PathBuf>(),
        TypeId::of::<Fields<OsString>>(),
        TypeId::of::<Typed<OsString>>(),
    ];
    bytes.iter().any(|id| arg.get_value_parser().type_id() == *id)
}

/// A flag that kubectl still takes.
pub struct Deprecated {
    /// Its name.
    pub name: &'static str,
    /// What kubectl says of it (pflag's `MarkDeprecated`).
    pub advice: &'static str,
    /// What it does not do here.
    pub warning: &'static str,
}

/// Those that there are.
pub const DEPRECATED: [Deprecated; 1] = [Deprecated {
    name: "record",
    advice: "--record will be removed in the future",
    warning: "--record keeps nothing: the command line may hold values",
}];
