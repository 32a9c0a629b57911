//! Memory that is free and still held.

/// Gives the kernel back whole pages that nothing lives in. glibc's allocator keeps those between others that are in use:
/// after a thousand bots started, some 20 KiB for each, for as long as the process lives.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "a call of C")]
pub(crate) fn give_back() {
    // SAFETY: `malloc_trim` takes any number, may be called from any thread at any time, and changes only pages that the
    // allocator itself has marked as free, under its own locks.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other allocators see to it themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back() {}
