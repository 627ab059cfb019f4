//! The cache under test: by hand in a few orders that matter, by search in all orders.

use super::*;

#[cfg(not(interleave))]
mod by_hand;
#[cfg(interleave)]
mod interleavings;
