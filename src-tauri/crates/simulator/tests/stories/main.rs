//! The simulator's own tests: each tells what a client does and what the help desk answers.

#[cfg(test)]
mod client;
#[cfg(test)]
mod control;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod libredesk;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod log;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod quota;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod switching;
#[cfg(test)]
mod talk;
#[cfg(test)]
mod team;
#[cfg(test)]
mod transport;
