//! The certificate authorities that a machine trusts.

use std::{io, path::Path};

use rustls::pki_types::{CertificateDer, pem::PemObject as _};

use crate::failure::{Failure, Result};
use environment::{Env, files};

/// The most bytes of certificates that are read. A bundle of all public authorities has a quarter of a megabyte.
const MOST: usize = 16 << 20;

/// Returns the certificates of `SSL_CERT_FILE` and `SSL_CERT_DIR` or, if neither is set, those of the system. As in Go,
/// files that do not exist are skipped: a machine without authorities trusts no server, and that is reported when a
/// server is met.
///
/// # Errors
/// If a file cannot be read or has no end.
pub(super) fn of_machine(env: &Env) -> Result<Vec<CertificateDer<'static>>> {
    let (file, directories) = (env.var_os("SSL_CERT_FILE"), env.var_os("SSL_CERT_DIR"));
    if file.is_none() && directories.is_none() {
        return Ok(rustls_native_certs::load_native_certs().certs);
    }
    let mut roots = Roots { certificates: Vec::new(), left: MOST };
    let failed = |variable: &str, path: &Path, error: &io::Error| {
        let path = path.display();
        Failure::local(format_args!(
            "cannot read the certificates of {variable}: open {path}: {}",
            go::errno::text(error)
        ))
    };
    if let Some(file) = file {
        let path = env.cwd().join(file);
        roots.add(&path).map_err(|error| failed("SSL_CERT_FILE", &path, &error))?;
    }
    let directories = directories.map(std::env::split_paths).into_iter().flatten();
    for directory in directories.filter(|path| !path.as_os_str().is_empty()) {
        let directory = env.cwd().join(directory);
        let Ok(items) = std::fs::read_dir(&directory) else { continue };
        for path in items.map_while(|item| Some(item.ok()?.path())) {
            // Why: a directory may contain other things than certificates, such as a FIFO, on which a read would block.
            if path.is_file() {
                roots.add(&path).map_err(|error| failed("SSL_CERT_DIR", &path, &error))?;
            }
        }
    }
    roots.certificates.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
    roots.certificates.dedup();
    Ok(roots.certificates)
}

/// Certificates as they are read.
struct Roots {
    certificates: Vec<CertificateDer<'static>>,
    left: usize,
}

impl Roots {
    fn add(&mut self, path: &Path) -> io::Result<()> {
        let pem = match files::read_file(path, self.left) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            pem => pem?,
        };
        self.left -= pem.len();
        self.certificates.extend(CertificateDer::pem_slice_iter(&pem).filter_map(|found| found.ok()));
        Ok(())
    }
}
