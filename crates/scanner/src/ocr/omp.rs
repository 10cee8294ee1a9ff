//! Keeps Tesseract's own threads off.
//!
//! Its OpenMP threads make a page three times as dear in CPU time and six times as slow, and this
//! crate already reads one page on each core. libgomp reads its environment when it is loaded, before
//! `main`, so a variable set from here comes too late: only these calls are left, and they hold for the
//! calling thread alone.

use std::ffi::c_int;

#[allow(unsafe_code)]
mod gomp {
    use std::ffi::c_int;

    #[link(name = "gomp")]
    unsafe extern "C" {
        pub(super) safe fn omp_set_max_active_levels(levels: c_int);
        pub(super) safe fn omp_set_num_threads(threads: c_int);
    }
}

/// Makes everything Tesseract does on this thread run on this thread.
pub(crate) fn stay_on_this_thread() {
    const NONE: c_int = 0;
    const ONE: c_int = 1;
    gomp::omp_set_max_active_levels(NONE);
    gomp::omp_set_num_threads(ONE);
}
