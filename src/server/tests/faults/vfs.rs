//! An SQLite VFS that injects failures: it passes all calls to the system's VFS, except for files in a directory with a
//! [`Plan`]. There a call fails as with a broken disk, a full disk or a lack of memory.

#![allow(unsafe_code, reason = "SQLite's interface for layers below it is C")]

use std::{
    ffi::{CStr, c_char, c_int, c_void},
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, Once, PoisonError, Weak,
        atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64, Ordering::SeqCst},
    },
};

use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Fault {
    /// An I/O error.
    Disk,
    /// The disk is full; only calls that write fail.
    Full,
    /// Out of memory.
    Memory,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    Open,
    Delete,
    Access,
    Read,
    Write,
    Truncate,
    Sync,
    Size,
    Lock,
    Map,
}

/// The failures in one directory.
pub struct Plan {
    fault: AtomicU8,
    /// The number of the call that fails; 0 for none.
    at: AtomicU64,
    /// Whether all calls after it fail, too.
    lasting: AtomicBool,
    calls: AtomicU64,
    fired: AtomicU64,
    /// How many more bytes files may grow by.
    room: AtomicI64,
}

impl Plan {
    /// Returns a plan for a directory, without failures.
    pub fn of(directory: &Path) -> Arc<Self> {
        install();
        let directory = directory.canonicalize().expect("a directory");
        let plan = Arc::new(Self {
            fault: AtomicU8::new(0),
            at: AtomicU64::new(0),
            lasting: AtomicBool::new(false),
            calls: AtomicU64::new(0),
            fired: AtomicU64::new(0),
            room: AtomicI64::new(i64::MAX),
        });
        let mut plans = PLANS.lock().unwrap_or_else(PoisonError::into_inner);
        plans.retain(|(_, plan)| plan.strong_count() > 0);
        plans.push((directory, Arc::downgrade(&plan)));
        plan
    }

    /// Makes the call number `at` fail, counted from now among those that can fail in this way; and those after it if
    /// `lasting`.
    pub fn arm(&self, fault: Fault, at: u64, lasting: bool) {
        self.calls.store(0, SeqCst);
        self.fault.store(fault as u8, SeqCst);
        self.lasting.store(lasting, SeqCst);
        self.at.store(at, SeqCst);
    }

    /// Ends the failures; returns how many calls have failed so far.
    pub fn disarm(&self) -> u64 {
        self.at.store(0, SeqCst);
        self.room.store(i64::MAX, SeqCst);
        self.fired.swap(0, SeqCst)
    }

    /// Lets files grow by at most `bytes`.
    pub fn leave_room(&self, bytes: i64) {
        self.room.store(bytes, SeqCst);
    }

    /// Returns the error of a call, if it is to fail.
    fn strike(&self, call: Call) -> Option<c_int> {
        let at = self.at.load(SeqCst);
        let fault = self.fault.load(SeqCst);
        if at == 0 || fault == Fault::Full as u8 && !matches!(call, Call::Write | Call::Map) {
            return None;
        }
        let number = self.calls.fetch_add(1, SeqCst) + 1;
        if number != at && !(number > at && self.lasting.load(SeqCst)) {
            return None;
        }
        self.fired.fetch_add(1, SeqCst);
        Some(match (fault, call) {
            (1, _) => ffi::SQLITE_FULL,
            (2, Call::Open) => ffi::SQLITE_NOMEM,
            (2, _) => ffi::SQLITE_IOERR_NOMEM,
            (_, Call::Open) => ffi::SQLITE_CANTOPEN,
            (_, Call::Delete) => ffi::SQLITE_IOERR_DELETE,
            (_, Call::Access) => ffi::SQLITE_IOERR_ACCESS,
            (_, Call::Read) => ffi::SQLITE_IOERR_READ,
            (_, Call::Write) => ffi::SQLITE_IOERR_WRITE,
            (_, Call::Truncate) => ffi::SQLITE_IOERR_TRUNCATE,
            (_, Call::Sync) => ffi::SQLITE_IOERR_FSYNC,
            (_, Call::Size) => ffi::SQLITE_IOERR_FSTAT,
            (_, Call::Lock) => ffi::SQLITE_IOERR_LOCK,
            (_, Call::Map) => ffi::SQLITE_IOERR_SHMMAP,
        })
    }

