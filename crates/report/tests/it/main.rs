//! One dossier with a bit of everything, through every renderer.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod ci;
mod html;
mod human;
mod json;
mod letter;
mod sample;
