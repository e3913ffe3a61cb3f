//! The command line as people and scripts use it: the real binary in a private session with a real keyring, against
//! the simulator over real sockets, with the app running and without.

#![cfg(target_os = "linux")]

mod a_day;
mod browser;
mod browser_secrets;
mod certificates;
mod doctor;
mod history;
mod lacking;
mod libredesk;
mod names;
mod owners;
mod readable;
mod refused;
mod secrets;
mod shapes;
mod sign_in;
mod switching;
mod team;
mod trouble;
mod watching;
