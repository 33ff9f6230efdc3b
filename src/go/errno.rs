//! Go's words for errors of the system.

use std::io;

/// Linux's errors from 1, as Go words them (`zerrors_linux_amd64.go` of package syscall). Why not the C library's words: musl,
/// which the published program is linked with, has others for half of them.
const LINUX: &str = "\
    operation not permitted|no such file or directory|no such process|interrupted system call|input/output error|\
    no such device or address|argument list too long|exec format error|bad file descriptor|no child processes|\
    resource temporarily unavailable|cannot allocate memory|permission denied|bad address|block device required|\
    device or resource busy|file exists|invalid cross-device link|no such device|not a directory|is a directory|\
    invalid argument|too many open files in system|too many open files|inappropriate ioctl for device|\
    text file busy|file too large|no space left on device|illegal seek|read-only file system|too many links|\
    broken pipe|numerical argument out of domain|numerical result out of range|resource deadlock avoided|\
    file name too long|no locks available|function not implemented|directory not empty|\
    too many levels of symbolic links||no message of desired type|identifier removed|channel number out of range|\
    level 2 not synchronized|level 3 halted|level 3 reset|link number out of range|protocol driver not attached|\
    no CSI structure available|level 2 halted|invalid exchange|invalid request descriptor|exchange full|no anode|\
    invalid request code|invalid slot||bad font file format|device not a stream|no data available|timer expired|\
    out of streams resources|machine is not on the network|package not installed|object is remote|\
    link has been severed|advertise error|srmount error|communication error on send|protocol error|\
    multihop attempted|RFS specific error|bad message|value too large for defined data type|\
    name not unique on network|file descriptor in bad state|remote address changed|\
    can not access a needed shared library|accessing a corrupted shared library|.lib section in a.out corrupted|\
    attempting to link in too many shared libraries|cannot exec a shared library directly|\
    invalid or incomplete multibyte or wide character|interrupted system call should be restarted|\
    streams pipe error|too many users|socket operation on non-socket|destination address required|message too long|\
    protocol wrong type for socket|protocol not available|protocol not supported|socket type not supported|\
    operation not supported|protocol family not supported|address family not supported by protocol|\
    address already in use|cannot assign requested address|network is down|network is unreachable|\
    network dropped connection on reset|software caused connection abort|connection reset by peer|\
    no buffer space available|transport endpoint is already connected|transport endpoint is not connected|\
    cannot send after transport endpoint shutdown|too many references: cannot splice|connection timed out|\
    connection refused|host is down|no route to host|operation already in progress|operation now in progress|\
    stale file handle|structure needs cleaning|not a XENIX named type file|no XENIX semaphores available|\
    is a named type file|remote I/O error|disk quota exceeded|no medium found|wrong medium type|operation canceled|\
    required key not available|key has expired|key has been revoked|key was rejected by service|owner died|\
    state not recoverable|operation not possible due to RF-kill|memory page has hardware error";

/// Returns an I/O error as Go's `syscall.Errno` words it: `no such file or directory`, without a number.
pub fn text(error: &io::Error) -> String {
    if error.get_ref().is_some() {
        let text = error.to_string();
        return quoted(&text).unwrap_or(text);
    }
    if let Some(words) = error.raw_os_error().and_then(of_linux) {
        return words.to_owned();
    }
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => of_library(error),
    }
}

/// Returns the text of a library that quotes an error of the system, as tempfile does to add the path; `None` for any other.
fn quoted(text: &str) -> Option<String> {
    let (before, rest) = text.split_once(NUMBER)?;
    let (number, behind) = rest.split_once(')')?;
    let system = io::Error::from_raw_os_error(number.parse().ok()?);
    let before = before.strip_suffix(system.to_string().split(NUMBER).next()?)?;
    Some(format!("{before}{}{behind}", self::text(&system)))
}

/// How Rust introduces the number of an error.
const NUMBER: &str = " (os error ";

fn of_linux(number: i32) -> Option<&'static str> {
    let at = usize::try_from(number).ok().filter(|_| is_numbered_as_linux())?.checked_sub(1)?;
    LINUX.split('|').nth(at).filter(|words| !words.is_empty())
}

/// Returns whether the system's errors have Linux's numbers: 11 is then "try again", and a deadlock on systems from BSD.
fn is_numbered_as_linux() -> bool {
    io::Error::from_raw_os_error(11).kind() == io::ErrorKind::WouldBlock
}

/// Returns the words of the C library, which begin with a capital letter.
fn of_library(error: &io::Error) -> String {
    let text = error.to_string();
    let mut chars = text.split(NUMBER).next().unwrap_or_default().chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn words_do_not_depend_on_the_library() {
        let words = |number| text(&io::Error::from_raw_os_error(number));
        assert_eq!(words(5), "input/output error");
        assert_eq!(words(110), "connection timed out");
        assert_eq!(words(113), "no route to host");
        assert_eq!(words(121), "remote I/O error");
        assert_eq!(LINUX.split('|').count(), 133);
        let with_path = format!("{} at path \"/x\"", io::Error::from_raw_os_error(5));
        assert_eq!(text(&io::Error::other(with_path)), "input/output error at path \"/x\"");
        assert_eq!(text(&io::Error::other("odd (os error 5)")), "odd (os error 5)");
    }

    /// glibc's words are those that Go took over.
    #[cfg(target_env = "gnu")]
    #[test]
    fn words_are_those_of_glibc() {
        for number in 1..=133 {
            let error = io::Error::from_raw_os_error(number);
            let (ours, theirs) = (text(&error), of_library(&error));
            assert_eq!(ours.to_lowercase(), theirs.to_lowercase(), "{number}");
        }
    }
}
