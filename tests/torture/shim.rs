//! Not a part of the test's binary: a library of its own, which is loaded before the C library of a server and stands
//! between it and its disk. While the switch says so, the files below the data directory are as on a disk that is full, on
//! one that the kernel has made read-only, on one that hangs, or on one whose writes stay in memory. Real mounts need rights
//! that a test does not have everywhere.
//!
//! `DISK_BELOW` names the data directory, `DISK_SWITCH` a directory in which a file `full`, `read-only`, `hang` or `forgetful`
//! is the switch. Who waits for a forgetful disk is named in its file `asked`.

#![no_std]

use core::ffi::{CStr, c_char, c_int, c_long, c_void};
use core::sync::atomic::{AtomicUsize, Ordering};

const ENOSPC: c_int = 28;
const EROFS: c_int = 30;
const RTLD_NEXT: *mut c_void = usize::MAX as *mut c_void;
const O_ACCMODE: c_int = 3;
const O_WRONLY: c_int = 1;
const O_APPEND: c_int = 0o2000;
const O_CREAT: c_int = 0o100;
const LONGEST: usize = 4_096;

unsafe extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    fn getenv(name: *const c_char) -> *const c_char;
    fn access(path: *const c_char, mode: c_int) -> c_int;
    fn readlink(path: *const c_char, buffer: *mut c_char, size: usize) -> isize;
    fn usleep(microseconds: u32) -> c_int;
    fn abort() -> !;
    fn __errno_location() -> *mut c_int;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe { abort() }
}

/// Named by the tables of `core`, which was compiled to unwind; here nothing does.
#[unsafe(no_mangle)]
pub extern "C" fn rust_eh_personality() {}

fn variable(name: &CStr) -> Option<&'static CStr> {
    let value = unsafe { getenv(name.as_ptr()) };
    (!value.is_null()).then(|| unsafe { CStr::from_ptr(value) })
}

/// Bytes with an end, put together of parts.
struct Text {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Text {
    fn new(parts: [&[u8]; 2]) -> Self {
        let mut text = Text { bytes: [0; LONGEST], len: 0 };
        for byte in parts.into_iter().flatten().take(LONGEST - 1) {
            text.bytes[text.len] = *byte;
            text.len += 1;
        }
        text
    }

