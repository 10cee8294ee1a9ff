//! Whole files, made here, through the scanner.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    missing_docs
)]

mod bad;
mod bundles;
mod engines;
mod folder;
mod layers;
mod make;
mod photo;
mod pictures;
mod previews;
mod samples;
mod sheet;
mod sight;
mod workers;
