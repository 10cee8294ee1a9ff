//! The embedded rules are read by a macro, which does not tell cargo which files it read.
#![allow(clippy::print_stdout)] // it is how a build script speaks to cargo

fn main() {
    println!("cargo::rerun-if-changed=data");
}