    fn pointer(&self) -> *const c_char {
        self.bytes.as_ptr().cast()
    }
}

fn is_on(switch: &[u8]) -> bool {
    let Some(place) = variable(c"DISK_SWITCH") else { return false };
    unsafe { access(Text::new([place.to_bytes(), switch]).pointer(), 0) == 0 }
}

fn is_below(path: &[u8]) -> bool {
    variable(c"DISK_BELOW").is_some_and(|below| path.starts_with(below.to_bytes()))
}

/// The path of an open file.
fn path_of(fd: c_int) -> Text {
    let mut digits = [0; 12];
    let (mut at, mut left) = (digits.len(), fd.unsigned_abs());
    loop {
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    let link = Text::new([b"/proc/self/fd/", &digits[at..]]);
    let mut path = Text::new([b"", b""]);
    let len = unsafe { readlink(link.pointer(), path.bytes.as_mut_ptr().cast(), LONGEST) };
    path.len = usize::try_from(len).unwrap_or(0);
    path
}

/// Whether an open file is one of those.
fn is_file_below(fd: c_int) -> bool {
    let path = path_of(fd);
    is_below(&path.bytes[..path.len])
}

/// Waits while the disk hangs; whether it takes nothing. A full one still takes what needs no room.
fn refuses(needs_room: bool, concerned: impl Fn() -> bool) -> bool {
    while is_on(b"/hang") && concerned() {
        unsafe { usleep(5_000) };
    }
    let error = if is_on(b"/read-only") && concerned() {
        EROFS
    } else if needs_room && is_on(b"/full") && concerned() {
        ENOSPC
    } else {
        return false;
    };
    unsafe { *__errno_location() = error };
    true
}

/// Whether the beginning of such a write goes through: a disk becomes full in the middle of one.
fn takes_a_part(fd: c_int, count: usize) -> bool {
    static WRITES: AtomicUsize = AtomicUsize::new(0);
    count > 1 && is_on(b"/full") && is_file_below(fd) && WRITES.fetch_add(1, Ordering::Relaxed).is_multiple_of(2)
}

/// The same function of the C library.
macro_rules! real {
    ($name:expr, fn($($kind:ty),* $(,)?) -> $answer:ty) => {{
        let found = unsafe { dlsym(RTLD_NEXT, $name.as_ptr()) };
        if found.is_null() {
            unsafe { abort() }
        }
        unsafe { core::mem::transmute::<*mut c_void, unsafe extern "C" fn($($kind),*) -> $answer>(found) }
    }};
}

/// Waits while nothing that is written gets to the disk, and notes once for which file.
fn waits_for_the_disk(fd: c_int) {
    let mut is_noted = false;
    while is_on(b"/forgetful") && is_file_below(fd) {
        if !is_noted {
            note(fd);
            is_noted = true;
        }
        unsafe { usleep(5_000) };
    }
}

fn note(fd: c_int) {
    let Some(place) = variable(c"DISK_SWITCH") else { return };
    let asked = Text::new([place.to_bytes(), b"/asked"]);
    let path = path_of(fd);
    let line = Text::new([&path.bytes[..path.len], b"\n"]);
    let open = real!(c"open", fn(*const c_char, c_int, u32) -> c_int);
    let write = real!(c"write", fn(c_int, *const c_void, usize) -> isize);
    let close = real!(c"close", fn(c_int) -> c_int);
    unsafe {
        let file = open(asked.pointer(), O_WRONLY | O_CREAT | O_APPEND, 0o666);
        write(file, line.bytes.as_ptr().cast(), line.len);
        close(file);
    }
}

/// Functions that return when a file is on the disk.
macro_rules! syncing {
    ($($name:ident)*) => {$(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(fd: c_int) -> c_int {
            waits_for_the_disk(fd);
            if refuses(true, || is_file_below(fd)) {
                return -1;
            }
            let name = unsafe { CStr::from_bytes_with_nul_unchecked(concat!(stringify!($name), "\0").as_bytes()) };
            let real = real!(name, fn(c_int) -> c_int);
            unsafe { real(fd) }
        }
    )*};
}

syncing! { fsync fdatasync }

/// Functions that change an open file, and whether they need room.
macro_rules! of_files {
    ($($needs_room:literal $name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {$(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(fd: c_int, $($argument: $kind),*) -> $answer {
            if refuses($needs_room, || is_file_below(fd)) {
                return -1;
            }
            let name = unsafe { CStr::from_bytes_with_nul_unchecked(concat!(stringify!($name), "\0").as_bytes()) };
            let real = real!(name, fn(c_int, $($kind),*) -> $answer);
            unsafe { real(fd, $($argument),*) }
        }
    )*};
}

of_files! {
    true writev(pieces: *const c_void, count: c_int) -> isize;
    true ftruncate(length: c_long) -> c_int;
    true ftruncate64(length: i64) -> c_int;
    true fallocate(mode: c_int, offset: c_long, length: c_long) -> c_int;
    true fallocate64(mode: c_int, offset: i64, length: i64) -> c_int;
}

/// Writing.
macro_rules! writing {
    ($($name:ident($($argument:ident: $kind:ty),*);)*) => {$(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(fd: c_int, bytes: *const c_void, count: usize, $($argument: $kind),*) -> isize {
            let mut count = count;
            if takes_a_part(fd, count) {
                count /= 2;
            } else if refuses(true, || is_file_below(fd)) {
                return -1;
            }
            let name = unsafe { CStr::from_bytes_with_nul_unchecked(concat!(stringify!($name), "\0").as_bytes()) };
            let real = real!(name, fn(c_int, *const c_void, usize, $($kind),*) -> isize);
            unsafe { real(fd, bytes, count, $($argument),*) }
        }
    )*};
}

writing! {
    write();
    pwrite(offset: c_long);
    pwrite64(offset: i64);
}

/// Making room, which answers with the error itself.
macro_rules! making_room {
    ($($name:ident)*) => {$(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(fd: c_int, offset: i64, length: i64) -> c_int {
            if refuses(true, || is_file_below(fd)) {
                return unsafe { *__errno_location() };
            }
            let name = unsafe { CStr::from_bytes_with_nul_unchecked(concat!(stringify!($name), "\0").as_bytes()) };
            let real = real!(name, fn(c_int, i64, i64) -> c_int);
            unsafe { real(fd, offset, length) }
        }
    )*};
}

making_room! { posix_fallocate posix_fallocate64 }

/// Functions that change what a path leads to, and whether they need room.
macro_rules! of_paths {
    ($($needs_room:literal $name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {$(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(path: *const c_char, $($argument: $kind),*) -> $answer {
            if refuses($needs_room, || is_below(unsafe { CStr::from_ptr(path) }.to_bytes())) {
                return -1;
            }
            let name = unsafe { CStr::from_bytes_with_nul_unchecked(concat!(stringify!($name), "\0").as_bytes()) };
            let real = real!(name, fn(*const c_char, $($kind),*) -> $answer);
            unsafe { real(path, $($argument),*) }
        }
    )*};
}

of_paths! {
    true mkdir(mode: u32) -> c_int;
    false unlink() -> c_int;
    false rename(to: *const c_char) -> c_int;
}

/// Opening, which takes a third argument where it makes the file.
macro_rules! opening {
    ($($name:ident)*) => {$(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(path: *const c_char, flags: c_int, mode: u32) -> c_int {
            let writes = flags & O_ACCMODE != 0 || flags & O_CREAT != 0;
            if writes && refuses(false, || is_below(unsafe { CStr::from_ptr(path) }.to_bytes())) {
                return -1;
            }
            let name = unsafe { CStr::from_bytes_with_nul_unchecked(concat!(stringify!($name), "\0").as_bytes()) };
            let real = real!(name, fn(*const c_char, c_int, u32) -> c_int);
            unsafe { real(path, flags, mode) }
        }
    )*};
}

opening! { open open64 }
