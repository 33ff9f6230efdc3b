//! The command that corrects a finding.

use super::location::Location;
use crate::{
    cli::flags::ConnectionFlags,
    commands::spelled::{self, quoted},
    findings::{Finding, Remedy},
};

/// Returns the command, ready to paste except for words in capitals; `None` if no command is certain to be right.
pub(super) fn command(finding: &Finding, place: &Location, line: usize, program: &str) -> Option<String> {
    let within = match place.namespace.as_str() {
        "" => String::new(),
        namespace => format!(" -n {}", quoted(namespace)),
    };
    let name = quoted(&place.name);
    let is_secret = place.kind == "Secret" && !place.name.is_empty();
    let made = |flags: &str| {
        let made = format!("{program} create {}{within} --dry-run=client -o yaml", flags.replace("NAME", &name));
        // In files, the printed manifest replaces the document.
        if place.file.is_some() { made } else { format!("{made} | {program} apply{within} -f -") }
    };
    match finding.remedy {
        Remedy::Tls if is_secret => Some(made("tls NAME --cert=FILE --key=FILE")),
        Remedy::Ssh if is_secret => Some(made("ssh-auth NAME --ssh-privatekey=FILE")),
        Remedy::Docker if is_secret => {
            Some(made("docker-registry NAME --docker-server=SERVER --docker-username=USER --docker-password-stdin"))
        }
        Remedy::Create => Some(format!("{program} create generic SECRET{within} --prompt KEY")),
        Remedy::Anew => None,
        _ if place.file.is_some() => {
            let path = place.file.as_ref().filter(|_| place.is_editable()).map(|file| quoted(&file.path))?;
            if finding.remedy == Remedy::Fix {
                return Some(format!("{program} validate -f {path} --fix"));
            }
            Some(format!("${{EDITOR:-vi}} +{line} {path}"))
        }
        _ if !is_secret => None,
        Remedy::Fix => Some(format!("{program} validate secret/{name}{within} --fix")),
        Remedy::Value => match finding.field.as_slice() {
            [_, key] => Some(format!("{program} edit secret/{name}{within} --key {}", quoted(key))),
            _ => Some(format!("{program} edit secret/{name}{within} --decode")),
        },
        _ => Some(format!("{program} edit secret/{name}{within} --decode")),
    }
}

/// Returns the program with the flags that select the server.
pub(super) fn called(program: &str, flags: &ConnectionFlags) -> String {
    [vec![program.to_owned()], spelled::server(flags)].concat().join(" ")
}
