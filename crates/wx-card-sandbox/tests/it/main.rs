//! The sandbox from outside: what it refuses and what it does.

mod bench;
mod clients;
mod codes;
mod control;
mod create;
mod deposit;
mod offers;
mod pages;
mod requests;
mod server;
mod state_file;
mod stock;
mod tokens;
