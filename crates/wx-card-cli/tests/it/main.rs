//! The command as a process, against a sandbox or a hostile server on loopback.

mod batches;
mod failures;
mod hostile;
mod life;
mod run;
mod secrecy;
mod serving;
mod sign;
mod usage;
mod world;
