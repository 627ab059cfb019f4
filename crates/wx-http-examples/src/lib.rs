//! Transports to copy: each module is one file that stands on its own.
//!
#![doc = include_str!("../README.md")]

pub mod on_reqwest;
pub mod on_tower;
pub mod on_ureq;