    /// Returns whether a file may grow by `growth` bytes.
    fn takes(&self, growth: i64) -> bool {
        let left = self.room.load(SeqCst);
        if left == i64::MAX {
            return true;
        }
        let fits = growth <= left;
        if fits {
            self.room.fetch_sub(growth, SeqCst);
        } else {
            self.fired.fetch_add(1, SeqCst);
        }
        fits
    }

    fn gives_back(&self, bytes: i64) {
        if self.room.load(SeqCst) != i64::MAX {
            self.room.fetch_add(bytes, SeqCst);
        }
    }
}

static PLANS: Mutex<Vec<(PathBuf, Weak<Plan>)>> = Mutex::new(Vec::new());

/// Returns the plan of a file's directory.
///
/// # Safety
/// `name` is null or a C string.
unsafe fn plan(name: *const c_char) -> Option<Arc<Plan>> {
    if name.is_null() {
        return None;
    }
    // SAFETY: the caller's obligation.
    let name = unsafe { CStr::from_ptr(name) };
    let directory = Path::new(std::ffi::OsStr::from_bytes(name.to_bytes())).parent()?;
    let plans = PLANS.lock().unwrap_or_else(PoisonError::into_inner);
    plans.iter().find(|(of, _)| of == directory)?.1.upgrade()
}

/// An open file, as SQLite allocates it: the system's file follows it in memory.
#[repr(C, align(8))]
struct File {
    methods: *const sqlite3_io_methods,
    plan: Option<Arc<Plan>>,
}

impl File {
    /// # Safety
    /// `file` was opened by [`open`].
    unsafe fn parts<'a>(file: *mut sqlite3_file) -> (&'a Self, *mut sqlite3_file, &'a sqlite3_io_methods) {
        let own = file.cast::<Self>();
        // SAFETY: `open` has filled both.
        unsafe {
            let real = own.add(1).cast::<sqlite3_file>();
            (&*own, real, &*(*real).pMethods)
        }
    }

    fn strike(&self, call: Call) -> Option<c_int> {
        self.plan.as_ref().and_then(|plan| plan.strike(call))
    }
}

fn install() {
    static ONCE: Once = Once::new();
    // SAFETY: the default VFS lives for ever, and so does what is made of it here.
    ONCE.call_once(|| unsafe {
        let real = ffi::sqlite3_vfs_find(std::ptr::null());
        assert!(!real.is_null(), "a default VFS");
        let shim = Box::leak(Box::new(*real));
        let room = c_int::try_from(size_of::<File>()).expect("a size");
        shim.szOsFile = room + (*real).szOsFile;
        shim.zName = c"faults".as_ptr();
        shim.pAppData = real.cast();
        shim.xOpen = Some(open);
        shim.xDelete = Some(delete);
        shim.xAccess = Some(access);
        assert_eq!(ffi::sqlite3_vfs_register(shim, 1), ffi::SQLITE_OK);
    });
}

/// # Safety
/// `vfs` is the one that [`install`] made.
unsafe fn real<'a>(vfs: *mut sqlite3_vfs) -> &'a mut sqlite3_vfs {
    // SAFETY: the caller's obligation.
    unsafe { &mut *(*vfs).pAppData.cast() }
}

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives `szOsFile` bytes at `file`, and a name or null.
    unsafe {
        let plan = plan(name);
        (*file).pMethods = std::ptr::null();
        if let Some(code) = plan.as_ref().and_then(|plan| plan.strike(Call::Open)) {
            return code;
        }
        let own = file.cast::<File>();
        let system = own.add(1).cast::<sqlite3_file>();
        let vfs = real(vfs);
        let code = (vfs.xOpen.expect("xOpen"))(vfs, name, system, flags, out);
        if code == ffi::SQLITE_OK {
            own.write(File { methods: &raw const METHODS, plan });
        }
        code
    }
}

unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: SQLite gives a name.
    unsafe {
        if let Some(plan) = plan(name) {
            if let Some(code) = plan.strike(Call::Delete) {
                return code;
            }
            let path = Path::new(std::ffi::OsStr::from_bytes(CStr::from_ptr(name).to_bytes()));
            let size = path.metadata().map_or(0, |found| found.len());
            plan.gives_back(i64::try_from(size).unwrap_or(0));
        }
        let vfs = real(vfs);
        (vfs.xDelete.expect("xDelete"))(vfs, name, sync)
    }
}

