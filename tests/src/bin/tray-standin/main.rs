//! A small tray program that stands in for the product where the test harness itself is tested.
//!
//! It prints a line for every click. `STANDIN_ON_CLICK` names a program (with arguments) that a left click starts.

#[cfg(target_os = "linux")]
mod linux;

fn main() {
    #[cfg(target_os = "linux")]
    linux::run();
}
