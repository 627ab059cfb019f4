//! Fakes for tests, one for each question; outside semver.
//!
//! | question | fake |
//! | --- | --- |
//! | what is sent, and what follows from an answer or a failure? | [`Script`] |
//! | what happens as time passes? | [`ManualClock`] |
//! | what does a payload look like to the last byte? | [`FixedEntropy`] with [`ManualClock`] |

mod clock;
mod entropy;
mod script;

pub use clock::ManualClock;
pub use entropy::FixedEntropy;
pub use script::{Reply, Script, Sent};