unsafe extern "C" fn access(vfs: *mut sqlite3_vfs, name: *const c_char, flags: c_int, out: *mut c_int) -> c_int {
    // SAFETY: SQLite gives a name.
    unsafe {
        if let Some(code) = plan(name).and_then(|plan| plan.strike(Call::Access)) {
            return code;
        }
        let vfs = real(vfs);
        (vfs.xAccess.expect("xAccess"))(vfs, name, flags, out)
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes what it has opened, once.
    unsafe {
        let (_, system, methods) = File::parts(file);
        let code = (methods.xClose.expect("xClose"))(system);
        drop(std::mem::take(&mut (*file.cast::<File>()).plan));
        code
    }
}

unsafe extern "C" fn write(file: *mut sqlite3_file, bytes: *const c_void, count: c_int, at: sqlite3_int64) -> c_int {
    // SAFETY: SQLite gives an open file and `count` bytes.
    unsafe {
        let (own, system, methods) = File::parts(file);
        let write = methods.xWrite.expect("xWrite");
        if let Some(code) = own.strike(Call::Write) {
            // A part of the data is written.
            write(system, bytes, count / 2, at);
            return code;
        }
        if let Some(plan) = &own.plan {
            let mut size = 0;
            (methods.xFileSize.expect("xFileSize"))(system, &raw mut size);
            if !plan.takes((at + i64::from(count) - size).max(0)) {
                return ffi::SQLITE_FULL;
            }
        }
        write(system, bytes, count, at)
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    // SAFETY: SQLite gives an open file.
    unsafe {
        let (own, system, methods) = File::parts(file);
        if let Some(code) = own.strike(Call::Truncate) {
            return code;
        }
        let mut before = 0;
        (methods.xFileSize.expect("xFileSize"))(system, &raw mut before);
        if let Some(plan) = &own.plan {
            plan.gives_back((before - size).max(0));
        }
        (methods.xTruncate.expect("xTruncate"))(system, size)
    }
}

/// Defines a method that fails by the plan, or calls the system's.
macro_rules! method {
    ($name:ident, $call:expr, $method:ident ( $($argument:ident: $kind:ty),* )) => {
        unsafe extern "C" fn $name(file: *mut sqlite3_file $(, $argument: $kind)*) -> c_int {
            // SAFETY: SQLite gives an open file, and what its method takes.
            unsafe {
                let (own, system, methods) = File::parts(file);
                let call: Option<Call> = $call;
                match call.and_then(|call| own.strike(call)) {
                    Some(code) => code,
                    None => (methods.$method.expect("a method"))(system $(, $argument)*),
                }
            }
        }
    };
}

method!(read, Some(Call::Read), xRead(bytes: *mut c_void, count: c_int, at: sqlite3_int64));
method!(sync, Some(Call::Sync), xSync(flags: c_int));
method!(size, Some(Call::Size), xFileSize(size: *mut sqlite3_int64));
method!(lock, Some(Call::Lock), xLock(kind: c_int));
method!(unlock, None, xUnlock(kind: c_int));
method!(reserved, Some(Call::Lock), xCheckReservedLock(out: *mut c_int));
method!(control, None, xFileControl(operation: c_int, argument: *mut c_void));
method!(sector, None, xSectorSize());
method!(characteristics, None, xDeviceCharacteristics());
method!(map, Some(Call::Map), xShmMap(region: c_int, size: c_int, extend: c_int, out: *mut *mut c_void));
method!(unmap, None, xShmUnmap(delete: c_int));
method!(fetch, None, xFetch(at: sqlite3_int64, count: c_int, out: *mut *mut c_void));
method!(unfetch, None, xUnfetch(at: sqlite3_int64, page: *mut c_void));

unsafe extern "C" fn lock_index(file: *mut sqlite3_file, first: c_int, count: c_int, flags: c_int) -> c_int {
    // SAFETY: SQLite gives an open file.
    unsafe {
        let (own, system, methods) = File::parts(file);
        // Releasing a lock never fails.
        let takes = flags & ffi::SQLITE_SHM_LOCK != 0;
        match Some(Call::Lock).filter(|_| takes).and_then(|call| own.strike(call)) {
            Some(code) => code,
            None => (methods.xShmLock.expect("xShmLock"))(system, first, count, flags),
        }
    }
}

unsafe extern "C" fn barrier(file: *mut sqlite3_file) {
    // SAFETY: SQLite gives an open file.
    unsafe {
        let (_, system, methods) = File::parts(file);
        (methods.xShmBarrier.expect("xShmBarrier"))(system);
    }
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 3,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(map),
    xShmLock: Some(lock_index),
    xShmBarrier: Some(barrier),
    xShmUnmap: Some(unmap),
    xFetch: Some(fetch),
    xUnfetch: Some(unfetch),
};
