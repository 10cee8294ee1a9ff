//! Keeps Tesseract's own threads off, and Leptonica's messages.
//!
//! Its OpenMP threads make a page three times as dear in CPU time and six times as slow, and this
//! crate already reads one page on each core. libgomp reads its environment when it is loaded, before
//! `main`, so a variable set from here comes too late: only these calls are left, and they hold for the
//! calling thread alone.

use std::ffi::c_int;

#[allow(unsafe_code)]
mod calls {
    use std::ffi::c_int;

    #[link(name = "gomp")]
    unsafe extern "C" {
        pub(super) safe fn omp_set_max_active_levels(levels: c_int);
        pub(super) safe fn omp_set_num_threads(threads: c_int);
    }

    #[link(name = "lept")]
    unsafe extern "C" {
        pub(super) safe fn setMsgSeverity(severity: c_int) -> c_int;
    }
}

/// Makes everything Tesseract does on this thread run on this thread.
pub(crate) fn stay_on_this_thread() {
    const NONE: c_int = 0;
    const ONE: c_int = 1;
    calls::omp_set_max_active_levels(NONE);
    calls::omp_set_num_threads(ONE);
}

/// Stops Leptonica from writing to the error stream whenever a picture is smaller than it likes.
pub(crate) fn be_quiet() {
    /// `L_SEVERITY_NONE` of leptonica's environ.h.
    const NOTHING: c_int = 6;
    calls::setMsgSeverity(NOTHING);
}
